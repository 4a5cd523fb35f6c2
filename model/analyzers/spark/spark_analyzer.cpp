// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/spark/spark_analyzer.h"

#include "model/analyzers/keyed_shard.h"
#include "model/analyzers/kind.h"
#include "model/analyzers/spark/spark_fold.h"
#include "model/json/json_record.h"

#include <optional>

namespace jetlag {

namespace {

enum TableIndex : std::size_t { Applications, Jobs, Stages, Executors, Sql, Tasks };

constexpr const char* kStageSumNames[kStageSums] = {"executorDeserializeTime",
                                                    "executorDeserializeCpuTime",
                                                    "executorRunTime",
                                                    "executorCpuTime",
                                                    "resultSize",
                                                    "jvmGcTime",
                                                    "resultSerializationTime",
                                                    "memoryBytesSpilled",
                                                    "diskBytesSpilled",
                                                    "peakExecutionMemory",
                                                    "inputBytes",
                                                    "inputRecords",
                                                    "outputBytes",
                                                    "outputRecords",
                                                    "shuffleRemoteBlocksFetched",
                                                    "shuffleLocalBlocksFetched",
                                                    "shuffleFetchWaitTime",
                                                    "shuffleRemoteBytesRead",
                                                    "shuffleRemoteBytesReadToDisk",
                                                    "shuffleLocalBytesRead",
                                                    "shuffleReadRecords",
                                                    "shuffleWriteBytes",
                                                    "shuffleWriteTime",
                                                    "shuffleWriteRecords"};
constexpr std::size_t kShuffleRemoteBytesRead = 17;
constexpr std::size_t kShuffleLocalBytesRead = 19;

Cell textCell(const std::string& value)
{
    return value.empty() ? Cell() : Cell(value);
}

Cell timeCell(const std::optional<std::int64_t>& value)
{
    return value ? Cell(*value) : Cell();
}

std::int64_t countOf(const auto& container)
{
    return static_cast<std::int64_t>(container.size());
}

/// `app/attempt` as the first two cells of every row.
Row rowOf(std::string_view key)
{
    const std::size_t slash = key.find('/');
    Row row{std::string(key.substr(0, slash))};
    row.push_back(slash == std::string_view::npos ? Cell() : Cell(std::string(key.substr(slash + 1))));
    return row;
}

class SparkShard final : public KeyedShard<SparkApplicationState>
{
public:
    explicit SparkShard(bool keepTasks)
        : m_keepTasks(keepTasks)
    {}

    bool decode(const Event& event) override
    {
        m_key = event.key;
        return m_record.read(event.payload, event.padded);
    }

    void apply() override { foldSparkEvent(m_record.root(), changing(m_key), m_keepTasks); }

protected:
    void fillRows(std::string_view key, const SparkApplicationState& state,
                  std::vector<Table>& tables) const override
    {
        tables[Applications].add(applicationRow(key, state));
        for (const auto& [id, job] : state.jobs)
            tables[Jobs].add(jobRow(key, id, job));
        for (const auto& [id, stage] : state.stages)
            tables[Stages].add(stageRow(key, id, stage));
        for (const auto& [id, executor] : state.executors) {
            if (executor.added)
                tables[Executors].add(executorRow(key, id, executor));
        }
        for (const auto& [id, sql] : state.sql)
            tables[Sql].add(sqlRow(key, id, sql, state));
        if (!m_keepTasks)
            return;
        for (const auto& [id, task] : state.tasks)
            tables[Tasks].add(taskRow(key, id, task));
    }

private:
    static Row applicationRow(std::string_view key, const SparkApplicationState& state)
    {
        Row row = rowOf(key);
        const bool both = state.startTime && state.endTime;
        for (Cell cell : {textCell(state.name), timeCell(state.startTime), timeCell(state.endTime),
                          both ? Cell(*state.endTime - *state.startTime) : Cell(), textCell(state.user),
                          Cell(state.endTime.has_value()), textCell(state.sparkVersion)})
            row.push_back(std::move(cell));
        return row;
    }

