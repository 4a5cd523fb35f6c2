// SPDX-License-Identifier: Apache-2.0
// Where the server's counter misleads, a HistoryPlot shows two lines: what is unprocessed in truth, and what
// the server says. The history keeps the server's number and the verdict; the truth is known of what this
// window has seen itself.
#include "ui/plots/history_plot.h"
#include "ui/plots/time_plot.h"
#include "ui/theme/number_format.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jetlag::ui {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double lagOf(LagSide side, double server, bool isMisled, const std::optional<double>& truth)
{
    switch (side) {
    case LagSide::Server:
        return server;
    case LagSide::Truth:
        return isMisled ? truth.value_or(kUnknown) : server;
    case LagSide::Misled:
        return isMisled && truth != server ? server : kUnknown;
    }
    return server;
}

} // namespace

double liveLag(LagSide side, const CollectorReport& row)
{
    if (row.consumer.stale)
        return kUnknown;
    const auto server = static_cast<double>(row.lag);
    if (!row.diagnosis || !row.diagnosis->counter)
        return lagOf(side, server, false, std::nullopt);
    return lagOf(side, server, row.diagnosis->counter->isOfLag, row.diagnosis->counter->unprocessed);
}

double liveLag(LagSide side, const CollectorSample& sample)
{
    return lagOf(side, sample.lag, sample.isMisled, sample.unprocessed);
}

double liveLag(LagSide, const StreamSample&)
{
    return kUnknown; // a stream has none
}

bool misleads(const HistoryState& state)
{
    return state.cause == "stranded" || state.cause == "dead-letters";
}

bool HistoryPlot::showsTruth() const
{
    return std::ranges::find(m_sides, LagSide::Truth) != m_sides.end();
}

void HistoryPlot::splitLag(std::size_t truthLine)
{
    std::vector<PlotPoint>& truth = m_lines[truthLine];
    std::vector<PlotPoint>& server = m_lines[truthLine + 1];
    const HistorySeries& series = m_past->ofCollector;
    if (series.lines.empty())
        return;
    const std::vector<HistoryPoint>& states = series.lines.back();
    std::size_t next = 0;
    bool isMisled = false;
    for (PlotPoint& point : truth) {
        for (; next < states.size() && toPlotTime(states[next].at) <= point.at; ++next) {
            const auto state = std::isnan(states[next].value)
                                   ? series.states.end()
                                   : series.states.find(static_cast<std::uint32_t>(states[next].value));
            isMisled = state != series.states.end() && misleads(state->second);
        }
        const PlotPoint unknown{.at = point.at, .value = kUnknown};
        server.push_back(isMisled ? point : unknown);
        if (isMisled)
            point = unknown;
    }
}

// What is live knows both sides: there the past has nothing to add.
std::vector<PlotPoint> HistoryPlot::pastBeforeLive(std::size_t index) const
{
    if (index >= m_lines.size())
        return {};
    const std::vector<PlotPoint>& past = m_lines[index];
    if (m_sides[index] == LagSide::Server || m_live.empty())
        return past;
    const auto end = std::ranges::lower_bound(past, m_live.front().at, {}, &PlotPoint::at);
    return {past.begin(), end};
}

void HistoryPlot::nameTruth(int panel, int line)
{
    const HistoryLine& truth = m_panels[panel].lines[line];
    std::size_t index = 0;
    for (int before = 0; before < panel; ++before)
        index += static_cast<std::size_t>(m_panels[before].lines.size());
    // The server's line of the past says where it misled.
    const std::vector<PlotPoint> misled = pastBeforeLive(index + static_cast<std::size_t>(line) + 1);
    const bool isCut =
        std::ranges::any_of(misled, [](const PlotPoint& point) { return !std::isnan(point.value); });
    m_plot->setLineName(
        panel, line,
        isCut && !m_live.empty()
            ? tr("%1, in truth since %2").arg(truth.look.name, clockTime(fromPlotTime(m_live.front().at)))
            : truth.look.name);
}

} // namespace jetlag::ui
