// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_replay.h"

#include <algorithm>

namespace jetlag::test {

Table tableOf(std::string name, std::vector<Column> columns, std::vector<Row> rows)
{
    if (!columns.empty())
        columns.front().merge = Merge::Key;
    Table table({.name = std::move(name), .columns = std::move(columns)});
    for (Row& row : rows)
        table.add(std::move(row));
    return table;
}

QuarantinedEvent quarantinedEvent(StreamSequence sequence, std::string bytes, QuarantineReason reason)
{
    QuarantinedEvent event;
    event.sequence = sequence;
    event.subject = "spark.0.-";
    event.reason = reason;
    event.bytesHash = hash128(bytes);
    event.bytes = std::move(bytes);
    return event;
}

FakeReplayRun::FakeReplayRun(ReplayRequest request)
    : m_request(std::move(request))
{
    m_onCancel.emplace(m_job->stopToken(), [this] {
        {
            const std::lock_guard lock(m_mutex);
            if (m_holdsCancel)
                return;
        }
        end(/*cancelled=*/true, std::nullopt);
    });
}

FakeReplayRun::~FakeReplayRun()
{
    end(/*cancelled=*/true, std::nullopt); // nobody is left waiting for it
}

void FakeReplayRun::pause()
{
    const std::lock_guard lock(m_mutex);
    m_paused = true;
}

void FakeReplayRun::resume()
{
    const std::lock_guard lock(m_mutex);
    m_paused = false;
}

bool FakeReplayRun::isPaused() const
{
    const std::lock_guard lock(m_mutex);
    return m_paused;
}

EngineProgress FakeReplayRun::progress() const
{
    const std::lock_guard lock(m_mutex);
    return m_progress;
}

std::optional<std::pair<StreamSequence, StreamSequence>> FakeReplayRun::range() const
{
    const std::lock_guard lock(m_mutex);
    return m_range;
}

JobPtr<EngineResult> FakeReplayRun::tables()
{
    auto job = std::make_shared<Job<EngineResult>>();
    std::optional<EngineResult> result;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_over && m_holdsTables) {
            m_heldTables.push_back(job);
            return job;
        }
        if (!m_over)
            result = resultNow();
    }
    if (result)
        job->finish(std::move(*result));
    else
        job->finish(Error(ErrorCode::Unavailable, "the replay is not at work; its result holds the tables"));
    return job;
}

void FakeReplayRun::setRange(StreamSequence first, StreamSequence last)
{
    const std::lock_guard lock(m_mutex);
    m_range = {first, last};
}

bool FakeReplayRun::advance(std::uint64_t events, std::uint64_t bytesEach)
{
    JobProgress shown{.unit = "events", .words = "replaying"};
    {
        const std::lock_guard lock(m_mutex);
        if (m_paused || m_over)
            return false;
        m_progress.events += events;
        m_progress.messages += events;
        m_progress.bytes += events * bytesEach;
        const std::uint64_t first = m_range ? m_range->first.value() : 1;
        m_progress.sequence = StreamSequence(first + m_progress.messages - 1);
        shown.done = m_progress.events;
        if (m_range)
            shown.total = m_range->second.value() - first + 1;
    }
    m_job->setProgress(std::move(shown));
    return true;
}

void FakeReplayRun::setTables(std::vector<Table> tables)
{
    const std::lock_guard lock(m_mutex);
    m_tables = std::move(tables);
}

void FakeReplayRun::quarantine(QuarantinedEvent event)
{
    const std::lock_guard lock(m_mutex);
    m_quarantined.push_back(std::move(event));
    m_progress.quarantined = m_quarantined.size();
    m_progress.events = std::max(m_progress.events, m_progress.quarantined);
}

void FakeReplayRun::setDigest(Hash128 digest)
{
    const std::lock_guard lock(m_mutex);
    m_digest = digest;
}

void FakeReplayRun::setPartial(bool partial)
{
    const std::lock_guard lock(m_mutex);
    m_partial = partial;
}

void FakeReplayRun::holdTables(bool hold)
{
    std::vector<JobPtr<EngineResult>> held;
    std::optional<EngineResult> result;
    {
        const std::lock_guard lock(m_mutex);
        m_holdsTables = hold;
        if (hold)
            return;
        held.swap(m_heldTables);
        result = resultNow();
    }
    for (const JobPtr<EngineResult>& job : held)
        job->finish(*result);
}

void FakeReplayRun::holdCancel(bool hold)
{
    const std::lock_guard lock(m_mutex);
    m_holdsCancel = hold;
}

bool FakeReplayRun::finish()
{
    return end(m_job->isCancelled(), std::nullopt);
}

bool FakeReplayRun::fail(Error error)
{
    return end(/*cancelled=*/false, std::move(error));
}

bool FakeReplayRun::endEarly(std::string problem)
{
    setPartial(true);
    return end(/*cancelled=*/false, std::nullopt, std::move(problem));
}

EngineResult FakeReplayRun::resultNow() const
{
    EngineResult result;
    result.counters.quarantined = m_quarantined.size();
    result.counters.applied =
        m_progress.events - std::min<std::uint64_t>(m_progress.events, m_quarantined.size());
    result.counters.records.messages = m_progress.messages;
    if (m_progress.messages > 0)
        result.firstSequence = m_range ? m_range->first : StreamSequence(1);
    result.lastSequence = m_progress.sequence;
    result.digest = m_digest;
    result.partial = m_partial;
    result.tables = m_tables;
    result.quarantined = m_quarantined;
    return result;
}

bool FakeReplayRun::end(bool cancelled, std::optional<Error> error, std::string problem)
{
    ReplayResult result;
    std::vector<JobPtr<EngineResult>> held;
    {
        const std::lock_guard lock(m_mutex);
        if (std::exchange(m_over, true))
            return false;
        held.swap(m_heldTables);
        result = {.analyzer = m_request.analyzer,
                  .version = 1,
                  .engine = resultNow(),
                  .cancelled = cancelled,
                  .problem = std::move(problem)};
    }
    for (const JobPtr<EngineResult>& job : held)
        job->finish(Error(ErrorCode::Unavailable, "the replay is not at work; its result holds the tables"));
    if (error)
        m_job->finish(std::move(*error));
    else
        m_job->finish(std::move(result));
    return true;
}

std::shared_ptr<ReplayRun> FakeReplayService::start(ReplayRequest request)
{
    auto run = std::make_shared<FakeReplayRun>(std::move(request));
    {
        const std::lock_guard lock(m_mutex);
        m_runs.push_back(run);
    }
    if (onStart)
        onStart(*run);
    return run;
}

std::size_t FakeReplayService::count() const
{
    const std::lock_guard lock(m_mutex);
    return m_runs.size();
}

std::shared_ptr<FakeReplayRun> FakeReplayService::run(std::size_t index) const
{
    const std::lock_guard lock(m_mutex);
    return m_runs.at(index);
}

std::shared_ptr<FakeReplayRun> FakeReplayService::lastRun() const
{
    const std::lock_guard lock(m_mutex);
    return m_runs.empty() ? nullptr : m_runs.back();
}

} // namespace jetlag::test
