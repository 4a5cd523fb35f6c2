#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>

namespace jetlag {

/// How much one log of the demo grows: a steady load with bursts.
struct DemoLoadSpec
{
    std::string kind; ///< spark, hdfs or hive
    std::filesystem::path folder;
    std::uint64_t seed = 1;
    double recordsPerSecond = 100;
};

/// Lets a log grow as the workload says, in real time, until `stop`. Blocks: give it a thread.
[[nodiscard]] Result<void> growDemoLog(const DemoLoadSpec& spec, std::stop_token stop);

} // namespace jetlag
