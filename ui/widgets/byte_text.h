#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QString>

#include <cstddef>
#include <optional>
#include <string_view>

namespace jetlag::ui {

/// Text with its line ends; all else that cannot be shown is escaped.
[[nodiscard]] QString byteText(std::string_view bytes);
/// Offset, hex, and what is printable. Sixteen bytes a line, or eight or four where that is too wide.
[[nodiscard]] QString hexDump(std::string_view bytes, std::size_t bytesPerLine = 16);
/// As many of them a line as fit into so many characters, four at least.
[[nodiscard]] std::size_t hexBytesThatFit(int characters);
/// One member or element a line, every token as it was written: numbers keep all their digits, members their
/// order. nullopt = it is no JSON text.
[[nodiscard]] std::optional<QString> prettyJson(std::string_view bytes);
/// The begin of a payload for one line of a list: text where it is text, hex where not.
[[nodiscard]] QString bytesInOneLine(std::string_view bytes);

} // namespace jetlag::ui
