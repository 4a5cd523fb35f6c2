// SPDX-License-Identifier: Apache-2.0
#include "tests/support/engine_fakes.h"

#include "model/record/headers.h"
#include "model/record/slot.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>
#include <stdexcept>
#include <thread>

namespace jetlag::test {

std::vector<FakeMessage> hookMessages(std::size_t count, unsigned keys, unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<FakeMessage> messages;
    std::map<unsigned, std::string> previous; // offset by partition
    for (std::size_t i = 0; i < count; ++i) {
        const std::string key = fmt::format("key{}", random() % keys);
        const std::string offset = fmt::format("{}", 100 * (i + 1));
        const unsigned partition = partitionOf(slotOf(key), kDefaultPartitions);
        std::string& before = previous.try_emplace(partition, "-").first->second;
        messages.push_back({fmt::format("order.{}.label", partition),
                            random() % 40 == 0 ? std::string("bad") : fmt::format("{} {}", key, i + 1),
                            {{std::string(headers::kMessageId), fmt::format("src:{}-{}", offset, offset)},
                             {std::string(headers::kPrevious), before},
                             {std::string(headers::kKey), key}}});
        before = offset;
    }
    // Behind their successors: as after a broker's restart.
    for (std::size_t i = 0; i + 20 < count; i += 1 + random() % 60)
        std::swap(messages[i], messages[i + random() % 20]);
    // A second time: as after a hook's restart.
    for (std::size_t i = 0; i < count / 10; ++i) {
        const FakeMessage copy = messages[random() % messages.size()];
        const std::size_t place = random() % messages.size();
        messages.insert(messages.begin() + static_cast<std::ptrdiff_t>(place), copy);
    }
    return messages;
}

FakeSource::FakeSource(const std::vector<FakeMessage>& messages, std::size_t batchSize, StreamSequence from)
    : m_messages(messages)
    , m_batchSize(batchSize)
    , m_next(from.value())
{
    sourceInfo.stream = StreamIdentity{"FAKE", ServerTime(std::chrono::seconds(1'700'000'000)), {}, {}};
    sourceInfo.first = StreamSequence(1);
}

Result<SourceOutcome> FakeSource::next(MessageBatch& batch, std::chrono::milliseconds wait,
                                       std::stop_token stop)
{
    if (beforeBatch)
        beforeBatch(StreamSequence(m_next));
    if (throws)
        throw std::runtime_error("the source was told to throw");
    if (m_next > m_messages.size()) {
        if (!followsTail)
            return SourceOutcome::End;
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any().wait_for(lock, stop, wait, [] { return false; });
        return SourceOutcome::Idle;
    }

    for (std::size_t i = 0; i < m_batchSize && m_next <= m_messages.size(); ++i) {
        if (failsAt && failsAt->first.value() == m_next) {
            if (i == 0)
                return failsAt->second;
            break;
        }
        const FakeMessage& fake = m_messages[m_next - 1];
        Message message;
        message.sequence = StreamSequence(m_next);
        message.time =
            ServerTime(std::chrono::seconds(1'700'000'000) + std::chrono::milliseconds(m_next.load()));
        message.subject = fake.subject;
        message.payload = batch.arena.copy(fake.payload);
        message.padded = true;
        if (!fake.headers.empty()) {
            std::vector<HeaderField> fields;
            for (const auto& [name, value] : fake.headers)
                fields.push_back({name, value});
            message.headers = batch.keepHeaders(std::move(fields));
        }
        batch.messages.push_back(message);
        ++m_next;
    }
    batch.coveredTo = batch.messages.back().sequence;
    const int alive = ++m_alive->now;
    int most = m_alive->most;
    while (most < alive && !m_alive->most.compare_exchange_weak(most, alive)) {
    }
    batch.keep(std::shared_ptr<int>(new int, [counts = m_alive](int* token) {
        delete token;
        --counts->now;
    }));
    if (editBatch)
        editBatch(batch);
    return SourceOutcome::Batch;
}

void Journal::add(std::string_view what, StreamSequence sequence)
{
    const std::lock_guard lock(m_mutex);
    m_entries.push_back(fmt::format("{} {}", what, sequence.value()));
}

std::vector<std::string> Journal::entries() const
{
    const std::lock_guard lock(m_mutex);
    return m_entries;
}

std::size_t Journal::count(std::string_view what) const
{
    const std::lock_guard lock(m_mutex);
    return static_cast<std::size_t>(
        std::count_if(m_entries.begin(), m_entries.end(),
                      [what](const std::string& entry) { return entry.starts_with(what); }));
}

Result<std::optional<RestoredState>> FakeStore::load()
{
    if (!m_state)
        return std::optional<RestoredState>();
    RestoredState state = *m_state;
    for (const auto& [name, head] : m_heads)
        state.assembler.heads.push_back(head);
    return std::optional(std::move(state));
}

Result<void>
FakeStore::forEachKey(const std::function<Result<void>(std::string_view, std::string_view)>& each)
{
    for (const auto& [key, bytes] : keys) {
        if (Result<void> done = each(key, bytes); !done)
            return done;
    }
    return {};
}

Result<void> FakeStore::forEachQuarantined(
    const std::function<Result<void>(QuarantineReason, const Hash128&, std::uint64_t)>& each)
{
    for (const QuarantinedEvent& row : m_quarantined) {
        if (Result<void> done = each(row.reason, row.bytesHash, 1); !done)
            return done;
    }
    return {};
}

Result<void> FakeStore::commit(const CheckpointDelta& delta)
{
    if (onCommit)
        onCommit(delta);
    if (failsWith)
        return *failsWith;
    std::set<std::string_view> once;
    for (const KeySnapshot& snapshot : delta.changedKeys) {
        if (!once.insert(snapshot.key).second)
            return Error(ErrorCode::Internal, "a checkpoint holds a key twice");
        keys[snapshot.key] = snapshot.bytes;
    }
    for (const ChainHead& head : delta.assembler.state.heads)
        m_heads[{head.source, head.partition}] = head;
    m_quarantined.insert(m_quarantined.end(), delta.newlyQuarantined.begin(), delta.newlyQuarantined.end());
    m_state = RestoredState{delta.header, delta.assembler.state};
    m_state->assembler.heads.clear();
    if (m_journal)
        m_journal->add("commit", delta.header.sequence);
    return {};
}

std::optional<CheckpointHeader> FakeStore::header() const
{
    return m_state ? std::optional(m_state->header) : std::nullopt;
}

Result<void> FakeAcks::checkpointed(StreamSequence upTo)
{
    m_journal.add("ack", upTo);
    if (failsWith)
        return *failsWith;
    return {};
}

} // namespace jetlag::test
