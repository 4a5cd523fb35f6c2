#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/workload/workload.h"
#include "model/workload/workload_random.h"

#include <map>
#include <string>

namespace jetlag {

/// The events that a Hive server's hook writes: submissions and completions of queries that overlap; some
/// fail, of some the completion never comes.
class HiveWorkload final : public Workload
{
public:
    explicit HiveWorkload(const WorkloadOptions& options);
    WorkloadRecord next() override;

private:
    struct Running
    {
        std::string id;
        std::string requestUser;
        std::string operationId;
        std::int64_t started = 0; ///< milliseconds UTC
        const char* error = nullptr;
    };

    void submit(std::int64_t now);
    void complete(const Running& query, std::int64_t now);

    WorkloadRandom m_random;
    LoadSchedule m_schedule;
    const std::int64_t m_startTime;
    std::multimap<std::int64_t, Running> m_running; ///< by when they will be done
    std::string m_line;
};

} // namespace jetlag
