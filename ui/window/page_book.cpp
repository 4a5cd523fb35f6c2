// SPDX-License-Identifier: Apache-2.0
#include "ui/window/page_book.h"

#include <algorithm>

namespace jetlag::ui {

void PageBook::setMakers(std::vector<PageMaker> ofConnection, std::vector<PageMaker> shared)
{
    m_ofConnection = std::move(ofConnection);
    m_shared = std::move(shared);
}

void PageBook::addShared(Page* page)
{
    take(nullptr, page);
}

void PageBook::take(const LiveSession* session, Page* page)
{
    m_sets[session][page->pageId()] = page;
    addWidget(page);
    emit made(page);
}

void PageBook::turnTo(LiveSession& session)
{
    m_front = &session;
    if (current() != nullptr)
        show(m_shown);
    for (const PageMaker& maker : m_ofConnection)
        emit badgeChanged(maker.page);
}

void PageBook::drop(LiveSession& session)
{
    std::erase_if(m_badges, [&](const auto& badge) { return badge.first.first == &session; });
    const auto set = m_sets.find(&session);
    if (set == m_sets.end())
        return;
    for (const auto& [id, page] : set->second) {
        page->disconnect(this);
        removeWidget(page);
        page->deleteLater(); // it may be one of its own slots that closes the connection
    }
    m_sets.erase(set);
}

void PageBook::show(PageId id)
{
    Page* wanted = page(id);
    if (wanted == nullptr)
        wanted = make(id);
    if (wanted == nullptr)
        return;
    m_shown = id;
    setCurrentWidget(wanted);
}

Page* PageBook::make(PageId id)
{
    for (const bool isShared : {false, true}) {
        const std::vector<PageMaker>& makers = isShared ? m_shared : m_ofConnection;
        const auto maker = std::ranges::find(makers, id, &PageMaker::page);
        if (maker == makers.end() || m_front == nullptr)
            continue;
        Page* page = maker->make(*m_front);
        take(isShared ? nullptr : m_front, page);
        return page;
    }
    return nullptr;
}

bool PageBook::has(PageId id) const
{
    const auto makes = [id](const std::vector<PageMaker>& makers) {
        return std::ranges::find(makers, id, &PageMaker::page) != makers.end();
    };
    return page(id) != nullptr || makes(m_ofConnection) || makes(m_shared);
}

const PageBook::Pages& PageBook::pagesOf(const LiveSession* session) const
{
    static const Pages kNone;
    const auto set = m_sets.find(session);
    return set == m_sets.end() ? kNone : set->second;
}

Page* PageBook::page(PageId id) const
{
    for (const Pages* pages : {&pagesOf(m_front), &pagesOf(nullptr)}) {
        if (const auto found = pages->find(id); found != pages->end())
            return found->second;
    }
    return nullptr;
}

Page* PageBook::current() const
{
    return qobject_cast<Page*>(currentWidget());
}

std::vector<Page*> PageBook::ofConnection(const LiveSession& session) const
{
    std::vector<Page*> pages;
    for (const auto& [id, page] : pagesOf(&session))
        pages.push_back(page);
    return pages;
}

std::vector<Page*> PageBook::all() const
{
    std::vector<Page*> behind;
    std::vector<Page*> front;
    for (const auto& [session, pages] : m_sets) {
        std::vector<Page*>& part = session == m_front || session == nullptr ? front : behind;
        for (const auto& [id, page] : pages)
            part.push_back(page);
    }
    behind.insert(behind.end(), front.begin(), front.end());
    return behind;
}

void PageBook::setBadge(LiveSession& session, PageId page, int count)
{
    m_badges[{&session, page}] = count;
    if (&session == m_front)
        emit badgeChanged(page);
}

int PageBook::badge(PageId page) const
{
    const auto found = m_badges.find({m_front, page});
    return found == m_badges.end() ? 0 : found->second;
}

} // namespace jetlag::ui
