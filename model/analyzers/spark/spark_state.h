#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/byte_io.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace jetlag {

/// Sums over every task end of a stage attempt that brought metrics, in the order of kStageSumNames.
inline constexpr std::size_t kStageSums = 24;
using StageSums = std::array<std::int64_t, kStageSums>;

struct SparkExecutor
{
    std::string hostPort;
    bool active = true;
    bool added = false; ///< an event of its own told of it: task events alone make no row
    std::int64_t totalCores = 0;
    std::int64_t maxMemory = 0;
    std::int64_t activeTasks = 0;
    std::int64_t completedTasks = 0;
    std::int64_t failedTasks = 0;
    std::int64_t totalTasks = 0;
    std::int64_t totalDuration = 0;
    std::int64_t totalGcTime = 0;
    std::int64_t totalInputBytes = 0;
    std::int64_t totalShuffleRead = 0;
    std::int64_t totalShuffleWrite = 0;
    std::optional<std::int64_t> addTime;
    std::optional<std::int64_t> removeTime;
    std::string removeReason;
};

struct SparkStage
{
    std::string name;
    std::string status = "PENDING";
    std::int64_t numTasks = 0;
    std::int64_t numActiveTasks = 0;
    std::int64_t numCompleteTasks = 0;
    std::int64_t numFailedTasks = 0;
    std::int64_t numKilledTasks = 0;
    std::set<std::int64_t> completedIndices;
    std::optional<std::int64_t> submissionTime;
    std::optional<std::int64_t> firstTaskLaunchedTime;
    std::optional<std::int64_t> completionTime;
    std::string failureReason;
    StageSums sums{};
    /// Whose tasks these are: the jobs that were running and named the stage when it was submitted, and those
    /// that began while it ran. Stays when they end, for the tasks that end after them.
    std::set<std::int64_t> jobs;
};

struct SparkJob
{
    std::string name;
    std::string description;
    std::string jobGroup;
    std::string status = "RUNNING";
    std::vector<std::int64_t> stageIds;
    std::int64_t numTasks = 0;
    std::int64_t numActiveTasks = 0;
    std::int64_t numCompletedTasks = 0;
    std::int64_t numFailedTasks = 0;
    std::int64_t numKilledTasks = 0;
    std::int64_t numSkippedTasks = 0;
    std::int64_t numActiveStages = 0;
    std::int64_t numFailedStages = 0;
    std::set<std::int64_t> completedStages;
    std::int64_t numSkippedStages = 0;
    std::set<std::pair<std::int64_t, std::int64_t>> completedIndices; ///< stage, index
    std::optional<std::int64_t> submissionTime;
    std::optional<std::int64_t> completionTime;
    std::optional<std::int64_t> sqlExecution;
};

struct SparkSql
{
    std::string description;
    std::string status = "RUNNING";
    std::string errorMessage;
    std::optional<std::int64_t> submissionTime;
    std::optional<std::int64_t> completionTime;
};

struct SparkTask
{
    std::int64_t stageId = 0;
    std::int64_t stageAttemptId = 0;
    std::int64_t index = 0;
    std::int64_t attempt = 0;
    std::optional<std::int64_t> launchTime;
    std::optional<std::int64_t> duration;
    std::string executorId;
    std::string host;
    std::string status = "RUNNING";
    std::string locality;
    bool speculative = false;
    std::string errorMessage;
};

using StageKey = std::pair<std::int64_t, std::int64_t>; ///< stage id, attempt

/// One application attempt.
struct SparkApplicationState
{
    std::string name;
    std::string sparkVersion;
    std::string user;
    std::optional<std::int64_t> startTime;
    std::optional<std::int64_t> endTime;
    std::map<std::int64_t, SparkJob> jobs;
    std::map<StageKey, SparkStage> stages;
    std::map<std::string, SparkExecutor, std::less<>> executors;
    std::map<std::int64_t, SparkSql> sql;
    std::map<std::int64_t, SparkTask> tasks; ///< only where they were asked for; outside the digest

    std::set<std::int64_t> runningJobs; ///< follows from `jobs`

    /// Canonical: maps are sorted, integers little-endian. Tasks are not in it.
    void snapshot(ByteWriter& writer) const;
    [[nodiscard]] bool restore(ByteReader& reader);
};

} // namespace jetlag
