#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/theme/glyphs.h"

#include <QWidget>

class QButtonGroup;
class QVBoxLayout;

namespace jetlag::ui {

/// The bar at the left: one button a page, picture above word.
class NavigationBar final : public QWidget
{
    Q_OBJECT

public:
    explicit NavigationBar(QWidget* parent = nullptr);
    /// `number`: of its key, Ctrl+number.
    void addPage(Glyph glyph, const QString& title, int number);
    /// A small number at the picture of the button at `index`; 0 = none.
    void setBadge(int index, int count);
    void setCurrent(int index);

signals:
    void chosen(int index);

private:
    QVBoxLayout* m_layout;
    QButtonGroup* m_buttons;
};

} // namespace jetlag::ui
