// SPDX-License-Identifier: Apache-2.0
#include "model/workload/spark_application.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace jetlag {

namespace {

// Events before the first job: log start, resource profile, the driver's block manager, environment,
// application start; then executors and their block managers.
constexpr std::size_t kPreambleOfDriver = 5;
constexpr int kMaxFailures = 4; // spark.task.maxFailures
constexpr const char* kCancelled = "Job cancelled because SparkContext was shut down";

constexpr std::array<const char*, 6> kWork{"daily revenue by region", "refresh of core.users",
                                           "export of clicks",        "stock levels",
                                           "sessions of yesterday",   "join of orders and items"};

} // namespace

SparkApplication::SparkApplication(SparkApplicationOptions options)
    : m_options(std::move(options))
    , m_random(m_options.seed)
    , m_driver{"driver", fmt::format("edge-{:02}.example.org", m_random.between(1, 4)),
               static_cast<int>(m_random.between(33'000, 45'000)), 0}
{
    for (int i = 0; i < m_options.executors; ++i)
        addExecutor();
}

std::size_t SparkApplication::eventsToIntroduce() const noexcept
{
    return kPreambleOfDriver + 2 * static_cast<std::size_t>(m_options.executors) - m_introduced;
}

std::size_t SparkApplication::eventsToClose() const noexcept
{
    return eventsToIntroduce() + m_running.size() + (m_stageRuns ? 1 : 0) + (m_jobRuns ? 1 : 0) +
           (m_sqlRuns ? 1 : 0) + 1;
}

void SparkApplication::next(std::int64_t now, std::string& line)
{
    if (eventsToIntroduce() > 0)
        introduce(now, line);
    else if (m_closing)
        closeOne(now, line);
    else
        proceed(now, line);
}

void SparkApplication::nextOfLast(std::uint64_t left, std::int64_t now, std::string& line)
{
    const std::size_t toClose = eventsToClose();
    m_closing = m_closing || left <= toClose;
    if (left == toClose + 1 && eventsToIntroduce() == 0)
        spark_text::unpersistRdd(line, m_nextRdd); // anything that begins now could not end any more
    else
        next(now, line);
}

void SparkApplication::introduce(std::int64_t now, std::string& line)
{
    switch (m_introduced) {
    case 0:
        spark_text::logStart(line);
        break;
    case 1:
        spark_text::resourceProfileAdded(line);
        break;
    case 2:
        spark_text::blockManagerAdded(line, m_driver, now);
        break;
    case 3:
        spark_text::environmentUpdate(line, m_options.application);
        break;
    case 4:
        spark_text::applicationStart(line, m_options.application, now);
        break;
    default: {
        const std::size_t step = m_introduced - kPreambleOfDriver;
        const spark_text::Executor& executor = m_executors[step / 2].is;
        if (step % 2 == 0)
            spark_text::executorAdded(line, executor, m_options.application, now);
        else
            spark_text::blockManagerAdded(line, executor, now);
    }
    }
    ++m_introduced;
}

void SparkApplication::proceed(std::int64_t now, std::string& line)
{
    // Tasks of a lost executor are told right after its end, the rest when the scheduler comes to it.
    const auto lost =
        std::find_if(m_running.begin(), m_running.end(), [](const RunningTask& task) { return task.lost; });
    if (lost != m_running.end())
        return endTask(static_cast<std::size_t>(lost - m_running.begin()), now, line);
    if (!m_followUps.empty())
        return followUp(now, line);
    if (m_stageRuns)
        return runStage(now, line);
    if (m_jobRuns)
        return m_stage < m_stages.size() && m_jobFailure.empty() ? submitStage(now, line) : endJob(now, line);
    if (m_sqlRuns && (m_sqlJobsLeft == 0 || !m_sqlFailure.empty())) {
        if (!m_sqlToldDriver) {
            m_sqlToldDriver = true;
            const std::int64_t files = m_random.skewed(1, 64);
            const std::int64_t bytes = m_random.skewed(1'000, 1'000'000'000);
            return spark_text::driverAccumulatorUpdates(line, m_context.sqlExecution, m_sqlAccumulator, files,
                                                        bytes);
        }
        return endSql(now, line);
    }
    if (m_sqlRuns)
        return startJob(now, line);
    if (m_options.jobs > 0 && m_jobsStarted >= m_options.jobs) {
        m_ended = true;
        return spark_text::applicationEnd(line, now);
    }
    return m_random.chance(600) ? startSql(now, line) : startJob(now, line);
}

