// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/verdict_order.h"

#include <algorithm>
#include <array>

namespace jetlag {

namespace {

constexpr std::array<std::string_view, 10> kWorstFirst{
    "lost", "stopped", "stuck", "slow", "stale", "catching-up", "paused", "", "keeping-up", "idle"};

} // namespace

int severityOfVerdict(std::string_view verdict)
{
    const auto* place = std::ranges::find(kWorstFirst, verdict);
    if (place == kWorstFirst.end())
        place = std::ranges::find(kWorstFirst, std::string_view());
    return static_cast<int>(kWorstFirst.end() - place);
}

std::vector<const CollectorReport*> worstFirst(const ClusterReport& report)
{
    std::vector<const CollectorReport*> rows;
    rows.reserve(report.collectors.size());
    for (const CollectorReport& row : report.collectors)
        rows.push_back(&row);
    std::ranges::stable_sort(rows, [](const CollectorReport* one, const CollectorReport* other) {
        return severityOfVerdict(one->verdict.value_or("")) > severityOfVerdict(other->verdict.value_or(""));
    });
    return rows;
}

bool neverDrains(const CollectorReport& row)
{
    return row.lag > 0 && !row.etaSeconds && (row.cause == "slow" || row.verdict == "stopped");
}

std::optional<double> shownEta(const CollectorReport& row)
{
    constexpr std::array kWithoutEnd{"keeping-up", "idle", "stuck", "paused"};
    const bool hasEnd = std::ranges::find(kWithoutEnd, row.verdict.value_or("")) == kWithoutEnd.end();
    return row.lag > 0 && hasEnd ? row.etaSeconds : std::nullopt;
}

} // namespace jetlag
