#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/theme/palette.h"

#include <QFont>
#include <QObject>

namespace jetlag::ui {

enum class ThemeMode { System, Dark, Light };

/// Distances in device-independent pixels, the same on every page.
struct Metrics
{
    static constexpr int kMargin = 12;
    static constexpr int kSpacing = 8;
    static constexpr int kRowHeight = 27;
    static constexpr int kCompactRowHeight = 22;
    static constexpr int kNavigationWidth = 84;
    static constexpr int kTopBarHeight = 44;
    static constexpr int kStatusBarHeight = 26;
    static constexpr int kRadius = 4;
    static constexpr int kSidePanelWidth = 320;
};

/// The look of the whole program: colours, fonts, and the style made from them. One per process, on the UI
/// thread. Widgets that paint themselves read colors() while painting and repaint on changed(); all others
/// follow by the application's palette and style sheet.
class Theme final : public QObject
{
    Q_OBJECT

public:
    static Theme& instance();

    /// Once, after the QApplication is there: style, fonts, palette.
    void install(ThemeMode mode);
    void setMode(ThemeMode mode);
    [[nodiscard]] ThemeMode mode() const { return m_mode; }
    [[nodiscard]] bool isDark() const { return m_dark; }
    [[nodiscard]] const Palette& colors() const { return m_colors; }

    /// Relative to the system's font size.
    [[nodiscard]] QFont smallFont() const;
    [[nodiscard]] QFont bodyFont() const;
    [[nodiscard]] QFont titleFont() const;  ///< a panel's heading
    [[nodiscard]] QFont figureFont() const; ///< the numbers of a totals strip
    [[nodiscard]] QFont monoFont() const;

signals:
    void changed();

private:
    Theme() = default;
    void apply();

    ThemeMode m_mode = ThemeMode::System;
    bool m_systemIsDark = false;
    bool m_dark = false;
    Palette m_colors = lightPalette();
    QFont m_base;
};

/// The current colours.
[[nodiscard]] inline const Palette& colors()
{
    return Theme::instance().colors();
}

} // namespace jetlag::ui
