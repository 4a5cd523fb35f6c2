// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/row_delegate.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace jetlag::ui {

namespace {

constexpr int kPadding = 8;
constexpr int kAccentWidth = 2;

QColor inkOf(const QModelIndex& index)
{
    const QVariant own = index.data(Qt::ForegroundRole);
    return own.canConvert<QColor>() ? own.value<QColor>() : colors().text;
}

} // namespace

QColor RowDelegate::paintGround(QPainter& painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const
{
    const Palette& now = colors();
    if ((option.state & QStyle::State_Selected) != 0) {
        painter.fillRect(option.rect, now.selection);
        // Tables do not say where in its row a cell stands.
        if (option.rect.left() <= 0 || option.viewItemPosition == QStyleOptionViewItem::Beginning ||
            option.viewItemPosition == QStyleOptionViewItem::OnlyOne)
            painter.fillRect(QRect(option.rect.topLeft(), QSize(kAccentWidth, option.rect.height())),
                             now.accent);
    }
    painter.setPen(now.line);
    painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    return inkOf(index);
}

void RowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    painter->save();
    painter->setPen(paintGround(*painter, item, index));
    painter->setFont(item.font);
    const QRect room = item.rect.adjusted(kPadding, 0, -kPadding, -1);
    painter->drawText(room, static_cast<int>(item.displayAlignment) | Qt::TextSingleLine,
                      item.fontMetrics.elidedText(item.text, item.textElideMode, room.width()));
    painter->restore();
}

} // namespace jetlag::ui
