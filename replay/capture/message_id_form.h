#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace jetlag::capture {

/// A value that is exactly `<source>:<first>-<last>[:<part>/<parts>]` with canonical decimal numbers below
/// 10^19, so that it can be stored as numbers and written again byte for byte.
struct MessageIdForm
{
    std::string_view source; ///< may be empty and hold any byte, colons too
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::string_view lastDigits;
    bool hasPart = false;
    std::uint64_t part = 0;
    std::uint64_t parts = 0;
};

[[nodiscard]] std::optional<MessageIdForm> parseMessageIdForm(std::string_view text) noexcept;

/// Digits of the largest number of the form.
inline constexpr std::size_t kMaxFormDigits = 19;
inline constexpr std::uint64_t kFormLimit = 10'000'000'000'000'000'000ULL;

/// Room for a value without its source: four numbers and their marks.
inline constexpr std::size_t kMaxFormTail = 4 * kMaxFormDigits + 4;

[[nodiscard]] std::optional<std::uint64_t> parseCanonicalDecimal(std::string_view text) noexcept;
/// Writes `value` at `to` and returns behind the last digit.
char* writeDecimal(char* to, std::uint64_t value) noexcept;

} // namespace jetlag::capture
