// SPDX-License-Identifier: Apache-2.0
// The lanes of a HistoryPlot: what was so from when to when.
#include "ui/plots/history_plot.h"
#include "ui/plots/history_values.h"
#include "ui/plots/time_plot.h"
#include "ui/theme/number_format.h"

#include <cmath>

namespace jetlag::ui {

namespace {

/// Adds what was so at a moment: goes on with the stretch before, or begins a new one.
void extend(QList<PlotSpan>& spans, double at, double gapAfter, const HistoryState& state)
{
    const QString word = stateWord(state);
    const bool goesOn = !spans.isEmpty() && at - spans.last().to <= gapAfter;
    if (goesOn)
        spans.last().to = at;
    if (!goesOn || spans.last().word != word)
        spans.append({.from = at, .to = at, .word = word, .color = verdictColor(state.verdict)});
}

PlotSpan leaderSpan(double from, double to, const QString& leader)
{
    const bool nobody = leader.isEmpty();
    return {.from = from,
            .to = to,
            .word = nobody ? QObject::tr("nobody") : leader,
            .color = nobody ? PlotColor::Bad : PlotColor::Published};
}

} // namespace

void HistoryPlot::showLanes()
{
    if (!m_lanes)
        return m_plot->setLanes({});
    PlotLane verdict{.title = tr("Verdict"), .spans = {}};
    if (m_past && !m_past->ofCollector.lines.empty()) {
        for (const HistoryPoint& point : m_past->ofCollector.lines.back()) {
            if (std::isnan(point.value))
                continue;
            const auto words = m_past->ofCollector.states.find(static_cast<std::uint32_t>(point.value));
            extend(verdict.spans, toPlotTime(point.at), m_gapAfter,
                   words == m_past->ofCollector.states.end() ? HistoryState() : words->second);
        }
    }
    const double last = verdict.spans.isEmpty() ? 0 : verdict.spans.last().to;
    for (const Live& live : m_live) {
        if (live.state && live.at > last)
            extend(verdict.spans, live.at, std::max(m_gapAfter, 5.0), *live.state);
    }
    QList<PlotLane> lanes{verdict};

    PlotLane leader{.title = tr("Leader"), .spans = {}};
    double from = m_past ? m_past->request.from : m_newest;
    QString now = m_leader;
    for (const HistoryMark& mark : m_past ? m_past->marks : std::vector<HistoryMark>()) {
        if (mark.kind != MarkKind::Leader || !m_subject || mark.collector != m_subject->collector)
            continue;
        leader.spans.append(leaderSpan(from, toPlotTime(mark.at), shown(mark.verdictBefore)));
        from = toPlotTime(mark.at);
        now = shown(mark.verdict);
    }
    if (!now.isEmpty() || !leader.spans.isEmpty())
        leader.spans.append(leaderSpan(from, m_newest, now));
    if (!leader.spans.isEmpty())
        lanes.append(leader);
    m_plot->setLanes(std::move(lanes));
}

} // namespace jetlag::ui
