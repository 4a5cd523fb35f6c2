// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/group_line.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kPadding = 8;
constexpr int kMark = 9; ///< side of the triangle
constexpr int kGlyph = 11;
constexpr int kGap = 7;
constexpr int kCountDigits = 5; ///< "1 234" and a gap

void paintMark(QPainter& painter, const QRectF& where, bool open)
{
    QPainterPath mark;
    if (open) {
        mark.moveTo(where.left(), where.top() + 2);
        mark.lineTo(where.right(), where.top() + 2);
        mark.lineTo(where.center().x(), where.bottom() - 1);
    } else {
        mark.moveTo(where.left() + 2, where.top());
        mark.lineTo(where.left() + 2, where.bottom());
        mark.lineTo(where.right() - 1, where.center().y());
    }
    mark.closeSubpath();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillPath(mark, colors().secondary);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

/// Where the counts begin.
int paintCounts(QPainter& painter, const QRect& room, const GroupLook& look)
{
    const QFontMetrics metrics = painter.fontMetrics();
    const int place = kGlyph + kGap + kCountDigits * metrics.horizontalAdvance(QLatin1Char('0')) + 2 * kGap;
    int left = room.right() - place * static_cast<int>(look.counts.size());
    const int begin = left;
    for (const GroupCount& count : look.counts) {
        if (count.count > 0) {
            const QColor ink = colors().*count.ink;
            paintGlyph(painter, count.glyph,
                       QRectF(left, room.center().y() - kGlyph / 2.0 + 1, kGlyph, kGlyph), ink);
            painter.setPen(ink);
            painter.drawText(QRect(left + kGlyph + kGap, room.top(), place - kGlyph - kGap, room.height()),
                             Qt::AlignLeft | Qt::AlignVCenter,
                             exact(static_cast<std::uint64_t>(count.count)));
        }
        left += place;
    }
    return begin;
}

} // namespace

void paintGroupLine(QPainter& painter, const QRect& row, const QFont& font, const GroupLook& look)
{
    const QRect room = row.adjusted(kPadding, 0, -kPadding, -1);
    paintMark(painter, QRectF(room.left(), room.center().y() - kMark / 2.0 + 1, kMark, kMark), look.isOpen);
    QFont strong = font;
    strong.setWeight(QFont::DemiBold);
    painter.setFont(font);
    const int end = paintCounts(painter, room, look) - kGap;
    painter.setFont(strong);
    painter.setPen(colors().text);
    int left = room.left() + kMark + kGap;
    const QString title =
        painter.fontMetrics().elidedText(look.title, Qt::ElideMiddle, std::max(0, (end - left) * 2 / 3));
    painter.drawText(QRect(left, room.top(), end - left, room.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     title);
    left += painter.fontMetrics().horizontalAdvance(title) + 2 * kGap;
    painter.setFont(font);
    painter.setPen(colors().secondary);
    painter.drawText(QRect(left, room.top(), std::max(0, end - left), room.height()),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(look.note, Qt::ElideRight, std::max(0, end - left)));
}

void paintMoreLine(QPainter& painter, const QRect& row, const QFont& font, const QString& words)
{
    painter.setFont(font);
    painter.setPen(colors().accent);
    painter.drawText(row.adjusted(kPadding + kMark + kGap, 0, -kPadding, -1),
                     Qt::AlignLeft | Qt::AlignVCenter, words);
}

} // namespace jetlag::ui
