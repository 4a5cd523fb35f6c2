#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/widgets/row_delegate.h"

namespace jetlag::ui {

/// A row whose cell begins with a sign in the colour of its text: that which its model names under `role`.
class GlyphDelegate : public RowDelegate
{
    Q_OBJECT

public:
    explicit GlyphDelegate(int role, QObject* parent = nullptr)
        : RowDelegate(parent)
        , m_role(role)
    {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    const int m_role;
};

} // namespace jetlag::ui
