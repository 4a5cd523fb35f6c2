#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/analyzer.h"
#include "model/base/hash.h"
#include "model/base/result.h"
#include "model/event/stream_identity.h"
#include "model/record/assembler.h"
#include "model/record/record.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace jetlag {

/// Everything counted over a run; `events` = applied + quarantined + skipped.
struct EngineCounters
{
    std::uint64_t applied = 0;
    std::uint64_t quarantined = 0;
    std::uint64_t skipped = 0;
    RecordCounters records;

    [[nodiscard]] std::uint64_t events() const noexcept { return applied + quarantined + skipped; }
};

/// An event that was set aside: counted, listed, replayable.
struct QuarantinedEvent
{
    StreamSequence sequence;
    std::uint32_t index = 0;
    std::string subject;
    QuarantineReason reason = QuarantineReason::Malformed;
    Hash128 bytesHash;
    std::string bytes; ///< as it came (oversized ones: the first 64 KB)
};

/// What a checkpoint stands for.
struct CheckpointHeader
{
    std::string analyzer;
    std::uint32_t analyzerVersion = 0;
    StreamIdentity stream;
    std::vector<std::string> filters;
    StreamSequence first;    ///< of the first message ever read; 0 = none
    StreamSequence sequence; ///< everything at or below is in it
    Hash128 digest;
    EngineCounters counters;
    bool partial = false; ///< results miss what came before the range
};

/// Everything that changed since the previous checkpoint, written in one transaction.
struct CheckpointDelta
{
    CheckpointHeader header;
    std::vector<KeySnapshot> changedKeys;
    AssemblerDelta assembler;
    std::vector<QuarantinedEvent> newlyQuarantined;
};

/// A whole state, as a process that starts takes it over.
struct RestoredState
{
    CheckpointHeader header;
    AssemblerState assembler;
};

/// Where checkpoints live. One process at a time: open() takes a lock and refuses with Conflict when
/// somebody holds it. Called from the engine's thread only.
class CheckpointStore
{
public:
    virtual ~CheckpointStore() = default;

    /// nullopt: nothing committed yet.
    [[nodiscard]] virtual Result<std::optional<RestoredState>> load() = 0;
    /// Calls back for every key of the committed state; stops at the first error.
    [[nodiscard]] virtual Result<void>
    forEachKey(const std::function<Result<void>(std::string_view key, std::string_view bytes)>& each) = 0;
    /// (reason, hash, count) of every quarantined event so far, for the digest.
    [[nodiscard]] virtual Result<void> forEachQuarantined(
        const std::function<Result<void>(QuarantineReason reason, const Hash128& hash, std::uint64_t count)>&
            each) = 0;
    /// Durable when it returns.
    [[nodiscard]] virtual Result<void> commit(const CheckpointDelta& delta) = 0;
};

} // namespace jetlag
