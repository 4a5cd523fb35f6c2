#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The lines of a Spark event log, with the fields, their order and their sizes as Spark 3.5 writes them.
/// Each function appends one line, without its end.
namespace jetlag::spark_text {

struct Executor
{
    std::string id; ///< `driver` or a number
    std::string host;
    int port = 0;
    int cores = 0;
};

struct Stage
{
    std::int64_t id = 0;
    std::vector<std::int64_t> parents;
    std::int64_t tasks = 0;
    std::int64_t firstRdd = 0;         ///< it and the next one belong to the stage
    std::int64_t firstAccumulator = 0; ///< ids of the internal metrics
    std::string name;                  ///< `count at Report.scala:41`
    std::int64_t submitted = 0;        ///< milliseconds UTC; 0 = not yet
    std::int64_t completed = 0;
    std::string failure;   ///< empty = none
    bool shuffles = false; ///< a map stage; else its tasks give results
};

/// What a task measured, in Spark's own units.
struct TaskMetrics
{
    std::int64_t deserializeTime = 0;    ///< ms
    std::int64_t deserializeCpuTime = 0; ///< ns
    std::int64_t runTime = 0;            ///< ms
    std::int64_t cpuTime = 0;            ///< ns
    std::int64_t peakExecutionMemory = 0;
    std::int64_t resultSize = 0;
    std::int64_t gcTime = 0;                  ///< ms
    std::int64_t resultSerializationTime = 0; ///< ms
    std::int64_t memoryBytesSpilled = 0;
    std::int64_t diskBytesSpilled = 0;
    std::int64_t remoteBlocksFetched = 0;
    std::int64_t localBlocksFetched = 0;
    std::int64_t fetchWaitTime = 0; ///< ms
    std::int64_t remoteBytesRead = 0;
    std::int64_t localBytesRead = 0;
    std::int64_t recordsRead = 0;
    std::int64_t shuffleBytesWritten = 0;
    std::int64_t shuffleWriteTime = 0; ///< ns
    std::int64_t shuffleRecordsWritten = 0;
    std::int64_t inputBytes = 0;
    std::int64_t inputRecords = 0;
    std::int64_t outputBytes = 0;
    std::int64_t outputRecords = 0;

    TaskMetrics& operator+=(const TaskMetrics& other);
};

struct Task
{
    std::int64_t id = 0;
    std::int64_t index = 0;
    std::int64_t attempt = 0;
    std::int64_t launched = 0; ///< milliseconds UTC
    std::string executor;
    std::string host;
    bool speculative = false;
};

enum class TaskEnd { Success, ExceptionFailure, ExecutorLost, Killed };

struct Application
{
    std::string id;
    std::string attempt; ///< empty = none
    std::string name;
    std::string user;
};

/// Of a job and its stages: which SQL execution it belongs to (-1 = none) and what it is for.
struct JobContext
{
    std::int64_t sqlExecution = -1;
    std::string description;
};

void logStart(std::string& line);
void resourceProfileAdded(std::string& line);
void environmentUpdate(std::string& line, const Application& application);
void applicationStart(std::string& line, const Application& application, std::int64_t time);
void applicationEnd(std::string& line, std::int64_t time);
void executorAdded(std::string& line, const Executor& executor, const Application& application,
                   std::int64_t time);
void executorRemoved(std::string& line, const Executor& executor, std::string_view reason, std::int64_t time);
void blockManagerAdded(std::string& line, const Executor& executor, std::int64_t time);
void blockManagerRemoved(std::string& line, const Executor& executor, std::int64_t time);
void jobStart(std::string& line, std::int64_t job, const std::vector<Stage>& stages,
              const JobContext& context, std::int64_t time);
/// `failure` empty = it succeeded.
void jobEnd(std::string& line, std::int64_t job, std::string_view failure, std::int64_t time);
void stageSubmitted(std::string& line, const Stage& stage, const JobContext& context);
void stageCompleted(std::string& line, const Stage& stage, const TaskMetrics& sums);
void taskStart(std::string& line, const Stage& stage, const Task& task);
/// `reason`: what the kill or the loss was for; `before`: sums of the stage's earlier tasks.
void taskEnd(std::string& line, const Stage& stage, const Task& task, TaskEnd end, std::string_view reason,
             const TaskMetrics& metrics, const TaskMetrics& before, std::int64_t finished);
void sqlExecutionStart(std::string& line, std::int64_t execution, std::string_view description,
                       std::int64_t firstAccumulator, std::int64_t time);
void driverAccumulatorUpdates(std::string& line, std::int64_t execution, std::int64_t firstAccumulator,
                              std::int64_t files, std::int64_t bytes);
/// `failure` empty = it succeeded.
void sqlExecutionEnd(std::string& line, std::int64_t execution, std::string_view failure, std::int64_t time);
void unpersistRdd(std::string& line, std::int64_t rdd);

/// What Spark says of a task that failed for good, as stage, job and SQL execution repeat it.
[[nodiscard]] std::string stageFailure(const Stage& stage, const Task& task, TaskEnd end);

} // namespace jetlag::spark_text
