// SPDX-License-Identifier: Apache-2.0
#include "nats/source/durable_source.h"

#include "model/base/text.h"
#include "nats/source/ack_reply.h"
#include "nats/source/message_window.h"
#include "nats/source/pending_acks.h"
#include "nats/source/pull_requests.h"
#include "nats/source/sequence_source.h"
#include "nats/source/stream_lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <span>

namespace jetlag {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kBatchMessages = 1'000;
constexpr std::size_t kBatchBytes = 4 * 1024 * 1024;
// In flight before anything was measured, and at the least: enough to measure with.
constexpr std::size_t kFirstInFlight = 4'000;
constexpr double kFirstPerSecond = 250; // of ack_wait: what a slow collector still finishes in time
constexpr std::size_t kLeastInFlight = 100;
// Deliveries that pause so long are compared with what the server says.
constexpr std::chrono::milliseconds kQuiet{200};
constexpr std::chrono::milliseconds kRetryPause{100};

void pauseFor(std::chrono::milliseconds pause, std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, pause, [] { return false; });
}

bool isPassing(ErrorCode code)
{
    return code == ErrorCode::Timeout || code == ErrorCode::Unavailable;
}

Error refusedConsumer(const ConsumerSnapshot& consumer, std::string_view why)
{
    return {ErrorCode::Conflict,
            fmt::format("consumer {} of stream {} {}; name another one with --name: an existing consumer is "
                        "never changed",
                        safeForDisplay(consumer.name), safeForDisplay(consumer.stream), why)};
}

// An existing durable is used as it is, or refused.
Result<void> checkUsable(const ConsumerSnapshot& consumer, const StreamSnapshot& stream,
                         const std::vector<std::string>& filters)
{
    if (!consumer.isPull())
        return refusedConsumer(consumer, "pushes its messages");
    if (consumer.ackPolicy == "none")
        return refusedConsumer(consumer, "takes no acks");
    if (stream.retention != "workqueue" && consumer.ackPolicy != "all" && consumer.ackPolicy != "explicit")
        return refusedConsumer(consumer, "has an ack policy that is not known here");
    if (consumer.maxDeliver > 0)
        return refusedConsumer(consumer,
                               "gives up on a message after some deliveries, so that events could be lost");
    if (!filters.empty() && filters != consumer.filters)
        return refusedConsumer(consumer, "has another filter");
    return {};
}

} // namespace

struct DurableSource::State
{
    State(ReadOnlyApi& readApi, WriteApi& writeApi, DurableSourceOptions sourceOptions,
          StreamSnapshot streamSnapshot, const ConsumerSnapshot& consumer, StartDecision startDecision,
          PullRequests pullRequests)
        : reads(readApi)
        , writes(writeApi)
        , options(std::move(sourceOptions))
        , stream(std::move(streamSnapshot))
        , filters(consumer.filters)
        , ackAll(consumer.ackPolicy == "all")
        , ackWait(consumer.ackWait)
        , maxAckPending(consumer.maxAckPending > 0 ? static_cast<std::size_t>(consumer.maxAckPending)
                                                   : SIZE_MAX)
        , decision(startDecision)
        , pulls(std::move(pullRequests))
        , acks(ackAll)
        , handed(decision.after)
        , target(stream.lastSequence)
    {
        listener = reads.listenToConnection([this](const ConnectionEvent& event) {
            if (event.kind == ConnectionEvent::Kind::Disconnected ||
                event.kind == ConnectionEvent::Kind::Reconnected)
                broken = true;
        });
    }

