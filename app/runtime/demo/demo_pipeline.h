#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "app/runtime/demo/demo_load.h"
#include "model/base/child_process.h"
#include "model/service/demo_service.h"

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace jetlag {

/// One kind of the demo: a log that grows, a hook that tails it, a collector. Hook and collector are
/// processes of their own, the very `jetlagctl` that a user would run.
struct DemoPipelineSpec
{
    std::string kind;         ///< spark, hdfs or hive: also the analyzer
    std::string stream;       ///< SPARK
    std::string collector;    ///< durable name
    double collectorRate = 0; ///< events/s; 0 = as fast as it goes
};

/// Called from the demo's thread only.
class DemoPipeline final
{
public:
    DemoPipeline(DemoPipelineSpec spec, std::filesystem::path program, std::filesystem::path folder,
                 std::string url);

    [[nodiscard]] const DemoPipelineSpec& spec() const noexcept { return m_spec; }
    [[nodiscard]] Result<void> startHook();
    [[nodiscard]] Result<void> startCollector();
    /// SIGINT, as a user's Ctrl-C: it checkpoints, acks and prints its result.
    void stopCollector();
    void stopHook();
    /// In a sentence, when a process ended that should run; empty otherwise.
    [[nodiscard]] std::string problem();
    /// From the last run's output. After stopCollector().
    [[nodiscard]] DemoCollector result() const;

private:
    [[nodiscard]] Result<ChildProcess> start(const std::vector<std::string>& arguments,
                                             const std::filesystem::path& output);

    const DemoPipelineSpec m_spec;
    const std::filesystem::path m_program;
    const std::filesystem::path m_folder;
    const std::string m_url;
    ChildProcess m_hook;
    ChildProcess m_collector;
    bool m_hookWanted = false;
    bool m_collectorWanted = false;
    int m_collectorRuns = 0;
    std::string m_collectorEnd; ///< how it ended when that was not as it should
};

} // namespace jetlag
