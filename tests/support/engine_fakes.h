#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/engine/checkpoint.h"
#include "model/engine/event_source.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace jetlag::test {

struct FakeMessage
{
    std::string subject = "order.-";
    std::string payload;
    std::vector<std::pair<std::string, std::string>> headers;
};

/// What a hook leaves in a stream: `count` records of one source in eight partitions with their chains, some
/// published a second time, some after their successors; and a few that are malformed.
[[nodiscard]] std::vector<FakeMessage> hookMessages(std::size_t count, unsigned keys, unsigned seed);

/// A stream in memory: message i of `messages` has sequence i + 1. Reads from `from`, in batches of
/// `batchSize`.
class FakeSource final : public EventSource
{
public:
    FakeSource(const std::vector<FakeMessage>& messages, std::size_t batchSize,
               StreamSequence from = StreamSequence(1));

    /// Set before the engine runs.
    SourceInfo sourceInfo;
    /// Idle instead of End behind the last message.
    bool followsTail = false;
    /// Fails when the next message would have this sequence.
    std::optional<std::pair<StreamSequence, Error>> failsAt;
    /// Throws instead.
    bool throws = false;
    /// Called on the reading thread before each batch, with the sequence of its first message.
    std::function<void(StreamSequence)> beforeBatch;
    /// May change each batch before it is handed over: times, gaps, messages taken out.
    std::function<void(MessageBatch&)> editBatch;

    [[nodiscard]] Result<SourceOutcome> next(MessageBatch& batch, std::chrono::milliseconds wait,
                                             std::stop_token stop) override;
    [[nodiscard]] const SourceInfo& info() const override { return sourceInfo; }

    /// Sequence of the last message handed out.
    [[nodiscard]] StreamSequence handedOut() const { return StreamSequence(m_next.load() - 1); }
    /// Batches that somebody still holds, now and at most.
    [[nodiscard]] int batchesAlive() const { return m_alive->now; }
    [[nodiscard]] int mostBatchesAlive() const { return m_alive->most; }

private:
    struct Alive
    {
        std::atomic<int> now = 0;
        std::atomic<int> most = 0;
    };

    const std::vector<FakeMessage>& m_messages;
    const std::size_t m_batchSize;
    std::atomic<std::uint64_t> m_next;
    std::shared_ptr<Alive> m_alive = std::make_shared<Alive>();
};

/// What happened, in order: "commit 17", "ack 17". Any thread.
class Journal final
{
public:
    void add(std::string_view what, StreamSequence sequence);
    [[nodiscard]] std::vector<std::string> entries() const;
    [[nodiscard]] std::size_t count(std::string_view what) const;

private:
    mutable std::mutex m_mutex;
    std::vector<std::string> m_entries;
};

/// A checkpoint store in memory that writes a journal and fails when told to.
class FakeStore final : public CheckpointStore
{
public:
    explicit FakeStore(Journal* journal = nullptr)
        : m_journal(journal)
    {}

    std::optional<Error> failsWith; ///< commit does nothing but return it
    std::function<void(const CheckpointDelta&)> onCommit;

    [[nodiscard]] Result<std::optional<RestoredState>> load() override;
    [[nodiscard]] Result<void>
    forEachKey(const std::function<Result<void>(std::string_view, std::string_view)>& each) override;
    [[nodiscard]] Result<void> forEachQuarantined(
        const std::function<Result<void>(QuarantineReason, const Hash128&, std::uint64_t)>& each) override;
    [[nodiscard]] Result<void> commit(const CheckpointDelta& delta) override;

    [[nodiscard]] std::optional<CheckpointHeader> header() const;
    [[nodiscard]] const std::vector<QuarantinedEvent>& quarantined() const { return m_quarantined; }
    std::map<std::string, std::string> keys;

private:
    Journal* m_journal;
    std::optional<RestoredState> m_state;
    std::map<std::pair<std::string, std::uint32_t>, ChainHead> m_heads;
    std::vector<QuarantinedEvent> m_quarantined;
};

class FakeAcks final : public AckSink
{
public:
    explicit FakeAcks(Journal& journal)
        : m_journal(journal)
    {}
    std::optional<Error> failsWith;
    [[nodiscard]] Result<void> checkpointed(StreamSequence upTo) override;

private:
    Journal& m_journal;
};

} // namespace jetlag::test