void SparkApplication::closeOne(std::int64_t now, std::string& line)
{
    if (!m_running.empty()) {
        const std::size_t last = m_running.size() - 1;
        return m_running[last].lost ? endTask(last, now, line) : killTask(last, "Stage cancelled", now, line);
    }
    if (m_stageRuns) {
        const bool whole = std::all_of(m_partitions.begin(), m_partitions.end(),
                                       [](const Partition& each) { return each.done; });
        if (!whole && stage().failure.empty())
            stage().failure = m_jobFailure = kCancelled;
        return completeStage(now, line);
    }
    if (m_jobRuns) {
        if (m_stage < m_stages.size() && m_jobFailure.empty())
            m_jobFailure = kCancelled;
        return endJob(now, line);
    }
    if (m_sqlRuns) {
        if (m_sqlJobsLeft > 0 && m_sqlFailure.empty())
            m_sqlFailure = kCancelled;
        return endSql(now, line);
    }
    m_ended = true;
    spark_text::applicationEnd(line, now);
}

void SparkApplication::runStage(std::int64_t now, std::string& line)
{
    if (!stage().failure.empty())
        return m_running.empty() ? completeStage(now, line) : killTask(0, "Stage cancelled", now, line);
    if (m_random.chance(2) && std::count_if(m_executors.begin(), m_executors.end(),
                                            [](const Executor& each) { return each.alive; }) > 1) {
        std::size_t which = m_random.below(m_executors.size());
        while (!m_executors[which].alive)
            which = (which + 1) % m_executors.size();
        return loseExecutor(which, now, line);
    }
    const std::optional<std::size_t> free = freeExecutor();
    if (!m_waiting.empty() && free && (m_running.empty() || m_random.chance(700))) {
        const std::int64_t index = m_waiting.front();
        m_waiting.pop_front();
        return startTask(index, false, *free, now, line);
    }
    if (m_waiting.empty() && free && m_running.size() == 1 && !m_running[0].is.speculative &&
        m_random.chance(60))
        return startTask(m_running[0].is.index, true, *free, now, line);
    if (m_running.empty() && m_waiting.empty())
        return completeStage(now, line);
    // The oldest ones end first, more or less.
    endTask(m_random.below(std::min<std::size_t>(m_running.size(), 3)), now, line);
}

// ---- SQL executions, jobs, stages
// --------------------------------------------------------------------------

void SparkApplication::startSql(std::int64_t now, std::string& line)
{
    m_sqlRuns = true;
    m_sqlToldDriver = false;
    m_sqlFailure.clear();
    m_sqlJobsLeft = m_random.chance(300) ? 2 : 1;
    m_context = {m_nextSql++, m_random.pick(kWork)};
    m_sqlAccumulator = m_nextAccumulator;
    m_nextAccumulator += 12;
    spark_text::sqlExecutionStart(line, m_context.sqlExecution, m_context.description, m_sqlAccumulator, now);
}

void SparkApplication::endSql(std::int64_t now, std::string& line)
{
    m_sqlRuns = false;
    spark_text::sqlExecutionEnd(line, m_context.sqlExecution, m_sqlFailure, now);
}

void SparkApplication::startJob(std::int64_t now, std::string& line)
{
    if (!m_sqlRuns)
        m_context = {-1, m_random.pick(kWork)};
    const std::size_t count = 1 + m_random.below(3);
    m_stages.clear();
    for (std::size_t i = 0; i < count; ++i) {
        spark_text::Stage stage;
        stage.id = m_nextStage++;
        if (i > 0)
            stage.parents = {stage.id - 1};
        stage.tasks = m_random.skewed(2, 60);
        stage.firstRdd = m_nextRdd;
        stage.firstAccumulator = m_nextAccumulator;
        stage.shuffles = i + 1 < count;
        stage.name =
            fmt::format("{} at Report.scala:{}", stage.shuffles ? "map" : "count", m_random.between(20, 90));
        m_nextRdd += 2;
        m_nextAccumulator += 25;
        m_stages.push_back(std::move(stage));
    }
    // Its shuffle files are still there from an earlier job: such a stage is named and never run.
    m_stage = count > 1 && m_jobsStarted > 0 && m_random.chance(150) ? 1 : 0;
    m_jobRuns = true;
    m_jobFailure.clear();
    spark_text::jobStart(line, m_jobsStarted++, m_stages, m_context, now);
}

