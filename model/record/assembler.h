#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/byte_arena.h"
#include "model/record/record.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
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
};

/// A record that waits for its predecessor, or a part that waits for the others; owns its bytes.
struct HeldMessage
{
    StreamSequence sequence;
    ServerTime time{};
    std::string subject;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string payload;
};

/// All of an assembler's memory, for a checkpoint.
struct AssemblerState
{
    StreamSequence lastSequence;
    StreamSequence lastHole; ///< the newest message that had a hole right before it; 0 = none since first
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
/// middle. More than kMaxParkedPerChain waiting: the gap is counted as lost and the flow goes on.
class RecordAssembler final
{
public:
    explicit RecordAssembler(AssemblerRange range);
    RecordAssembler(AssemblerRange range, AssemblerState state);
    ~RecordAssembler();
    RecordAssembler(RecordAssembler&&) noexcept;
    RecordAssembler& operator=(RecordAssembler&&) noexcept;

    /// Appends what `message` completes to `out`, in order; bytes that had to be made live in `arena`.
    void add(const Message& message, std::vector<Record>& out, ByteArena& arena);
    /// Sequences in [first, last] do not exist: later missing predecessors are explained.
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
