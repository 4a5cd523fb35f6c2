// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/spark/spark_fold.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace jetlag {

namespace {

std::int64_t number(JsonValue value)
{
    return value.integer(/*wrap=*/true).value_or(0);
}

std::optional<std::int64_t> time(JsonValue value)
{
    const std::optional<std::int64_t> result = value.integer();
    // Spark writes 0 or -1 for "not yet".
    return result && *result > 0 ? result : std::nullopt;
}

std::string text(JsonValue value)
{
    return value.text().value_or(std::string());
}

void add(std::int64_t& sum, std::int64_t value)
{
    // Hostile numbers wrap around instead of being undefined.
    sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) + static_cast<std::uint64_t>(value));
}

bool isJobOf(const SparkJob& job, std::int64_t stage)
{
    return std::find(job.stageIds.begin(), job.stageIds.end(), stage) != job.stageIds.end();
}

std::set<std::int64_t> runningJobsOf(const SparkApplicationState& state, std::int64_t stage)
{
    std::set<std::int64_t> jobs;
    for (const std::int64_t id : state.runningJobs) {
        const auto job = state.jobs.find(id);
        if (job != state.jobs.end() && isJobOf(job->second, stage))
            jobs.insert(jobs.end(), id);
    }
    return jobs;
}

/// Made when a log that begins in the middle tells of its tasks first.
SparkStage& stageOf(SparkApplicationState& state, std::int64_t id, std::int64_t attempt)
{
    const auto [stage, isNew] = state.stages.try_emplace({id, attempt});
    if (isNew)
        stage->second.jobs = runningJobsOf(state, id);
    return stage->second;
}

template <typename Each>
void forEachJob(SparkApplicationState& state, const SparkStage& stage, Each each)
{
    for (const std::int64_t id : stage.jobs) {
        if (const auto job = state.jobs.find(id); job != state.jobs.end())
            each(job->second);
    }
}

void readStageInfo(JsonValue info, SparkStage& stage)
{
    stage.name = text(info["Stage Name"]);
    stage.numTasks = number(info["Number of Tasks"]);
    if (const auto submitted = time(info["Submission Time"]))
        stage.submissionTime = submitted;
}

void jobStart(JsonValue event, SparkApplicationState& state)
{
    const std::int64_t id = number(event["Job ID"]);
    SparkJob& job = state.jobs[id];
    job = {};
    state.runningJobs.insert(id);
    job.submissionTime = time(event["Submission Time"]);
    job.description = text(event["Properties"]["spark.job.description"]);
    job.jobGroup = text(event["Properties"]["spark.jobGroup.id"]);
    if (const std::string execution = text(event["Properties"]["spark.sql.execution.id"]);
        !execution.empty() && execution.size() < 18 &&
        std::all_of(execution.begin(), execution.end(), [](char c) { return c >= '0' && c <= '9'; }))
        job.sqlExecution = std::stoll(execution);
    event["Stage IDs"].forEachItem([&job](JsonValue stage) { job.stageIds.push_back(number(stage)); });
    std::int64_t nameOf = -1;
    event["Stage Infos"].forEachItem([&](JsonValue info) {
        const std::int64_t stageId = number(info["Stage ID"]);
        if (!time(info["Completion Time"]))
            add(job.numTasks, number(info["Number of Tasks"]));
        if (stageId >= nameOf) {
            nameOf = stageId;
            job.name = text(info["Stage Name"]);
        }
        const auto [stage, isNew] = state.stages.try_emplace({stageId, number(info["Stage Attempt ID"])});
        SparkStage& known = stage->second;
        if (isNew)
            readStageInfo(info, known);
        if (known.status == "SKIPPED")
            known.status = "PENDING";
        if (known.status == "PENDING" || known.status == "ACTIVE")
            known.jobs.insert(id);
    });
}

void stageSubmitted(JsonValue event, SparkApplicationState& state)
{
    const JsonValue info = event["Stage Info"];
    const std::int64_t id = number(info["Stage ID"]);
    SparkStage& stage = state.stages[{id, number(info["Stage Attempt ID"])}];
    if (info.exists())
        readStageInfo(info, stage);
    stage.status = "ACTIVE";
    stage.jobs = runningJobsOf(state, id);
    forEachJob(state, stage, [id](SparkJob& job) {
        job.completedStages.erase(id);
        add(job.numActiveStages, 1);
    });
}

