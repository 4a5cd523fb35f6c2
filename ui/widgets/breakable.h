#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QString>

namespace jetlag::ui {

/// The text with places to break inside its long words (U+200B), for labels that wrap: a name of a kilobyte
/// must not make a window that wide.
[[nodiscard]] QString breakable(const QString& text);

} // namespace jetlag::ui
