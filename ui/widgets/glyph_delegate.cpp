// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/glyph_delegate.h"

#include "ui/theme/glyphs.h"

#include <QPainter>

namespace jetlag::ui {

namespace {

constexpr int kPadding = 8;
constexpr int kSide = 12;
constexpr int kGap = 7;

} // namespace

void GlyphDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    const QVariant sign = index.data(m_role);
    if (!sign.isValid())
        return RowDelegate::paint(painter, option, index);
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    painter->save();
    const QColor ink = paintGround(*painter, item, index);
    const QRect room = item.rect.adjusted(kPadding, 0, -kPadding, -1);
    paintGlyph(*painter, static_cast<Glyph>(sign.toInt()),
               QRectF(room.left(), room.center().y() - kSide / 2.0 + 1, kSide, kSide), ink);
    painter->setPen(ink);
    painter->setFont(item.font);
    const QRect words = room.adjusted(kSide + kGap, 0, 0, 0);
    painter->drawText(words, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine,
                      item.fontMetrics.elidedText(item.text, Qt::ElideRight, words.width()));
    painter->restore();
}

} // namespace jetlag::ui
