// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/live_sessions.h"

#include <algorithm>

namespace jetlag::ui {

LiveSessions::LiveSessions(Services services)
    : m_services(services)
{
    m_current = &add();
}

LiveSessions::~LiveSessions() = default;

LiveSession& LiveSessions::add()
{
    LiveSession& session = *m_sessions.emplace_back(std::make_unique<LiveSession>(m_services));
    connect(&session, &LiveSession::stateChanged, this, [this, &session] { follow(session); });
    connect(&session, &LiveSession::reportChanged, this, [this, &session] { emit changed(session); });
    emit added(session);
    return session;
}

// Whichever way a connection came or went: its state says it.
void LiveSessions::follow(LiveSession& session)
{
    if (session.isBlank() && m_sessions.size() > 1)
        return remove(session);
    std::vector<LiveSession*> nowOpen = open();
    if (nowOpen != m_open) {
        m_open = std::move(nowOpen);
        emit openChanged();
    }
    emit changed(session);
}

void LiveSessions::remove(LiveSession& session)
{
    const auto at = std::ranges::find(m_sessions, &session, &std::unique_ptr<LiveSession>::get);
    // This may be called from a slot of the session itself, or of a page that reads from it.
    LiveSession* gone = at->release();
    const auto next = m_sessions.erase(at);
    gone->disconnect(this);
    if (m_current == gone)
        setCurrent(next == m_sessions.end() ? *m_sessions.back() : **next);
    emit closing(*gone);
    gone->deleteLater();
    m_open = open();
    emit openChanged();
}

LiveSession& LiveSessions::placeForAnother()
{
    for (const auto& session : m_sessions) {
        if (session->isBlank() || session->isMakeshift())
            return *session;
    }
    return add();
}

LiveSession& LiveSessions::open(ConnectionRequest request, Then then)
{
    const ConnectionTarget target = targetOf(request, m_services.connections);
    LiveSession* session = find(target.key);
    if (session == nullptr || session->isMakeshift()) {
        session = &placeForAnother();
        session->open(std::move(request));
    }
    if (then == Then::Show)
        setCurrent(*session);
    return *session;
}

LiveSession& LiveSessions::startDemo(DemoOptions options)
{
    const auto demo = std::ranges::find_if(m_sessions, [](const auto& one) { return one->isDemo(); });
    LiveSession& session = demo != m_sessions.end() ? **demo : placeForAnother();
    if (!session.isDemo())
        session.startDemo(std::move(options));
    setCurrent(session);
    return session;
}

void LiveSessions::close(LiveSession& session)
{
    session.close();
}

void LiveSessions::closeOrAsk(LiveSession& session)
{
    if (!m_guard || m_guard(session))
        close(session);
}

void LiveSessions::setCurrent(LiveSession& session)
{
    if (m_current == &session)
        return;
    m_current = &session;
    emit currentChanged();
}

void LiveSessions::turn(int step)
{
    const std::vector<LiveSession*> sessions = open();
    const auto here = std::ranges::find(sessions, m_current);
    if (here == sessions.end())
        return;
    const auto count = static_cast<std::ptrdiff_t>(sessions.size());
    const std::ptrdiff_t next = (here - sessions.begin() + step % count + count) % count;
    setCurrent(*sessions[static_cast<std::size_t>(next)]);
}

std::vector<LiveSession*> LiveSessions::open() const
{
    std::vector<LiveSession*> sessions;
    for (const auto& session : m_sessions) {
        if (!session->isBlank())
            sessions.push_back(session.get());
    }
    return sessions;
}

LiveSession* LiveSessions::find(const std::string& key) const
{
    const auto at = std::ranges::find(m_sessions, key, [](const auto& one) { return one->key(); });
    return key.empty() || at == m_sessions.end() ? nullptr : at->get();
}

} // namespace jetlag::ui
