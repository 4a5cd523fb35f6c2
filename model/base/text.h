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

/// What may be shown: control characters, bidi overrides and bytes that are no UTF-8 come out as visible
/// escapes (`\\x1b`, `\\u202e`). Names are shown safely and sent exactly (hostile names are real).
[[nodiscard]] std::string safeForDisplay(std::string_view bytes);
[[nodiscard]] bool isValidUtf8(std::string_view bytes) noexcept;

/// Whole text is one decimal u64, nothing before or after; nullopt otherwise or on overflow.
[[nodiscard]] std::optional<std::uint64_t> parseU64(std::string_view text) noexcept;

[[nodiscard]] std::string base64Encode(std::string_view bytes);
/// nullopt when the text is no base64.
[[nodiscard]] std::optional<std::string> base64Decode(std::string_view text);

} // namespace jetlag
