#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/page.h"

#include <QMainWindow>

#include <functional>
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

    /// How the pages of a connection are made: those of the one in front at once, others when somebody first
    /// looks at them.
    void setPages(std::function<std::vector<Page*>(LiveSession&)> maker);
    /// A page that belongs to no connection.
    void addPage(Page* page);
    void showPage(PageId page);
    [[nodiscard]] Page* page(PageId page) const;
    [[nodiscard]] Page* currentPage() const;
    void follow(const PageLink& wanted);
    /// For some seconds at the foot of the window.
    void flash(const QString& text);
    /// Size, place and last page of the previous run.
    void restoreLayout();

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
