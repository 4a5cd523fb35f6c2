// SPDX-License-Identifier: Apache-2.0
// What a second of the time plot costs: 3 panels of 4 lines of an hour each get new points and are drawn,
// beside a bare QCustomPlot that draws the same lines. And the same with the past of a history: 2,000 points
// a line that stand for many samples each (with the band between their lowest and highest), a lane of
// verdicts, one of leaders, and marks; the bare one draws lines and bands, and the stretches and marks as its
// own items. Run with QT_QPA_PLATFORM=offscreen.
#undef QT_NO_FOREACH // QCustomPlot's header uses it
#include "ui/plots/time_plot.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QMouseEvent>
#include <benchmark/benchmark.h>
#include <qcustomplot.h>

#include <array>
#include <cmath>

using namespace jetlag::ui;

namespace {

constexpr int kPanels = 3;
constexpr int kLines = 4;
constexpr int kPoints = 3600;
constexpr double kStart = 1'790'000'000;
constexpr QSize kSize(1000, 420);

double valueOf(int panel, int line, int second)
{
    return 5000 + 300 * line + 400 * std::sin(second / 90.0 + panel) + 60 * std::sin(second * 1.7);
}

std::vector<PlotPoint> pointsOf(int panel, int line, int shift)
{
    std::vector<PlotPoint> points;
    points.reserve(kPoints);
    for (int second = shift; second < shift + kPoints; ++second)
        points.push_back({kStart + second, valueOf(panel, line, second)});
    return points;
}

std::unique_ptr<TimePlot> filledPlot()
{
    auto plot = std::make_unique<TimePlot>();
    PlotPanel panel{.title = QStringLiteral("Panel"), .unit = PlotUnit::Rate, .lines = {}};
    for (int line = 0; line < kLines; ++line)
        panel.lines.append({.name = QStringLiteral("line"), .color = static_cast<PlotColor>(line)});
    plot->setPanels(QList<PlotPanel>(kPanels, panel));
    plot->setSpan(std::chrono::seconds(kPoints));
    plot->resize(kSize);
    plot->show();
    QApplication::processEvents();
    return plot;
}

void give(TimePlot& plot, int shift)
{
    for (int panel = 0; panel < kPanels; ++panel) {
        for (int line = 0; line < kLines; ++line)
            plot.setData(panel, line, pointsOf(panel, line, shift));
    }
}

/// New points for all lines, drawn and on the screen.
void timePlotSecond(benchmark::State& state)
{
    const auto plot = filledPlot();
    int shift = 0;
    for (auto _ : state) {
        state.PauseTiming();
        ++shift;
        std::vector<std::vector<PlotPoint>> fresh;
        for (int at = 0; at < kPanels * kLines; ++at)
            fresh.push_back(pointsOf(at / kLines, at % kLines, shift));
        state.ResumeTiming();
        for (int at = 0; at < kPanels * kLines; ++at)
            plot->setData(at / kLines, at % kLines, std::move(fresh[static_cast<std::size_t>(at)]));
        plot->refreshNow();
        QApplication::processEvents();
    }
    if (plot->viewTo() != kStart + shift + kPoints - 1)
        state.SkipWithError("the view did not follow");
}
BENCHMARK(timePlotSecond)->Unit(benchmark::kMillisecond);

constexpr int kPastPoints = 2'000; // what a page asks the history for
constexpr double kPastStep = 300;  // a week of it
constexpr int kSpans = 120;        // of each lane
constexpr int kMarks = 60;

/// A line of the history `shift` samples on: each point stands for many.
std::vector<PlotPoint> pastOf(int panel, int line, int shift)
{
    std::vector<PlotPoint> points;
    points.reserve(kPastPoints);
    for (int at = shift; at < shift + kPastPoints; ++at) {
        const double value = valueOf(panel, line, at);
        points.push_back({kStart + at * kPastStep, value, value - 40 - at % 60, value + 50 + at % 90});
    }
    return points;
}

double pastEnd(int shift)
{
    return kStart + (shift + kPastPoints - 1) * kPastStep;
}

/// Stretches one behind the other over all of the past.
QList<PlotSpan> spansOf(int lane, int shift)
{
    static const QStringList kWords{QStringLiteral("keeping up"), QStringLiteral("slow"),
                                    QStringLiteral("no pulls"), QStringLiteral("catching up")};
    QList<PlotSpan> spans;
    const double each = kPastPoints * kPastStep / kSpans;
    for (int at = 0; at < kSpans; ++at) {
        const double from = kStart + shift * kPastStep + at * each;
        spans.append({from, from + each, kWords[(at + lane) % kWords.size()],
                      static_cast<PlotColor>((at + lane) % 4)});
    }
    return spans;
}

QList<PlotMark> marksOf(int shift)
{
    QList<PlotMark> marks;
    for (int at = 0; at < kMarks; ++at)
        marks.append({.at = kStart + (shift + (at + 0.5) * kPastPoints / kMarks) * kPastStep,
                      .word = QStringLiteral("leader"),
                      .color = static_cast<PlotColor>(at % 5),
                      .detail = QStringLiteral("n1 leads")});
    return marks;
}

/// The past with lanes and marks, drawn and on the screen.
void historyPlotSecond(benchmark::State& state)
{
    const auto plot = filledPlot();
    plot->setSpan(std::chrono::seconds(static_cast<long>(kPastPoints * kPastStep)));
    plot->setGapAfter(std::chrono::seconds(static_cast<long>(3 * kPastStep)));
    int shift = 0;
    for (auto _ : state) {
        state.PauseTiming();
        ++shift;
        std::vector<std::vector<PlotPoint>> fresh;
        for (int at = 0; at < kPanels * kLines; ++at)
            fresh.push_back(pastOf(at / kLines, at % kLines, shift));
        QList<PlotLane> lanes{{QStringLiteral("verdict"), spansOf(0, shift)},
                              {QStringLiteral("leader"), spansOf(1, shift)}};
        QList<PlotMark> marks = marksOf(shift);
        state.ResumeTiming();
        for (int at = 0; at < kPanels * kLines; ++at)
            plot->setData(at / kLines, at % kLines, std::move(fresh[static_cast<std::size_t>(at)]));
        plot->setLanes(std::move(lanes));
        plot->setMarks(std::move(marks));
        plot->refreshNow();
        QApplication::processEvents();
    }
    if (plot->viewTo() != pastEnd(shift))
        state.SkipWithError("the view did not follow");
}
BENCHMARK(historyPlotSecond)->Unit(benchmark::kMillisecond);

/// The mouse moves: no curve is drawn again.
void timePlotCursor(benchmark::State& state)
{
    const auto plot = filledPlot();
    give(*plot, 0);
    plot->refreshNow();
    int said = 0;
    QObject::connect(plot.get(), &TimePlot::cursorMoved, plot.get(), [&said] { ++said; });
    int x = 0;
    for (auto _ : state) {
        x = 100 + (x + 37) % 800;
        const QPointF place(x, 100);
        QMouseEvent event(QEvent::MouseMove, place, plot->mapToGlobal(place), Qt::NoButton, Qt::NoButton, {});
        QApplication::sendEvent(plot.get(), &event);
        QApplication::processEvents();
    }
    if (said == 0)
        state.SkipWithError("the cursor did not move");
}
BENCHMARK(timePlotCursor)->Unit(benchmark::kMillisecond);

/// QCustomPlot alone with as many axis rects and lines.
struct BarePlot
{
    QCustomPlot plot;
    QList<QCPAxisRect*> rects;
    QList<QCPGraph*> graphs;

