// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/spark/spark_state.h"

namespace jetlag {

namespace {

// One description of the layout for both directions.
struct Writing
{
    ByteWriter& bytes;

    void field(const std::string& value) { bytes.string(value); }
    void field(std::int64_t value) { bytes.i64(value); }
    void field(bool value) { bytes.boolean(value); }
    template <typename First, typename Second>
    void field(const std::pair<First, Second>& value)
    {
        field(value.first);
        field(value.second);
    }
    void field(const std::optional<std::int64_t>& value)
    {
        bytes.boolean(value.has_value());
        bytes.i64(value.value_or(0));
    }
    void field(const StageSums& sums)
    {
        for (std::int64_t sum : sums)
            bytes.i64(sum);
    }
    template <typename Item>
    void list(const Item& items)
    {
        bytes.u32(static_cast<std::uint32_t>(items.size()));
        for (const auto& item : items)
            field(item);
    }
};

struct Reading
{
    ByteReader& bytes;

    void field(std::string& value) { value = bytes.string(); }
    void field(std::int64_t& value) { value = bytes.i64(); }
    void field(bool& value) { value = bytes.boolean(); }
    template <typename First, typename Second>
    void field(std::pair<First, Second>& value)
    {
        field(value.first);
        field(value.second);
    }
    void field(std::optional<std::int64_t>& value)
    {
        const bool known = bytes.boolean();
        const std::int64_t number = bytes.i64();
        value = known ? std::optional(number) : std::nullopt;
    }
    void field(StageSums& sums)
    {
        for (std::int64_t& sum : sums)
            sum = bytes.i64();
    }
    template <typename Item>
    void list(std::vector<Item>& items)
    {
        for (std::uint32_t count = bytes.u32(); count > 0 && bytes.ok(); --count)
            field(items.emplace_back());
    }
    template <typename Item>
    void list(std::set<Item>& items)
    {
        for (std::uint32_t count = bytes.u32(); count > 0 && bytes.ok(); --count) {
            Item item{};
            field(item);
            items.insert(items.end(), item);
        }
    }
};

template <typename Direction, typename Executor>
void executorFields(Direction direction, Executor& executor)
{
    direction.field(executor.hostPort);
    direction.field(executor.active);
    direction.field(executor.added);
    direction.field(executor.totalCores);
    direction.field(executor.maxMemory);
    direction.field(executor.activeTasks);
    direction.field(executor.completedTasks);
    direction.field(executor.failedTasks);
    direction.field(executor.totalTasks);
    direction.field(executor.totalDuration);
    direction.field(executor.totalGcTime);
    direction.field(executor.totalInputBytes);
    direction.field(executor.totalShuffleRead);
    direction.field(executor.totalShuffleWrite);
    direction.field(executor.addTime);
    direction.field(executor.removeTime);
    direction.field(executor.removeReason);
}

template <typename Direction, typename Stage>
void stageFields(Direction direction, Stage& stage)
{
    direction.field(stage.name);
    direction.field(stage.status);
    direction.field(stage.numTasks);
    direction.field(stage.numActiveTasks);
    direction.field(stage.numCompleteTasks);
    direction.field(stage.numFailedTasks);
    direction.field(stage.numKilledTasks);
    direction.list(stage.completedIndices);
    direction.field(stage.submissionTime);
    direction.field(stage.firstTaskLaunchedTime);
    direction.field(stage.completionTime);
    direction.field(stage.failureReason);
    direction.field(stage.sums);
    direction.list(stage.jobs);
}

template <typename Direction, typename Job>
void jobFields(Direction direction, Job& job)
{
    direction.field(job.name);
    direction.field(job.description);
    direction.field(job.jobGroup);
    direction.field(job.status);
    direction.list(job.stageIds);
    direction.field(job.numTasks);
    direction.field(job.numActiveTasks);
    direction.field(job.numCompletedTasks);
    direction.field(job.numFailedTasks);
    direction.field(job.numKilledTasks);
    direction.field(job.numSkippedTasks);
    direction.field(job.numActiveStages);
    direction.field(job.numFailedStages);
    direction.list(job.completedStages);
    direction.field(job.numSkippedStages);
    direction.list(job.completedIndices);
    direction.field(job.submissionTime);
    direction.field(job.completionTime);
    direction.field(job.sqlExecution);
}

template <typename Direction, typename Sql>
void sqlFields(Direction direction, Sql& sql)
{
    direction.field(sql.description);
    direction.field(sql.status);
    direction.field(sql.errorMessage);
    direction.field(sql.submissionTime);
    direction.field(sql.completionTime);
}

template <typename Map, typename Fields>
void writeMap(ByteWriter& writer, const Map& map, Fields fields)
{
    writer.u32(static_cast<std::uint32_t>(map.size()));
    for (const auto& [key, value] : map) {
        Writing{writer}.field(key);
        fields(Writing{writer}, value);
    }
}

template <typename Map, typename Fields>
void readMap(ByteReader& reader, Map& map, Fields fields)
{
    for (std::uint32_t count = reader.u32(); count > 0 && reader.ok(); --count) {
        typename Map::key_type key{};
        Reading{reader}.field(key);
        fields(Reading{reader}, map[key]);
    }
}

template <typename Direction, typename State>
void applicationFields(Direction direction, State& state)
{
    direction.field(state.name);
    direction.field(state.sparkVersion);
    direction.field(state.user);
    direction.field(state.startTime);
    direction.field(state.endTime);
}

} // namespace

void SparkApplicationState::snapshot(ByteWriter& writer) const
{
    applicationFields(Writing{writer}, *this);
    writeMap(writer, jobs, [](Writing direction, const SparkJob& job) { jobFields(direction, job); });
    writeMap(writer, stages,
             [](Writing direction, const SparkStage& stage) { stageFields(direction, stage); });
    writeMap(writer, executors,
             [](Writing direction, const SparkExecutor& executor) { executorFields(direction, executor); });
    writeMap(writer, sql, [](Writing direction, const SparkSql& one) { sqlFields(direction, one); });
}

bool SparkApplicationState::restore(ByteReader& reader)
{
    applicationFields(Reading{reader}, *this);
    readMap(reader, jobs, [](Reading direction, SparkJob& job) { jobFields(direction, job); });
    readMap(reader, stages, [](Reading direction, SparkStage& stage) { stageFields(direction, stage); });
    readMap(reader, executors,
            [](Reading direction, SparkExecutor& executor) { executorFields(direction, executor); });
    readMap(reader, sql, [](Reading direction, SparkSql& one) { sqlFields(direction, one); });
    for (const auto& [id, job] : jobs) {
        if (job.status == "RUNNING")
            runningJobs.insert(runningJobs.end(), id);
    }
    return reader.ok();
}

} // namespace jetlag
