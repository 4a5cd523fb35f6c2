// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/history_plot.h"

#include "ui/plots/history_values.h"
#include "ui/plots/time_plot.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/segments.h"

#include <QHBoxLayout>
#include <QSettings>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <limits>

namespace jetlag::ui {

namespace {

constexpr auto kTimesKey = "plots/times";
constexpr std::array<int, 6> kSpans{300, 900, 3600, 21'600, 172'800, 5'184'000};
constexpr int kFirstSpan = 1;
/// In memory: half an hour at one a second, several times what the past may lag behind.
constexpr std::size_t kMostLive = 2000;
constexpr int kRestMs = 60;
constexpr int kAnewMs = 60'000;
/// New marks come in bursts: a look a second is enough.
constexpr int kNewMarksMs = 1000;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

} // namespace

HistoryPlot::HistoryPlot(HistoryService& history, QWidget* parent)
    : QWidget(parent)
    , m_history(history)
    , m_plot(new TimePlot)
    , m_spans(new Segments({tr("5 m"), tr("15 m"), tr("1 h"), tr("6 h"), tr("2 d"), tr("60 d")}))
    , m_times(new Segments({tr("Local"), tr("UTC"), tr("Ago")}))
    , m_state(new ElidedLabel)
    , m_loader(history, [this](Past past) { take(std::move(past)); })
    , m_newMarks([this](const std::string& connection) {
        if (m_subject && m_subject->connection == connection && m_anew.remainingTime() > kNewMarksMs)
            m_anew.start(kNewMarksMs);
    })
    , m_marks(history.watchMarks(
          [inlet = m_newMarks.inlet()](const std::string& connection, const auto&) { inlet(connection); }))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Metrics::kSpacing / 2);
    column->addWidget(choices());
    column->addWidget(m_plot, 1);
    m_moved.setSingleShot(true);
    m_moved.setInterval(kRestMs);
    connect(&m_moved, &QTimer::timeout, this, [this] { loadView(/*anew=*/false); });
    connect(&m_anew, &QTimer::timeout, this, [this] {
        m_anew.start(kAnewMs);
        if (isVisible())
            loadView(/*anew=*/true);
    });
    m_anew.start(kAnewMs);
    connect(m_plot, &TimePlot::viewChanged, this, [this] { m_moved.start(); });
    connect(m_plot, &TimePlot::cursorMoved, this, &HistoryPlot::cursorMoved);
    connect(m_plot, &TimePlot::markClicked, this, [this](int index) {
        if (m_past && index < static_cast<int>(m_past->marks.size()))
            emit markClicked(m_past->marks[static_cast<std::size_t>(index)]);
    });
    m_plot->setSpan(std::chrono::seconds(kSpans[kFirstSpan]));
    m_times->setCurrent(QSettings().value(QLatin1String(kTimesKey), 0).toInt());
    m_plot->setTimes(static_cast<PlotTimes>(std::clamp(m_times->current(), 0, 2)));
}

HistoryPlot::~HistoryPlot() = default;

QWidget* HistoryPlot::choices()
{
    auto* bar = new QWidget;
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_spans);
    row->addWidget(m_state, 1);
    row->addWidget(m_times);
    m_spans->setCurrent(kFirstSpan);
    m_spans->setAccessibleName(tr("How much time the plots show"));
    m_times->setAccessibleName(tr("How the plots write times"));
    m_times->setToolTip(tr("Times as here, in UTC, or before now"));
    m_state->setProperty("role", QStringLiteral("secondary"));
    m_state->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    connect(m_spans, &Segments::chosen, this, &HistoryPlot::chooseSpan);
    connect(m_times, &Segments::chosen, this, &HistoryPlot::chooseTimes);
    return bar;
}

void HistoryPlot::chooseSpan(int index)
{
    m_plot->setSpan(std::chrono::seconds(kSpans.at(static_cast<std::size_t>(index))));
    m_plot->goLive();
}

void HistoryPlot::chooseTimes(int index)
{
    QSettings().setValue(QLatin1String(kTimesKey), index);
    m_plot->setTimes(static_cast<PlotTimes>(index));
}

void HistoryPlot::setPanels(QList<HistoryPanel> panels)
{
    m_panels = std::move(panels);
    m_values.clear();
    m_sides.clear();
    QList<PlotPanel> shownPanels;
    for (const HistoryPanel& panel : m_panels) {
        PlotPanel to{.title = panel.title, .unit = panel.unit, .lines = {}, .share = panel.share};
        for (const HistoryLine& line : panel.lines) {
            to.lines.append(line.look);
            m_values.push_back(line.value);
            m_sides.push_back(line.side);
        }
        shownPanels.append(to);
    }
    m_plot->setPanels(std::move(shownPanels));
    m_subject.reset();
    m_live.clear();
    m_past.reset();
    m_lines.clear();
}

