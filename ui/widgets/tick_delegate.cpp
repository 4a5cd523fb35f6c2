// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/tick_delegate.h"

#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"

#include <QMouseEvent>
#include <QPainter>

namespace jetlag::ui {

namespace {

constexpr int kLeft = 10;
constexpr int kSide = 14;

QRectF boxIn(const QRect& cell)
{
    return {cell.left() + kLeft + 0.5, cell.center().y() - kSide / 2 + 0.5, kSide, kSide};
}

} // namespace

void TickDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    painter->save();
    paintGround(*painter, option, index);
    const bool isTicked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    const QRectF box = boxIn(option.rect);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(isTicked ? colors().good : colors().secondary, 1));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(box, 3, 3);
    if (isTicked)
        paintGlyph(*painter, Glyph::Tick, box.adjusted(1, 1, -1, -1), colors().good);
    painter->restore();
}

bool TickDelegate::editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem&,
                               const QModelIndex& index)
{
    const bool isClick = event->type() == QEvent::MouseButtonRelease &&
                         static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton;
    const bool isKey =
        event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space;
    if (!isClick && !isKey)
        return false;
    const bool isTicked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    return model->setData(index, isTicked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
}

} // namespace jetlag::ui
