// SPDX-License-Identifier: Apache-2.0
// What a second of the time plot costs: 3 panels of 4 lines of an hour each get new points and are drawn,
// beside a bare QCustomPlot that draws the same lines. Run with QT_QPA_PLATFORM=offscreen.
#undef QT_NO_FOREACH // QCustomPlot's header uses it
#include "ui/plots/time_plot.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QMouseEvent>
#include <benchmark/benchmark.h>
#include <qcustomplot.h>

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

/// The floor: the same lines, drawn by QCustomPlot alone, with new data and replot only.
void bareCustomPlot(benchmark::State& state)
{
    QCustomPlot plot;
    plot.plotLayout()->clear();
    QList<QCPGraph*> graphs;
    for (int panel = 0; panel < kPanels; ++panel) {
        auto* rect = new QCPAxisRect(&plot);
        plot.plotLayout()->addElement(panel, 0, rect);
        for (int line = 0; line < kLines; ++line) {
            auto* graph = plot.addGraph(rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft));
            graph->setPen(QPen(Qt::blue, 1));
            graphs.append(graph);
        }
    }
    plot.resize(kSize);
    plot.show();
    QApplication::processEvents();
    int shift = 0;
    for (auto _ : state) {
        state.PauseTiming();
        ++shift;
        QList<QVector<QCPGraphData>> fresh;
        for (int at = 0; at < graphs.size(); ++at) {
            QVector<QCPGraphData> data;
            for (const PlotPoint& point : pointsOf(at / kLines, at % kLines, shift))
                data.append({point.at, point.value});
            fresh.append(data);
        }
        state.ResumeTiming();
        for (int at = 0; at < graphs.size(); ++at) {
            graphs[at]->data()->set(fresh[at], true);
            graphs[at]->keyAxis()->setRange(kStart + shift, kStart + shift + kPoints);
            graphs[at]->valueAxis()->setRange(0, 8000);
        }
        plot.replot(QCustomPlot::rpQueuedRefresh);
        QApplication::processEvents();
    }
}
BENCHMARK(bareCustomPlot)->Unit(benchmark::kMillisecond);

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    Theme::instance().install(ThemeMode::Dark);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