    static Row jobRow(std::string_view key, std::int64_t id, const SparkJob& job)
    {
        Row row = rowOf(key);
        for (Cell cell :
             {Cell(id), textCell(job.name), textCell(job.description), textCell(job.jobGroup),
              Cell(job.status), timeCell(job.submissionTime), timeCell(job.completionTime),
              Cell(job.stageIds), Cell(job.numTasks), Cell(job.numActiveTasks), Cell(job.numCompletedTasks),
              Cell(job.numSkippedTasks), Cell(job.numFailedTasks), Cell(job.numKilledTasks),
              Cell(countOf(job.completedIndices)), Cell(job.numActiveStages),
              Cell(countOf(job.completedStages)), Cell(job.numSkippedStages), Cell(job.numFailedStages)})
            row.push_back(std::move(cell));
        return row;
    }

    static Row stageRow(std::string_view key, const StageKey& id, const SparkStage& stage)
    {
        Row row = rowOf(key);
        for (Cell cell :
             {Cell(id.first), Cell(id.second), Cell(stage.status), textCell(stage.name), Cell(stage.numTasks),
              Cell(stage.numActiveTasks), Cell(stage.numCompleteTasks), Cell(stage.numFailedTasks),
              Cell(stage.numKilledTasks), Cell(countOf(stage.completedIndices)),
              timeCell(stage.submissionTime), timeCell(stage.firstTaskLaunchedTime),
              timeCell(stage.completionTime), textCell(stage.failureReason)})
            row.push_back(std::move(cell));
        for (std::int64_t sum : stage.sums)
            row.emplace_back(sum);
        row.emplace_back(stage.sums[kShuffleRemoteBytesRead] + stage.sums[kShuffleLocalBytesRead]);
        return row;
    }

    static Row executorRow(std::string_view key, const std::string& id, const SparkExecutor& executor)
    {
        Row row = rowOf(key);
        for (Cell cell :
             {Cell(id), textCell(executor.hostPort), Cell(executor.active), Cell(executor.totalCores),
              Cell(executor.activeTasks), Cell(executor.completedTasks), Cell(executor.failedTasks),
              Cell(executor.totalTasks), Cell(executor.totalDuration), Cell(executor.totalGcTime),
              Cell(executor.totalInputBytes), Cell(executor.totalShuffleRead),
              Cell(executor.totalShuffleWrite), Cell(executor.maxMemory), timeCell(executor.addTime),
              timeCell(executor.removeTime), textCell(executor.removeReason)})
            row.push_back(std::move(cell));
        return row;
    }

    static Row sqlRow(std::string_view key, std::int64_t id, const SparkSql& sql,
                      const SparkApplicationState& state)
    {
        std::vector<std::int64_t> running;
        std::vector<std::int64_t> succeeded;
        std::vector<std::int64_t> failed;
        for (const auto& [jobId, job] : state.jobs) {
            if (job.sqlExecution == id)
                (job.status == "RUNNING"     ? running
                 : job.status == "SUCCEEDED" ? succeeded
                                             : failed)
                    .push_back(jobId);
        }
        const bool both = sql.submissionTime && sql.completionTime;
        Row row = rowOf(key);
        for (Cell cell :
             {Cell(id), Cell(failed.empty() ? sql.status : std::string("FAILED")), textCell(sql.description),
              timeCell(sql.submissionTime), both ? Cell(*sql.completionTime - *sql.submissionTime) : Cell(),
              Cell(std::move(running)), Cell(std::move(succeeded)), Cell(std::move(failed)),
              textCell(sql.errorMessage)})
            row.push_back(std::move(cell));
        return row;
    }

    static Row taskRow(std::string_view key, std::int64_t id, const SparkTask& task)
    {
        Row row = rowOf(key);
        for (Cell cell : {Cell(id), Cell(task.stageId), Cell(task.stageAttemptId), Cell(task.index),
                          Cell(task.attempt), timeCell(task.launchTime), timeCell(task.duration),
                          textCell(task.executorId), textCell(task.host), Cell(task.status),
                          textCell(task.locality), Cell(task.speculative), textCell(task.errorMessage)})
            row.push_back(std::move(cell));
        return row;
    }

    const bool m_keepTasks;
    std::string_view m_key;
    JsonRecord m_record;
};

bool looksLikeApplicationId(std::string_view token)
{
    for (std::string_view prefix : {"application_", "app-", "local-"}) {
        if (token.starts_with(prefix) && token.size() > prefix.size() &&
            token.find_first_not_of("0123456789_-", prefix.size()) == std::string_view::npos)
            return true;
    }
    return false;
}

TableSchema schema(const char* name, std::size_t keyColumns, std::vector<Column> columns)
{
    columns.insert(columns.begin(), {{"appId"}, {"appAttemptId"}});
    for (std::size_t i = 0; i < keyColumns; ++i)
        columns[i].merge = Merge::Key;
    return {.name = name, .columns = std::move(columns)};
}

class SparkAnalyzer final : public Analyzer
{
public:
    std::string_view name() const override { return "spark"; }
    std::uint32_t version() const override { return 2; }
    bool accepts(std::string_view subject) const override { return !belongsToAnotherKind(subject, name()); }

