#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/widgets/row_delegate.h"

namespace jetlag::ui {

/// Rows of ContextModel: the environment's stripe before its word.
class ContextDelegate final : public RowDelegate
{
    Q_OBJECT

public:
    using RowDelegate::RowDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace jetlag::ui
