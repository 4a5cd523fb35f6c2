// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/theme.h"

#include "ui/theme/control_style.h"
#include "ui/theme/style_sheet.h"
#include "ui/theme/system_scheme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPalette>
#include <QToolTip>

namespace jetlag::ui {

namespace {

/// Fonts whose figures are tabular without asking for the feature, which Qt 6.4 cannot do.
QFont baseFont()
{
    QFont font = QApplication::font();
    const QStringList present = QFontDatabase::families();
    for (const QString& family :
         {QStringLiteral("Open Sans"), QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans")}) {
        if (present.contains(family)) {
            font.setFamily(family);
            break;
        }
    }
    return font;
}

QFont scaled(QFont font, double factor, QFont::Weight weight = QFont::Normal)
{
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * factor);
    else
        font.setPixelSize(qRound(font.pixelSize() * factor));
    font.setWeight(weight);
    return font;
}

QPalette qtPalette(const Palette& colors)
{
    QPalette palette;
    palette.setColor(QPalette::Window, colors.window);
    palette.setColor(QPalette::WindowText, colors.text);
    palette.setColor(QPalette::Base, colors.panel);
    palette.setColor(QPalette::AlternateBase, colors.panel);
    palette.setColor(QPalette::Text, colors.text);
    palette.setColor(QPalette::PlaceholderText, colors.secondary);
    palette.setColor(QPalette::Button, colors.raised);
    palette.setColor(QPalette::ButtonText, colors.text);
    palette.setColor(QPalette::BrightText, colors.bad);
    palette.setColor(QPalette::Highlight, colors.selection);
    palette.setColor(QPalette::HighlightedText, colors.text);
    palette.setColor(QPalette::Link, colors.accent);
    palette.setColor(QPalette::LinkVisited, colors.accent);
    palette.setColor(QPalette::ToolTipBase, colors.raised);
    palette.setColor(QPalette::ToolTipText, colors.text);
    palette.setColor(QPalette::Light, colors.raised);
    palette.setColor(QPalette::Midlight, colors.line);
    palette.setColor(QPalette::Mid, colors.line);
    palette.setColor(QPalette::Dark, colors.line);
    palette.setColor(QPalette::Shadow, colors.line);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, colors.secondary);
    return palette;
}

} // namespace

Theme& Theme::instance()
{
    static Theme theme;
    return theme;
}

void Theme::install(ThemeMode mode)
{
    m_systemIsDark = QApplication::palette().color(QPalette::Window).lightness() < 128;
    m_base = baseFont();
    m_mode = mode;
    QApplication::setStyle(new ControlStyle);
    QApplication::setFont(m_base);
    apply();
    watchSystemScheme(*this, [this](bool dark) {
        m_systemIsDark = dark;
        if (m_mode == ThemeMode::System)
            apply();
    });
}

void Theme::setMode(ThemeMode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    apply();
}

void Theme::apply()
{
    m_dark = m_mode == ThemeMode::Dark || (m_mode == ThemeMode::System && m_systemIsDark);
    m_colors = m_dark ? darkPalette() : lightPalette();
    QApplication::setPalette(qtPalette(m_colors));
    QToolTip::setPalette(qtPalette(m_colors));
    qApp->setStyleSheet(styleSheet(m_colors));
    emit changed();
}

QFont Theme::smallFont() const
{
    return scaled(m_base, 0.86);
}
QFont Theme::bodyFont() const
{
    return m_base;
}
QFont Theme::titleFont() const
{
    return scaled(m_base, 1.1, QFont::DemiBold);
}
QFont Theme::figureFont() const
{
    return scaled(m_base, 1.35, QFont::DemiBold);
}
QFont Theme::monoFont() const
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (m_base.pointSizeF() > 0)
        font.setPointSizeF(m_base.pointSizeF() * 0.9);
    return font;
}

} // namespace jetlag::ui
