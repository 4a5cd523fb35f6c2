#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/widgets/row_delegate.h"

namespace jetlag::ui {

/// Rows of messages: a 4 px gutter at the left says acked, delivered or not; gaps are hatched; the lines
/// where a collector stands have its colour; what is looked for is underlined.
class MessageDelegate final : public RowDelegate
{
    Q_OBJECT

public:
    using RowDelegate::RowDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace jetlag::ui
