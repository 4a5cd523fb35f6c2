#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/replay_service.h"
#include "ui/bridge/job_watch.h"
#include "ui/pages/replay/replay_pace.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace jetlag::ui {

/// One replay after the other, as the page sees it: starts, pauses, resumes and cancels, looks at its
/// counters a few times a second and asks for its tables at most twice a second, one request at a time. UI
/// thread; nothing waits.
class ReplayRunner final : public QObject
{
    Q_OBJECT

public:
    enum class State { Idle, Running, Paused, Cancelling, Ended, Failed };

    explicit ReplayRunner(ReplayService& service, QObject* parent = nullptr);
    /// Cancels what is under way and lets go of it elsewhere.
    ~ReplayRunner() override;

    /// Only while nothing runs.
    void start(ReplayRequest request);
    void pause();
    void resume();
    /// Ends with the partial result.
    void cancel();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool isUnderWay() const
    {
        return m_state == State::Running || m_state == State::Paused || m_state == State::Cancelling;
    }
    [[nodiscard]] const ReplayRequest& request() const { return m_request; }
    [[nodiscard]] const EngineProgress& progress() const { return m_progress; }
    /// Share of the range that was read; nullopt while nobody knows.
    [[nodiscard]] std::optional<double> fraction() const { return m_fraction; }
    [[nodiscard]] std::optional<std::pair<StreamSequence, StreamSequence>> range() const { return m_range; }
    /// While it runs the rate of the last seconds; after its end over the whole run.
    [[nodiscard]] std::optional<double> eventsPerSecond() const;
    [[nodiscard]] std::optional<double> secondsLeft() const;
    /// Of work, without pauses.
    [[nodiscard]] double secondsWorked() const;
    /// Tables, quarantine and counters of the newest look, at the end of the whole; null before the first.
    [[nodiscard]] const std::shared_ptr<const EngineResult>& tables() const { return m_tables; }
    /// After Ended.
    [[nodiscard]] const std::shared_ptr<const ReplayResult>& result() const { return m_result; }
    /// After Failed.
    [[nodiscard]] const QString& error() const { return m_error; }

signals:
    void stateChanged();
    void progressed();
    void tablesChanged();

private:
    void look();
    void askForTables();
    void takeTables(Result<EngineResult> tables);
    void finished(Result<ReplayResult> result);
    void setState(State state);
    void letGo();

    ReplayService& m_service;
    State m_state = State::Idle;
    ReplayRequest m_request;
    std::shared_ptr<ReplayRun> m_run;
    std::unique_ptr<JobWatch<ReplayResult>> m_watch;
    std::unique_ptr<JobWatch<EngineResult>> m_tablesWatch;
    QTimer m_beat;
    QElapsedTimer m_sinceTables;  ///< since the last request
    qint64 m_tablesPause = 0;     ///< ms to wait until the next one
    std::uint64_t m_tablesAt = 0; ///< messages read when they were asked for
    QElapsedTimer m_clock;        ///< since the start
    qint64 m_pausedAt = -1;       ///< of m_clock; -1 = not paused
    qint64 m_pausedMs = 0;
    qint64 m_endedAt = -1;

    ReplayPace m_pace;
    EngineProgress m_progress;
    std::optional<double> m_fraction;
    std::optional<std::pair<StreamSequence, StreamSequence>> m_range;
    std::shared_ptr<const EngineResult> m_tables;
    std::shared_ptr<const ReplayResult> m_result;
    QString m_error;
};

} // namespace jetlag::ui
