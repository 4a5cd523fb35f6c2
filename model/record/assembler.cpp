// SPDX-License-Identifier: Apache-2.0
#include "model/record/assembler.h"

#include "model/base/hash.h"
#include "model/base/text.h"
#include "model/record/envelope.h"
#include "model/record/headers.h"
#include "model/record/payload_decoder.h"
#include "model/record/slot.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace jetlag {

namespace {

// All that waits, parked or in parts. Far more than a broker's failover leaves behind (4,096 records of a
// few KB), far less than a machine has.
constexpr std::size_t kMaxHeldBytes = 256 * 1024 * 1024;

// Written in place of a part's number when its record has outgrown the limit: reads as contradictory.
constexpr std::string_view kOverLimit = "over-limit";

std::size_t bytesOf(const HeldMessage& held)
{
    std::size_t bytes = sizeof(HeldMessage) + held.subject.size() + held.payload.size();
    for (const auto& [name, value] : held.headers)
        bytes += name.size() + value.size() + 2 * sizeof(std::string);
    return bytes;
}

HeldMessage hold(const Message& message)
{
    HeldMessage held;
    held.sequence = message.sequence;
    held.time = message.time;
    held.subject = message.subject;
    held.payload = message.payload;
    for (std::string_view name : headers::kReadByCore) {
        if (const std::string_view value = findHeader(message.headers, name); value.data())
            held.headers.emplace_back(name, value);
    }
    return held;
}

Envelope parseHeld(const HeldMessage& held)
{
    std::vector<HeaderField> fields;
    fields.reserve(held.headers.size());
    for (const auto& [name, value] : held.headers)
        fields.push_back({name, value});
    return parseEnvelope(fields, held.subject);
}

void markOverLimit(HeldMessage& held)
{
    for (auto& [name, value] : held.headers) {
        if (name == headers::kPart)
            value = kOverLimit;
    }
}

// A record that waits: for its predecessor (parked) or for its other parts (pending).
struct HeldRecord
{
    std::uint64_t firstOffset = 0;
    std::uint64_t lastOffset = 0;
    std::optional<std::uint64_t> previous;
    std::map<std::uint32_t, HeldMessage> parts; // by number; a whole record is part 0
    std::size_t payloadBytes = 0;
    std::size_t bytes = 0;

    // Of the message that completed it.
    StreamSequence sequence() const
    {
        StreamSequence newest;
        for (const auto& [number, part] : parts)
            newest = std::max(newest, part.sequence);
        return newest;
    }
};

HeldRecord recordFor(const Envelope& envelope)
{
    HeldRecord record;
    record.firstOffset = envelope.firstOffset;
    record.lastOffset = envelope.lastOffset;
    record.previous = envelope.previous;
    return record;
}

struct Waiting
{
    std::map<std::uint64_t, HeldRecord> parked; // by last offset
    // By last offset and number of parts: two senders may have cut one record differently.
    std::map<std::pair<std::uint64_t, std::uint32_t>, HeldRecord> pending;

    bool empty() const { return parked.empty() && pending.empty(); }
};

struct Chain
{
    Chain(const std::string& source_, std::uint32_t partition_)
        : source(source_)
        , partition(partition_)
    {}

    const std::string& source;
    std::uint32_t partition;
    bool known = false; // has a head
    bool changed = false;
    std::uint64_t head = 0;
    StreamSequence sequence; // of the message that brought the head
    std::uint32_t unsettled = 0;
    std::unique_ptr<Waiting> waiting;

    bool passed(std::uint64_t lastOffset) const { return known && lastOffset <= head; }
    // Its predecessor is there, or it has none.
    bool isNext(const std::optional<std::uint64_t>& previous) const
    {
        return !previous || (known && *previous <= head);
    }
};

struct SourceChains
{
    std::string source;
    std::vector<std::unique_ptr<Chain>> partitions;
};

struct NameHash
{
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept { return hash64(name); }
};

} // namespace

struct RecordAssembler::State
{
    AssemblerRange range;
    StreamSequence first;
    StreamSequence lastSequence;
    StreamSequence lastHole;
    RecordCounters counters;
    PayloadDecoder decoder;

    std::unordered_map<std::string, std::unique_ptr<SourceChains>, NameHash, std::equal_to<>> sources;
    SourceChains* latest = nullptr; // most messages come from the source of the one before
    std::vector<Chain*> changed;
    std::size_t heldBytes = 0;

