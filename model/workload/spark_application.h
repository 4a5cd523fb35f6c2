#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/workload/spark_event_text.h"
#include "model/workload/workload_random.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace jetlag {

struct SparkApplicationOptions
{
    spark_text::Application application;
    std::uint64_t seed = 1;
    int executors = 3;
    int jobs = 0; ///< how many it runs before it ends; 0 = until told to
};

/// One application that writes its event log: executors come and are lost, SQL executions run jobs, jobs run
/// stages, tasks start, end, fail, are retried or killed. What it writes next depends on its seed and on the
/// times it is given, which must not go back.
///
///     SparkApplication application(options);
///     while (!application.ended()) application.next(now, line);
class SparkApplication final
{
public:
    explicit SparkApplication(SparkApplicationOptions options);

    /// Appends the next event; `now` in milliseconds UTC. Not after ended().
    void next(std::int64_t now, std::string& line);
    /// The same, so that the application ends with exactly `left` events from here, this one included. Then
    /// what runs near the end is cancelled. Only too few events for even a beginning leave it without an end.
    void nextOfLast(std::uint64_t left, std::int64_t now, std::string& line);
    [[nodiscard]] bool ended() const noexcept { return m_ended; }

private:
    struct Executor
    {
        spark_text::Executor is;
        int running = 0;
        bool alive = true;
    };
    struct RunningTask
    {
        spark_text::Task is;
        std::size_t executor = 0;
        bool lost = false; ///< with its executor
    };
    /// One index of the stage that runs.
    struct Partition
    {
        std::int64_t attempts = 0;
        int failures = 0;
        bool done = false;
    };
    /// What follows an executor's end, when there is time for it.
    struct FollowUp
    {
        enum { BlockManagerRemoved, ExecutorAdded, BlockManagerAdded } what;
        std::size_t executor;
    };

    /// How many events it takes from here to the end once it is closing. next() adds at most one.
    [[nodiscard]] std::size_t eventsToClose() const noexcept;
    [[nodiscard]] std::size_t eventsToIntroduce() const noexcept;
    void introduce(std::int64_t now, std::string& line);
    void proceed(std::int64_t now, std::string& line);
    void closeOne(std::int64_t now, std::string& line);
    void runStage(std::int64_t now, std::string& line);

    void startSql(std::int64_t now, std::string& line);
    void endSql(std::int64_t now, std::string& line);
    void startJob(std::int64_t now, std::string& line);
    void endJob(std::int64_t now, std::string& line);
    void submitStage(std::int64_t now, std::string& line);
    void completeStage(std::int64_t now, std::string& line);
    void startTask(std::int64_t index, bool speculative, std::size_t executor, std::int64_t now,
                   std::string& line);
    void endTask(std::size_t which, std::int64_t now, std::string& line);
    void killTask(std::size_t which, std::string_view reason, std::int64_t now, std::string& line);
    void loseExecutor(std::size_t which, std::int64_t now, std::string& line);
    void followUp(std::int64_t now, std::string& line);

    std::size_t addExecutor();
    [[nodiscard]] std::optional<std::size_t> freeExecutor();
    [[nodiscard]] spark_text::TaskMetrics measure(std::int64_t duration);
    [[nodiscard]] spark_text::Stage& stage() { return m_stages[m_stage]; }
    void takeOff(std::size_t which);

    SparkApplicationOptions m_options;
    WorkloadRandom m_random;
    std::size_t m_introduced = 0; ///< events of the preamble written
    bool m_closing = false;       ///< nothing new begins
    bool m_ended = false;

    spark_text::Executor m_driver;
    std::vector<Executor> m_executors;
    std::deque<FollowUp> m_followUps;

    int m_jobsStarted = 0;
    std::int64_t m_nextSql = 0;
    std::int64_t m_nextStage = 0;
    std::int64_t m_nextTask = 0;
    std::int64_t m_nextRdd = 0;
    std::int64_t m_nextAccumulator = 1;

    bool m_sqlRuns = false;
    int m_sqlJobsLeft = 0;
    std::int64_t m_sqlAccumulator = 0; ///< the plan's first
    bool m_sqlToldDriver = false;
    std::string m_sqlFailure;
    spark_text::JobContext m_context;

    bool m_jobRuns = false;
    std::string m_jobFailure;
    std::vector<spark_text::Stage> m_stages; ///< of the job
    std::size_t m_stage = 0;                 ///< the one that runs or comes next

    bool m_stageRuns = false;
    std::deque<std::int64_t> m_waiting; ///< indices to be started
    std::vector<Partition> m_partitions;
    std::vector<RunningTask> m_running;
    std::int64_t m_doomed = -1; ///< the index that fails whenever it runs
    spark_text::TaskMetrics m_sums;
};

} // namespace jetlag
