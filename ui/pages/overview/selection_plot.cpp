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
template <typename Sample, typename ValueOf>
std::vector<PlotPoint> points(const std::deque<Sample>& samples, const ValueOf& valueOf)
{
    std::vector<PlotPoint> line;
    line.reserve(samples.size());
    for (const Sample& sample : samples)
        line.push_back({.at = seconds(sample.at), .value = valueOf(sample)});
    return line;
}

QList<PlotPanel> collectorPanels()
{
    return {
        {.title = QObject::tr("Throughput"),
         .unit = PlotUnit::Rate,
         .lines = {{.name = QObject::tr("published"), .color = PlotColor::Published},
                   {.name = QObject::tr("delivered"), .color = PlotColor::Warning},
                   {.name = QObject::tr("acked"), .color = PlotColor::Good}}},
        {.title = QObject::tr("Lag"),
         .unit = PlotUnit::Count,
         .lines = {{.name = QObject::tr("unprocessed"), .color = PlotColor::Bad}}},
        {.title = QObject::tr("Offsets"),
         .unit = PlotUnit::Sequence,
         .lines = {{.name = QObject::tr("last"), .color = PlotColor::Published},
                   {.name = QObject::tr("delivered"), .color = PlotColor::Warning},
                   {.name = QObject::tr("ack floor"), .color = PlotColor::Good},
                   {.name = QObject::tr("first"), .color = PlotColor::Quiet}}},
    };
}

QList<PlotPanel> streamPanels()
{
    return {
        {.title = QObject::tr("Throughput"),
         .unit = PlotUnit::Rate,
         .lines = {{.name = QObject::tr("published"), .color = PlotColor::Published}}},
        {.title = QObject::tr("Stored"),
         .unit = PlotUnit::Count,
         .lines = {{.name = QObject::tr("messages"), .color = PlotColor::Good}}},
        {.title = QObject::tr("Offsets"),
         .unit = PlotUnit::Sequence,
         .lines = {{.name = QObject::tr("last"), .color = PlotColor::Published},
                   {.name = QObject::tr("first"), .color = PlotColor::Quiet}}},
    };
}

} // namespace

SelectionPlot::SelectionPlot(QWidget* parent)
    : QWidget(parent)
    , m_plot(new TimePlot)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    m_plot->setPanels(collectorPanels());
    m_plot->setEmptyText(tr("Choose a row to see its last minutes"));
    connect(m_plot, &TimePlot::cursorMoved, this, &SelectionPlot::cursorMoved);
}

void SelectionPlot::setSubject(Subject subject)
{
    if (subject == m_subject)
        return;
    m_subject = subject;
    m_plot->setPanels(subject == Subject::Collector ? collectorPanels() : streamPanels());
    m_plot->setPanelVisible(Offsets, m_offsetsVisible);
}

void SelectionPlot::setCollector(std::optional<ConsumerName> name)
{
    setSubject(Subject::Collector);
    m_stream.reset();
    if (name == m_collector)
        return;
    m_collector = std::move(name);
    m_plot->clear();
}

void SelectionPlot::setStream(std::optional<std::string> name)
{
    setSubject(Subject::Stream);
    m_collector.reset();
    if (name == m_stream)
        return;
    m_stream = std::move(name);
    m_plot->clear();
}

void SelectionPlot::refresh(const RecentHistory& history, ServerTime now)
{
    m_plot->setNow(seconds(now));
    if (m_collector)
        refreshCollector(history);
    else if (m_stream)
        refreshStream(history);
}

void SelectionPlot::refreshStream(const RecentHistory& history)
{
    const std::deque<StreamSample>* samples = history.stream(*m_stream);
    if (samples == nullptr)
        return;
    using Sample = StreamSample;
    m_plot->setData(Throughput, 0, points(*samples, [](const Sample& at) { return orGap(at.in); }));
    m_plot->setData(Lag, 0, points(*samples, [](const Sample& at) { return at.messages; }));
    m_plot->setData(Offsets, 0, points(*samples, [](const Sample& at) { return position(at.last); }));
    m_plot->setData(Offsets, 1, points(*samples, [](const Sample& at) { return position(at.first); }));
}

void SelectionPlot::refreshCollector(const RecentHistory& history)
{
    const std::deque<CollectorSample>* samples = history.collector(*m_collector);
    if (samples == nullptr)
        return;
    using Sample = CollectorSample;
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
    m_offsetsVisible = visible;
    m_plot->setPanelVisible(Offsets, visible);
}

} // namespace jetlag::ui