    // After a break no held reply counts: ask where the consumer stands, read up to there by sequence, go on.
    Result<void> resync(std::stop_token stop)
    {
        broken = false;
        {
            const std::lock_guard lock(mutex);
            if (ackAll)
                acks.clear();
            fillAck.reset();
        }
        if (Result<void> reset = pulls.reset(); !reset)
            return reset;
        const Result<StreamSnapshot> streamNow = lookUpStream(reads, options.stream, stop);
        if (!streamNow)
            return streamNow.error();
        const Result<bool> same = isSameStream(reads, *sourceInfo.stream, *streamNow, stop);
        if (!same)
            return same.error();
        if (!*same || streamNow->lastSequence < handed)
            return Error(ErrorCode::Conflict,
                         fmt::format("stream {} was made anew or put back to an older state",
                                     safeForDisplay(options.stream)));
        const Result<ConsumerSnapshot> consumer =
            lookUpConsumer(reads, options.stream, options.durable, stop);
        if (!consumer)
            return consumer.error();
        stream.firstSequence = streamNow->firstSequence;
        stream.allowDirect = streamNow->allowDirect;
        nextConsumer = consumer->delivered.consumer.next();
        if (!ackAll) {
            const std::lock_guard lock(mutex);
            acks.keepDelivered(consumer->delivered.stream);
        }
        const bool everDelivered = !consumer->delivered.consumer.isZero();
        const StreamSequence through =
            everDelivered ? std::min(consumer->delivered.stream, streamNow->lastSequence) : StreamSequence();
        if (everDelivered && consumer->ackPending > 0) {
            const std::lock_guard lock(mutex);
            fillAck = consumer->delivered;
        }
        if (through > handed)
            return beginFill(through, stop);
        return ackFill();
    }

    Result<void> beginFill(StreamSequence through, std::stop_token stop)
    {
        SequenceSourceOptions fillOptions;
        fillOptions.filters = filters;
        fillOptions.from = handed.next();
        fillOptions.to = through;
        fillOptions.patience = options.patience;
        Result<std::unique_ptr<SequenceSource>> source =
            SequenceSource::open(reads, options.stream, std::move(fillOptions), stop);
        if (!source)
            return source.error();
        fill = std::move(*source);
        fillThrough = through;
        return {};
    }

    // One batch read by sequence; ends the fill when it is through.
    Result<SourceOutcome> fillNext(MessageBatch& batch, std::chrono::milliseconds wait, std::stop_token stop)
    {
        const Result<SourceOutcome> outcome = fill->next(batch, wait, stop);
        if (!outcome)
            return outcome.error();
        if (*outcome == SourceOutcome::End) {
            fill.reset();
            const bool moved = handed < fillThrough;
            handed = std::max(handed, fillThrough);
            batch.coveredTo = handed;
            if (Result<void> acked = ackFill(); !acked)
                return acked.error();
            return moved ? SourceOutcome::Batch : SourceOutcome::Idle;
        }
        if (*outcome == SourceOutcome::Batch) {
            readAgain += batch.messages.size();
            handed = std::max(handed, batch.coveredTo);
            if (!ackAll) {
                const std::lock_guard lock(mutex);
                for (const Message& message : batch.messages)
                    acks.add({PendingAcks::kByStreamSequence, message.sequence});
            }
        }
        return outcome;
    }

    // What is published while the connection is down is sent when it comes back, before anybody could ask
    // whether the server still knows that delivery: an ack above its `delivered` would jam the consumer.
    bool mayAck() const { return !broken && reads.isConnected(); }

    // Acks all that a checkpoint holds already.
    Result<void> sendDueAcks()
    {
        if (!mayAck())
            return {};
        std::vector<DeliveredPosition> due;
        {
            const std::lock_guard lock(mutex);
            due = acks.take(checkpoint);
        }
        for (std::size_t i = 0; i < due.size(); ++i) {
            if (Result<void> acked = writes.acknowledgeThrough(options.stream, options.durable, due[i]);
                !acked) {
                // The connection is broken; after it everything is found out anew, except what is owed.
                const std::lock_guard lock(mutex);
                acks.giveBack(std::span(due).subspan(i));
                broken = true;
                return {};
            }
        }
        return ackFill();
    }

    // What was read by sequence has no reply to ack: its position is acked once a checkpoint holds it all.
    Result<void> ackFill()
    {
        if (!mayAck())
            return {};
        std::optional<DeliveredPosition> due;
        {
            const std::lock_guard lock(mutex);
            if (!ackAll)
                fillAck.reset();
            if (!fillAck || fill || checkpoint < std::min(fillAck->stream, handed))
                return {};
            due = std::exchange(fillAck, std::nullopt);
        }
        return writes.acknowledgeThrough(options.stream, options.durable, *due);
    }

