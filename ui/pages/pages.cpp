// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/pages.h"

#include "ui/bridge/event_feeds.h"
#include "ui/bridge/live_sessions.h"
#include "ui/pages/connections/connections_page.h"
#include "ui/pages/diagnosis/diagnosis_page.h"
#include "ui/pages/events/events_page.h"
#include "ui/pages/messages/messages_page.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/pages/replay/replay_page.h"
#include "ui/theme/number_format.h"
#include "ui/window/main_window.h"

namespace jetlag::ui {

namespace {

/// Where nobody named a server and none answers, the page that offers others comes by itself, once.
void offerConnectionsWhenAlone(MainWindow& window, LiveSessions& sessions)
{
    auto* once = new QObject(&window);
    QObject::connect(&sessions, &LiveSessions::changed, once, [&window, &sessions, once] {
        const LiveSession& session = sessions.current();
        const bool failed = !session.lastError().isEmpty() && !session.link();
        if (failed && session.isMakeshift() && window.currentPageId() == PageId::Overview)
            window.showPage(PageId::Connections);
        if (failed || session.link())
            once->deleteLater();
    });
}

template <typename OnePage>
Page* makePage(LiveSession& session)
{
    return new OnePage(session);
}

void comeToTheFront(QWidget& window)
{
    window.setWindowState(window.windowState() & ~Qt::WindowMinimized);
    window.show();
    window.raise();
    window.activateWindow();
}

} // namespace

void addPages(MainWindow& window, LiveSessions& sessions)
{
    auto* feeds = new EventFeeds(sessions, makeDesktopNotifier(), &window);
    window.setPages(
        {{PageId::Overview,
          [feeds](LiveSession& session) { return new OverviewPage(session, &feeds->of(session)); }},
         {PageId::Diagnosis,
          [feeds](LiveSession& session) { return new DiagnosisPage(session, &feeds->of(session)); }},
         {PageId::Messages, makePage<MessagesPage>},
         {PageId::Replay, makePage<ReplayPage>},
         {PageId::Events, [feeds](LiveSession& session) { return new EventsPage(feeds->of(session)); }}},
        {{PageId::Connections, [&sessions](LiveSession&) { return new ConnectionsPage(sessions); }}});
    // Events go on whether their page was ever opened or not.
    QObject::connect(feeds, &EventFeeds::unseenChanged, &window, [&window](LiveSession& session, int count) {
        window.setBadge(session, PageId::Events, count);
    });
    QObject::connect(feeds, &EventFeeds::showWanted, &window,
                     [&window, &sessions](LiveSession& session, const Notice& notice) {
                         comeToTheFront(window);
                         sessions.setCurrent(session);
                         window.follow({.page = notice.collector ? PageId::Diagnosis : PageId::Events,
                                        .collector = notice.collector});
                     });
    QObject::connect(feeds, &EventFeeds::stayedInside, &window, [&window](const Notice& notice) {
        window.flash(shown(notice.title) + QStringLiteral(" · ") + shown(notice.text));
    });
    offerConnectionsWhenAlone(window, sessions);
}

} // namespace jetlag::ui
