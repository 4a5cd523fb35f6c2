#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/page.h"

#include <QStackedWidget>

#include <functional>
#include <map>
#include <vector>

namespace jetlag::ui {

class LiveSession;

/// The pages: a set for each open connection, so that selection, filter, sorting and scroll of one are there
/// again when somebody comes back to it, and no row of one can stand among those of another; and the pages
/// that belong to none. A set is made when its connection is first looked at and goes with it.
class PageBook final : public QStackedWidget
{
    Q_OBJECT

public:
    /// The pages of one connection, in the order of the bar.
    using Maker = std::function<std::vector<Page*>(LiveSession&)>;

    using QStackedWidget::QStackedWidget;

    void setMaker(Maker maker) { m_maker = std::move(maker); }
    /// Belongs to no connection.
    void addShared(Page* page);
    /// The set of this connection is the one in front, with the page of the same name.
    void turnTo(LiveSession& session);
    void drop(LiveSession& session);

    void show(PageId page);
    /// Null when there is no such page.
    [[nodiscard]] Page* page(PageId page) const;
    [[nodiscard]] Page* current() const;
    /// Of every set; those in front come last: what they remember counts.
    [[nodiscard]] std::vector<Page*> all() const;
    /// What the badge of a page in front says.
    [[nodiscard]] int badge(const Page* page) const;

signals:
    void added(jetlag::ui::Page* page);
    void badgeChanged(jetlag::ui::PageId page); ///< of a page in front

private:
    void take(Page* page);

    Maker m_maker;
    std::map<const LiveSession*, std::vector<Page*>> m_sets;
    std::vector<Page*> m_shared;
    const LiveSession* m_front = nullptr;
    std::map<const Page*, int> m_badges;
};

} // namespace jetlag::ui
