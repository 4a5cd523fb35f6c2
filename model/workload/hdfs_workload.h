#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/workload/workload.h"
#include "model/workload/workload_random.h"

#include <string>

namespace jetlag {

/// The audit log of one NameNode: reads dominate, services work for users, some accesses are denied, a few
/// lines come slightly out of order.
class HdfsWorkload final : public Workload
{
public:
    explicit HdfsWorkload(const WorkloadOptions& options);
    WorkloadRecord next() override;

private:
    struct User;
    struct Operation;

    void appendTime(std::int64_t millis);
    [[nodiscard]] std::string pathFor(const User& user);
    void appendTargets(const User& user, const Operation& operation, bool denied);

    WorkloadRandom m_random;
    LoadSchedule m_schedule;
    const std::int64_t m_startTime;
    std::string m_line;
};

} // namespace jetlag
