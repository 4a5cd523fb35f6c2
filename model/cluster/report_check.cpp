// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/report_check.h"

#include "model/base/text.h"
#include "model/cluster/verdict_order.h"
#include "model/thresholds/thresholds.h"

#include <fmt/format.h>

namespace jetlag {

namespace {

std::string nameOf(const ConsumerSnapshot& consumer)
{
    return fmt::format("{} › {}", safeForDisplay(consumer.stream), safeForDisplay(consumer.name));
}

void add(std::vector<std::string>& sentences, const std::string& name,
         const std::vector<ThresholdFinding>& crossed, bool onlyCritical)
{
    for (const ThresholdFinding& one : crossed) {
        if (!onlyCritical || one.level == ThresholdLevel::Critical)
            sentences.push_back(fmt::format("{}: {} ({})", name, one.sentence, one.what));
    }
}

std::vector<std::string> limitsOf(const ClusterReport& report, bool onlyCritical)
{
    std::vector<std::string> sentences;
    for (const CollectorReport* row : worstFirst(report))
        add(sentences, nameOf(row->consumer), crossedThresholds(row->consumer, report.at), onlyCritical);
    for (const StreamReport& row : report.streams)
        add(sentences, safeForDisplay(row.stream.name), crossedThresholds(row.stream), onlyCritical);
    return sentences;
}

} // namespace

std::vector<std::string> crossedLimits(const ClusterReport& report)
{
    return limitsOf(report, /*onlyCritical=*/false);
}

std::vector<std::string> troublesOf(const ClusterReport& report)
{
    std::vector<std::string> sentences;
    for (const CollectorReport* row : worstFirst(report)) {
        if (row->verdict && isTrouble(*row->verdict))
            sentences.push_back(fmt::format("{}: {}{}", nameOf(row->consumer), *row->verdict,
                                            row->cause ? fmt::format(" ({})", *row->cause) : ""));
    }
    for (std::string& limit : limitsOf(report, /*onlyCritical=*/true))
        sentences.push_back(std::move(limit));
    return sentences;
}

} // namespace jetlag
