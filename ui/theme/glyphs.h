#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QRectF>

class QPainter;

namespace jetlag::ui {

/// Small signs that every machine shows the same because they are painted, not taken from a font. Each has a
/// shape of its own: colour is never the only difference.
enum class Glyph {
    // states
    Square,       ///< stopped
    TriangleDown, ///< slow
    Diamond,      ///< stuck
    Cross,        ///< lost, missing
    TriangleUp,   ///< catching up
    Pause,        ///< paused
    Disc,         ///< keeping up, yes
    Ring,         ///< idle, off
    DottedRing,   ///< stale, still looking
    Muted,        ///< a struck bell: nobody is called
    Tick,
    // pages
    Overview,
    Replay,
    Connections,
    Captures,
    Messages,
    Diagnosis,
    Events,
    // controls
    Play,
    Step,
    Stop,
    ToStart,
    ChevronDown,
};

void paintGlyph(QPainter& painter, Glyph glyph, const QRectF& where, const QColor& color);
/// For labels: `side` is in device-independent pixels; sharp on screens up to twice as dense.
[[nodiscard]] QPixmap glyphPixmap(Glyph glyph, const QColor& color, int side);
/// Paints with the theme's colours of the moment it is drawn, so icons follow a change of theme.
[[nodiscard]] QIcon glyphIcon(Glyph glyph);

} // namespace jetlag::ui
