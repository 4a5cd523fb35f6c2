// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/pages.h"

#include "ui/bridge/event_feed.h"
#include "ui/bridge/live_session.h"
#include "ui/pages/connections/connections_page.h"
#include "ui/pages/diagnosis/diagnosis_page.h"
#include "ui/pages/events/events_page.h"
#include "ui/pages/messages/messages_page.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/pages/replay/replay_page.h"
#include "ui/window/main_window.h"

namespace jetlag::ui {

namespace {

/// Where nobody named a server and none answers, the page that offers others comes by itself, once.
void offerConnectionsWhenAlone(MainWindow& window, LiveSession& session)
{
    auto* once = new QObject(&window);
    QObject::connect(&session, &LiveSession::stateChanged, once, [&window, &session, once] {
        const bool named = session.request().server || session.request().context || session.isDemo();
        const bool failed = !session.lastError().isEmpty() && !session.link();
        if (failed && !named && window.currentPage()->pageId() == PageId::Overview)
            window.showPage(PageId::Connections);
        if (failed || session.link())
            once->deleteLater();
    });
}

void comeToTheFront(QWidget& window)
{
    window.setWindowState(window.windowState() & ~Qt::WindowMinimized);
    window.show();
    window.raise();
    window.activateWindow();
}

} // namespace

void addPages(MainWindow& window, LiveSession& session)
{
    window.addPage(new OverviewPage(session));
    window.addPage(new DiagnosisPage(session));
    window.addPage(new MessagesPage(session));
    window.addPage(new ReplayPage(session));
    auto* feed = new EventFeed(session, makeDesktopNotifier());
    feed->setParent(&window);
    window.addPage(new EventsPage(*feed));
    QObject::connect(feed, &EventFeed::showWanted, &window, [&window](const Notice& notice) {
        comeToTheFront(window);
        window.follow(
            {.page = notice.collector ? PageId::Diagnosis : PageId::Events, .collector = notice.collector});
    });
    window.addPage(new ConnectionsPage(session));
    offerConnectionsWhenAlone(window, session);
}

} // namespace jetlag::ui
