#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QStyledItemDelegate>

namespace jetlag::ui {

/// How every table paints a row: the selection as an area with a 2 px accent line at the left of the row,
/// text in its own colour also when selected, a thin line below.
class RowDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

protected:
    /// Background, selection, lines; and the colour to write with.
    QColor paintGround(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
};

} // namespace jetlag::ui
