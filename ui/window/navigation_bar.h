#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/page.h"

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
    /// Below those that are there; one that is there already stays.
    void addPage(PageId page);
    /// A small number at the page's picture; 0 = none.
    void setBadge(PageId page, int count);
    void setCurrent(PageId page);

signals:
    void chosen(jetlag::ui::PageId page);

private:
    QVBoxLayout* m_layout;
    QButtonGroup* m_buttons;
};

} // namespace jetlag::ui