void stageCompleted(JsonValue event, SparkApplicationState& state)
{
    const JsonValue info = event["Stage Info"];
    const std::int64_t id = number(info["Stage ID"]);
    SparkStage& stage = stageOf(state, id, number(info["Stage Attempt ID"]));
    const bool wasActive = stage.status == "ACTIVE";
    if (info.exists())
        readStageInfo(info, stage);
    stage.completionTime = time(info["Completion Time"]);
    stage.failureReason = text(info["Failure Reason"]);
    stage.status = !stage.failureReason.empty() ? "FAILED" : stage.submissionTime ? "COMPLETE" : "SKIPPED";
    forEachJob(state, stage, [&](SparkJob& job) {
        if (job.status != "RUNNING")
            return;
        if (wasActive)
            add(job.numActiveStages, -1);
        if (stage.status == "COMPLETE") {
            job.completedStages.insert(id);
        } else if (stage.status == "FAILED") {
            add(job.numFailedStages, 1);
        } else {
            add(job.numSkippedStages, 1);
            add(job.numSkippedTasks, stage.numTasks);
        }
    });
}

/// A stage that never began for this job: it is pending still, or its output was there from another job.
void countIfSkipped(SparkApplicationState& state, std::int64_t stageId, std::int64_t jobId, SparkJob& job)
{
    bool isKnown = false;
    bool hasRun = false;
    std::int64_t tasks = 0;
    for (auto stage = state.stages.lower_bound({stageId, 0});
         stage != state.stages.end() && stage->first.first == stageId; ++stage) {
        isKnown = true;
        tasks = stage->second.numTasks;
        if (stage->second.status == "PENDING")
            stage->second.status = "SKIPPED";
        else
            hasRun = hasRun || stage->second.jobs.contains(jobId);
    }
    if (isKnown && !hasRun) {
        add(job.numSkippedStages, 1);
        add(job.numSkippedTasks, tasks);
    }
}

void jobEnd(JsonValue event, SparkApplicationState& state)
{
    // An end without a start is real: such a job is known by its end only.
    const std::int64_t id = number(event["Job ID"]);
    SparkJob& job = state.jobs[id];
    state.runningJobs.erase(id);
    job.completionTime = time(event["Completion Time"]);
    job.status = text(event["Job Result"]["Result"]) == "JobSucceeded" ? "SUCCEEDED" : "FAILED";
    job.numActiveStages = 0;
    for (std::int64_t stageId : job.stageIds)
        countIfSkipped(state, stageId, id, job);
}

void taskStart(JsonValue element, SparkApplicationState& state, bool keepTasks)
{
    JsonFields event(element);
    const std::int64_t stageId = number(event["Stage ID"]);
    const std::int64_t attempt = number(event["Stage Attempt ID"]);
    JsonFields info(event["Task Info"]);
    SparkStage& stage = stageOf(state, stageId, attempt);
    add(stage.numActiveTasks, 1);
    if (const auto launched = time(info["Launch Time"]);
        launched && (!stage.firstTaskLaunchedTime || *launched < *stage.firstTaskLaunchedTime))
        stage.firstTaskLaunchedTime = launched;
    forEachJob(state, stage, [](SparkJob& job) { add(job.numActiveTasks, 1); });
    std::string scratch;
    if (const auto executor = state.executors.find(info["Executor ID"].view(scratch));
        executor != state.executors.end()) {
        add(executor->second.activeTasks, 1);
        add(executor->second.totalTasks, 1);
    }
    if (!keepTasks)
        return;
    SparkTask& task = state.tasks[number(info["Task ID"])];
    task = {.stageId = stageId,
            .stageAttemptId = attempt,
            .index = number(info["Index"]),
            .attempt = number(info["Attempt"]),
            .launchTime = time(info["Launch Time"]),
            .executorId = text(info["Executor ID"]),
            .host = text(info["Host"]),
            .locality = text(info["Locality"]),
            .speculative = info["Speculative"].isTrue()};
}

struct TaskMetrics
{
    bool present = false;
    StageSums values{}; ///< in the order of the table's columns
};

