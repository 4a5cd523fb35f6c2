// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/live_session.h"

#include "model/service/history_service.h"
#include "ui/bridge/background.h"
#include "ui/theme/number_format.h"

#include <algorithm>
#include <cmath>

namespace jetlag::ui {

namespace {

constexpr int kBeatMs = 500;

/// What a connection holds, let go from the last member to the first: the monitor reads through the link, and
/// the demo's server goes last.
struct Held
{
    std::shared_ptr<DemoRun> demo;
    std::shared_ptr<ServerLink> link;
    std::optional<Subscription> subscription;
};

QString againIn(double seconds, std::size_t attempt)
{
    return QStringLiteral("Trying again in %1, attempt %2.")
        .arg(duration(std::max(1.0, std::ceil(seconds))))
        .arg(attempt);
}

/// What becomes of a lost connection by itself.
QString againWords(const ServerLink& link)
{
    const std::optional<NextTry> next = link.nextTry();
    if (!next)
        return QStringLiteral("Trying again by itself.");
    if (!next->comesAt)
        return QStringLiteral("Trying now, attempt %1.").arg(next->number);
    return againIn(std::chrono::duration<double>(*next->comesAt - std::chrono::steady_clock::now()).count(),
                   next->number);
}

bool isWorthRetrying(const Error& error)
{
    return error.code() == ErrorCode::Unavailable || error.code() == ErrorCode::Timeout;
}

} // namespace

LiveSession::LiveSession(Services services)
    : m_services(services)
    , m_reports([this](Heard heard) { takeReport(std::move(heard)); }, &LiveSession::joined)
    , m_demoStarts([this](DemoStart start) { demoStarted(std::move(start)); })
{
    connect(&m_beat, &QTimer::timeout, this, &LiveSession::beat);
    m_beat.start(kBeatMs);
}

LiveSession::~LiveSession()
{
    dropConnection();
}

void LiveSession::open(ConnectionRequest request)
{
    forget();
    m_request = std::move(request);
    m_target = targetOf(m_request, m_services.connections);
    connectNow();
}

void LiveSession::startDemo(DemoOptions options)
{
    forget();
    m_target.name = options.scenario.empty() ? QStringLiteral("demo")
                                             : QStringLiteral("demo: %1").arg(shown(options.scenario));
    setState(State::StartingDemo);
    inBackground([&demos = m_services.demos, options = std::move(options), attempt = m_attempt,
                  deliver = m_demoStarts.inlet()] {
        Result<std::unique_ptr<DemoRun>> run = demos.start(options);
        if (run)
            deliver({.attempt = attempt, .run = std::shared_ptr<DemoRun>(std::move(*run))});
        else
            deliver({.attempt = attempt, .problem = run.error().message()});
    });
}

void LiveSession::demoStarted(DemoStart start)
{
    if (start.attempt != m_attempt) { // somebody has gone elsewhere meanwhile
        releaseInBackground(std::move(start.run));
        return;
    }
    if (!start.run) {
        m_lastError = shown(start.problem);
        setState(State::None);
        return;
    }
    m_demo = std::move(start.run);
    m_request = {.context = std::nullopt, .server = m_demo->url()};
    m_target.key = "demo: " + m_demo->url(); // a new one each time; no context can be called that
    connectNow();
}

void LiveSession::close()
{
    forget();
    setState(State::None);
}

void LiveSession::forget()
{
    dropConnection();
    m_request = {};
    m_target = {};
    m_chosen.reset();
    m_lastError.clear();
}

void LiveSession::dropConnection()
{
    ++m_attempt;
    m_retry.clear();
    m_footprint.clear();
    m_lostAt.reset();
    m_answered.reset();
    if (m_opening) {
        m_opening->cancel();
        m_opening.reset();
    }
    m_report.reset();
    m_history.clear();
    if (m_link || m_demo)
        releaseInBackground(Held{.demo = std::exchange(m_demo, nullptr),
                                 .link = std::exchange(m_link, nullptr),
                                 .subscription = std::exchange(m_subscription, std::nullopt)});
}

void LiveSession::tryNow()
{
    if (m_state == State::Waiting)
        connectNow();
    else if (m_state == State::Lost)
        m_link->tryNow();
}

void LiveSession::refreshNow()
{
    tryNow();
    if (m_link)
        m_link->monitor().refreshNow();
}

void LiveSession::connectNow()
{
    using Link = std::shared_ptr<ServerLink>;
    setState(State::Connecting);
    m_opening =
        std::make_unique<JobWatch<Link>>(m_services.connections.open(m_request), [this](Result<Link> link) {
            m_opening.reset();
            if (link)
                connected(std::move(*link));
            else
                failed(link.error());
        });
}

void LiveSession::connected(std::shared_ptr<ServerLink> link)
{
    m_link = std::move(link);
    if (const ServerDescription server = m_link->description(); !m_demo && !server.name.empty())
        m_target = {.key = server.name,
                    .name = shown(server.name),
                    .colorScheme = QString::fromStdString(server.colorScheme)};
    m_retry.clear();
    m_lastError.clear();
    watch();
    setState(State::Connected);
}

void LiveSession::failed(const Error& error)
{
    m_lastError = shown(error.message());
    if (!isWorthRetrying(error)) {
        setState(State::None);
        return;
    }
    m_retry.failed();
    setState(State::Waiting);
}

void LiveSession::setShowAll(bool all)
{
    if (all == m_all)
        return;
    m_all = all;
    if (m_link)
        watch();
}

void LiveSession::watch()
{
    if (m_subscription)
        releaseInBackground(
            Held{.link = m_link, .subscription = std::exchange(m_subscription, std::nullopt)});
    m_subscription = m_link->monitor().watch(
        {.all = m_all}, [&history = m_services.history, name = historyName(), attempt = m_attempt,
                         show = m_reports.inlet()](std::shared_ptr<const ClusterReport> report) {
            history.record(name, report);
            show({.attempt = attempt, .report = std::move(report)});
        });
}

bool LiveSession::isMakeshift() const
{
    const bool named = m_request.server || m_request.context || isDemo();
    return !named && !m_link;
}

void LiveSession::noteConnection(bool connected)
{
    const auto now = std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
    m_services.history.addMark(
        historyName(),
        {.at = now,
         .kind = MarkKind::Connection,
         .word = connected ? "connected" : "connection lost",
         .detail = connected ? "the server answers again"
                             : "the connection to the server broke; nothing is known until it is back"});
}

// A report holds only what was heard since the one before: when the window was busy for longer than the
// monitor's beat, nobody else would ever tell of those advisories.
LiveSession::Heard LiveSession::joined(Heard older, Heard newer)
{
    if (older.attempt != newer.attempt || older.report->advisories.empty())
        return newer;
    auto both = std::make_shared<ClusterReport>(*newer.report);
    both->advisories.insert(both->advisories.begin(), older.report->advisories.begin(),
                            older.report->advisories.end());
    return {.attempt = newer.attempt, .report = std::move(both)};
}

void LiveSession::takeReport(Heard heard)
{
    if (!m_link || heard.attempt != m_attempt)
        return;
    const bool answered = !m_report || heard.report->at != m_report->at;
    m_report = std::move(heard.report);
    if (answered) {
        m_answered = std::chrono::steady_clock::now();
        m_history.add(*m_report);
    }
    emit reportChanged();
}

std::optional<double> LiveSession::ageSeconds() const
{
    if (!m_answered)
        return std::nullopt;
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - *m_answered).count();
}

