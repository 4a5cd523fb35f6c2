// SPDX-License-Identifier: Apache-2.0
// How a HistoryPlot comes by its past, and puts what is live behind it.
#include "ui/plots/history_plot.h"
#include "ui/plots/history_values.h"
#include "ui/plots/time_plot.h"
#include "ui/theme/number_format.h"
#include "ui/widgets/elided_label.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jetlag::ui {

namespace {

constexpr double kShortestGap = 5;
constexpr double kGapSteps = 3.5;
/// A past that was loaded for a wider view has enough points until somebody zooms in by this.
constexpr double kEnoughDetail = 5;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double usualStep(const std::vector<PlotPoint>& points)
{
    std::vector<double> steps;
    for (std::size_t i = 1; i < points.size(); ++i)
        steps.push_back(points[i].at - points[i - 1].at);
    if (steps.empty())
        return 0;
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return *middle;
}

} // namespace

void HistoryPlot::loadView(bool anew)
{
    if (!m_subject)
        return;
    const double now = m_newest > 0 ? m_newest : toPlotTime(systemClock().now());
    const double span = static_cast<double>(m_plot->span().count());
    const bool live = m_plot->isLive();
    const double width =
        live ? std::max(span, m_plot->viewTo() - m_plot->viewFrom()) : m_plot->viewTo() - m_plot->viewFrom();
    const double from = live ? now - width : m_plot->viewFrom();
    const double to = live ? now : m_plot->viewTo();
    if (!anew && m_past) {
        const PastRequest& known = m_past->request;
        const bool isThere = known.from <= from && known.to >= to - (live ? span / 4 : 0);
        if (isThere && known.to - known.from <= kEnoughDetail * width)
            return;
    }
    PastRequest request{.subject = *m_subject,
                        .ofCollector = {},
                        .ofStream = {},
                        .from = from - width,
                        .to = to + width,
                        .points = static_cast<std::size_t>(std::max(m_plot->width(), 400)) * 3};
    if (live) { // nothing is to the right of now
        request.from = from - width / 2;
        request.to = now + 1;
        request.points = request.points / 2;
    }
    for (std::size_t line = 0; line < m_values.size(); ++line) {
        if (m_sides[line] != LagSide::Misled) // of the same numbers as the line before
            (isOfStream(m_values[line]) ? request.ofStream : request.ofCollector).push_back(m_values[line]);
    }
    if (m_lanes || showsTruth())
        request.ofCollector.push_back(HistoryValue::State);
    m_loader.load(std::move(request));
}

void HistoryPlot::take(Past past)
{
    m_past = std::move(past);
    m_lines.clear();
    std::size_t ofCollector = 0;
    std::size_t ofStream = 0;
    m_gapAfter = kShortestGap;
    for (std::size_t line = 0; line < m_values.size(); ++line) {
        if (m_sides[line] == LagSide::Misled) {
            m_lines.emplace_back();
            splitLag(line - 1);
            continue;
        }
        const bool stream = isOfStream(m_values[line]);
        const HistorySeries& series = stream ? m_past->ofStream : m_past->ofCollector;
        const std::size_t index = stream ? ofStream++ : ofCollector++;
        m_lines.push_back(index < series.lines.size() ? toPlotPoints(series.lines[index])
                                                      : std::vector<PlotPoint>());
        m_gapAfter = std::max(m_gapAfter, kGapSteps * usualStep(m_lines.back()));
    }
    m_plot->setGapAfter(std::chrono::milliseconds(std::llround(m_gapAfter * 1000)));
    double oldest = 0;
    for (const HistorySeries* series : {&m_past->ofCollector, &m_past->ofStream}) {
        const double at = toPlotTime(series->oldest);
        if (at > 0 && (oldest == 0 || at < oldest))
            oldest = at;
    }
    showLines();
    if (oldest > 0)
        m_plot->setOldestKept(oldest);
    showLanes();
    showMarks();
    showState();
}

std::vector<PlotPoint> HistoryPlot::line(std::size_t index) const
{
    std::vector<PlotPoint> points = pastBeforeLive(index);
    double last = points.empty() ? 0 : points.back().at;
    for (const Live& live : m_live) {
        if (live.at <= last)
            continue;
        const double value = live.values[index];
        const double gap = std::max(m_gapAfter, kShortestGap);
        if (!points.empty() && live.at - last > gap) {
            addPast(points, index, live.at);
            last = points.back().at;
        }
        if (!points.empty() && live.at - last > gap)
            points.push_back({.at = (last + live.at) / 2, .value = kUnknown});
        points.push_back({.at = live.at, .value = value});
        last = live.at;
    }
    return points;
}

// Of a time in which nobody looked.
void HistoryPlot::addPast(std::vector<PlotPoint>& points, std::size_t index, double before) const
{
    if (index >= m_lines.size())
        return;
    const std::vector<PlotPoint>& past = m_lines[index];
    const auto from = std::ranges::upper_bound(past, points.back().at, {}, &PlotPoint::at);
    const auto to = std::ranges::lower_bound(from, past.end(), before, {}, &PlotPoint::at);
    points.insert(points.end(), from, to);
}

void HistoryPlot::showState()
{
    const HistoryHealth health = m_history.health();
    const ServerTime oldest = std::max(m_past->ofCollector.oldest, m_past->ofStream.oldest);
    if (!health.problem.empty())
        m_state->setText(shown(health.problem));
    else if (!m_past->problem.isEmpty())
        m_state->setText(tr("The past can't be read: %1").arg(m_past->problem));
    else if (!health.note.empty())
        m_state->setText(shown(health.note));
    else
        m_state->setText(oldest == ServerTime{} ? QString() : tr("kept since %1").arg(clockTime(oldest)));
}

} // namespace jetlag::ui
