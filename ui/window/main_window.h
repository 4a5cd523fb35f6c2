#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/page.h"

#include <QMainWindow>

#include <vector>

namespace jetlag::ui {

class LiveSession;
class LiveSessions;
class NavigationBar;
class PageBook;
class StatusBar;

/// Pages and the frame around them. It knows pages and connections, not data.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(LiveSessions& sessions);

    /// A set for each connection, and those that belong to none. Each is made when somebody first opens it;
    /// the first of the bar with the window's first showing, unless another was chosen before.
    void setPages(std::vector<PageMaker> ofConnection, std::vector<PageMaker> shared);
    /// A page that is made already and belongs to no connection.
    void addPage(Page* page);
    void showPage(PageId page);
    /// Null where nobody has opened it yet.
    [[nodiscard]] Page* page(PageId page) const;
    /// Null before anything was shown.
    [[nodiscard]] Page* currentPage() const;
    [[nodiscard]] PageId currentPageId() const;
    /// A number beside the page's name: so many things of this connection that nobody has seen; 0 = none.
    void setBadge(LiveSession& session, PageId page, int count);
    void follow(const PageLink& wanted);
    /// For some seconds at the foot of the window.
    void flash(const QString& text);
    /// Size, place and last page of the previous run.
    void restoreLayout();

    void setVisible(bool visible) override;

protected:
    void showEvent(QShowEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void addShortcuts();
    void showShortcuts();
    void take(Page* page);
    /// A connection was chosen: its pages come, unless one of them is there.
    void showChosen();
    void showConnection(int number); ///< from 1; nothing happens without such a connection
    void watch(LiveSession& session);
    void followCurrent();
    void showTitle();
    void saveLayout();

    LiveSessions& m_sessions;
    NavigationBar* m_navigation;
    PageBook* m_pages;
    StatusBar* m_status;
    PageId m_ofConnection = PageId::Overview; ///< shown last of those that belong to a connection
};

} // namespace jetlag::ui