void SparkApplication::endJob(std::int64_t now, std::string& line)
{
    m_jobRuns = false;
    if (m_sqlRuns) {
        --m_sqlJobsLeft;
        m_sqlFailure = m_jobFailure;
    }
    spark_text::jobEnd(line, m_jobsStarted - 1, m_jobFailure, now);
}

void SparkApplication::submitStage(std::int64_t now, std::string& line)
{
    m_stageRuns = true;
    m_sums = {};
    m_partitions.assign(static_cast<std::size_t>(stage().tasks), {});
    m_waiting.clear();
    for (std::int64_t i = 0; i < stage().tasks; ++i)
        m_waiting.push_back(i);
    m_doomed = m_random.chance(25) ? static_cast<std::int64_t>(m_random.below(m_partitions.size())) : -1;
    stage().submitted = now;
    spark_text::stageSubmitted(line, stage(), m_context);
}

void SparkApplication::completeStage(std::int64_t now, std::string& line)
{
    m_stageRuns = false;
    stage().completed = now;
    spark_text::stageCompleted(line, stage(), m_sums);
    ++m_stage;
}

// ---- tasks ----------------------------------------------------------------------------------------------

void SparkApplication::startTask(std::int64_t index, bool speculative, std::size_t executor, std::int64_t now,
                                 std::string& line)
{
    Partition& partition = m_partitions[static_cast<std::size_t>(index)];
    RunningTask task;
    task.is = {m_nextTask++,
               index,
               partition.attempts++,
               now,
               m_executors[executor].is.id,
               m_executors[executor].is.host,
               speculative};
    task.executor = executor;
    ++m_executors[executor].running;
    spark_text::taskStart(line, stage(), task.is);
    m_running.push_back(std::move(task));
}

void SparkApplication::endTask(std::size_t which, std::int64_t now, std::string& line)
{
    const RunningTask task = m_running[which];
    Partition& partition = m_partitions[static_cast<std::size_t>(task.is.index)];
    if (partition.done && !task.lost)
        return killTask(which, "another attempt succeeded", now, line);
    takeOff(which);

    using spark_text::TaskEnd;
    const TaskEnd end = task.lost                                          ? TaskEnd::ExecutorLost
                        : task.is.index == m_doomed || m_random.chance(12) ? TaskEnd::ExceptionFailure
                                                                           : TaskEnd::Success;
    const spark_text::TaskMetrics metrics = measure(now - task.is.launched);
    const std::string reason = task.lost ? fmt::format("Container marked as failed on host: {}. Exit status: "
                                                       "137. Diagnostics: Container killed on request. "
                                                       "Exit code is 137",
                                                       task.is.host)
                                         : std::string();
    spark_text::taskEnd(line, stage(), task.is, end, reason, metrics, m_sums, now);
    if (end != TaskEnd::ExecutorLost)
        m_sums += metrics;

    if (end == TaskEnd::Success) {
        partition.done = true;
        return;
    }
    partition.failures += end == TaskEnd::ExceptionFailure ? 1 : 0;
    if (partition.failures >= kMaxFailures) {
        stage().failure = m_jobFailure = spark_text::stageFailure(stage(), task.is, end);
        m_waiting.clear();
        return;
    }
    const bool runsElsewhere =
        std::any_of(m_running.begin(), m_running.end(),
                    [&task](const RunningTask& other) { return other.is.index == task.is.index; });
    if (!partition.done && !runsElsewhere)
        m_waiting.push_back(task.is.index);
}

void SparkApplication::killTask(std::size_t which, std::string_view reason, std::int64_t now,
                                std::string& line)
{
    const RunningTask task = m_running[which];
    takeOff(which);
    const spark_text::TaskMetrics metrics = measure(now - task.is.launched);
    spark_text::taskEnd(line, stage(), task.is, spark_text::TaskEnd::Killed, reason, metrics, m_sums, now);
    m_sums += metrics;
}

void SparkApplication::takeOff(std::size_t which)
{
    --m_executors[m_running[which].executor].running;
    m_running.erase(m_running.begin() + static_cast<std::ptrdiff_t>(which));
}

