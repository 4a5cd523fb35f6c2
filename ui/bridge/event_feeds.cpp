// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/event_feeds.h"

namespace jetlag::ui {

EventFeeds::EventFeeds(LiveSessions& sessions, std::shared_ptr<Notifier> notifier, QObject* parent)
    : QObject(parent)
    , m_notifier(std::move(notifier))
{
    connect(&sessions, &LiveSessions::added, this, &EventFeeds::add);
    connect(&sessions, &LiveSessions::closing, this, &EventFeeds::drop);
    for (const auto& session : sessions.all())
        add(*session);
}

void EventFeeds::add(LiveSession& session)
{
    auto* feed = new EventFeed(session, m_notifier);
    feed->setParent(this);
    m_feeds[&session] = feed;
    connect(feed, &EventFeed::showWanted, this,
            [this, &session](const Notice& notice) { emit showWanted(session, notice); });
    connect(feed, &EventFeed::stayedInside, this, &EventFeeds::stayedInside);
    connect(feed, &EventFeed::unseenChanged, this,
            [this, &session](int count) { emit unseenChanged(session, count); });
}

void EventFeeds::drop(LiveSession& session)
{
    const auto feed = m_feeds.find(&session);
    if (feed == m_feeds.end())
        return;
    feed->second->disconnect(this);
    feed->second->deleteLater(); // pages that read from it may still be there for a moment
    m_feeds.erase(feed);
}

} // namespace jetlag::ui
