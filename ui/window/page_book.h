#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/page.h"

#include <QStackedWidget>

#include <map>
#include <utility>
#include <vector>

namespace jetlag::ui {

class LiveSession;

/// The pages: a set for each open connection, so that selection, filter, sorting and scroll of one are there
/// again when somebody comes back to it, and no row of one can stand among those of another; and the pages
/// that belong to none. Each is made when somebody first opens it: a start, and a connection opened beside
/// others, cost one page, not all of them. Those of a connection go with it.
class PageBook final : public QStackedWidget
{
    Q_OBJECT

public:
    using QStackedWidget::QStackedWidget;

    /// `ofConnection`: one for each connection; `shared`: one for all.
    void setMakers(std::vector<PageMaker> ofConnection, std::vector<PageMaker> shared);
    /// One that is made already and belongs to no connection.
    void addShared(Page* page);
    /// The set of this connection is the one in front, with the page of the same name.
    void turnTo(LiveSession& session);
    void drop(LiveSession& session);

    /// Makes it where nobody has opened it before. Nothing happens when there is no such page.
    void show(PageId page);
    /// The one that is shown; before anything is, the first.
    [[nodiscard]] PageId shown() const { return m_shown; }
    /// There is one, made or not.
    [[nodiscard]] bool has(PageId page) const;
    /// Of those in front; null when nobody has opened it.
    [[nodiscard]] Page* page(PageId page) const;
    /// Null before the first is shown.
    [[nodiscard]] Page* current() const;
    /// Those of this connection that are made.
    [[nodiscard]] std::vector<Page*> ofConnection(const LiveSession& session) const;
    /// Every one that is made; those in front come last: what they remember counts.
    [[nodiscard]] std::vector<Page*> all() const;

    /// A number beside a page's name: so many things that nobody has seen; 0 = none.
    void setBadge(LiveSession& session, PageId page, int count);
    /// What the badge of a page in front says.
    [[nodiscard]] int badge(PageId page) const;

signals:
    void made(jetlag::ui::Page* page);
    void badgeChanged(jetlag::ui::PageId page); ///< of a page in front

private:
    using Pages = std::map<PageId, Page*>;

    /// Those that belong to nothing are kept under no session.
    [[nodiscard]] const Pages& pagesOf(const LiveSession* session) const;
    [[nodiscard]] Page* make(PageId page);
    void take(const LiveSession* session, Page* page);

    std::vector<PageMaker> m_ofConnection;
    std::vector<PageMaker> m_shared;
    std::map<const LiveSession*, Pages> m_sets;
    LiveSession* m_front = nullptr;
    PageId m_shown = PageId::Overview;
    std::map<std::pair<const LiveSession*, PageId>, int> m_badges;
};

} // namespace jetlag::ui
