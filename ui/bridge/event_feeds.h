#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/bridge/event_feed.h"
#include "ui/bridge/live_sessions.h"

#include <QObject>

#include <map>
#include <memory>

namespace jetlag::ui {

/// What happens on every open connection, whether somebody looks at it or not: a feed each, and one voice for
/// all. UI thread.
class EventFeeds final : public QObject
{
    Q_OBJECT

public:
    EventFeeds(LiveSessions& sessions, std::shared_ptr<Notifier> notifier, QObject* parent = nullptr);

    /// Of one that is open.
    [[nodiscard]] EventFeed& of(LiveSession& session) const { return *m_feeds.at(&session); }

signals:
    void showWanted(jetlag::ui::LiveSession& session, const jetlag::Notice& notice);
    void stayedInside(const jetlag::Notice& notice);
    /// So many serious events of this connection that nobody has seen.
    void unseenChanged(jetlag::ui::LiveSession& session, int count);

private:
    void add(LiveSession& session);
    void drop(LiveSession& session);

    std::shared_ptr<Notifier> m_notifier;
    std::map<const LiveSession*, EventFeed*> m_feeds; ///< children of this
};

} // namespace jetlag::ui
