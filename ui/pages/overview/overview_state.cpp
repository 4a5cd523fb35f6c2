// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/overview_state.h"

#include "ui/bridge/live_session.h"
#include "ui/pages/page.h"
#include "ui/theme/number_format.h"

namespace jetlag::ui {

namespace {

using Kind = OverviewState::Kind;

OverviewState ofReport(const LiveSession& session)
{
    const ClusterReport& report = *session.report();
    if (!report.problems.empty())
        return {Kind::Denied, QObject::tr("Nothing can be shown of %1").arg(session.name()),
                shown(report.problems.front())};
    QString sentence = QObject::tr("JetStream answers, and there is nothing to watch.");
    if (report.hiddenStreams > 0)
        sentence += QObject::tr(" %1 system, KV and object streams are hidden.").arg(report.hiddenStreams);
    sentence += QObject::tr(" Expected streams? They may live in another account or domain.");
    return {Kind::NoStreams, QObject::tr("No streams in %1").arg(session.name()), sentence};
}

} // namespace

std::optional<OverviewState> overviewState(const LiveSession& session)
{
    switch (session.state()) {
    case LiveSession::State::None:
        return OverviewState{Kind::NotConnected,
                             session.lastError().isEmpty() ? QObject::tr("Not connected")
                                                           : QObject::tr("Could not connect"),
                             session.stateSentence()};
    case LiveSession::State::StartingDemo:
        return OverviewState{Kind::Busy, QObject::tr("Starting the demo"), session.stateSentence()};
    case LiveSession::State::Connecting:
        return OverviewState{Kind::Busy, QObject::tr("Connecting"), session.stateSentence()};
    case LiveSession::State::Waiting:
        return OverviewState{Kind::Waiting, QObject::tr("No answer from %1").arg(session.name()),
                             session.stateSentence()};
    case LiveSession::State::Connected:
    case LiveSession::State::Lost:
        break;
    }
    if (!session.report())
        return OverviewState{Kind::FirstSample, QObject::tr("Connected to %1").arg(session.name()),
                             QObject::tr("Waiting for the first sample.")};
    if (session.report()->streams.empty() && session.report()->collectors.empty())
        return ofReport(session);
    return std::nullopt;
}

QList<StatePanel::Step> stepsOf(const OverviewState& state, LiveSession& session, Page& page)
{
    const StatePanel::Step others{QObject::tr("Other connection …"),
                                  [&page] { emit page.linkFollowed({.page = PageId::Connections}); }};
    const StatePanel::Step demo{QObject::tr("Start the demo"), [&page] {
                                    emit page.linkFollowed({.page = PageId::Overview, .startDemo = true});
                                }};
    switch (state.kind) {
    case Kind::NotConnected:
        return {others, demo};
    case Kind::Busy:
        return {{QObject::tr("Cancel"), [&session] { session.close(); }}, others};
    case Kind::Waiting:
        return {{QObject::tr("Try now"), [&session] { session.tryNow(); }}, others, demo};
    case Kind::FirstSample:
        return {others};
    case Kind::Denied:
        return {{QObject::tr("What this account may see"),
                 [&page] { emit page.linkFollowed({.page = PageId::Connections, .account = true}); }}};
    case Kind::NoStreams:
        break;
    }
    QList<StatePanel::Step> steps{others, demo};
    if (session.report() && session.report()->hiddenStreams > 0)
        steps.prepend({QObject::tr("Show the %1 hidden").arg(session.report()->hiddenStreams),
                       [&session] { session.setShowAll(true); }});
    return steps;
}

} // namespace jetlag::ui
