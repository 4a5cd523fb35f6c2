#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/byte_arena.h"
#include "model/base/result.h"
#include "model/record/record.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jetlag {

/// What the assembler must know of the range it reads.
struct AssemblerRange
{
    bool filtered = false; ///< missing predecessors prove nothing
    StreamSequence first;  ///< first sequence of the range
};

/// A chain's head: the last record taken of one source in one partition.
struct ChainHead
{
    std::string source;
    std::uint32_t partition = 0;
    std::uint64_t offset = 0;
    StreamSequence sequence; ///< of the message that brought it
    /// Of a chain whose beginning lies before the range: after so many more records a missing predecessor
    /// can no longer have been stored before the range (a hook has at most kMaxOutstandingPerSource on the
    /// way).
    std::uint32_t unsettled = 0;

    bool operator==(const ChainHead&) const = default;
};

/// A record that waits for its predecessor, or a part that waits for the others; owns its bytes.
struct HeldMessage
{
    StreamSequence sequence;
    ServerTime time{};
    std::string subject;
    std::vector<std::pair<std::string, std::string>> headers; ///< those that the core reads
    std::string payload;

    bool operator==(const HeldMessage&) const = default;
};

/// For a checkpoint store that keeps bytes. Corrupt when they are not what toBytes() wrote.
[[nodiscard]] std::string toBytes(const HeldMessage& held);
[[nodiscard]] Result<HeldMessage> heldMessageFrom(std::string_view bytes);

/// All of an assembler's memory, for a checkpoint.
struct AssemblerState
{
    StreamSequence lastSequence;
    StreamSequence lastHole; ///< the newest sequence that turned out not to exist; 0 = none since first
    StreamSequence first;    ///< where reading began; 1 = from the very start
    std::vector<ChainHead> heads;
    std::vector<HeldMessage> held;
    RecordCounters counters;
};

/// What changed since the last takeDelta(): heads one by one, held messages always whole (they are few).
struct AssemblerDelta
{
    AssemblerState state; ///< `heads` holds only those that changed
};

/// Turns messages into records, once, in stream order, before routing: follows the duplicate chain, joins
/// parts, decompresses, sets aside what is too large or broken. One thread.
///
/// A record at or before its chain's head is a duplicate. One whose predecessor is missing is held back
/// only if nothing can explain that: no hole in the sequence since the head, no filter, no start in the
/// middle. More than kMaxParkedPerChain waiting: the gap is counted as lost and the flow goes on. A chain
/// without a head counts as "before its first" when the range starts at sequence 1, without a filter and
/// without a hole so far. The README of this folder has the rules in full.
///
/// A message that carries a key but no chain (the replay of a raw log makes them) is taken as it comes. A
/// message with neither is foreign: its key stays empty, nothing of it is interpreted.
class RecordAssembler final
{
public:
    explicit RecordAssembler(AssemblerRange range);
    RecordAssembler(AssemblerRange range, AssemblerState state);
    ~RecordAssembler();
    RecordAssembler(RecordAssembler&&) noexcept;
    RecordAssembler& operator=(RecordAssembler&&) noexcept;

    /// Messages of a batch from the one at `from` on, and its gaps, in the order of their sequences. Stops
    /// early once `arena` holds more than `arenaLimit` bytes. Returns where to go on: messages.size() when
    /// the batch is done, its coveredTo included.
    [[nodiscard]] std::size_t addBatch(const MessageBatch& batch, std::size_t from, std::size_t arenaLimit,
                                       std::vector<Record>& out, ByteArena& arena);

    /// Appends what `message` completes to `out`, in order; bytes that had to be made live in `arena`. A
    /// compressed record may be a thousand times its message: hand `out` on when arena.bytesUsed() says so,
    /// not only at the end of a batch.
    void add(const Message& message, std::vector<Record>& out, ByteArena& arena);
    /// Sequences in [first, last] do not exist: later missing predecessors are explained. Between the
    /// messages before and behind it.
    void addGap(const SequenceGap& gap);
    /// Everything at or below was looked at (see MessageBatch::coveredTo).
    void coverTo(StreamSequence sequence);

    [[nodiscard]] const RecordCounters& counters() const noexcept;
    [[nodiscard]] AssemblerDelta takeDelta();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace jetlag
