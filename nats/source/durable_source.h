#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"
#include "model/engine/event_source.h"
#include "nats/client/read_only_api.h"
#include "nats/client/write_api.h"
#include "nats/source/start_decision.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace jetlag {

struct DurableSourceOptions
{
    std::string stream;
    std::string durable;
    /// Of a durable that is made now; an existing one keeps its own, and these must then be empty or equal.
    std::vector<std::string> filters;
    std::chrono::milliseconds ackWait{60'000}; ///< of a durable that is made now
    std::int64_t maxAckPending = 100'000;      ///< the same
    std::optional<StreamSequence> checkpoint;  ///< where the state stands; nullopt = no state
    bool acceptPartial = false;
    bool untilCaughtUp = false; ///< End when everything up to the last sequence at start was handed over
    std::chrono::milliseconds patience{60'000}; ///< without a server before giving up
};

struct DurableCounters
{
    std::uint64_t readAgain = 0;   ///< read by sequence: others, or a former process, held them
    std::uint64_t redelivered = 0; ///< deliveries dropped because they had been handed over
    std::uint64_t resyncs = 0;     ///< breaks in the deliveries: reconnects, holes, resets
};

/// A durable pull consumer, as a source of strictly ascending sequences that acks what is checkpointed.
///
/// Deliveries alone do not do that: a new process first gets what comes *after* the events that its killed
/// predecessor had in hand, and those come back only after ack_wait. So on start, and whenever the consumer
/// sequence jumps, goes back or the connection breaks, what lies between the last sequence handed over and
/// the consumer's `delivered` is read by sequence, without a consumer, and then acked by position.
///
/// next() belongs to one thread; checkpointed() may come from another; the rest from any.
class DurableSource final : public EventSource, public AckSink
{
public:
    /// Finds or makes the durable and decides where to go on (Conflict when it must refuse). `created` gets a
    /// sentence when something was made. The APIs must outlive the source.
    [[nodiscard]] static Result<std::unique_ptr<DurableSource>> open(ReadOnlyApi& reads, WriteApi& writes,
                                                                     DurableSourceOptions options,
                                                                     std::string& created,
                                                                     std::stop_token stop = {});
    ~DurableSource() override;

    [[nodiscard]] Result<SourceOutcome> next(MessageBatch& batch, std::chrono::milliseconds wait,
                                             std::stop_token stop) override;
    [[nodiscard]] const SourceInfo& info() const override;
    [[nodiscard]] Result<void> checkpointed(StreamSequence upTo) override;

    /// Waits until the server has taken the acks sent so far.
    [[nodiscard]] Result<void> flushAcks(std::chrono::milliseconds patience);

    [[nodiscard]] DurableCounters counters() const;
    [[nodiscard]] const StartDecision& start() const noexcept;
    [[nodiscard]] std::chrono::nanoseconds ackWait() const noexcept;

private:
    struct State;
    explicit DurableSource(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace jetlag
