#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QColor>

namespace jetlag::ui {

/// Every colour of the console. Text colours have a contrast of at least 4.5 : 1 on `window`, `panel` and
/// `selection`; `faint` is for lines and bars, never for text.
struct Palette
{
    QColor window;
    QColor panel;
    QColor raised;
    QColor line; ///< frames and plot grids
    QColor text;
    QColor secondary;
    QColor faint;
    QColor accent;  ///< published, information
    QColor good;    ///< acked
    QColor warning; ///< delivered
    QColor bad;     ///< unprocessed
    QColor paused;  ///< time lag
    QColor selection;
    QColor onAccent; ///< text on an accent area
};

[[nodiscard]] Palette darkPalette();
[[nodiscard]] Palette lightPalette();

} // namespace jetlag::ui