double LiveSession::nowSeconds() const
{
    if (!m_report)
        return 0;
    return std::chrono::duration<double>(m_report->at.time_since_epoch()).count() + ageSeconds().value_or(0);
}

void LiveSession::beat()
{
    if (m_state == State::Waiting) {
        if (m_retry.isDue())
            connectNow();
        else
            emit stateChanged(); // the count down
    }
    if (m_link)
        lookAtLink();
    if (m_demo) {
        for (const DemoMoment& moment : m_demo->takeMoments())
            emit demoMoment(shown(moment.what));
        if (const std::string problem = m_demo->problem(); !problem.empty())
            m_lastError = shown(problem);
    }
}

void LiveSession::lookAtLink()
{
    m_footprint.look(m_link->footprint());
    const bool connected = m_link->isConnected();
    if (!connected && !m_lostAt)
        m_lostAt = std::chrono::system_clock::now();
    else if (connected)
        m_lostAt.reset();
    const State next = connected ? State::Connected : State::Lost;
    if (next != m_state)
        noteConnection(connected);
    if (next != m_state || next == State::Lost)
        setState(next);
}

void LiveSession::setState(State state)
{
    m_state = state;
    emit stateChanged();
}

QString LiveSession::stateSentence() const
{
    switch (m_state) {
    case State::None:
        return m_lastError.isEmpty() ? QStringLiteral("Not connected to a server.") : m_lastError;
    case State::StartingDemo:
        return name() == QStringLiteral("demo")
                   ? QStringLiteral("Starting the demo: a nats-server, three hooks and three collectors.")
                   : QStringLiteral("Starting the %1.").arg(name());
    case State::Connecting:
        return QStringLiteral("Connecting to %1.").arg(name());
    case State::Waiting:
        return QStringLiteral("%1 %2").arg(
            m_lastError.endsWith(QLatin1Char('.')) ? m_lastError : m_lastError + QLatin1Char('.'),
            againIn(m_retry.secondsLeft(), m_retry.attempt()));
    case State::Connected:
        return {};
    case State::Lost: {
        const auto since = m_lostAt.value_or(std::chrono::system_clock::now());
        const QString sample =
            m_report ? QStringLiteral("Shown is the last sample, %1 old.").arg(duration(ageSeconds()))
                     : QStringLiteral("No sample had come.");
        return QStringLiteral("Connection to %1 lost at %2. %3 What happens now is unknown. %4")
            .arg(name(), clockTime(std::chrono::time_point_cast<std::chrono::nanoseconds>(since)), sample,
                 againWords(*m_link));
    }
    }
    return {};
}

} // namespace jetlag::ui
