#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/engine/engine.h"
#include "model/engine/quarantine.h"
#include "model/engine/state_digest.h"
#include "model/engine/table_requests.h"
#include "model/engine/worker_pool.h"

#include <atomic>
#include <optional>
#include <vector>

namespace jetlag {

/// Single writer (the engine's thread), read by anybody.
struct SharedProgress
{
    std::atomic<std::uint64_t> messages = 0;
    std::atomic<std::uint64_t> bytes = 0;
    std::atomic<std::uint64_t> setAside = 0; ///< quarantined before any worker saw them
    std::atomic<std::uint64_t> skipped = 0;
    std::atomic<std::uint64_t> sequence = 0;
    std::atomic<std::uint64_t> checkpoint = 0;
};

/// What an engine knows between runs. Engine's thread, but for `progress` and `requests`.
struct EngineState
{
    EngineState(const Analyzer& analyzer_, EngineOptions options_);

    /// Takes what a store holds; see Engine::restore().
    [[nodiscard]] Result<void> restore(CheckpointStore& store);
    /// Adds up the workers' tables.
    [[nodiscard]] std::vector<Table> merge(std::vector<std::vector<Table>> parts) const;

    const Analyzer& analyzer;
    const EngineOptions options;
    WorkerPool pool;
    QuarantineTally tally;
    QuarantineCollector setAside; ///< by the assembler
    std::uint64_t skipped = 0;
    EngineCounters before; ///< applied, quarantined and skipped of the checkpoint that was restored

    std::optional<AssemblerState> restoredAssembler; ///< until the first run takes it
    std::optional<RecordAssembler> assembler;

    StreamSequence first;         ///< message read
    StreamSequence sequence;      ///< looked at
    StreamSequence knownSequence; ///< newest message read
    ServerTime knownTime{};
    bool lost = false;    ///< a worker or a commit has failed: nothing can go on from here
    bool unsaved = false; ///< something ran without a store: a later checkpoint would miss it

    EngineResult latest; ///< without tables: as of the newest complete barrier
    SharedProgress progress;
    TableRequests requests;

private:
    [[nodiscard]] Result<void> restoreKeys(CheckpointStore& store);
};

} // namespace jetlag