    std::string_view foreignKey(const Event& event) const override
    {
        std::string_view rest = event.subject;
        while (!rest.empty()) {
            const std::size_t dot = rest.find('.');
            if (looksLikeApplicationId(rest.substr(0, dot)))
                return rest.substr(0, dot);
            rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
        }
        return event.subject;
    }

    std::unique_ptr<AnalyzerShard> makeShard(const AnalyzerOptions& options) const override
    {
        return std::make_unique<SparkShard>(options.wants("tasks"));
    }

    std::vector<TableSchema> tables(const AnalyzerOptions& options) const override
    {
        constexpr Unit kTime = Unit::UnixMillis;
        constexpr Unit kMillis = Unit::Milliseconds;
        std::vector<TableSchema> all;
        all.push_back(schema("applications", 2,
                             {{"name"},
                              {"startTime", kTime},
                              {"endTime", kTime},
                              {"duration", kMillis},
                              {"sparkUser"},
                              {"completed"},
                              {"appSparkVersion"}}));
        all.push_back(schema("jobs", 3,
                             {{"jobId"},
                              {"name"},
                              {"description"},
                              {"jobGroup"},
                              {"status"},
                              {"submissionTime", kTime},
                              {"completionTime", kTime},
                              {"stageIds"},
                              {"numTasks"},
                              {"numActiveTasks"},
                              {"numCompletedTasks"},
                              {"numSkippedTasks"},
                              {"numFailedTasks"},
                              {"numKilledTasks"},
                              {"numCompletedIndices"},
                              {"numActiveStages"},
                              {"numCompletedStages"},
                              {"numSkippedStages"},
                              {"numFailedStages"}}));
        std::vector<Column> stage{{"stageId"},
                                  {"attemptId"},
                                  {"status"},
                                  {"name"},
                                  {"numTasks"},
                                  {"numActiveTasks"},
                                  {"numCompleteTasks"},
                                  {"numFailedTasks"},
                                  {"numKilledTasks"},
                                  {"numCompletedIndices"},
                                  {"submissionTime", kTime},
                                  {"firstTaskLaunchedTime", kTime},
                                  {"completionTime", kTime},
                                  {"failureReason"}};
        for (const char* sum : kStageSumNames)
            stage.push_back({sum});
        stage.push_back({"shuffleReadBytes", Unit::Bytes});
        all.push_back(schema("stages", 4, std::move(stage)));
        all.push_back(schema("executors", 3,
                             {{"id"},
                              {"hostPort"},
                              {"isActive"},
                              {"totalCores"},
                              {"activeTasks"},
                              {"completedTasks"},
                              {"failedTasks"},
                              {"totalTasks"},
                              {"totalDuration", kMillis},
                              {"totalGCTime", kMillis},
                              {"totalInputBytes", Unit::Bytes},
                              {"totalShuffleRead", Unit::Bytes},
                              {"totalShuffleWrite", Unit::Bytes},
                              {"maxMemory", Unit::Bytes},
                              {"addTime", kTime},
                              {"removeTime", kTime},
                              {"removeReason"}}));
        all.push_back(schema("sql", 3,
                             {{"id"},
                              {"status"},
                              {"description"},
                              {"submissionTime", kTime},
                              {"duration", kMillis},
                              {"runningJobIds"},
                              {"successJobIds"},
                              {"failedJobIds"},
                              {"errorMessage"}}));
        if (options.wants("tasks"))
            all.push_back(schema("tasks", 3,
                                 {{"taskId"},
                                  {"stageId"},
                                  {"stageAttemptId"},
                                  {"index"},
                                  {"attempt"},
                                  {"launchTime", kTime},
                                  {"duration", kMillis},
                                  {"executorId"},
                                  {"host"},
                                  {"status"},
                                  {"taskLocality"},
                                  {"speculative"},
                                  {"errorMessage"}}));
        return all;
    }
};

} // namespace

const Analyzer& sparkAnalyzer()
{
    static const SparkAnalyzer analyzer;
    return analyzer;
}

} // namespace jetlag