TaskMetrics readMetrics(JsonValue value)
{
    TaskMetrics result;
    result.present = value.isObject();
    if (!result.present)
        return result;
    // Asked for in the order in which Spark 3 writes them; older logs are found too, a little slower.
    JsonFields metrics(value);
    StageSums& sums = result.values;
    sums[0] = number(metrics["Executor Deserialize Time"]);
    sums[1] = number(metrics["Executor Deserialize CPU Time"]);
    sums[2] = number(metrics["Executor Run Time"]);
    sums[3] = number(metrics["Executor CPU Time"]);
    sums[9] = number(metrics["Peak Execution Memory"]);
    sums[4] = number(metrics["Result Size"]);
    sums[5] = number(metrics["JVM GC Time"]);
    sums[6] = number(metrics["Result Serialization Time"]);
    sums[7] = number(metrics["Memory Bytes Spilled"]);
    sums[8] = number(metrics["Disk Bytes Spilled"]);
    JsonFields read(metrics["Shuffle Read Metrics"]);
    sums[14] = number(read["Remote Blocks Fetched"]);
    sums[15] = number(read["Local Blocks Fetched"]);
    sums[16] = number(read["Fetch Wait Time"]);
    sums[17] = number(read["Remote Bytes Read"]);
    sums[18] = number(read["Remote Bytes Read To Disk"]);
    sums[19] = number(read["Local Bytes Read"]);
    sums[20] = number(read["Total Records Read"]);
    JsonFields write(metrics["Shuffle Write Metrics"]);
    sums[21] = number(write["Shuffle Bytes Written"]);
    sums[22] = number(write["Shuffle Write Time"]);
    sums[23] = number(write["Shuffle Records Written"]);
    JsonFields input(metrics["Input Metrics"]);
    sums[10] = number(input["Bytes Read"]);
    sums[11] = number(input["Records Read"]);
    JsonFields output(metrics["Output Metrics"]);
    sums[12] = number(output["Bytes Written"]);
    sums[13] = number(output["Records Written"]);
    return result;
}

void addMetrics(const StageSums& values, StageSums& sums)
{
    for (std::size_t i = 0; i < kStageSums; ++i)
        add(sums[i], values[i]);
}

void taskEnd(JsonValue element, SparkApplicationState& state, bool keepTasks)
{
    JsonFields event(element);
    const std::int64_t stageId = number(event["Stage ID"]);
    const std::int64_t stageAttemptId = number(event["Stage Attempt ID"]);
    std::string scratch;
    std::string reasonScratch;
    const std::string_view reason = event["Task End Reason"]["Reason"].view(reasonScratch);
    JsonFields info(event["Task Info"]);
    const TaskMetrics metrics = readMetrics(event["Task Metrics"]);
    const bool success = reason == "Success";
    const bool killed = reason == "TaskKilled" || reason == "TaskCommitDenied";
    const std::int64_t index = number(info["Index"]);
    // 0 stands for a task that tells neither; its duration is then 0 as well.
    const std::int64_t launch = number(info["Launch Time"]);
    const std::int64_t finish = number(info["Finish Time"]);
    std::int64_t duration = 0;
    if (__builtin_sub_overflow(finish, launch, &duration))
        duration = 0;

    SparkStage& stage = stageOf(state, stageId, stageAttemptId);
    // Resubmitted comes for a task that had ended: it is not active any more.
    if (reason != "Resubmitted")
        add(stage.numActiveTasks, -1);
    add(success ? stage.numCompleteTasks : killed ? stage.numKilledTasks : stage.numFailedTasks, 1);
    if (success)
        stage.completedIndices.insert(index);
    if (metrics.present)
        addMetrics(metrics.values, stage.sums);
    forEachJob(state, stage, [&](SparkJob& job) {
        if (reason != "Resubmitted")
            add(job.numActiveTasks, -1);
        add(success ? job.numCompletedTasks : killed ? job.numKilledTasks : job.numFailedTasks, 1);
        if (success)
            job.completedIndices.insert({stageId, index});
    });
    if (const auto found = state.executors.find(info["Executor ID"].view(scratch));
        found != state.executors.end()) {
        SparkExecutor& executor = found->second;
        if (reason != "Resubmitted")
            add(executor.activeTasks, -1);
        if (success)
            add(executor.completedTasks, 1);
        else if (!killed)
            add(executor.failedTasks, 1);
        add(executor.totalDuration, duration);
        // A resubmitted task keeps the numbers of its first run.
        if (reason != "Resubmitted") {
            add(executor.totalGcTime, metrics.values[5]);
            add(executor.totalInputBytes, metrics.values[10]);
            add(executor.totalShuffleRead, metrics.values[17]);
            add(executor.totalShuffleRead, metrics.values[19]);
            add(executor.totalShuffleWrite, metrics.values[21]);
        }
    }
    if (!keepTasks)
        return;
    SparkTask& task = state.tasks[number(info["Task ID"])];
    task.stageId = stageId;
    task.stageAttemptId = stageAttemptId;
    task.index = index;
    task.attempt = number(info["Attempt"]);
    task.launchTime = time(info["Launch Time"]);
    task.duration = duration;
    task.executorId = text(info["Executor ID"]);
    task.host = text(info["Host"]);
    task.locality = text(info["Locality"]);
    task.speculative = info["Speculative"].isTrue();
    task.status = success ? "SUCCESS" : killed ? "KILLED" : "FAILED";
    task.errorMessage = success ? std::string() : std::string(reason);
}