    // Of the message being added.
    StreamSequence current;
    std::uint32_t index = 0;
    std::vector<Record>* out = nullptr;
    ByteArena* arena = nullptr;

    // ---- chains ------------------------------------------------------------------------------------------

    Chain& chainOf(std::string_view source, std::uint32_t partition)
    {
        if (!latest || latest->source != source) {
            auto found = sources.find(source);
            if (found == sources.end()) {
                auto made = std::make_unique<SourceChains>();
                made->source = source;
                found = sources.emplace(made->source, std::move(made)).first;
            }
            latest = found->second.get();
        }
        if (partition >= latest->partitions.size())
            latest->partitions.resize(partition + 1);
        std::unique_ptr<Chain>& chain = latest->partitions[partition];
        if (!chain)
            chain = std::make_unique<Chain>(latest->source, partition);
        return *chain;
    }

    // Can anything but a late arrival explain that a predecessor is missing?
    bool gapIsExplained(const Chain& chain) const
    {
        if (range.filtered)
            return true;
        if (chain.known)
            return lastHole > chain.sequence || chain.unsettled > 0;
        return first.value() > 1 || !lastHole.isZero();
    }

    // `beforeRange`: the chain's beginning was not seen.
    void advance(Chain& chain, std::uint64_t lastOffset, StreamSequence sequence, bool beforeRange)
    {
        if (!chain.known) {
            chain.known = true;
            chain.unsettled = beforeRange ? kMaxOutstandingPerSource : 0;
        } else if (chain.unsettled > 0) {
            --chain.unsettled;
        }
        chain.head = lastOffset;
        chain.sequence = sequence;
        if (!chain.changed) {
            chain.changed = true;
            changed.push_back(&chain);
        }
        if (chain.waiting)
            dropPassedParts(chain);
    }

    Waiting& waitingOf(Chain& chain)
    {
        if (!chain.waiting)
            chain.waiting = std::make_unique<Waiting>();
        return *chain.waiting;
    }

    // ---- parts -------------------------------------------------------------------------------------------

    // Parts of a record that the chain has left behind will never be needed.
    void dropPassedParts(Chain& chain)
    {
        auto& pending = chain.waiting->pending;
        while (!pending.empty() && chain.passed(pending.begin()->first.first)) {
            heldBytes -= pending.begin()->second.bytes;
            pending.erase(pending.begin());
        }
    }

    // The record that this part completes, or nothing yet. A part that comes again takes the place of the
    // first: whoever sends again sends all parts.
    std::optional<HeldRecord> collectPart(Chain& chain, const Envelope& envelope, HeldMessage part)
    {
        Waiting& waiting = waitingOf(chain);
        const std::pair place(envelope.lastOffset, envelope.parts);
        auto found = waiting.pending.find(place);
        if (found == waiting.pending.end())
            found = waiting.pending.emplace(place, recordFor(envelope)).first;
        HeldRecord& record = found->second;
        heldBytes -= record.bytes;
        HeldMessage& slot = record.parts[envelope.part];
        if (!slot.sequence.isZero()) {
            record.payloadBytes -= slot.payload.size();
            record.bytes -= bytesOf(slot);
        }
        record.payloadBytes += part.payload.size();
        record.bytes += bytesOf(part);
        slot = std::move(part);

        const bool complete = record.parts.size() == envelope.parts;
        const bool tooMuch =
            record.payloadBytes > kMaxRecordBytes || heldBytes + record.bytes > kMaxHeldBytes;
        if (!complete && !tooMuch) {
            heldBytes += record.bytes;
            return std::nullopt;
        }
        HeldRecord done = std::move(record);
        waiting.pending.erase(found);
        if (tooMuch) {
            // Its beginning stands for it.
            HeldRecord broken = recordFor(envelope);
            HeldMessage& kept = broken.parts[0] = std::move(done.parts.begin()->second);
            markOverLimit(kept);
            kept.sequence = current;
            broken.payloadBytes = kept.payload.size();
            broken.bytes = bytesOf(kept);
            return broken;
        }
        return done;
    }

    // ---- parking -----------------------------------------------------------------------------------------

    void park(Chain& chain, HeldRecord record)
    {
        heldBytes += record.bytes;
        const std::uint64_t offset = record.lastOffset;
        waitingOf(chain).parked.emplace(offset, std::move(record));
        ++counters.parked;
    }

