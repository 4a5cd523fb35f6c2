// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/telling_columns.h"

#include <algorithm>
#include <string_view>

namespace jetlag::ui {

namespace {

struct Telling
{
    std::string_view analyzer;
    std::string_view table;
    std::vector<std::string_view> columns;
};

const std::vector<Telling>& known()
{
    static const std::vector<Telling> all{
        {"spark",
         "jobs",
         {"appId", "jobId", "name", "status", "numTasks", "numCompletedTasks", "numFailedTasks",
          "numKilledTasks", "submissionTime", "completionTime", "stageIds"}},
        {"spark",
         "stages",
         {"appId", "stageId", "attemptId", "name", "status", "numTasks", "numCompleteTasks", "numFailedTasks",
          "numKilledTasks", "executorRunTime", "shuffleReadBytes", "shuffleWriteBytes", "diskBytesSpilled",
          "inputBytes", "jvmGcTime", "submissionTime", "failureReason"}},
        {"spark",
         "executors",
         {"appId", "id", "hostPort", "isActive", "totalCores", "totalTasks", "completedTasks", "failedTasks",
          "totalDuration", "totalGCTime", "totalShuffleRead", "totalShuffleWrite", "addTime",
          "removeReason"}},
        {"hive",
         "queries",
         {"hiveQueryId", "user", "queue", "status", "startTime", "duration", "tablesRead", "tablesWritten",
          "error", "operation"}}};
    return all;
}

} // namespace

std::vector<int> tellingColumns(const std::string& analyzer, const TableSchema& schema)
{
    std::vector<int> order;
    const auto add = [&order](int column) {
        if (std::find(order.begin(), order.end(), column) == order.end())
            order.push_back(column);
    };
    const auto found = std::find_if(known().begin(), known().end(), [&](const Telling& one) {
        return one.analyzer == analyzer && one.table == schema.name;
    });
    if (found != known().end()) {
        for (const std::string_view name : found->columns) {
            for (std::size_t i = 0; i < schema.columns.size(); ++i) {
                if (schema.columns[i].name == name)
                    add(static_cast<int>(i));
            }
        }
    }
    for (std::size_t i = 0; i < schema.columns.size(); ++i)
        add(static_cast<int>(i));
    return order;
}

} // namespace jetlag::ui
