// SPDX-License-Identifier: Apache-2.0
#include "ui/offsets/box_look.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace jetlag::ui {

QColor seeThrough(QColor color, int alpha)
{
    color.setAlpha(alpha);
    return color;
}

QColor inkOf(BoxState state)
{
    const Palette& now = colors();
    switch (state) {
    case BoxState::Acked:
    case BoxState::Taken:
        return now.good;
    case BoxState::InHand:
    case BoxState::Delivered:
    case BoxState::Skipped:
        return now.warning;
    case BoxState::AckedOrLeft:
    case BoxState::Left:
    case BoxState::Lost:
        return now.bad;
    case BoxState::Waiting:
        return now.accent;
    case BoxState::NotWanted:
    case BoxState::Deleted:
    case BoxState::ToCome:
        return now.secondary;
    }
    return now.secondary;
}

void paintHatch(QPainter& painter, const QRectF& area, const QColor& ink)
{
    painter.fillRect(area, colors().panel);
    painter.fillRect(area, QBrush(ink, Qt::BDiagPattern));
}

void paintBox(QPainter& painter, const QRectF& area, const HeadBox& box)
{
    const QColor ink = inkOf(box.state);
    switch (box.state) {
    case BoxState::Acked:
    case BoxState::Taken:
    case BoxState::Waiting:
        painter.fillRect(area, seeThrough(ink, kCalmAlpha));
        break;
    case BoxState::InHand:
    case BoxState::Left:
        painter.fillRect(area, ink);
        break;
    case BoxState::Delivered: // an edge around what is not sure
    case BoxState::AckedOrLeft:
        painter.fillRect(area, seeThrough(ink, kUnsureAlpha));
        painter.setPen(QPen(ink, 1));
        painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5));
        break;
    case BoxState::NotWanted:
        painter.fillRect(area, colors().line);
        break;
    case BoxState::Deleted:
        paintHatch(painter, area, colors().faint);
        break;
    case BoxState::Lost:
    case BoxState::Skipped:
        paintHatch(painter, area, ink);
        break;
    case BoxState::ToCome:
        painter.setPen(QPen(colors().line, 1));
        painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5));
        break;
    }
    if (box.redelivered == Answer::Yes) // a bar across: it came again
        painter.fillRect(QRectF(area.left() + 2, area.center().y() - 1.5, area.width() - 4, 3),
                         colors().window);
}

} // namespace jetlag::ui
