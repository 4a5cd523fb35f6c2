#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/analyzer.h"
#include "model/engine/checkpoint.h"
#include "model/engine/event_source.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace jetlag {

struct EngineOptions
{
    unsigned workers = 1; ///< 1 to 64; any number gives the same digest
    AnalyzerOptions analyzer;
    std::chrono::milliseconds checkpointEvery{1000};
    std::uint64_t checkpointEvents = 50'000; ///< whichever comes first
    std::size_t quarantineKept = 1'000;      ///< rows kept in memory for showing; counted beyond
    bool partial = false;                    ///< the caller knows that results miss what came before
};

/// What stands at one sequence: all tables, merged, and the digest.
struct EngineResult
{
    EngineCounters counters;
    StreamSequence firstSequence; ///< of the first message read; 0 when there was none
    StreamSequence lastSequence;
    Hash128 digest;
    bool partial = false;
    std::vector<Table> tables;
    std::vector<QuarantinedEvent> quarantined; ///< the first `quarantineKept`
};

/// Latest values for a screen; written by the engine with relaxed atomics, read by anybody.
struct EngineProgress
{
    std::uint64_t messages = 0;
    std::uint64_t events = 0;
    std::uint64_t quarantined = 0;
    std::uint64_t bytes = 0; ///< payload bytes read
    StreamSequence sequence; ///< highest sequence read
    StreamSequence checkpoint;
};

enum class EngineOutcome { End, Stopped };

/// The processing core, the same for collectors and replays: reads batches, follows the chain, routes by
/// key to 256 slots, applies in sequence order per key, forms checkpoints, then allows acks.
///
///     Engine engine(*findAnalyzer("spark"), {.workers = 2});
///     engine.run(source, stop);          // with a store and an ack sink for a collector
///     EngineResult result = engine.result();
///
/// run() uses the calling thread as reader and router and starts `workers` threads (none for one worker:
/// then events are applied right here). progress() and requestTables() may come from any thread.
class Engine final
{
public:
    Engine(const Analyzer& analyzer, EngineOptions options);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Takes over the store's state before run(). The caller has checked that it belongs to this stream,
    /// filter and analyzer version.
    [[nodiscard]] Result<void> restore(CheckpointStore& store);

    /// Reads until the source ends or `stop` is requested; with a store the last state is then
    /// checkpointed (and acked). An error leaves the store at its last checkpoint.
    [[nodiscard]] Result<EngineOutcome> run(EventSource& source, std::stop_token stop,
                                            CheckpointStore* store = nullptr, AckSink* acks = nullptr);

    /// After run(): everything. Tables of a million rows cost memory: ask once.
    [[nodiscard]] EngineResult result();

    [[nodiscard]] EngineProgress progress() const noexcept;
    /// While run() works: a result between two batches, at one sequence; nullopt when it ended meanwhile.
    /// Waits for the workers, so never call it from a UI thread.
    [[nodiscard]] std::optional<EngineResult> requestTables(std::chrono::milliseconds patience);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace jetlag