void executorAdded(JsonValue event, SparkApplicationState& state)
{
    SparkExecutor& executor = state.executors[text(event["Executor ID"])];
    executor.added = true;
    executor.active = true;
    executor.addTime = time(event["Timestamp"]);
    if (executor.hostPort.empty())
        executor.hostPort = text(event["Executor Info"]["Host"]);
    executor.totalCores = number(event["Executor Info"]["Total Cores"]);
}

void executorRemoved(JsonValue event, SparkApplicationState& state)
{
    SparkExecutor& executor = state.executors[text(event["Executor ID"])];
    executor.added = true;
    executor.active = false;
    executor.removeTime = time(event["Timestamp"]);
    executor.removeReason = text(event["Removed Reason"]);
}

void blockManagerAdded(JsonValue event, SparkApplicationState& state)
{
    const JsonValue id = event["Block Manager ID"];
    SparkExecutor& executor = state.executors[text(id["Executor ID"])];
    executor.added = true;
    executor.hostPort = text(id["Host"]) + ":" + std::to_string(number(id["Port"]));
    executor.maxMemory = number(event["Maximum Memory"]);
    if (!executor.addTime)
        executor.addTime = time(event["Timestamp"]);
}

void sqlStart(JsonValue event, SparkApplicationState& state)
{
    SparkSql& sql = state.sql[number(event["executionId"])];
    sql.description = text(event["description"]);
    sql.submissionTime = time(event["time"]);
}

void sqlEnd(JsonValue event, SparkApplicationState& state)
{
    SparkSql& sql = state.sql[number(event["executionId"])];
    sql.completionTime = time(event["time"]);
    sql.errorMessage = text(event["errorMessage"]);
    sql.status = sql.errorMessage.empty() ? "COMPLETED" : "FAILED";
}

} // namespace

void foldSparkEvent(JsonValue event, SparkApplicationState& state, bool keepTasks)
{
    std::string scratch;
    const std::string_view type = event["Event"].view(scratch);
    if (type == "SparkListenerTaskEnd") {
        taskEnd(event, state, keepTasks);
    } else if (type == "SparkListenerTaskStart") {
        taskStart(event, state, keepTasks);
    } else if (type == "SparkListenerJobStart") {
        jobStart(event, state);
    } else if (type == "SparkListenerJobEnd") {
        jobEnd(event, state);
    } else if (type == "SparkListenerStageSubmitted") {
        stageSubmitted(event, state);
    } else if (type == "SparkListenerStageCompleted") {
        stageCompleted(event, state);
    } else if (type == "SparkListenerExecutorAdded") {
        executorAdded(event, state);
    } else if (type == "SparkListenerExecutorRemoved") {
        executorRemoved(event, state);
    } else if (type == "SparkListenerBlockManagerAdded") {
        blockManagerAdded(event, state);
    } else if (type == "SparkListenerLogStart") {
        state.sparkVersion = text(event["Spark Version"]);
    } else if (type == "SparkListenerApplicationStart") {
        state.name = text(event["App Name"]);
        state.user = text(event["User"]);
        state.startTime = time(event["Timestamp"]);
    } else if (type == "SparkListenerApplicationEnd") {
        state.endTime = time(event["Timestamp"]);
    } else if (type == "org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart") {
        sqlStart(event, state);
    } else if (type == "org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd") {
        sqlEnd(event, state);
    }
}

} // namespace jetlag
