// SPDX-License-Identifier: Apache-2.0
#include "ui/window/page_book.h"

#include <algorithm>

namespace jetlag::ui {

void PageBook::take(Page* page)
{
    addWidget(page);
    connect(page, &Page::badgeChanged, this, [this, page](int count) {
        m_badges[page] = count;
        if (this->page(page->pageId()) == page)
            emit badgeChanged(page->pageId());
    });
    emit added(page);
}

void PageBook::addShared(Page* page)
{
    m_shared.push_back(page);
    take(page);
}

void PageBook::turnTo(LiveSession& session)
{
    const Page* before = current();
    m_front = &session;
    if (m_maker && !m_sets.contains(&session)) {
        const std::vector<Page*>& pages = m_sets[&session] = m_maker(session);
        for (Page* page : pages)
            take(page);
    }
    if (before != nullptr)
        show(before->pageId());
    if (const auto set = m_sets.find(&session); set != m_sets.end()) {
        for (const Page* page : set->second)
            emit badgeChanged(page->pageId());
    }
}

void PageBook::drop(LiveSession& session)
{
    const auto set = m_sets.find(&session);
    if (set == m_sets.end())
        return;
    for (Page* page : set->second) {
        m_badges.erase(page);
        page->disconnect(this);
        removeWidget(page);
        page->deleteLater(); // it may be one of its own slots that closes the connection
    }
    m_sets.erase(set);
}

void PageBook::show(PageId id)
{
    if (Page* wanted = page(id))
        setCurrentWidget(wanted);
}

Page* PageBook::page(PageId id) const
{
    const auto set = m_sets.find(m_front);
    for (const std::vector<Page*>* pages : {set == m_sets.end() ? &m_shared : &set->second, &m_shared}) {
        const auto found = std::ranges::find(*pages, id, &Page::pageId);
        if (found != pages->end())
            return *found;
    }
    return nullptr;
}

Page* PageBook::current() const
{
    return qobject_cast<Page*>(currentWidget());
}

std::vector<Page*> PageBook::all() const
{
    std::vector<Page*> pages;
    std::vector<Page*> front = m_shared;
    for (const auto& [session, set] : m_sets) {
        std::vector<Page*>& part = session == m_front ? front : pages;
        part.insert(part.end(), set.begin(), set.end());
    }
    pages.insert(pages.end(), front.begin(), front.end());
    return pages;
}

int PageBook::badge(const Page* page) const
{
    const auto found = m_badges.find(page);
    return found == m_badges.end() ? 0 : found->second;
}

} // namespace jetlag::ui
