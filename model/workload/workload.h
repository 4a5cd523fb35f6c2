#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/workload/load_profile.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace jetlag {

struct WorkloadOptions
{
    std::uint64_t seed = 1;
    /// Of the clock in the records, milliseconds UTC. It runs by the schedule, not by the machine's clock.
    std::int64_t startTime = 1'709'633'700'000; ///< 2024-03-05T10:15:00Z
    LoadProfile load;
};

struct WorkloadRecord
{
    std::string_view file;           ///< name of the log that it belongs to
    std::string_view line;           ///< without its end
    std::chrono::milliseconds due{}; ///< since the start; a driver that plays in real time waits for it
};

/// Records as Spark, HDFS and Hive write them, without end: applications come and go, users work, queries
/// run. Not real, but true to the field: names, order, sizes and what goes wrong are those of real logs. The
/// same options give the same bytes.
///
///     Result<std::unique_ptr<Workload>> workload = makeWorkload("hdfs", {.seed = 7});
///     for (;;) {
///         const WorkloadRecord record = (*workload)->next();
///         ... wait for record.due, append record.line to record.file ...
///     }
///
/// One thread.
class Workload
{
public:
    virtual ~Workload() = default;
    /// The views are good until the next call.
    [[nodiscard]] virtual WorkloadRecord next() = 0;
};

/// `kind` is spark (several applications at once, each with a log of its own), hdfs or hive.
[[nodiscard]] Result<std::unique_ptr<Workload>> makeWorkload(std::string_view kind,
                                                             const WorkloadOptions& options);

/// Writes exactly `events` records into `files` new logs in `folder` (created when missing), as fast as the
/// disk takes them; their clock runs at about one record a second. Spark: an application a log, whole
/// if there is room for its end. HDFS and Hive: one load, cut into pieces. Exists when a log is there.
[[nodiscard]] Result<void> writeWorkload(std::string_view kind, const std::filesystem::path& folder,
                                         std::uint64_t events, int files, std::uint64_t seed);

} // namespace jetlag
