#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QString>

class QWidget;

namespace jetlag {

/// After `seconds`, writes a picture of `window` to `file` and ends the program: 0, or 3 when the file
/// could not be written (said on stderr).
void takeScreenshotLater(QWidget& window, const QString& file, double seconds);

} // namespace jetlag
