#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QComboBox>

namespace jetlag::ui {

/// A combo box that shows that it opens: the style sheet leaves its arrow out, here it is painted.
class ChoiceBox final : public QComboBox
{
    Q_OBJECT

public:
    using QComboBox::QComboBox;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace jetlag::ui
