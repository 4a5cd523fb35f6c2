#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/widgets/glyph_delegate.h"

#include <QBrush>

namespace jetlag::ui {

/// Rows of collectors: the sign of the verdict, the offset picture and the sparkline where the model has one,
/// text elsewhere.
class RecordDelegate final : public GlyphDelegate
{
    Q_OBJECT

public:
    explicit RecordDelegate(QObject* parent = nullptr);
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    void paintMuted(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    [[nodiscard]] const QBrush& hatch() const;

    mutable QBrush m_hatch;
};

} // namespace jetlag::ui
