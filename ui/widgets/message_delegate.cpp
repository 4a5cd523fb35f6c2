// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/message_delegate.h"

#include "ui/models/message_model.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace jetlag::ui {

namespace {

constexpr int kGutter = 4;
constexpr int kPadding = 14;
constexpr int kHatchAlpha = 120;

QColor inkOf(MessageModel::Gutter gutter)
{
    switch (gutter) {
    case MessageModel::Gutter::None:
        break;
    case MessageModel::Gutter::Acked:
        return colors().good;
    case MessageModel::Gutter::Delivered:
        return colors().warning;
    case MessageModel::Gutter::NotDelivered:
        return colors().accent;
    }
    return {};
}

void paintBand(QPainter& painter, const QStyleOptionViewItem& item, const QModelIndex& index,
               MessageModel::RowKind kind)
{
    const QColor ink = index.data(Qt::ForegroundRole).value<QColor>();
    if (kind == MessageModel::RowKind::Gap) {
        QColor hatch = colors().line;
        hatch.setAlpha(kHatchAlpha);
        painter.fillRect(item.rect, QBrush(hatch, Qt::BDiagPattern));
        painter.setPen(colors().line);
    } else {
        painter.setPen(ink);
        painter.setFont(Theme::instance().smallFont());
    }
    painter.drawLine(item.rect.bottomLeft(), item.rect.bottomRight());
    painter.setPen(ink);
    painter.drawText(item.rect.adjusted(kPadding, 0, -kPadding, -1),
                     static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine, item.text);
}

} // namespace

void MessageDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const auto kind = static_cast<MessageModel::RowKind>(index.data(MessageModel::KindRole).toInt());
    if (kind == MessageModel::RowKind::Message) {
        RowDelegate::paint(painter, option, index);
        if (index.column() == MessageModel::BodyColumn && index.data(MessageModel::MatchRole).toBool()) {
            painter->fillRect(QRect(option.rect.left() + 8, option.rect.bottom() - 3, 18, 2),
                              colors().paused);
        }
    } else {
        QStyleOptionViewItem item = option;
        initStyleOption(&item, index);
        painter->save();
        paintBand(*painter, item, index, kind);
        painter->restore();
    }
    const auto gutter = static_cast<MessageModel::Gutter>(index.data(MessageModel::GutterRole).toInt());
    if (index.column() == MessageModel::SequenceColumn && gutter != MessageModel::Gutter::None)
        painter->fillRect(QRect(option.rect.left(), option.rect.top(), kGutter, option.rect.height()),
                          inkOf(gutter));
}

} // namespace jetlag::ui
