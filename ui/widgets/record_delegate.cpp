// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/record_delegate.h"

#include "ui/models/calm_proxy.h"
#include "ui/models/collector_model.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"
#include "ui/widgets/group_line.h"

#include <QHeaderView>
#include <QPainter>
#include <QPainterPath>
#include <QTableView>

#include <algorithm>
#include <cmath>

namespace jetlag::ui {

namespace {

constexpr int kPadding = 10;
constexpr int kBarHeight = 6;
constexpr int kLineInset = 5;
constexpr int kUnreadAlpha = 130;
constexpr int kAreaAlpha = 50;

/// As much of the height as messages are missing; a trace is left to the tooltip.
void paintGone(QPainter& painter, const QRectF& part, double share, const QBrush& hatch)
{
    constexpr double kTrace = 0.01;
    if (share < kTrace || part.width() <= 0)
        return;
    const double height = std::clamp(share * part.height(), 2.0, part.height());
    painter.fillRect(QRectF(part.left(), part.bottom() - height, part.width(), height), hatch);
}

/// Acked, delivered but not acked, unread: parts of the stream from first to last.
void paintOffsets(QPainter& painter, const QRect& cell, const OffsetPicture& at, bool stale,
                  const QBrush& hatch)
{
    const Palette& now = colors();
    const QRectF bar(cell.left() + kPadding, cell.center().y() - kBarHeight / 2.0,
                     std::max(20, cell.width() - 2 * kPadding), kBarHeight);
    const OffsetBar parts = layOutBar(at, bar.width());
    if (parts.isEmpty) {
        painter.fillRect(bar, now.raised);
        return;
    }
    QColor unread = stale ? now.line : now.accent;
    unread.setAlpha(kUnreadAlpha);
    painter.fillRect(bar, unread);
    painter.fillRect(QRectF(bar.left(), bar.top(), parts.delivered, bar.height()),
                     stale ? now.faint : now.warning);
    painter.fillRect(QRectF(bar.left(), bar.top(), parts.acked, bar.height()),
                     stale ? now.secondary : now.good);
    paintGone(painter, QRectF(bar.left(), bar.top(), parts.delivered, bar.height()), parts.goneBefore, hatch);
    paintGone(painter, bar.adjusted(parts.delivered, 0, 0, 0), parts.goneBehind, hatch);
}

void paintLine(QPainter& painter, const QRect& cell, const std::vector<double>& points, bool stale)
{
    if (points.size() < 2)
        return;
    const Palette& now = colors();
    const QRectF room = QRectF(cell).adjusted(kPadding, kLineInset, -kPadding, -kLineInset);
    double largest = 1;
    for (const double point : points)
        largest = std::isnan(point) ? largest : std::max(largest, point);
    QPolygonF line;
    for (std::size_t at = 0; at < points.size(); ++at) {
        if (std::isnan(points[at]))
            continue;
        const double x =
            room.left() + room.width() * static_cast<double>(at) / static_cast<double>(points.size() - 1);
        line << QPointF(x, room.bottom() - room.height() * points[at] / largest);
    }
    if (line.size() < 2)
        return;
    const bool grows = points.back() > points.front() * 1.05 + 1;
    const QColor ink = stale ? now.secondary : grows ? now.bad : points.back() == 0 ? now.good : now.accent;
    QPainterPath area;
    area.moveTo(line.first().x(), room.bottom());
    for (const QPointF& point : line)
        area.lineTo(point);
    area.lineTo(line.last().x(), room.bottom());
    QColor fill = ink;
    fill.setAlpha(kAreaAlpha);
    painter.fillPath(area, fill);
    painter.setPen(QPen(ink, 1));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawPolyline(line);
}

/// The whole row that a cell stands in.
QRect rowOf(const QStyleOptionViewItem& option)
{
    const auto* table = qobject_cast<const QTableView*>(option.widget);
    if (table == nullptr)
        return option.rect;
    const QHeaderView& columns = *table->horizontalHeader();
    return {-columns.offset(), option.rect.top(), columns.length(), option.rect.height()};
}

} // namespace

RecordDelegate::RecordDelegate(QObject* parent)
    : GlyphDelegate(CollectorModel::VerdictGlyphRole, parent)
{}

// Made once for each theme: a table paints it for every row.
const QBrush& RecordDelegate::hatch() const
{
    if (m_hatch.style() == Qt::NoBrush || m_hatch.color() != colors().panel)
        m_hatch = QBrush(colors().panel, Qt::BDiagPattern);
    return m_hatch;
}

void RecordDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const
{
    const QVariant group = index.data(CalmProxy::GroupRole);
    const QVariant more = group.isValid() ? QVariant() : index.data(CalmProxy::MoreRole);
    if (group.isValid() || more.isValid()) {
        // A line over all columns, of which each cell shows its part.
        painter->save();
        painter->setClipRect(option.rect);
        if (group.isValid())
            painter->fillRect(option.rect, colors().raised);
        paintGround(*painter, option, index);
        if (group.isValid())
            paintGroupLine(*painter, rowOf(option), option.font, group.value<GroupLook>());
        else
            paintMoreLine(*painter, rowOf(option), option.font, more.toString());
        painter->restore();
        return;
    }
    const QVariant offsets = index.data(CollectorModel::OffsetsRole);
    const QVariant line = index.data(CollectorModel::LagLineRole);
    if (!offsets.isValid() && !line.isValid())
        return index.data(CollectorModel::MutedRole).toBool() ? paintMuted(*painter, option, index)
                                                              : GlyphDelegate::paint(painter, option, index);
    painter->save();
    paintGround(*painter, option, index);
    const bool stale = index.data(StaleRole).toBool();
    if (offsets.isValid())
        paintOffsets(*painter, option.rect, offsets.value<OffsetPicture>(), stale, hatch());
    else
        paintLine(*painter, option.rect, line.value<std::vector<double>>(), stale);
    painter->restore();
}

// The sign stands at the end of the cell, where a name that needs its room gives way.
void RecordDelegate::paintMuted(QPainter& painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const
{
    constexpr int kSide = 13;
    painter.save();
    paintGround(painter, option, index);
    painter.restore();
    QStyleOptionViewItem words = option;
    words.rect.setRight(option.rect.right() - kSide - kPadding / 2);
    GlyphDelegate::paint(&painter, words, index);
    const QRectF where(words.rect.right(), option.rect.center().y() - kSide / 2.0, kSide, kSide);
    paintGlyph(painter, Glyph::Muted, where, colors().secondary);
}

} // namespace jetlag::ui
