// SPDX-License-Identifier: Apache-2.0
#include "tests/support/extra_data.h"

#include <cstdlib>

namespace jetlag::test {

std::filesystem::path extraData()
{
    const char* folder = std::getenv("JETLAG_EXTRA_DATA");
    return folder ? folder : JETLAG_EXTRA_DATA;
}

bool hasExtraData()
{
    std::error_code ignored;
    return std::filesystem::is_directory(extraData() / "spark", ignored);
}

std::filesystem::path testData()
{
    return JETLAG_TEST_DATA;
}

} // namespace jetlag::test