    // How many events may be delivered and not yet checkpointed: a quarter of ack_wait's worth.
    std::size_t mayBeInFlight()
    {
        const std::lock_guard lock(mutex);
        const double ackWaitSeconds = std::chrono::duration<double>(ackWait).count();
        auto most = std::min(kFirstInFlight, static_cast<std::size_t>(ackWaitSeconds * kFirstPerSecond));
        if (ratePerSecond > 0)
            most = static_cast<std::size_t>(ratePerSecond * ackWaitSeconds / 4);
        most = std::min(std::max(most, kLeastInFlight), maxAckPending);
        return most - std::min(most, acks.size());
    }

    // False: the delivery tells of a break.
    bool take(MessageHandle message, MessageBatch& batch, std::vector<MessageHandle>& owners,
              std::vector<HeaderField>& fields, std::vector<std::size_t>& fieldEnds)
    {
        const std::optional<AckReply> reply = parseAckReply(natsMsg_GetReply(message.get()));
        if (!reply || reply->consumer != nextConsumer)
            return false;
        nextConsumer = nextConsumer.next();
        const DeliveredPosition position{reply->consumer, reply->stream};
        if (reply->stream <= handed) {
            ++redelivered;
            // Handed over before; still its ack may have been lost, with the connection or with the server.
            if (!ackAll || reply->deliveries == 1) {
                const std::lock_guard lock(mutex);
                acks.add(position);
            }
            return true;
        }
        natsMsg* raw = message.get();
        Message out{.sequence = reply->stream,
                    .time = ServerTime(std::chrono::nanoseconds(reply->timeNanos)),
                    .subject = natsMsg_GetSubject(raw),
                    .payload = {natsMsg_GetData(raw), static_cast<std::size_t>(natsMsg_GetDataLength(raw))},
                    .deliveries = reply->deliveries};
        liftHeaders(raw, HeaderChoice::Core, /*directGet=*/false, fields);
        fieldEnds.push_back(fields.size());
        batch.messages.push_back(out);
        owners.push_back(std::move(message));
        handed = reply->stream;
        newAcks.push_back(position);
        return true;
    }

    // Deliveries that are here; waits for the first.
    Result<bool> collect(MessageBatch& batch, std::chrono::milliseconds wait)
    {
        std::vector<MessageHandle> owners;
        std::vector<HeaderField> fields;
        std::vector<std::size_t> fieldEnds;
        std::size_t bytes = 0;
        bool whole = true;
        newAcks.clear();
        while (batch.messages.size() < kBatchMessages && bytes < kBatchBytes) {
            Result<MessageHandle> message =
                pulls.next(batch.messages.empty() ? wait : std::chrono::milliseconds(0));
            if (!message)
                return message.error();
            if (!*message)
                break;
            bytes += static_cast<std::size_t>(natsMsg_GetDataLength(message->get()));
            if (!take(std::move(*message), batch, owners, fields, fieldEnds)) {
                whole = false;
                break;
            }
        }
        if (batch.messages.empty())
            return whole;
        const HeaderFields kept = batch.keepHeaders(std::move(fields));
        std::size_t begin = 0;
        for (std::size_t i = 0; i < fieldEnds.size(); ++i) {
            batch.messages[i].headers = kept.subspan(begin, fieldEnds[i] - begin);
            begin = fieldEnds[i];
        }
        batch.keep(std::move(owners));
        batch.coveredTo = handed;
        const std::lock_guard lock(mutex);
        for (const DeliveredPosition& position : newAcks)
            acks.add(position);
        return whole;
    }

    // Is everything that was there at the start handed over?
    Result<bool> isCaughtUp(std::stop_token stop)
    {
        if (handed >= target)
            return true;
        const Result<ConsumerSnapshot> consumer =
            lookUpConsumer(reads, options.stream, options.durable, stop);
        if (!consumer)
            return isPassing(consumer.error().code()) ? Result<bool>(false) : consumer.error();
        // What is left up to the target does not match, or does not exist any more.
        return consumer->pending == 0 && consumer->delivered.consumer.next() == nextConsumer;
    }

    ReadOnlyApi& reads;
    WriteApi& writes;
    const DurableSourceOptions options;
    StreamSnapshot stream;
    const std::vector<std::string> filters;
    const bool ackAll;
    const std::chrono::nanoseconds ackWait;
    const std::size_t maxAckPending;
    const StartDecision decision;
    SourceInfo sourceInfo;
    PullRequests pulls;
    std::unique_ptr<SequenceSource> fill; ///< while a hole is read by sequence
    StreamSequence fillThrough;
    ConsumerSequence nextConsumer;
    std::vector<DeliveredPosition> newAcks;
    std::uint64_t redeliveredSeen = 0; ///< whose acks were sent as far as they were due
    std::atomic<bool> broken{true};    ///< start is like a break: find out where the consumer stands
    Steady::time_point lastGood = Steady::now();
    Steady::time_point lastDelivery = Steady::now();

