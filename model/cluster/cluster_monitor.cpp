// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/cluster_monitor.h"

#include "model/cluster/carry_over.h"

#include <utility>

namespace jetlag {

Result<ClusterReport> ClusterMonitor::sample(bool all, std::stop_token stop)
{
    Result<ClusterSnapshot> look = m_probe.look(stop);
    if (!look)
        return std::move(look).error();
    m_lacked.hold(latest(), *look);
    carryOver(latest(), *look);
    std::vector<Advisory> advisories = m_probe.takeAdvisories();
    m_board.look(*look, advisories, std::exchange(m_connectionBroke, false), m_probe, stop);
    m_sources.look(*look, m_probe, stop);

    ClusterReport report = makeReport(m_startSeries ? nullptr : latest(), *look, all, advisories);
    for (CollectorReport& row : report.collectors)
        fill(row);
    for (StreamReport& row : report.streams) {
        for (StreamFinding& finding : m_sources.findings(row.stream.name))
            row.findings.push_back(std::move(finding));
    }
    report.advisories = std::move(advisories);
    m_latest = std::move(*look);
    m_startSeries = false;
    return report;
}

void ClusterMonitor::fill(CollectorReport& row) const
{
    const VerdictBoard::Standing* standing = m_board.standingOf(row.consumer);
    if (standing == nullptr)
        return;
    row.timeLagSeconds = standing->timeLagSeconds;
    row.deliveryLagSeconds = standing->deliveryLagSeconds;
    row.runwaySeconds = standing->runwaySeconds;
    row.etaSeconds = standing->etaSeconds;
    row.diagnosis = standing->diagnosis;
    if (row.diagnosis == nullptr)
        return;
    const std::string_view verdict = row.diagnosis->verdict();
    if (!verdict.empty())
        row.verdict = std::string(verdict);
    if (row.diagnosis->cause)
        row.cause = std::string(toString(*row.diagnosis->cause));
    else if (row.consumer.stale && standing->answered != nullptr)
        row.diagnosis = standing->answered; // what it was like, with its own time
}

ClusterReport ClusterMonitor::withoutAnswer(ClusterReport last, const Error& problem, const Clock& clock)
{
    m_board.noAnswer(clock.steadyNow(), clock.now(), SampleError::NoAnswer);
    m_startSeries = true; // rates over a gap would be wrong
    for (StreamReport& row : last.streams)
        row.stream.stale = true;
    for (CollectorReport& row : last.collectors) {
        row.consumer.stale = true;
        row.verdict.reset();
        row.cause.reset();
        fill(row);
    }
    last.problems = {problem.message()};
    last.advisories.clear();
    return last;
}

void ClusterMonitor::connectionBroke()
{
    m_startSeries = true; // last known values stay, for rows that do not answer
    m_connectionBroke = true;
}

} // namespace jetlag