    HeldRecord unparkFirst(Chain& chain)
    {
        auto node = chain.waiting->parked.extract(chain.waiting->parked.begin());
        heldBytes -= node.mapped().bytes;
        --counters.parked;
        return std::move(node.mapped());
    }

    // Parked records that have their predecessor now.
    void releaseReady(Chain& chain)
    {
        while (chain.waiting && !chain.waiting->parked.empty()) {
            const HeldRecord& next = chain.waiting->parked.begin()->second;
            if (chain.passed(next.lastOffset)) {
                (void)unparkFirst(chain);
                ++counters.duplicates;
            } else if (chain.isNext(next.previous)) {
                take(chain, unparkFirst(chain), /*beforeRange=*/false);
            } else {
                break;
            }
        }
        if (chain.waiting && chain.waiting->empty())
            chain.waiting.reset();
    }

    // The gap in front of the first parked record is given up.
    void giveUpGap(Chain& chain)
    {
        ++counters.lost;
        take(chain, unparkFirst(chain), /*beforeRange=*/false);
        releaseReady(chain);
    }

    // All parked records are taken, and every gap between them counted as explained.
    void releaseExplained(Chain& chain)
    {
        while (chain.waiting && !chain.waiting->parked.empty()) {
            const HeldRecord& next = chain.waiting->parked.begin()->second;
            if (!chain.passed(next.lastOffset) && !chain.isNext(next.previous)) {
                ++counters.chainGaps;
                take(chain, unparkFirst(chain), /*beforeRange=*/!chain.known);
            }
            releaseReady(chain);
        }
    }

    bool isParked(const Chain& chain, std::uint64_t lastOffset) const
    {
        return chain.waiting && chain.waiting->parked.contains(lastOffset);
    }

    // ---- records come out --------------------------------------------------------------------------------

    void emit(std::string_view key, std::string_view subject, std::string_view zone,
              const DecodedPayload& payload)
    {
        out->emplace_back(Event{key, subject, zone, payload.bytes, payload.padded}, current, index++,
                          payload.reason, payload.fullLength);
    }

    std::string_view keyOf(const Envelope& envelope)
    {
        if (envelope.key.find('%') == std::string_view::npos)
            return envelope.key;
        return arena->copy(percentDecode(envelope.key));
    }

    // Without its partition token; the copy is some ten nanoseconds.
    std::string_view subjectOf(const Envelope& envelope, std::string_view subject)
    {
        if (envelope.kind != EnvelopeKind::Chained)
            return subject;
        const PartitionToken& token = envelope.partition;
        char* const place = arena->allocate(subject.size() - (token.end - token.begin));
        std::memcpy(place, subject.data(), token.begin);
        std::memcpy(place + token.begin, subject.data() + token.end, subject.size() - token.end);
        return {place, subject.size() - (token.end - token.begin)};
    }

    DecodedPayload payloadOf(const Envelope& envelope, std::string_view payload, bool padded)
    {
        if (envelope.contradictory)
            return {payload, payload.size(), QuarantineReason::BadParts, padded};
        if (envelope.encoding.empty() && envelope.oversize == 0 && payload.size() <= kMaxRecordBytes)
            return {payload, payload.size(), QuarantineReason::None, padded}; // nearly always
        DecodedPayload decoded = decoder.decode(payload, padded, envelope.encoding, *arena);
        if (envelope.oversize > 0 && decoded.reason == QuarantineReason::None) {
            if (decoded.bytes.size() > kOversizeKeptBytes)
                return {payload, payload.size(), QuarantineReason::BadParts, padded};
            decoded.reason = QuarantineReason::TooLarge;
            decoded.fullLength = envelope.oversize;
        }
        return decoded;
    }

    void emitMessage(const Message& message, const Envelope& envelope)
    {
        emit(keyOf(envelope), subjectOf(envelope, message.subject), envelope.zone,
             payloadOf(envelope, message.payload, message.padded));
    }

    // Its bytes move into the arena: what holds it goes away.
    void emitHeld(const HeldRecord& record)
    {
        const HeldMessage& head = record.parts.begin()->second;
        const Envelope envelope = parseHeld(head);
        char* const place = arena->allocate(record.payloadBytes);
        std::size_t filled = 0;
        for (const auto& [number, part] : record.parts) {
            if (!part.payload.empty())
                std::memcpy(place + filled, part.payload.data(), part.payload.size());
            filled += part.payload.size();
        }
        emit(arena->copy(keyOf(envelope)), subjectOf(envelope, head.subject), arena->copy(envelope.zone),
             payloadOf(envelope, {place, filled}, /*padded=*/true));
    }

