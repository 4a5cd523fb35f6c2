#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <filesystem>
#include <string>
#include <vector>

namespace jetlag::test {

/// A whole log, decompressed when its name ends with `.zst`.
[[nodiscard]] std::string readLog(const std::filesystem::path& log);
/// The same, cut into lines without their ends.
[[nodiscard]] std::vector<std::string> linesOf(const std::filesystem::path& log);

} // namespace jetlag::test
