#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/replay_service.h"
#include "tests/support/scripted_calls.h"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace jetlag::test {

/// A table as an analyzer would give it; the first column is the key.
[[nodiscard]] Table tableOf(std::string name, std::vector<Column> columns, std::vector<Row> rows);
[[nodiscard]] QuarantinedEvent quarantinedEvent(StreamSequence sequence, std::string bytes,
                                                QuarantineReason reason = QuarantineReason::Malformed);

/// A replay that goes on when the test says so. It starts at the first sequence of its range and has read
/// nothing; advance() moves it, tables and quarantined events are what the test put there, and finish(),
/// fail() or a cancel by the user end it. A paused run does not advance. Any thread.
class FakeReplayRun final : public ReplayRun
{
public:
    explicit FakeReplayRun(ReplayRequest request);
    ~FakeReplayRun() override;

    void pause() override;
    void resume() override;
    [[nodiscard]] bool isPaused() const override;
    [[nodiscard]] EngineProgress progress() const override;
    [[nodiscard]] std::optional<std::pair<StreamSequence, StreamSequence>> range() const override;
    /// What setTables() holds, at once; Unavailable when the run is over; left open while holdTables(true).
    [[nodiscard]] JobPtr<EngineResult> tables() override;
    [[nodiscard]] JobPtr<ReplayResult> job() override { return m_job; }

    // What the test does with it.
    [[nodiscard]] const ReplayRequest& request() const { return m_request; }
    void setRange(StreamSequence first, StreamSequence last);
    /// So many more events, of `bytesEach`; false (and nothing happens) while paused or when it is over.
    bool advance(std::uint64_t events, std::uint64_t bytesEach = 100);
    void setTables(std::vector<Table> tables);
    void quarantine(QuarantinedEvent event);
    void setDigest(Hash128 digest);
    void setPartial(bool partial);
    /// Tables asked for from now on stay open until it is false again.
    void holdTables(bool hold);
    /// Ends with what stands now. False when it was over already.
    bool finish();
    bool fail(Error error);
    /// The source failed on the way: ends with what stands now, partial, and the reason.
    bool endEarly(std::string problem);
    /// A cancel by the user is left waiting (as a slow source would do) until finish().
    void holdCancel(bool hold);

private:
    [[nodiscard]] EngineResult resultNow() const; // with m_mutex held
    bool end(bool cancelled, std::optional<Error> error, std::string problem = {});

    const ReplayRequest m_request;
    const JobPtr<ReplayResult> m_job = std::make_shared<Job<ReplayResult>>();

    mutable std::mutex m_mutex; // guards what follows
    bool m_paused = false;
    bool m_over = false;
    bool m_holdsTables = false;
    bool m_holdsCancel = false;
    EngineProgress m_progress;
    std::optional<std::pair<StreamSequence, StreamSequence>> m_range;
    std::vector<Table> m_tables;
    std::vector<QuarantinedEvent> m_quarantined;
    Hash128 m_digest{};
    bool m_partial = false;
    std::vector<JobPtr<EngineResult>> m_heldTables;

    std::optional<std::stop_callback<std::function<void()>>> m_onCancel; // last: calls into all of the above
};

class FakeReplayService final : public ReplayService
{
public:
    /// Called for each run before it is handed out: set its range, its tables, or let it fail at once.
    std::function<void(FakeReplayRun&)> onStart;

    [[nodiscard]] std::shared_ptr<ReplayRun> start(ReplayRequest request) override;

    [[nodiscard]] std::size_t count() const;
    [[nodiscard]] std::shared_ptr<FakeReplayRun> run(std::size_t index) const; ///< from 0
    [[nodiscard]] std::shared_ptr<FakeReplayRun> lastRun() const;              ///< null before the first

private:
    mutable std::mutex m_mutex;
    std::vector<std::shared_ptr<FakeReplayRun>> m_runs;
};

} // namespace jetlag::test
