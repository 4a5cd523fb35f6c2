// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/selection_plot.h"

#include "ui/plots/time_plot.h"

#include <QVBoxLayout>

#include <cmath>
#include <limits>

namespace jetlag::ui {

namespace {

enum Panel { Throughput, Lag, Offsets };

double seconds(ServerTime time)
{
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

double orGap(const std::optional<double>& value)
{
    return value.value_or(std::numeric_limits<double>::quiet_NaN());
}

double position(StreamSequence sequence)
{
    return static_cast<double>(sequence.value());
}

/// One line out of the samples.
template <typename ValueOf>
std::vector<PlotPoint> points(const std::deque<CollectorSample>& samples, const ValueOf& valueOf)
{
    std::vector<PlotPoint> line;
    line.reserve(samples.size());
    for (const CollectorSample& sample : samples)
        line.push_back({.at = seconds(sample.at), .value = valueOf(sample)});
    return line;
}

} // namespace

SelectionPlot::SelectionPlot(QWidget* parent)
    : QWidget(parent)
    , m_plot(new TimePlot)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    m_plot->setPanels({
        {.title = tr("Throughput"),
         .unit = PlotUnit::Rate,
         .lines = {{.name = tr("published"), .color = PlotColor::Published},
                   {.name = tr("delivered"), .color = PlotColor::Warning},
                   {.name = tr("acked"), .color = PlotColor::Good}}},
        {.title = tr("Lag"),
         .unit = PlotUnit::Count,
         .lines = {{.name = tr("unprocessed"), .color = PlotColor::Bad}}},
        {.title = tr("Offsets"),
         .unit = PlotUnit::Sequence,
         .lines = {{.name = tr("last"), .color = PlotColor::Published},
                   {.name = tr("delivered"), .color = PlotColor::Warning},
                   {.name = tr("ack floor"), .color = PlotColor::Good},
                   {.name = tr("first"), .color = PlotColor::Quiet}}},
    });
    m_plot->setEmptyText(tr("Choose a collector to see its last minutes"));
    connect(m_plot, &TimePlot::cursorMoved, this, &SelectionPlot::cursorMoved);
}

void SelectionPlot::setCollector(std::optional<ConsumerName> name)
{
    if (name == m_collector)
        return;
    m_collector = std::move(name);
    m_plot->clear();
}

void SelectionPlot::refresh(const RecentHistory& history, ServerTime now)
{
    if (!m_collector)
        return;
    const std::deque<CollectorSample>* samples = history.collector(*m_collector);
    if (samples == nullptr)
        return;
    using Sample = CollectorSample;
    m_plot->setNow(seconds(now));
    m_plot->setData(Throughput, 0, points(*samples, [](const Sample& at) { return orGap(at.in); }));
    m_plot->setData(Throughput, 1, points(*samples, [](const Sample& at) { return orGap(at.delivered); }));
    m_plot->setData(Throughput, 2, points(*samples, [](const Sample& at) { return orGap(at.acked); }));
    m_plot->setData(Lag, 0, points(*samples, [](const Sample& at) { return at.lag; }));
    m_plot->setData(Offsets, 0, points(*samples, [](const Sample& at) { return position(at.last); }));
    m_plot->setData(Offsets, 1,
                    points(*samples, [](const Sample& at) { return position(at.deliveredSequence); }));
    m_plot->setData(Offsets, 2, points(*samples, [](const Sample& at) { return position(at.ackFloor); }));
    m_plot->setData(Offsets, 3, points(*samples, [](const Sample& at) { return position(at.first); }));
}

void SelectionPlot::setOffsetsVisible(bool visible)
{
    m_plot->setPanelVisible(Offsets, visible);
}

} // namespace jetlag::ui