    std::mutex mutex; // guards what checkpointed() shares with next()
    PendingAcks acks;
    std::optional<DeliveredPosition> fillAck;
    StreamSequence checkpoint;
    double ratePerSecond = 0;
    Steady::time_point lastCheckpoint = Steady::now();

    StreamSequence handed; ///< everything at or below was handed over
    const StreamSequence target;
    std::atomic<std::uint64_t> readAgain{0};
    std::atomic<std::uint64_t> redelivered{0};
    std::atomic<std::uint64_t> resyncs{0};
    ConnectionListener listener; // last: its callback touches what stands above
};

DurableSource::DurableSource(std::unique_ptr<State> state)
    : m_state(std::move(state))
{}
DurableSource::~DurableSource() = default;

Result<std::unique_ptr<DurableSource>> DurableSource::open(ReadOnlyApi& reads, WriteApi& writes,
                                                           DurableSourceOptions options, std::string& created,
                                                           std::stop_token stop)
{
    Result<StreamSnapshot> stream = lookUpStream(reads, options.stream, stop);
    if (!stream)
        return stream.error();
    Result<ConsumerSnapshot> consumer = lookUpConsumer(reads, options.stream, options.durable, stop);
    if (!consumer && consumer.error().code() == ErrorCode::NotFound) {
        const bool workQueue = stream->retention == "workqueue";
        const Result<std::string> made = writes.createDurable({.stream = options.stream,
                                                               .name = options.durable,
                                                               .filters = options.filters,
                                                               .ackAll = !workQueue,
                                                               .ackWait = options.ackWait,
                                                               .maxAckPending = options.maxAckPending},
                                                              kApiPatience);
        if (!made)
            return made.error().whileDoing("making the durable consumer");
        created = fmt::format("made durable consumer {} on stream {} (ack {}, ack wait {} ms)",
                              safeForDisplay(options.durable), safeForDisplay(options.stream),
                              workQueue ? "explicit" : "all", options.ackWait.count());
        consumer = lookUpConsumer(reads, options.stream, options.durable, stop);
    }
    if (!consumer)
        return consumer.error();
    if (Result<void> usable = checkUsable(*consumer, *stream, options.filters); !usable)
        return usable.error();
    const Result<StartDecision> decision = decideStart({.checkpoint = options.checkpoint,
                                                        .first = stream->firstSequence,
                                                        .last = stream->lastSequence,
                                                        .delivered = consumer->delivered,
                                                        .ackFloor = consumer->ackFloor,
                                                        .acceptPartial = options.acceptPartial});
    if (!decision)
        return decision.error();
    Result<PullRequests> pulls = PullRequests::create(writes.connection(), options.stream, options.durable);
    if (!pulls)
        return pulls.error();

    const std::optional<StreamSequence> checkpoint = options.checkpoint;
    auto state = std::make_unique<State>(reads, writes, std::move(options), std::move(*stream), *consumer,
                                         *decision, std::move(*pulls));
    state->checkpoint = checkpoint.value_or(StreamSequence());
    state->sourceInfo.stream = identityOf(state->stream);
    state->sourceInfo.filters = consumer->filters;
    state->sourceInfo.first =
        std::max(decision->after.next(), std::max(StreamSequence(1), state->stream.firstSequence));
    if (state->options.untilCaughtUp)
        state->sourceInfo.last = state->target;
    return std::unique_ptr<DurableSource>(new DurableSource(std::move(state)));
}

const SourceInfo& DurableSource::info() const
{
    return m_state->sourceInfo;
}

const StartDecision& DurableSource::start() const noexcept
{
    return m_state->decision;
}

std::chrono::nanoseconds DurableSource::ackWait() const noexcept
{
    return m_state->ackWait;
}

DurableCounters DurableSource::counters() const
{
    return {
        .readAgain = m_state->readAgain, .redelivered = m_state->redelivered, .resyncs = m_state->resyncs};
}

