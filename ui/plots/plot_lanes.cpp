// SPDX-License-Identifier: Apache-2.0
// The lanes of the overlay.
#include "ui/plots/plot_canvas.h"
#include "ui/plots/plot_overlay.h"
#include "ui/plots/plot_scene.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kAir = 4;
/// Below that a stretch is a sliver without a word.
constexpr int kNarrowWord = 18;

} // namespace

void PlotOverlay::paintLanes(QPainter& painter) const
{
    const QRect area = m_scene.timeArea();
    const QFontMetrics metrics(Theme::instance().smallFont());
    const int height = plotLaneHeight();
    int top = 0;
    for (const PlotLane& lane : m_scene.lanes) {
        painter.setPen(colors().secondary);
        painter.drawText(QRect(0, top, area.left() - kAir, height), Qt::AlignRight | Qt::AlignVCenter,
                         metrics.elidedText(lane.title, Qt::ElideRight, area.left() - 2 * kAir));
        for (const PlotSpan& span : lane.spans) {
            if (span.to < m_scene.view.from() || span.from > m_scene.view.to())
                continue;
            const int left = std::max(qRound(m_scene.xOf(span.from)), area.left());
            const int right = std::min(qRound(m_scene.xOf(span.to)), area.right() + 1);
            const QRect where(left, top, std::max(right - left, 1), height);
            QColor ground = lineColor(span.color);
            painter.fillRect(QRect(where.left(), where.top(), 2, height), ground);
            ground.setAlphaF(0.22F);
            painter.fillRect(where, ground);
            const int room = where.width() - 2 * kAir;
            if (room < kNarrowWord)
                continue;
            painter.setPen(colors().text);
            painter.drawText(where.adjusted(kAir + 2, 0, -kAir, 0), Qt::AlignLeft | Qt::AlignVCenter,
                             metrics.elidedText(span.word, Qt::ElideRight, room));
        }
        top += height + 2;
    }
}

} // namespace jetlag::ui
