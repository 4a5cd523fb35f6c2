// SPDX-License-Identifier: Apache-2.0
// What the time plot shows beside its lines: marks, lanes, how moments are written, how far back it may go.
#include "ui/plots/time_plot_parts.h"

#include <algorithm>

namespace jetlag::ui {

void TimePlot::setMarks(QList<PlotMark> marks)
{
    m_parts->scene.marks = std::move(marks);
    m_parts->changed();
}

void TimePlot::setLanes(QList<PlotLane> lanes)
{
    m_parts->scene.lanes = std::move(lanes);
    m_parts->changed();
}

void TimePlot::setTimes(PlotTimes times)
{
    m_parts->scene.times = times;
    m_parts->changed();
}

void TimePlot::setOldestKept(double at)
{
    PlotScene& scene = m_parts->scene;
    scene.oldestKept = at;
    double oldest = at;
    for (const PlotScene::Panel& part : scene.parts) {
        for (const PlotPoints& line : part.lines)
            oldest = line.empty() ? oldest : std::min(oldest, line.front().at);
    }
    scene.view.setOldest(oldest);
    m_parts->changed();
}

void TimePlot::setLineName(int panel, int line, const QString& name)
{
    QString& now = m_parts->scene.panels[panel].lines[line].name;
    if (now == name)
        return;
    now = name;
    m_parts->changed();
}

} // namespace jetlag::ui
