#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jetlag {

/// Percent-encodes every byte outside `[A-Za-z0-9]` and `alsoAllowed`.
[[nodiscard]] std::string percentEncode(std::string_view bytes, std::string_view alsoAllowed);
/// Undoes percentEncode; a malformed escape is kept as it stands.
[[nodiscard]] std::string percentDecode(std::string_view text);

/// One of our machine words as prose: "keeping-up" -> "keeping up".
[[nodiscard]] std::string inProse(std::string_view word);

/// What may be shown: control characters, bidi overrides and bytes that are no UTF-8 come out as visible
/// escapes (`\\x1b`, `\\u202e`). Names are shown safely and sent exactly (hostile names are real).
[[nodiscard]] std::string safeForDisplay(std::string_view bytes);
[[nodiscard]] bool isValidUtf8(std::string_view bytes) noexcept;

/// Whole text is one decimal u64, nothing before or after; nullopt otherwise or on overflow. Inline and by
/// hand: it is called several times for each message, and handing an optional through memory costs more than
/// the digits do.
[[nodiscard]] inline std::optional<std::uint64_t> parseU64(std::string_view text) noexcept
{
    constexpr std::size_t kNeverTooMuch = 19; // digits
    std::uint64_t value = 0;
    for (const char c : text.substr(0, kNeverTooMuch)) {
        const unsigned digit = static_cast<unsigned char>(c) - unsigned{'0'};
        if (digit > 9)
            return std::nullopt;
        value = value * 10 + digit;
    }
    if (text.empty())
        return std::nullopt;
    for (std::size_t i = kNeverTooMuch; i < text.size(); ++i) {
        const unsigned digit = static_cast<unsigned char>(text[i]) - unsigned{'0'};
        if (digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return std::nullopt;
    }
    return value;
}

[[nodiscard]] std::string base64Encode(std::string_view bytes);
/// nullopt when the text is no base64.
[[nodiscard]] std::optional<std::string> base64Decode(std::string_view text);

} // namespace jetlag
