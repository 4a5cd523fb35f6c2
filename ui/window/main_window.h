#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/page.h"

#include <QMainWindow>

class QStackedWidget;

namespace jetlag::ui {

class LiveSession;
class NavigationBar;
class StatusBar;

/// Pages and the frame around them. It knows pages, not data.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(LiveSession& session);

    void addPage(Page* page);
    void showPage(PageId page);
    [[nodiscard]] Page* page(PageId page) const;
    [[nodiscard]] Page* currentPage() const;
    void follow(const PageLink& wanted);
    /// Size, place and last page of the previous run.
    void restoreLayout();

protected:
    void showEvent(QShowEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void addShortcuts();
    void showShortcuts();
    void showAt(int index);
    void showNumber(int number); ///< a page's own number; nothing happens without such a page
    void saveLayout();

    NavigationBar* m_navigation;
    QStackedWidget* m_pages;
    StatusBar* m_status;
};

} // namespace jetlag::ui