    void take(Chain& chain, const HeldRecord& record, bool beforeRange)
    {
        emitHeld(record);
        advance(chain, record.lastOffset, record.sequence(), beforeRange);
    }

    // ---- what comes in -----------------------------------------------------------------------------------

    void noteSequence(StreamSequence sequence)
    {
        if (sequence > lastSequence.next())
            lastHole = sequence.previous();
        lastSequence = std::max(lastSequence, sequence);
    }

    void add(const Message& message)
    {
        ++counters.messages;
        noteSequence(message.sequence);
        current = message.sequence;
        index = 0;
        if (message.headers.empty() && message.payload.size() <= kMaxRecordBytes) {
            emit({}, message.subject, {},
                 {message.payload, message.payload.size(), QuarantineReason::None, message.padded});
            return;
        }
        const Envelope envelope = parseEnvelope(message.headers, message.subject);
        if (envelope.kind == EnvelopeKind::Chained)
            addChained(message, envelope);
        else
            emitMessage(message, envelope);
    }

    void addChained(const Message& message, const Envelope& envelope)
    {
        Chain& chain = chainOf(envelope.source, envelope.partition.number);
        if (chain.passed(envelope.lastOffset) || isParked(chain, envelope.lastOffset)) {
            // A record in parts counts once, at its last.
            if (envelope.part == envelope.parts)
                ++counters.duplicates;
            return;
        }
        if (envelope.parts > 1) {
            if (std::optional<HeldRecord> complete = collectPart(chain, envelope, hold(message)))
                addComplete(chain, std::move(*complete));
            return;
        }
        const bool isNext = chain.isNext(envelope.previous);
        if (!chain.waiting && (isNext || gapIsExplained(chain))) {
            // The hot path: nothing is copied.
            counters.chainGaps += isNext ? 0 : 1;
            emitMessage(message, envelope);
            advance(chain, envelope.lastOffset, message.sequence, /*beforeRange=*/!isNext);
            return;
        }
        HeldRecord whole = recordFor(envelope);
        HeldMessage& held = whole.parts[0] = hold(message);
        whole.payloadBytes = held.payload.size();
        whole.bytes = bytesOf(held);
        addComplete(chain, std::move(whole));
    }

    // All of a record is here; something of its chain waits, or its predecessor is missing.
    void addComplete(Chain& chain, HeldRecord record)
    {
        const bool isNext = chain.isNext(record.previous);
        const bool explained = !isNext && gapIsExplained(chain);
        const std::uint64_t offset = record.lastOffset;
        park(chain, std::move(record));
        if (explained)
            releaseExplained(chain);
        else if (isNext)
            releaseUpTo(chain, offset);
        releaseReady(chain);
        while (chain.waiting && !chain.waiting->parked.empty() &&
               (chain.waiting->parked.size() > kMaxParkedPerChain || heldBytes > kMaxHeldBytes))
            giveUpGap(chain);
    }

    // Everything parked up to `offset` is taken; what has no predecessor there is a gap.
    void releaseUpTo(Chain& chain, std::uint64_t offset)
    {
        while (chain.waiting && !chain.waiting->parked.empty() &&
               chain.waiting->parked.begin()->first <= offset) {
            const HeldRecord& next = chain.waiting->parked.begin()->second;
            if (!chain.isNext(next.previous))
                ++counters.chainGaps;
            take(chain, unparkFirst(chain), /*beforeRange=*/false);
        }
    }

    // ---- checkpoints -------------------------------------------------------------------------------------

    void restore(const AssemblerState& state)
    {
        if (!state.first.isZero())
            first = state.first;
        lastSequence = state.lastSequence;
        lastHole = state.lastHole;
        counters = state.counters;
        counters.parked = 0; // counted anew
        for (const ChainHead& head : state.heads) {
            if (head.partition >= kSlots)
                continue; // no state of ours
            Chain& chain = chainOf(head.source, head.partition);
            chain.known = true;
            chain.head = head.offset;
            chain.sequence = head.sequence;
            chain.unsettled = head.unsettled;
        }
        for (const HeldMessage& held : state.held)
            restoreHeld(held);
    }

