#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/offsets/head_layout.h"

#include <QColor>
#include <QRectF>

class QPainter;

namespace jetlag::ui {

constexpr int kCalmAlpha = 150;  ///< what is done, and what only waits
constexpr int kUnsureAlpha = 90; ///< one of two things, and nobody knows which

[[nodiscard]] QColor seeThrough(QColor color, int alpha);
/// Colour of a state's words and boxes.
[[nodiscard]] QColor inkOf(BoxState state);
/// Something is missing here.
void paintHatch(QPainter& painter, const QRectF& area, const QColor& ink);
void paintBox(QPainter& painter, const QRectF& area, const HeadBox& box);

} // namespace jetlag::ui
