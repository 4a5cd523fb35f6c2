// SPDX-License-Identifier: Apache-2.0
#include "model/engine/engine_run.h"

#include "model/base/clock.h"
#include "model/record/slot.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace jetlag {

namespace {

// Quarantined bytes wait in memory for their checkpoint; this many make it come early.
constexpr std::size_t kMaxWaitingBytes = 32 * 1024 * 1024;

// A filter that lets everything through leaves no predecessor out.
bool leavesMessagesOut(const std::vector<std::string>& filters)
{
    return !filters.empty() && std::find(filters.begin(), filters.end(), ">") == filters.end();
}

void append(std::vector<QuarantinedEvent>& rows, std::vector<QuarantinedEvent>&& more)
{
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

} // namespace

EngineRun::EngineRun(EngineState& state, EventSource& source, std::stop_token stop, CheckpointStore* store,
                     AckSink* acks)
    : m_state(state)
    , m_info(source.info())
    , m_store(store)
    , m_acks(acks, failPointsFromEnvironment())
    , m_reading(source, std::move(stop))
    , m_checkpointed(state.progress.checkpoint.load(std::memory_order_relaxed))
    , m_lastCheckpoint(systemClock().steadyNow())
{
    if (!m_state.assembler) {
        const AssemblerRange range{leavesMessagesOut(m_info.filters), m_info.first};
        if (m_state.restoredAssembler)
            m_state.assembler.emplace(range, std::move(*m_state.restoredAssembler));
        else
            m_state.assembler.emplace(range);
        m_state.restoredAssembler.reset();
    }
    m_state.setAside.keep(store ? KeepRows::All : KeepRows::First, m_state.options.quarantineKept);
    m_state.pool.start(store != nullptr, m_state.options.quarantineKept, [this] { m_reading.knock(); });
    m_state.requests.open([this] { m_reading.knock(); });
}

EngineRun::~EngineRun()
{
    // Whoever knocks goes before what is knocked at.
    m_state.requests.close(m_pending ? std::move(m_pending->request) : nullptr);
    m_state.pool.stop();
}

Result<EngineOutcome> EngineRun::run()
{
    std::shared_ptr<MessageBatch> batch;
    for (;;) {
        if (m_state.pool.hasFailed())
            return stateIsLost();
        if (m_pending && m_pending->barrier->isComplete()) {
            if (Result<void> done = completePending(); !done)
                return done.error();
        }
        const TimePoint now = systemClock().steadyNow();
        if (Result<void> released = m_acks.release(now); !released)
            return released.error();
        if (!m_pending) {
            const bool checkpoint = checkpointIsDue(now);
            if (checkpoint || m_state.requests.isAnybodyWaiting()) {
                begin(checkpoint, now);
                continue;
            }
        }

        switch (m_reading.wait(deadline(), batch)) {
        case ReadAhead::Wake::Batch:
            if (Result<void> dispatched = dispatch(batch); !dispatched)
                return dispatched.error();
            break;
        case ReadAhead::Wake::Attention:
            break;
        case ReadAhead::Wake::End:
            if (Result<void> done = windUp(/*checkpoint=*/m_store != nullptr); !done)
                return done.error();
            return EngineOutcome::End;
        case ReadAhead::Wake::Stopped:
            if (Result<void> done = windUp(/*checkpoint=*/m_store != nullptr); !done)
                return done.error();
            return EngineOutcome::Stopped;
        case ReadAhead::Wake::Failed:
            // What was read before is applied, so that a result can be shown; the store stays as it is.
            if (Result<void> done = windUp(/*checkpoint=*/false); !done)
                return done.error();
            return m_reading.error();
        }
    }
}

// ---- messages in
// -------------------------------------------------------------------------------------------

Result<void> EngineRun::dispatch(const std::shared_ptr<MessageBatch>& batch)
{
    const std::vector<Message>& messages = batch->messages;
    if (!messages.empty() && messages.front().sequence <= m_state.sequence)
        return Error(ErrorCode::Internal,
                     fmt::format("the source went back from sequence {} to {}", m_state.sequence.value(),
                                 messages.front().sequence.value()));
    std::size_t next = 0;
    do {
        Slice& slice = m_state.pool.acquire();
        slice.batch = batch;
        next = m_state.assembler->addBatch(*batch, next, SlicePool::kArenaLimit, slice.records, slice.arena);
        route(slice);
        m_recordsSince += slice.records.size();
        m_state.pool.submit(slice);
    } while (next < messages.size());
    noteProgress(*batch);
    return m_acks.submitted(m_state.sequence);
}

void EngineRun::route(Slice& slice)
{
    const Analyzer& analyzer = m_state.analyzer;
    const WorkerPool& pool = m_state.pool;
    const bool alone = pool.size() == 1;
    for (std::uint32_t i = 0; i < slice.records.size(); ++i) {
        Record& record = slice.records[i];
        if (!analyzer.accepts(record.event.subject)) {
            ++m_state.skipped;
            continue;
        }
        if (record.reason != QuarantineReason::None) {
            m_state.setAside.add(record, record.reason);
            continue;
        }
        record.event.key = analyzer.key(record.event);
        slice.byWorker[alone ? 0 : pool.workerOf(slotOf(record.event.key))].push_back(i);
    }
}

void EngineRun::noteProgress(const MessageBatch& batch)
{
    std::uint64_t bytes = 0;
    for (const Message& message : batch.messages)
        bytes += message.payload.size();
    if (!batch.messages.empty()) {
        const Message& newest = batch.messages.back();
        if (m_state.first.isZero())
            m_state.first = batch.messages.front().sequence;
        m_state.knownSequence = newest.sequence;
        m_state.knownTime = newest.time;
        m_state.sequence = std::max(m_state.sequence, newest.sequence);
    }
    m_state.sequence = std::max(m_state.sequence, batch.coveredTo);

    SharedProgress& progress = m_state.progress;
    progress.messages.fetch_add(batch.messages.size(), std::memory_order_relaxed);
    progress.bytes.fetch_add(bytes, std::memory_order_relaxed);
    progress.setAside.store(m_state.setAside.count(), std::memory_order_relaxed);
    progress.skipped.store(m_state.skipped, std::memory_order_relaxed);
    progress.sequence.store(m_state.sequence.value(), std::memory_order_relaxed);
}

// ---- checkpoints
// -------------------------------------------------------------------------------------------

bool EngineRun::checkpointIsDue(TimePoint now) const
{
    if (!m_store || m_state.sequence <= m_checkpointed)
        return false;
    return m_recordsSince >= m_state.options.checkpointEvents ||
           now - m_lastCheckpoint >= m_state.options.checkpointEvery ||
           m_state.setAside.rowBytes() + m_state.pool.waitingBytes() >= kMaxWaitingBytes;
}

std::optional<EngineRun::TimePoint> EngineRun::deadline() const
{
    std::optional<TimePoint> soonest = m_acks.nextRelease();
    if (m_store && !m_pending && m_state.sequence > m_checkpointed) {
        const TimePoint due = m_lastCheckpoint + m_state.options.checkpointEvery;
        soonest = soonest ? std::min(*soonest, due) : due;
    }
    return soonest;
}

void EngineRun::begin(bool checkpoint, TimePoint now)
{
    Pending pending;
    pending.request = m_state.requests.take();
    pending.first = m_state.first;
    pending.sequence = m_state.sequence;
    pending.counters = m_state.before;
    pending.counters.skipped += m_state.skipped;
    pending.counters.quarantined += m_state.setAside.count();
    pending.counters.records = m_state.assembler->counters();
    pending.marks = m_state.setAside.takeMarks();
    if (checkpoint) {
        pending.stream = m_info.stream.value_or(StreamIdentity());
        if (!m_state.knownSequence.isZero()) {
            pending.stream.knownSequence = m_state.knownSequence;
            pending.stream.knownTime = m_state.knownTime;
        }
        pending.assembler = m_state.assembler->takeDelta();
        m_checkpointed = m_state.sequence;
        m_recordsSince = 0;
        m_lastCheckpoint = now;
    }
    if (checkpoint || !m_store)
        pending.rows = m_state.setAside.takeRows();
    pending.barrier =
        m_state.pool.submitBarrier({.changes = checkpoint, .tables = pending.request != nullptr});
    m_pending.emplace(std::move(pending));
}

Result<void> EngineRun::completePending()
{
    if (m_state.pool.hasFailed())
        return stateIsLost();
    Pending done = std::move(*m_pending);
    m_pending.reset();
    std::vector<WorkerPart>& parts = done.barrier->parts();
    std::vector<QuarantineMark> marks = std::move(done.marks);
    std::vector<QuarantinedEvent> rows = std::move(done.rows);
    for (WorkerPart& part : parts) {
        done.counters.applied += part.applied;
        done.counters.quarantined += part.quarantined;
        marks.insert(marks.end(), part.marks.begin(), part.marks.end());
        append(rows, std::move(part.rows));
    }
    m_state.tally.add(std::move(marks));
    std::sort(rows.begin(), rows.end(), [](const QuarantinedEvent& a, const QuarantinedEvent& b) {
        return std::tie(a.sequence, a.index) < std::tie(b.sequence, b.index);
    });
    show(rows);

    EngineResult& latest = m_state.latest;
    latest.counters = done.counters;
    latest.firstSequence = done.first;
    latest.lastSequence = done.sequence;
    latest.digest = totalDigest(m_state.pool.slotDigests(), m_state.tally);

    if (done.request) {
        TableSnapshot snapshot{latest, {}};
        for (WorkerPart& part : parts)
            snapshot.parts.push_back(std::move(part.tables));
        done.request->fulfil(std::move(snapshot));
    }
    return done.barrier->wants().changes ? commit(done, std::move(rows)) : Result<void>();
}

Result<void> EngineRun::commit(Pending& done, std::vector<QuarantinedEvent> rows)
{
    CheckpointDelta delta;
    delta.header.analyzer = m_state.analyzer.name();
    delta.header.analyzerVersion = m_state.analyzer.version();
    delta.header.stream = std::move(done.stream);
    delta.header.filters = m_info.filters;
    delta.header.first = done.first;
    delta.header.sequence = done.sequence;
    delta.header.digest = m_state.latest.digest;
    delta.header.counters = done.counters;
    delta.header.partial = m_state.latest.partial;
    for (WorkerPart& part : done.barrier->parts()) {
        delta.changedKeys.insert(delta.changedKeys.end(), std::make_move_iterator(part.changed.begin()),
                                 std::make_move_iterator(part.changed.end()));
    }
    delta.assembler = std::move(done.assembler);
    delta.newlyQuarantined = std::move(rows);

    if (Result<void> committed = m_store->commit(delta); !committed) {
        m_state.lost = true; // the delta is gone
        return committed;
    }
    m_state.progress.checkpoint.store(done.sequence.value(), std::memory_order_relaxed);
    return m_acks.committed(done.sequence, systemClock().steadyNow());
}

// Rows come in stream order, so the first ones stay the first ones.
void EngineRun::show(std::vector<QuarantinedEvent>& rows)
{
    std::vector<QuarantinedEvent>& shown = m_state.latest.quarantined;
    const std::size_t room =
        m_state.options.quarantineKept - std::min(m_state.options.quarantineKept, shown.size());
    for (std::size_t i = 0; i < std::min(room, rows.size()); ++i) {
        shown.push_back(rows[i]);
        if (shown.back().bytes.size() > kOversizeKeptBytes)
            shown.back().bytes.resize(kOversizeKeptBytes);
    }
}

Result<void> EngineRun::awaitPending()
{
    if (!m_pending)
        return {};
    while (!m_pending->barrier->isComplete() && !m_state.pool.hasFailed())
        m_reading.waitForKnock();
    return completePending();
}

Result<void> EngineRun::windUp(bool checkpoint)
{
    if (Result<void> done = awaitPending(); !done)
        return done;
    begin(checkpoint && m_state.sequence > m_checkpointed, systemClock().steadyNow());
    if (Result<void> done = awaitPending(); !done)
        return done;
    return m_acks.releaseAll();
}

Error EngineRun::stateIsLost()
{
    m_state.lost = true;
    return *m_state.pool.failure();
}

} // namespace jetlag