    void restoreHeld(const HeldMessage& held)
    {
        const Envelope envelope = parseHeld(held);
        if (envelope.kind != EnvelopeKind::Chained)
            return; // no state of ours
        Chain& chain = chainOf(envelope.source, envelope.partition.number);
        if (envelope.parts > 1) {
            if (std::optional<HeldRecord> complete = collectPart(chain, envelope, held))
                park(chain, std::move(*complete));
            return;
        }
        HeldRecord whole = recordFor(envelope);
        whole.payloadBytes = held.payload.size();
        whole.bytes = bytesOf(held);
        whole.parts.emplace(0, held);
        park(chain, std::move(whole));
    }

    AssemblerDelta takeDelta()
    {
        AssemblerDelta delta;
        delta.state.lastSequence = lastSequence;
        delta.state.lastHole = lastHole;
        delta.state.first = first;
        delta.state.counters = counters;
        delta.state.heads.reserve(changed.size());
        for (Chain* chain : changed) {
            chain->changed = false;
            delta.state.heads.push_back(
                {chain->source, chain->partition, chain->head, chain->sequence, chain->unsettled});
        }
        changed.clear();
        std::sort(delta.state.heads.begin(), delta.state.heads.end(),
                  [](const ChainHead& a, const ChainHead& b) {
                      return std::tie(a.source, a.partition) < std::tie(b.source, b.partition);
                  });
        if (heldBytes > 0)
            delta.state.held = everythingHeld();
        return delta;
    }

    std::vector<HeldMessage> everythingHeld() const
    {
        std::vector<HeldMessage> held;
        const auto append = [&held](const HeldRecord& record) {
            for (const auto& [number, part] : record.parts)
                held.push_back(part);
        };
        for (const auto& [name, source] : sources) {
            for (const std::unique_ptr<Chain>& chain : source->partitions) {
                if (!chain || !chain->waiting)
                    continue;
                for (const auto& [offset, record] : chain->waiting->parked)
                    append(record);
                for (const auto& [place, record] : chain->waiting->pending)
                    append(record);
            }
        }
        std::sort(held.begin(), held.end(),
                  [](const HeldMessage& a, const HeldMessage& b) { return a.sequence < b.sequence; });
        return held;
    }
};

RecordAssembler::RecordAssembler(AssemblerRange range)
    : m_state(std::make_unique<State>())
{
    m_state->range = range;
    m_state->first = range.first;
    m_state->lastSequence = range.first.previous();
}

RecordAssembler::RecordAssembler(AssemblerRange range, AssemblerState state)
    : RecordAssembler(range)
{
    m_state->restore(state);
}

RecordAssembler::~RecordAssembler() = default;
RecordAssembler::RecordAssembler(RecordAssembler&&) noexcept = default;
RecordAssembler& RecordAssembler::operator=(RecordAssembler&&) noexcept = default;

void RecordAssembler::add(const Message& message, std::vector<Record>& out, ByteArena& arena)
{
    m_state->out = &out;
    m_state->arena = &arena;
    m_state->add(message);
}

std::size_t RecordAssembler::addBatch(const MessageBatch& batch, std::size_t from, std::size_t arenaLimit,
                                      std::vector<Record>& out, ByteArena& arena)
{
    auto gap = batch.gaps.begin();
    if (from > 0) {
        const StreamSequence done = batch.messages[from - 1].sequence;
        gap = std::find_if(gap, batch.gaps.end(), [done](const SequenceGap& g) { return g.first > done; });
    }
    for (std::size_t next = from; next < batch.messages.size();) {
        const Message& message = batch.messages[next];
        for (; gap != batch.gaps.end() && gap->first < message.sequence; ++gap)
            addGap(*gap);
        add(message, out, arena);
        ++next;
        if (arena.bytesUsed() > arenaLimit && next < batch.messages.size())
            return next;
    }
    for (; gap != batch.gaps.end(); ++gap)
        addGap(*gap);
    coverTo(batch.coveredTo);
    return batch.messages.size();
}

void RecordAssembler::addGap(const SequenceGap& gap)
{
    m_state->lastHole = std::max(m_state->lastHole, gap.last);
    m_state->lastSequence = std::max(m_state->lastSequence, gap.last);
}

void RecordAssembler::coverTo(StreamSequence sequence)
{
    if (sequence <= m_state->lastSequence)
        return;
    m_state->lastHole = sequence;
    m_state->lastSequence = sequence;
}

const RecordCounters& RecordAssembler::counters() const noexcept
{
    return m_state->counters;
}

AssemblerDelta RecordAssembler::takeDelta()
{
    return m_state->takeDelta();
}

} // namespace jetlag
