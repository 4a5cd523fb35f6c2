#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/engine/ack_gate.h"
#include "model/engine/engine_state.h"
#include "model/engine/read_ahead.h"

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>

namespace jetlag {

/// One run of an engine: reads, routes, lets workers apply, forms checkpoints, allows acks. Lives on the
/// engine's thread.
class EngineRun final
{
public:
    EngineRun(EngineState& state, EventSource& source, std::stop_token stop, CheckpointStore* store,
              AckSink* acks);
    ~EngineRun();
    EngineRun(const EngineRun&) = delete;
    EngineRun& operator=(const EngineRun&) = delete;

    [[nodiscard]] Result<EngineOutcome> run();

private:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// A barrier that is under way, and what only the engine's thread knows at its sequence.
    struct Pending
    {
        std::shared_ptr<Barrier> barrier;
        EngineCounters counters; ///< without the workers' part
        StreamSequence first;
        StreamSequence sequence;
        StreamIdentity stream;
        AssemblerDelta assembler;
        std::vector<QuarantineMark> marks;
        std::vector<QuarantinedEvent> rows;
        std::shared_ptr<TableRequests::Request> request;
    };

    [[nodiscard]] Result<void> dispatch(const std::shared_ptr<MessageBatch>& batch);
    void route(Slice& slice);
    void noteProgress(const MessageBatch& batch);

    [[nodiscard]] bool checkpointIsDue(TimePoint now) const;
    [[nodiscard]] std::optional<TimePoint> deadline() const;
    void begin(bool checkpoint, TimePoint now);
    [[nodiscard]] Result<void> completePending();
    [[nodiscard]] Result<void> awaitPending();
    [[nodiscard]] Result<void> commit(Pending& done, std::vector<QuarantinedEvent> rows);
    void show(std::vector<QuarantinedEvent>& rows);
    [[nodiscard]] Result<void> windUp(bool checkpoint);
    [[nodiscard]] Error stateIsLost();

    EngineState& m_state;
    const SourceInfo m_info;
    CheckpointStore* const m_store;
    AckGate m_acks;
    ReadAhead m_reading;

    std::optional<Pending> m_pending;
    StreamSequence m_checkpointed; // sequence of the newest checkpoint, under way or committed
    std::uint64_t m_recordsSince = 0;
    TimePoint m_lastCheckpoint;
};

} // namespace jetlag
