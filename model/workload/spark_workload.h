#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/workload/spark_application.h"
#include "model/workload/workload.h"
#include "model/workload/workload_random.h"

#include <string>
#include <vector>

namespace jetlag {

/// A cluster on which a few applications run at once; each writes a log of its own, and when one ends
/// another begins.
class SparkWorkload final : public Workload
{
public:
    explicit SparkWorkload(const WorkloadOptions& options);
    WorkloadRecord next() override;

private:
    struct Log
    {
        std::string name;
        SparkApplication application;
    };
    [[nodiscard]] Log nextApplication();

    const WorkloadOptions m_options;
    WorkloadRandom m_random;
    LoadSchedule m_schedule;
    std::uint64_t m_started = 0;
    std::vector<Log> m_logs;
    std::string m_ended; ///< name of the log of the last record, when that was its last
    std::string m_line;
};

/// The `number`th application (from 0) of a cluster that started at `clusterStart` (milliseconds UTC).
[[nodiscard]] SparkApplicationOptions sparkApplicationOptions(std::uint64_t seed, std::uint64_t number,
                                                              std::int64_t clusterStart);
/// What Spark calls its event log.
[[nodiscard]] std::string sparkLogName(const spark_text::Application& application);

} // namespace jetlag
