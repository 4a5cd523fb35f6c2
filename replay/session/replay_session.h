#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/engine/controlled_source.h"
#include "model/engine/engine.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace jetlag {

struct ReplaySessionOptions
{
    EngineOptions engine;
    Pace pace;
    /// How often run() reports.
    std::chrono::milliseconds progressEvery{100};
    const Clock* clock = &systemClock(); ///< of the pace; outlives the session
};

/// How far a session is. Never goes back.
struct ReplayProgress
{
    EngineProgress engine;
    std::uint64_t done = 0;  ///< of `total` where that is known (messages looked at), else events
    std::uint64_t total = 0; ///< messages of the range; 0 = unknown
};

struct ReplayOutcome
{
    EngineResult result;
    bool cancelled = false; ///< stopped on the way: the result is what stood then
    /// Why the source ended early: the result is of what it gave, and marked partial.
    std::optional<Error> sourceError;
};

/// One replay: folds a source through an analyzer, with a hand on the pace. Made before the source is there,
/// so that it can be paused from the first moment on; runs once.
///
///     ReplaySession session(*findAnalyzer("spark"), {.engine = {.workers = 2}});
///     Result<ReplayOutcome> outcome = session.run(source, stop, [](const ReplayProgress& now) { … });
///
/// run() keeps the calling thread busy. Everything else may be called by any thread, before, during and
/// after, and returns at once but for tables(). A pause takes hold at the source: the few batches that were
/// read ahead are still applied. Pauses and pace change no result.
class ReplaySession final
{
public:
    ReplaySession(const Analyzer& analyzer, ReplaySessionOptions options);
    ~ReplaySession();
    ReplaySession(const ReplaySession&) = delete;
    ReplaySession& operator=(const ReplaySession&) = delete;

    /// Until the source ends, fails or `stop` is requested. An error is one that leaves nothing to show: the
    /// source gave nothing, or the analyzer's state was lost. `onProgress` is called by a thread of the
    /// session's own, never two at a time, and for the last time before run() returns.
    [[nodiscard]] Result<ReplayOutcome> run(EventSource& source, std::stop_token stop,
                                            std::function<void(const ReplayProgress&)> onProgress = {});

    void pause() { setPaused(true); }
    void resume() { setPaused(false); }
    [[nodiscard]] bool isPaused() const;

    [[nodiscard]] ReplayProgress progress() const;
    /// First and last sequence; nullopt before the source is known, and where it follows a tail.
    [[nodiscard]] std::optional<std::pair<StreamSequence, StreamSequence>> range() const;
    /// All tables and what was quarantined, as they stand between two batches. Waits for the workers.
    /// nullopt: not at work, or no answer in time.
    [[nodiscard]] std::optional<EngineResult> tables(std::chrono::milliseconds patience);

private:
    class AtWork;

    void setPaused(bool paused);

    const Analyzer& m_analyzer;
    const ReplaySessionOptions m_options;

    mutable std::mutex m_mutex; // guards what follows
    bool m_paused = false;
    bool m_started = false;
    ControlledSource* m_control = nullptr; ///< null before and after the run
    std::shared_ptr<Engine> m_engine;      ///< likewise; shared with tables() under way
    EngineProgress m_lastProgress;         ///< after the run
    std::optional<std::pair<StreamSequence, StreamSequence>> m_range;
    bool m_countsMessages = false; ///< a stream's range without a filter: its length is known
};

} // namespace jetlag
