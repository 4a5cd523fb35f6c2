// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/cluster_monitor.h"

#include "model/cluster/carry_over.h"

namespace jetlag {

Result<ClusterReport> ClusterMonitor::sample(bool all, std::stop_token stop)
{
    Result<ClusterSnapshot> look = m_probe.look(stop);
    if (!look)
        return std::move(look).error();
    carryOver(latest(), *look);
    const std::vector<OldestMessageQuery> queries = m_timeLags.plan(*look);
    m_timeLags.learn(queries.empty() ? std::vector<std::optional<OldestMessage>>()
                                     : m_probe.oldestMessages(queries, stop));

    ClusterReport report = makeReport(m_startSeries ? nullptr : latest(), *look, all);
    for (CollectorReport& row : report.collectors)
        row.timeLagSeconds = m_timeLags.seconds(row.consumer, look->at);
    m_latest = std::move(*look);
    m_startSeries = false;
    return report;
}

void ClusterMonitor::forget()
{
    m_startSeries = true; // last known values stay, for rows that do not answer
}

} // namespace jetlag
