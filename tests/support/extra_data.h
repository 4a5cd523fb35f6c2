#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <filesystem>

/// Skips the running test, saying why, when the extra data is not on this machine.
#define JETLAG_NEED_EXTRA_DATA()                                                                             \
    do {                                                                                                     \
        if (!jetlag::test::hasExtraData())                                                                   \
            QSKIP(                                                                                           \
                "the extra data (real logs with oracles) is not here; set JETLAG_EXTRA_DATA to its folder"); \
    } while (false)

namespace jetlag::test {

/// The folder with real logs and independent answers: $JETLAG_EXTRA_DATA, else the one CMake was given.
[[nodiscard]] std::filesystem::path extraData();
[[nodiscard]] bool hasExtraData();
/// tests/data of the sources: small logs written for the tests.
[[nodiscard]] std::filesystem::path testData();

} // namespace jetlag::test
