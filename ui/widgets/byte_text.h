#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QString>

#include <optional>
#include <string_view>

namespace jetlag::ui {

/// Text with its line ends; all else that cannot be shown is escaped.
[[nodiscard]] QString byteText(std::string_view bytes);
/// Sixteen bytes a line: offset, hex, and what is printable.
[[nodiscard]] QString hexDump(std::string_view bytes);
/// One member or element a line, every token as it was written: numbers keep all their digits, members their
/// order. nullopt = it is no JSON text.
[[nodiscard]] std::optional<QString> prettyJson(std::string_view bytes);
/// The begin of a payload for one line of a list: text where it is text, hex where not.
[[nodiscard]] QString bytesInOneLine(std::string_view bytes);

} // namespace jetlag::ui