Result<SourceOutcome> DurableSource::next(MessageBatch& batch, std::chrono::milliseconds wait,
                                          std::stop_token stop)
{
    State& state = *m_state;
    const Steady::time_point deadline = Steady::now() + wait;
    while (!stop.stop_requested()) {
        if (state.broken) {
            if (state.resyncs.fetch_add(1) > 0)
                state.fill.reset();
            if (Result<void> synced = state.resync(stop); !synced) {
                if (!isPassing(synced.error().code()) ||
                    Steady::now() - state.lastGood > state.options.patience)
                    return synced.error();
                state.broken = true;
                pauseFor(kRetryPause, stop);
                if (Steady::now() >= deadline)
                    return SourceOutcome::Idle;
                continue;
            }
            state.lastGood = Steady::now();
            state.lastDelivery = Steady::now();
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now());
        if (state.fill)
            return state.fillNext(batch, std::max(left, std::chrono::milliseconds(1)), stop);
        if (state.options.untilCaughtUp &&
            (state.handed >= state.target || Steady::now() - state.lastDelivery > kQuiet)) {
            const Result<bool> caughtUp = state.isCaughtUp(stop);
            if (!caughtUp)
                return caughtUp.error();
            if (*caughtUp)
                return SourceOutcome::End;
            state.lastDelivery = Steady::now();
        }
        if (Result<void> ordered = state.pulls.order(state.mayBeInFlight()); !ordered && !state.broken)
            return ordered.error();
        // Short waits: a break of the connection and a stop are noticed between them.
        const Result<bool> whole = state.collect(
            batch, std::clamp(left, std::chrono::milliseconds(0), std::chrono::milliseconds(50)));
        if (!whole) {
            if (!isPassing(whole.error().code()) && !state.broken)
                return whole.error();
            state.broken = true;
        } else if (!*whole) {
            state.broken = true;
        }
        // A delivery of what a checkpoint holds already waits for no further one, which may never come.
        if (state.redelivered != state.redeliveredSeen && !state.broken) {
            state.redeliveredSeen = state.redelivered;
            if (Result<void> acked = state.sendDueAcks(); !acked)
                return acked.error();
        }
        if (!batch.messages.empty()) {
            state.lastGood = state.lastDelivery = Steady::now();
            return SourceOutcome::Batch;
        }
        if (Steady::now() >= deadline)
            return SourceOutcome::Idle;
    }
    return SourceOutcome::Idle;
}

Result<void> DurableSource::checkpointed(StreamSequence upTo)
{
    State& state = *m_state;
    {
        const std::lock_guard lock(state.mutex);
        const double seconds = std::chrono::duration<double>(Steady::now() - state.lastCheckpoint).count();
        if (upTo > state.checkpoint && seconds > 0.01) {
            const double rate = static_cast<double>(upTo.value() - state.checkpoint.value()) / seconds;
            // Half old, half new: follows a change within a few checkpoints and forgives one pause.
            state.ratePerSecond = state.ratePerSecond > 0 ? (state.ratePerSecond + rate) / 2 : rate;
        }
        state.lastCheckpoint = Steady::now();
        state.checkpoint = std::max(state.checkpoint, upTo);
    }
    return state.sendDueAcks();
}

Result<void> DurableSource::flushAcks(std::chrono::milliseconds patience)
{
    State& state = *m_state;
    const Steady::time_point deadline = Steady::now() + patience;
    if (Result<void> flushed = state.writes.connection().flush(patience); !flushed)
        return std::move(flushed).error().whileDoing("sending the last acks");
    // Acks have no answer; the consumer's floor tells that they were taken.
    while (Steady::now() < deadline) {
        const Result<ConsumerSnapshot> consumer =
            lookUpConsumer(state.reads, state.options.stream, state.options.durable);
        if (!consumer)
            return consumer.error();
        bool done = consumer->ackPending == 0;
        {
            const std::lock_guard lock(state.mutex);
            done = done ||
                   (!consumer->ackFloor.consumer.isZero() && consumer->ackFloor.stream >= state.checkpoint) ||
                   state.acks.size() > 0;
        }
        if (done)
            return {};
        pauseFor(std::chrono::milliseconds(10), {});
    }
    return Error(ErrorCode::Timeout, "the server did not take the last acks in time; it delivers those "
                                     "events again, and they are dropped then");
}

} // namespace jetlag
