#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/bridge/live_session.h"

#include <QObject>

#include <functional>
#include <memory>
#include <vector>

namespace jetlag::ui {

/// The connections that are open. Each samples, keeps its history and tells its events whether somebody looks
/// or not; one is current, and the pages in front are its. There is always a session, so that pages have
/// something to read from: where no connection is open it is a blank one, which the next to be opened takes
/// over. UI thread; nothing here waits.
///
///     LiveSessions sessions(runtime.services());
///     sessions.open({.context = "prod-eu"});  // current
///     sessions.open({.context = "stage-1"});  // current now; prod-eu goes on
///     sessions.close(sessions.current());     // prod-eu is current
class LiveSessions final : public QObject
{
    Q_OBJECT

public:
    enum class Then { Show, StayInTheBackground };

    explicit LiveSessions(Services services);
    ~LiveSessions() override;

    /// Opens it beside the others; one that is open already is not opened twice. Takes the place of a
    /// connection that nobody named and that never answered.
    LiveSession& open(ConnectionRequest request, Then then = Then::Show);
    /// One is enough: a demo that runs is shown.
    LiveSession& startDemo(DemoOptions options = {});
    /// It is let go of in the background; history and notes are kept. Its pages go with the signal closing(),
    /// the session itself with the next turn of the event loop.
    void close(LiveSession& session);
    /// As a user's click closes it: where something runs that would be cut off, the window asks first.
    void closeOrAsk(LiveSession& session);
    /// Says whether a session may be closed at once; else it asks, and calls close() when the answer is yes.
    using CloseGuard = std::function<bool(LiveSession&)>;
    void setCloseGuard(CloseGuard guard) { m_guard = std::move(guard); }

    [[nodiscard]] LiveSession& current() const { return *m_current; }
    void setCurrent(LiveSession& session);
    /// The next one, or with -1 the one before, round and round.
    void turn(int step);

    /// In the order in which they were opened, without a blank one.
    [[nodiscard]] std::vector<LiveSession*> open() const;
    /// Null when it is not open.
    [[nodiscard]] LiveSession* find(const std::string& key) const;
    /// Every one, the blank one too.
    [[nodiscard]] const std::vector<std::unique_ptr<LiveSession>>& all() const { return m_sessions; }
    [[nodiscard]] const Services& services() const { return m_services; }

signals:
    void added(jetlag::ui::LiveSession& session); ///< also a blank one
    void closing(jetlag::ui::LiveSession& session);
    void currentChanged();
    /// Which are open.
    void openChanged();
    /// State or newest report of any.
    void changed(jetlag::ui::LiveSession& session);

private:
    LiveSession& add();
    [[nodiscard]] LiveSession& placeForAnother();
    void follow(LiveSession& session);
    void remove(LiveSession& session);

    Services m_services;
    std::vector<std::unique_ptr<LiveSession>> m_sessions; ///< never empty
    LiveSession* m_current = nullptr;
    CloseGuard m_guard;
    std::vector<LiveSession*> m_open; ///< as openChanged() told it last
};

} // namespace jetlag::ui