spark_text::TaskMetrics SparkApplication::measure(std::int64_t duration)
{
    constexpr std::int64_t kNanosPerMilli = 1'000'000;
    spark_text::TaskMetrics metrics;
    metrics.deserializeTime = duration / 20;
    metrics.deserializeCpuTime = metrics.deserializeTime * kNanosPerMilli * 8 / 10;
    metrics.resultSerializationTime = m_random.chance(100) ? std::min<std::int64_t>(1, duration) : 0;
    metrics.runTime = duration - metrics.deserializeTime - metrics.resultSerializationTime;
    metrics.cpuTime = metrics.runTime * kNanosPerMilli * m_random.between(55, 97) / 100;
    metrics.gcTime = m_random.chance(300) ? metrics.runTime * m_random.between(1, 15) / 100 : 0;
    metrics.resultSize = m_random.between(1'600, 4'200);
    if (stage().parents.empty()) {
        metrics.inputBytes = m_random.skewed(10'000, 128'000'000);
        metrics.inputRecords = metrics.inputBytes / 90;
    } else {
        metrics.localBlocksFetched = m_random.between(1, 8);
        metrics.remoteBlocksFetched = m_random.between(1, 40);
        metrics.localBytesRead = m_random.skewed(1'000, 4'000'000);
        metrics.remoteBytesRead = m_random.skewed(1'000, 16'000'000);
        metrics.recordsRead = (metrics.localBytesRead + metrics.remoteBytesRead) / 70;
        metrics.fetchWaitTime = metrics.runTime * m_random.between(0, 10) / 100;
        metrics.peakExecutionMemory = m_random.skewed(1'000'000, 400'000'000);
    }
    if (m_random.chance(30)) {
        metrics.memoryBytesSpilled = m_random.skewed(16'000'000, 900'000'000);
        metrics.diskBytesSpilled = metrics.memoryBytesSpilled / 6;
    }
    if (stage().shuffles) {
        metrics.shuffleBytesWritten = m_random.skewed(1'000, 16'000'000);
        metrics.shuffleRecordsWritten = metrics.shuffleBytesWritten / 40;
        metrics.shuffleWriteTime = metrics.runTime * kNanosPerMilli / 12;
    } else if (m_random.chance(400)) {
        metrics.outputBytes = m_random.skewed(1'000, 64'000'000);
        metrics.outputRecords = metrics.outputBytes / 110;
    }
    return metrics;
}

// ---- executors -----------------------------------------------------------------------------------------

std::size_t SparkApplication::addExecutor()
{
    spark_text::Executor executor;
    executor.id = std::to_string(m_executors.size() + 1);
    executor.host = fmt::format("worker-{:02}.example.org", m_random.between(1, 40));
    executor.port = static_cast<int>(m_random.between(33'000, 45'000));
    executor.cores = 4;
    m_executors.push_back({std::move(executor), 0, true});
    return m_executors.size() - 1;
}

std::optional<std::size_t> SparkApplication::freeExecutor()
{
    const std::size_t from = m_random.below(m_executors.size());
    for (std::size_t i = 0; i < m_executors.size(); ++i) {
        const std::size_t which = (from + i) % m_executors.size();
        if (m_executors[which].alive && m_executors[which].running < m_executors[which].is.cores)
            return which;
    }
    return std::nullopt;
}

void SparkApplication::loseExecutor(std::size_t which, std::int64_t now, std::string& line)
{
    Executor& executor = m_executors[which];
    executor.alive = false;
    for (RunningTask& task : m_running)
        task.lost = task.lost || task.executor == which;
    m_followUps.push_back({FollowUp::BlockManagerRemoved, which});
    spark_text::executorRemoved(
        line, executor.is,
        fmt::format("Container marked as failed on host: {}. Exit status: 137. Diagnostics: "
                    "Container killed on request. Exit code is 137",
                    executor.is.host),
        now);
    const std::size_t replacement = addExecutor();
    m_executors[replacement].alive = false; // not before it is told
    m_followUps.push_back({FollowUp::ExecutorAdded, replacement});
    m_followUps.push_back({FollowUp::BlockManagerAdded, replacement});
}

void SparkApplication::followUp(std::int64_t now, std::string& line)
{
    const FollowUp next = m_followUps.front();
    m_followUps.pop_front();
    Executor& executor = m_executors[next.executor];
    switch (next.what) {
    case FollowUp::BlockManagerRemoved:
        return spark_text::blockManagerRemoved(line, executor.is, now);
    case FollowUp::ExecutorAdded:
        executor.alive = true;
        return spark_text::executorAdded(line, executor.is, m_options.application, now);
    case FollowUp::BlockManagerAdded:
        return spark_text::blockManagerAdded(line, executor.is, now);
    }
}

} // namespace jetlag
