#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/widgets/row_delegate.h"

namespace jetlag::ui {

/// Rows of collectors: the offset picture and the sparkline where the model has one, text elsewhere.
class RecordDelegate final : public RowDelegate
{
    Q_OBJECT

public:
    using RowDelegate::RowDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace jetlag::ui
