#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QAbstractButton>

namespace jetlag::ui {

/// "Live": there while a view does not follow; a click returns to now.
class LivePill final : public QAbstractButton
{
    Q_OBJECT

public:
    explicit LivePill(QWidget* parent);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace jetlag::ui
