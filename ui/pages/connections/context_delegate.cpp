// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/connections/context_delegate.h"

#include "ui/models/context_model.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace jetlag::ui {

namespace {

constexpr int kStripeWidth = 4;
constexpr int kStripeRoom = 12;

} // namespace

void ContextDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    if (index.column() != ContextModel::EnvironmentColumn)
        return RowDelegate::paint(painter, option, index);
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    painter->save();
    const QColor ink = paintGround(*painter, item, index);
    const auto kind = static_cast<Environment::Kind>(index.data(ContextModel::StripeRole).toInt());
    const QRect room = item.rect.adjusted(8, 0, -8, -1);
    painter->fillRect(QRect(room.left(), room.top() + 6, kStripeWidth, room.height() - 12),
                      stripeColor(kind, colors()));
    painter->setPen(ink);
    painter->setFont(item.font);
    painter->drawText(room.adjusted(kStripeRoom, 0, 0, 0), Qt::AlignVCenter | Qt::TextSingleLine, item.text);
    painter->restore();
}

} // namespace jetlag::ui