    BarePlot()
    {
        plot.plotLayout()->clear();
        for (int panel = 0; panel < kPanels; ++panel) {
            auto* rect = new QCPAxisRect(&plot);
            plot.plotLayout()->addElement(panel, 0, rect);
            rects.append(rect);
            for (int line = 0; line < kLines; ++line)
                graphs.append(addGraph(panel));
        }
        plot.resize(kSize);
        plot.show();
        QApplication::processEvents();
    }
    QCPGraph* addGraph(int panel)
    {
        QCPGraph* graph =
            plot.addGraph(rects[panel]->axis(QCPAxis::atBottom), rects[panel]->axis(QCPAxis::atLeft));
        graph->setPen(QPen(Qt::blue, 1));
        return graph;
    }
    void draw(double from, double to)
    {
        for (QCPAxisRect* rect : rects) {
            rect->axis(QCPAxis::atBottom)->setRange(from, to);
            rect->axis(QCPAxis::atLeft)->setRange(0, 8000);
        }
        plot.replot(QCustomPlot::rpQueuedRefresh);
        QApplication::processEvents();
    }
};

/// The floor: the same lines, drawn by QCustomPlot alone, with new data and replot only.
void bareCustomPlot(benchmark::State& state)
{
    BarePlot bare;
    int shift = 0;
    for (auto _ : state) {
        state.PauseTiming();
        ++shift;
        QList<QVector<QCPGraphData>> fresh;
        for (int at = 0; at < bare.graphs.size(); ++at) {
            QVector<QCPGraphData> data;
            for (const PlotPoint& point : pointsOf(at / kLines, at % kLines, shift))
                data.append({point.at, point.value});
            fresh.append(data);
        }
        state.ResumeTiming();
        for (int at = 0; at < bare.graphs.size(); ++at)
            bare.graphs[at]->data()->set(fresh[at], true);
        bare.draw(kStart + shift, kStart + shift + kPoints);
    }
}
BENCHMARK(bareCustomPlot)->Unit(benchmark::kMillisecond);

/// Its own items for a lane's stretches and for marks; both move with each second.
void addItems(BarePlot& bare, int shift)
{
    bare.plot.clearItems();
    const auto place = [&bare](QCPItemPosition* position, double at, double height) {
        position->setAxes(bare.rects[0]->axis(QCPAxis::atBottom), bare.rects[0]->axis(QCPAxis::atLeft));
        position->setCoords(at, height);
    };
    for (int lane = 0; lane < 2; ++lane) {
        for (const PlotSpan& span : spansOf(lane, shift)) {
            auto* stretch = new QCPItemRect(&bare.plot);
            place(stretch->topLeft, span.from, 8000 - lane * 300);
            place(stretch->bottomRight, span.to, 7750 - lane * 300);
            stretch->setBrush(QColor(0, 0, 255, 56));
        }
    }
    for (const PlotMark& mark : marksOf(shift)) {
        auto* line = new QCPItemStraightLine(&bare.plot);
        place(line->point1, mark.at, 0);
        place(line->point2, mark.at, 1);
        line->setPen(QPen(Qt::red, 1, Qt::DashLine));
    }
}

/// The floor of the past: lines, the bands between lowest and highest, stretches and marks.
void bareHistoryPlot(benchmark::State& state)
{
    BarePlot bare;
    QList<std::pair<QCPGraph*, QCPGraph*>> bands;
    for (int at = 0; at < bare.graphs.size(); ++at) {
        bands.append(std::pair(bare.addGraph(at / kLines), bare.addGraph(at / kLines)));
        for (QCPGraph* edge : {bands.back().first, bands.back().second})
            edge->setPen(Qt::NoPen);
        bands.back().second->setChannelFillGraph(bands.back().first);
        bands.back().second->setBrush(QColor(0, 0, 255, 40));
    }
    int shift = 0;
    for (auto _ : state) {
        state.PauseTiming();
        ++shift;
        QList<std::array<QVector<QCPGraphData>, 3>> fresh;
        for (int at = 0; at < bare.graphs.size(); ++at) {
            auto& [values, lows, highs] = fresh.emplace_back();
            for (const PlotPoint& point : pastOf(at / kLines, at % kLines, shift)) {
                values.append(QCPGraphData(point.at, point.value));
                lows.append(QCPGraphData(point.at, point.low));
                highs.append(QCPGraphData(point.at, point.high));
            }
        }
        state.ResumeTiming();
        for (int at = 0; at < bare.graphs.size(); ++at) {
            const auto& [values, lows, highs] = fresh[at];
            bare.graphs[at]->data()->set(values, true);
            bands[at].first->data()->set(lows, true);
            bands[at].second->data()->set(highs, true);
        }
        addItems(bare, shift);
        bare.draw(kStart + shift * kPastStep, pastEnd(shift));
    }
}
BENCHMARK(bareHistoryPlot)->Unit(benchmark::kMillisecond);

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    Theme::instance().install(ThemeMode::Dark);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