void HistoryPlot::setLanes(bool shown)
{
    m_lanes = shown;
    showLanes();
}

void HistoryPlot::setPanelVisible(int panel, bool visible)
{
    m_plot->setPanelVisible(panel, visible);
}

void HistoryPlot::setSubject(std::optional<HistorySubject> subject, const RecentHistory& recent)
{
    if (subject == m_subject)
        return;
    m_subject = std::move(subject);
    m_loader.cancel();
    m_live.clear();
    m_past.reset();
    m_lines.clear();
    m_leader.clear();
    m_plot->clear();
    m_state->clear();
    if (!m_subject)
        return;
    seed(recent);
    showLines();
    loadView(/*anew=*/true);
}

void HistoryPlot::seed(const RecentHistory& recent, double before)
{
    if (m_subject->collector.empty())
        seedFrom(recent.stream(m_subject->stream), before);
    else
        seedFrom(recent.collector({m_subject->stream, m_subject->collector}), before);
}

template <typename Sample>
void HistoryPlot::seedFrom(const std::deque<Sample>* samples, double before)
{
    if (samples == nullptr)
        return;
    for (const Sample& sample : *samples) {
        Live live{.at = toPlotTime(sample.at), .values = {}, .state = std::nullopt};
        if (live.at >= before)
            return;
        if (!m_live.empty() && live.at <= m_live.back().at)
            continue;
        for (std::size_t line = 0; line < m_values.size(); ++line)
            live.values.push_back(m_values[line] == HistoryValue::Lag ? liveLag(m_sides[line], sample)
                                                                      : liveValue(m_values[line], sample));
        append(std::move(live));
    }
}

void HistoryPlot::append(Live live)
{
    if (!m_live.empty() && live.at <= m_live.back().at)
        return;
    m_newest = live.at;
    m_live.push_back(std::move(live));
    if (m_live.size() > kMostLive)
        m_live.pop_front();
}

void HistoryPlot::addReport(const ClusterReport& report, const RecentHistory& recent)
{
    m_newest = toPlotTime(report.at);
    m_plot->setNow(m_newest);
    if (!m_subject)
        return;
    seed(recent, m_newest);
    const auto stream = std::ranges::find(report.streams, m_subject->stream,
                                          [](const StreamReport& row) { return row.stream.name; });
    const auto collector = std::ranges::find_if(report.collectors, [this](const CollectorReport& row) {
        return row.consumer.stream == m_subject->stream && row.consumer.name == m_subject->collector;
    });
    const bool hasStream = stream != report.streams.end() && !stream->stream.stale;
    const bool hasCollector = collector != report.collectors.end() && !collector->consumer.stale;
    if (m_subject->collector.empty() ? hasStream : hasCollector) {
        Live live{.at = m_newest, .values = {}, .state = std::nullopt};
        for (std::size_t line = 0; line < m_values.size(); ++line) {
            const HistoryValue value = m_values[line];
            double now = kUnknown;
            if (isOfStream(value))
                now = hasStream ? liveValue(value, *stream) : kUnknown;
            else if (hasCollector)
                now = value == HistoryValue::Lag ? liveLag(m_sides[line], *collector)
                                                 : liveValue(value, *collector);
            live.values.push_back(now);
        }
        if (hasCollector) {
            live.state = HistoryState{collector->verdict.value_or(""), collector->cause.value_or("")};
            m_leader = shown(collector->consumer.placement.leader);
        }
        append(std::move(live));
    }
    showLines();
    showLanes();
}

void HistoryPlot::showLines()
{
    std::size_t index = 0;
    for (int panel = 0; panel < m_panels.size(); ++panel) {
        for (int at = 0; at < m_panels[panel].lines.size(); ++at) {
            m_plot->setData(panel, at, line(index++));
            if (m_panels[panel].lines[at].side == LagSide::Truth)
                nameTruth(panel, at);
        }
    }
}

// Reports pass a hidden plot by, and new marks too.
void HistoryPlot::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_past)
        loadView(/*anew=*/true);
}

void HistoryPlot::showMarks()
{
    QList<PlotMark> marks;
    for (const HistoryMark& mark : m_past->marks)
        marks.append(toPlotMark(mark));
    m_plot->setMarks(std::move(marks));
}

} // namespace jetlag::ui
