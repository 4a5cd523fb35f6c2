#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <optional>
#include <string>

/// How numbers look to people, in one place for the command line and the window. Exact values belong into
/// tooltips and JSON.
namespace jetlag {

/// Three significant digits with a unit prefix: "1.24 M", "12.4 k", "318".
[[nodiscard]] std::string shortCount(double value);
[[nodiscard]] std::string shortCount(std::optional<double> value); ///< "?" for unknown
/// "8.1 MB", powers of 1000.
[[nodiscard]] std::string shortBytes(double bytes);
/// At most two units: "6 m 12 s", "< 1 s".
[[nodiscard]] std::string shortDuration(double seconds);
/// All digits, grouped by thin spaces that do not break.
[[nodiscard]] std::string exactCount(std::uint64_t value);

} // namespace jetlag
