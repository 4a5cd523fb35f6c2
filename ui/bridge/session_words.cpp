// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/session_words.h"

#include "ui/models/verdict_look.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QObject>
#include <QStringList>

#include <algorithm>

namespace jetlag::ui {

namespace {

using State = LiveSession::State;

constexpr const char* kLeastToLookAt = "slow"; // all that is worse too

/// No connection, and no try for one is under way.
bool hasFailed(const LiveSession& session)
{
    return session.state() == State::None && !session.lastError().isEmpty();
}

} // namespace

Environment environmentOf(const LiveSession& session)
{
    const QString url = session.link()             ? QString::fromStdString(session.link()->description().url)
                        : session.request().server ? QString::fromStdString(*session.request().server)
                                                   : session.name();
    return environmentOf(session.name(), session.colorScheme(), url);
}

QString titleOf(const LiveSession& session)
{
    const Environment environment = environmentOf(session);
    return environment.word.isEmpty() || environment.word == session.name()
               ? session.name()
               : QObject::tr("%1 · %2").arg(session.name(), environment.word);
}

QString stateWord(const LiveSession& session)
{
    switch (session.state()) {
    case State::None:
        return hasFailed(session) ? QObject::tr("could not connect") : QObject::tr("not connected");
    case State::StartingDemo:
        return QObject::tr("starting the demo");
    case State::Connecting:
        return QObject::tr("connecting");
    case State::Waiting:
        return QObject::tr("trying again");
    case State::Connected:
        return QObject::tr("live");
    case State::Lost:
        return QObject::tr("connection lost");
    }
    return {};
}

StateSign stateSign(const LiveSession& session)
{
    const Palette& now = colors();
    switch (session.state()) {
    case State::None:
        return hasFailed(session) ? StateSign{Glyph::Cross, now.bad} : StateSign{Glyph::Ring, now.secondary};
    case State::StartingDemo:
    case State::Connecting:
        return {Glyph::DottedRing, now.secondary};
    case State::Waiting:
        return {Glyph::DottedRing, now.bad};
    case State::Connected:
        return {Glyph::Disc, now.good};
    case State::Lost:
        return {Glyph::Cross, now.bad};
    }
    return {};
}

std::vector<VerdictCount> verdictCounts(const ClusterReport& report)
{
    std::vector<VerdictCount> counts;
    const bool nobodyAnswers = doesNobodyAnswer(report);
    for (const CollectorReport& row : report.collectors) {
        const std::string_view verdict = nobodyAnswers ? standingVerdict(row) : shownVerdict(row);
        const auto at = std::ranges::find(counts, verdict, &VerdictCount::verdict);
        if (at == counts.end())
            counts.push_back({std::string(verdict), 1});
        else
            ++at->collectors;
    }
    std::ranges::sort(counts, std::greater(),
                      [](const VerdictCount& one) { return severityOfVerdict(one.verdict); });
    return counts;
}

std::optional<VerdictCount> worstOf(const LiveSession& session)
{
    if (!session.report() || session.state() != State::Connected)
        return std::nullopt;
    const std::vector<VerdictCount> counts = verdictCounts(*session.report());
    if (counts.empty() || severityOfVerdict(counts.front().verdict) < severityOfVerdict(kLeastToLookAt))
        return std::nullopt;
    return counts.front();
}

QString aboutConnection(const LiveSession& session)
{
    QStringList lines{titleOf(session), stateWord(session)};
    if (const QString sentence = session.stateSentence(); !sentence.isEmpty())
        lines << sentence;
    if (session.link()) {
        const ServerDescription server = session.link()->description();
        lines << QObject::tr("%1 · nats-server %2").arg(shown(server.url), shown(server.version));
    }
    if (session.report()) {
        QStringList words;
        for (const VerdictCount& count : verdictCounts(*session.report()))
            words << QObject::tr("%1 %2").arg(count.collectors).arg(wordOfVerdict(count.verdict));
        if (!words.isEmpty())
            lines << QObject::tr("collectors: %1").arg(words.join(QStringLiteral(", ")));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace jetlag::ui
