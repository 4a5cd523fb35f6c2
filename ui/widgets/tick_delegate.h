#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/widgets/row_delegate.h"

namespace jetlag::ui {

/// A cell that holds nothing but a box to tick, by click or Space.
class TickDelegate final : public RowDelegate
{
    Q_OBJECT

public:
    using RowDelegate::RowDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                     const QModelIndex& index) override;
};

} // namespace jetlag::ui
