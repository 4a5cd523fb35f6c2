// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/replay_runner.h"

#include "ui/bridge/background.h"
#include "ui/theme/number_format.h"

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kBeatMs = 250;
constexpr qint64 kTablesMs = 500;
// Making the tables halts the workers between two batches: of a long making, at most a sixth of the run.
constexpr qint64 kTablesShare = 5;

} // namespace

ReplayRunner::ReplayRunner(ReplayService& service, QObject* parent)
    : QObject(parent)
    , m_service(service)
{
    connect(&m_beat, &QTimer::timeout, this, &ReplayRunner::look);
}

ReplayRunner::~ReplayRunner()
{
    if (m_watch)
        m_watch->cancel();
    letGo();
}

void ReplayRunner::letGo()
{
    m_beat.stop();
    m_watch.reset();
    m_tablesWatch.reset();
    if (m_run)
        releaseInBackground(std::exchange(m_run, nullptr));
}

void ReplayRunner::start(ReplayRequest request)
{
    if (isUnderWay())
        return;
    m_request = std::move(request);
    m_progress = {};
    m_fraction.reset();
    m_range.reset();
    releaseInBackground(std::pair(std::exchange(m_tables, nullptr), std::exchange(m_result, nullptr)));
    m_error.clear();
    m_pace.cut();
    m_pausedAt = -1;
    m_pausedMs = 0;
    m_endedAt = -1;
    m_tablesAt = 0;
    m_tablesPause = kTablesMs / 2; // the first rows soon
    m_clock.start();
    m_sinceTables.start();
    m_run = m_service.start(m_request);
    m_watch = std::make_unique<JobWatch<ReplayResult>>(
        m_run->job(), [this](Result<ReplayResult> result) { finished(std::move(result)); });
    m_beat.start(kBeatMs);
    setState(State::Running);
    emit tablesChanged();
}

void ReplayRunner::pause()
{
    if (m_state != State::Running)
        return;
    m_run->pause();
    m_pausedAt = m_clock.elapsed();
    setState(State::Paused);
}

void ReplayRunner::resume()
{
    if (m_state != State::Paused)
        return;
    m_run->resume();
    m_pausedMs += m_clock.elapsed() - std::exchange(m_pausedAt, -1);
    m_pace.cut();
    setState(State::Running);
}

void ReplayRunner::cancel()
{
    if (!isUnderWay())
        return;
    m_watch->cancel();
    setState(State::Cancelling);
}

void ReplayRunner::look()
{
    if (!m_run)
        return;
    m_progress = m_run->progress();
    m_range = m_run->range();
    m_fraction = m_run->fraction();
    if (m_fraction == 0.0 && m_progress.messages > 0)
        m_fraction.reset(); // a compressed file counts only when it is read whole
    if (m_state == State::Running)
        m_pace.look(static_cast<double>(m_clock.elapsed()) / 1000, m_progress.events, m_fraction);
    emit progressed();
    askForTables();
}

void ReplayRunner::askForTables()
{
    const bool nothingNew = m_tables && m_progress.messages == m_tablesAt;
    if (m_tablesWatch || m_sinceTables.elapsed() < m_tablesPause || m_progress.messages == 0 || nothingNew)
        return;
    m_tablesAt = m_progress.messages;
    m_sinceTables.restart();
    m_tablesWatch = std::make_unique<JobWatch<EngineResult>>(
        m_run->tables(), [this](Result<EngineResult> tables) { takeTables(std::move(tables)); });
}

void ReplayRunner::takeTables(Result<EngineResult> tables)
{
    m_tablesWatch.reset();
    m_tablesPause = std::max(kTablesMs, kTablesShare * m_sinceTables.elapsed());
    m_sinceTables.restart();
    if (!tables || !m_run) // at its end the result brings them
        return;
    releaseInBackground(std::exchange(m_tables, std::make_shared<EngineResult>(std::move(*tables))));
    emit tablesChanged();
}

void ReplayRunner::finished(Result<ReplayResult> result)
{
    m_progress = m_run->progress();
    m_range = m_run->range();
    m_endedAt = m_clock.elapsed();
    if (m_pausedAt >= 0)
        m_pausedMs += m_endedAt - std::exchange(m_pausedAt, -1);
    letGo();
    if (!result) {
        m_error = shown(result.error().message());
        setState(State::Failed);
        return;
    }
    m_result = std::make_shared<ReplayResult>(std::move(*result));
    m_progress.events = m_result->engine.counters.events();
    m_progress.messages = m_result->engine.counters.records.messages;
    m_progress.quarantined = m_result->engine.counters.quarantined;
    m_progress.sequence = m_result->engine.lastSequence;
    if (!m_result->cancelled)
        m_fraction = 1.0;
    // The result owns the tables: one allocation, two names.
    releaseInBackground(
        std::exchange(m_tables, std::shared_ptr<const EngineResult>(m_result, &m_result->engine)));
    setState(State::Ended);
    emit tablesChanged();
}

std::optional<double> ReplayRunner::eventsPerSecond() const
{
    if (m_state == State::Ended)
        return secondsWorked() > 0 ? std::optional(static_cast<double>(m_progress.events) / secondsWorked())
                                   : std::nullopt;
    return m_state == State::Running ? m_pace.eventsPerSecond() : std::nullopt;
}

std::optional<double> ReplayRunner::secondsLeft() const
{
    return isUnderWay() ? m_pace.secondsLeft() : std::nullopt;
}

double ReplayRunner::secondsWorked() const
{
    if (!m_clock.isValid())
        return 0;
    const qint64 until = m_endedAt >= 0 ? m_endedAt : m_pausedAt >= 0 ? m_pausedAt : m_clock.elapsed();
    return static_cast<double>(until - m_pausedMs) / 1000;
}

void ReplayRunner::setState(State state)
{
    m_state = state;
    emit stateChanged();
}

} // namespace jetlag::ui
