#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QLabel>

namespace jetlag::ui {

/// One line of plain text that ends in "…" where there is no room, with the whole in its tool tip. Its text
/// never makes a window wider.
class ElidedLabel final : public QLabel
{
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);

    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] bool fits() const;
};

} // namespace jetlag::ui
