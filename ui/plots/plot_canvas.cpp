// SPDX-License-Identifier: Apache-2.0
#undef QT_NO_FOREACH // QCustomPlot's header uses it
#include "ui/plots/plot_canvas.h"

#include "ui/plots/plot_scene.h"
#include "ui/theme/theme.h"

#include <QFontMetrics>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace jetlag::ui {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kLabelGap = 6;
constexpr int kEdge = 4;
constexpr int kTimeLabelEvery = 130;
/// Below this height three labels crowd.
constexpr int kLowPanel = 54;

/// The left margin, or the right one, that every panel of the scene can live with.
int labelMargin(const PlotScene& scene, bool right)
{
    const QFontMetrics metrics(Theme::instance().smallFont());
    // Half of the time label at the end of the axis stands outside too.
    int widest = metrics.horizontalAdvance(QStringLiteral("now")) / 2;
    for (const PlotScene::Panel& panel : scene.parts) {
        if (right && !panel.hasRight)
            continue;
        const ValueScale& scale = right ? panel.right : panel.left;
        widest = std::max(widest, metrics.horizontalAdvance(widestAxisLabel(scale.unit())) + kLabelGap);
    }
    return widest + kEdge;
}

QString bandLayer()
{
    return QStringLiteral("bands");
}

QBrush bandBrush(PlotColor color)
{
    QColor faint = lineColor(color);
    faint.setAlphaF(0.28F);
    return faint;
}

void setTicks(QCPAxis* axis, const QList<AxisTick>& ticks)
{
    const auto ticker = axis->ticker().staticCast<QCPAxisTickerText>();
    ticker->clear();
    for (const AxisTick& tick : ticks)
        ticker->addTick(tick.at, tick.label);
}

QCPAxis* addAxis(QCPAxisRect* rect, QCPAxis::AxisType type)
{
    QCPAxis* axis = rect->addAxis(type);
    axis->setLayer(QStringLiteral("axes"));
    axis->grid()->setLayer(QStringLiteral("grid"));
    axis->setTicker(QSharedPointer<QCPAxisTickerText>::create());
    axis->setBasePen(Qt::NoPen);
    axis->setTickPen(Qt::NoPen);
    axis->setSubTickPen(Qt::NoPen);
    axis->setTickLength(0, 0);
    axis->setTickLabelPadding(kLabelGap);
    axis->grid()->setVisible(true);
    axis->grid()->setZeroLinePen(Qt::NoPen);
    return axis;
}

} // namespace

int plotTitleHeight()
{
    return QFontMetrics(Theme::instance().smallFont()).height() + 8;
}

int plotLaneHeight()
{
    return QFontMetrics(Theme::instance().smallFont()).height() + 4;
}

int plotLanesHeight(const PlotScene& scene)
{
    return scene.lanes.isEmpty() ? 0 : static_cast<int>(scene.lanes.size()) * (plotLaneHeight() + 2) + kEdge;
}

PlotCanvas::PlotCanvas(QWidget* parent)
    : m_plot(new QCustomPlot(parent))
{
    m_plot->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_plot->setFocusPolicy(Qt::NoFocus);
    m_plot->plotLayout()->clear();
    // Verticals, and there are many where rates jump, stay one pixel wide.
    m_plot->setNotAntialiasedElements(QCP::aeAll);
    m_plot->setPlottingHints(QCP::phCacheLabels);
    m_plot->addLayer(bandLayer(), m_plot->layer(QStringLiteral("main")), QCustomPlot::limBelow);
}

PlotCanvas::~PlotCanvas() = default;

QWidget* PlotCanvas::widget() const
{
    return m_plot;
}

void PlotCanvas::rebuild(const PlotScene& scene)
{
    m_plot->clearPlottables();
    m_plot->plotLayout()->clear();
    m_panels.clear();
    auto* grid = m_plot->plotLayout();
    grid->setRowSpacing(0);
    for (const int index : scene.shownPanels()) {
        Panel panel{.index = index, .rect = new QCPAxisRect(m_plot, false), .graphs = {}, .bands = {}};
        panel.rect->setAutoMargins(QCP::msNone);
        panel.rect->setMinimumSize(1, 1);
        QCPAxis* time = addAxis(panel.rect, QCPAxis::atBottom);
        QCPAxis* left = addAxis(panel.rect, QCPAxis::atLeft);
        QCPAxis* right = nullptr;
        if (scene.panel(index).hasRight) {
            right = addAxis(panel.rect, QCPAxis::atRight);
            right->grid()->setVisible(false);
        }
        grid->addElement(static_cast<int>(m_panels.size()), 0, panel.rect);
        const auto lines = static_cast<int>(scene.panels[index].lines.size());
        panel.graphs.resize(static_cast<std::size_t>(lines));
        panel.bands.resize(static_cast<std::size_t>(lines));
        // The first line is what the eye follows: made last, it lies on top.
        for (int line = lines - 1; line >= 0; --line) {
            auto* graph = new QCPGraph(time, scene.isRight(index, line) ? right : left);
            graph->setSelectable(QCP::stNone);
            panel.graphs[static_cast<std::size_t>(line)] = graph;
        }
        m_panels.append(panel);
        for (int line = 0; line < lines; ++line)
            fill(scene, index, line);
    }
    recolor(scene);
}

void PlotCanvas::fill(const PlotScene& scene, int index, int line)
{
    for (Panel& panel : m_panels) {
        if (panel.index != index)
            continue;
        fillBand(scene, panel, line);
        QVector<QCPGraphData> data;
        const PlotPoints& points = scene.points(index, line);
        data.reserve(static_cast<qsizetype>(points.size()) + 16);
        for (const PlotPoint& point : points) {
            if (!data.isEmpty() && point.at - data.last().key > scene.gapAfter)
                data.append({(point.at + data.last().key) / 2, kNaN});
            data.append({point.at, point.value});
        }
        panel.graphs[static_cast<std::size_t>(line)]->data()->set(data, /*alreadySorted=*/true);
    }
}

/// How low and high the samples behind each point went; no band where points are samples.
void PlotCanvas::fillBand(const PlotScene& scene, Panel& panel, int line)
{
    const PlotPoints& points = scene.points(panel.index, line);
    auto& [low, high] = panel.bands[static_cast<std::size_t>(line)];
    const bool needed =
        std::ranges::any_of(points, [](const PlotPoint& point) { return point.low < point.high; });
    if (!needed && low == nullptr)
        return;
    QCPGraph* curve = panel.graphs[static_cast<std::size_t>(line)];
    if (low == nullptr) {
        for (QCPGraph** one : {&low, &high}) {
            *one = new QCPGraph(curve->keyAxis(), curve->valueAxis());
            (*one)->setSelectable(QCP::stNone);
            (*one)->setPen(Qt::NoPen);
            (*one)->setLayer(bandLayer());
        }
        high->setChannelFillGraph(low);
        high->setBrush(bandBrush(scene.panels[panel.index].lines[line].color));
    }
    QVector<QCPGraphData> lows;
    QVector<QCPGraphData> highs;
    for (const PlotPoint& point : needed ? points : PlotPoints()) {
        // A sample's band has no height; where nothing is known it ends.
        if (!lows.isEmpty() && point.at - lows.last().key > scene.gapAfter) {
            lows.append({(point.at + lows.last().key) / 2, kNaN});
            highs.append(lows.last());
        }
        lows.append({point.at, std::fmin(point.value, point.low)});
        highs.append({point.at, std::fmax(point.value, point.high)});
    }
    low->data()->set(lows, /*alreadySorted=*/true);
    high->data()->set(highs, /*alreadySorted=*/true);
}

void PlotCanvas::recolor(const PlotScene& scene)
{
    const Palette& now = colors();
    m_plot->setBackground(QBrush(now.panel));
    for (const Panel& panel : m_panels) {
        for (QCPAxis* axis : panel.rect->axes()) {
            axis->setTickLabelFont(Theme::instance().smallFont());
            axis->setTickLabelColor(now.secondary);
            axis->grid()->setPen(QPen(now.line, 1));
        }
        const QList<PlotLine>& lines = scene.panels[panel.index].lines;
        for (int line = 0; line < lines.size(); ++line) {
            QPen pen(lineColor(lines[line].color), 1, lines[line].dashed ? Qt::DashLine : Qt::SolidLine);
            pen.setCosmetic(true);
            panel.graphs[static_cast<std::size_t>(line)]->setPen(pen);
            if (QCPGraph* high = panel.bands[static_cast<std::size_t>(line)].second)
                high->setBrush(bandBrush(lines[line].color));
            if (scene.isRight(panel.index, line))
                panel.rect->axis(QCPAxis::atRight)->setTickLabelColor(textColor(lines[line].color));
        }
    }
}

/// Heights by the panels' shares; the last one has the time labels below.
void PlotCanvas::arrange(const PlotScene& scene)
{
    const QFontMetrics metrics(Theme::instance().smallFont());
    const int title = plotTitleHeight();
    const int timeLabels = metrics.height() + kLabelGap + kEdge;
    const int left = labelMargin(scene, false);
    const int right = labelMargin(scene, true);
    double shares = 0;
    for (const Panel& panel : m_panels)
        shares += scene.panels[panel.index].share;
    const auto rows = static_cast<int>(m_panels.size());
    const int lanes = plotLanesHeight(scene);
    const double curves = std::max(m_plot->height() - rows * title - timeLabels - lanes, rows);
    for (int row = 0; row < rows; ++row) {
        const bool last = row == rows - 1;
        const int top = title + (row == 0 ? lanes : 0);
        const double height =
            curves * scene.panels[m_panels[row].index].share / shares + top + (last ? timeLabels : 0);
        m_panels[row].rect->setMargins(QMargins(left, top, right, last ? timeLabels : 0));
        m_plot->plotLayout()->setRowStretchFactor(row, height);
    }
}

void PlotCanvas::scale(const PlotScene& scene, const Panel& panel)
{
    const PlotScene::Panel& part = scene.panel(panel.index);
    const bool low = part.area.height() < kLowPanel;
    const auto apply = [&](QCPAxis* axis, const ValueScale& values) {
        const ValueRange range = part.axisRange(values);
        axis->setRange(range.lower, range.upper);
        setTicks(axis, values.ticks(low));
    };
    apply(panel.rect->axis(QCPAxis::atLeft), part.left);
    if (part.hasRight)
        apply(panel.rect->axis(QCPAxis::atRight), part.right);
}

void PlotCanvas::draw(PlotScene& scene)
{
    if (m_panels.isEmpty()) {
        m_plot->replot(QCustomPlot::rpQueuedRefresh);
        return;
    }
    arrange(scene);
    m_plot->plotLayout()->update(QCPLayoutElement::upPreparation);
    m_plot->plotLayout()->update(QCPLayoutElement::upMargins);
    m_plot->plotLayout()->update(QCPLayoutElement::upLayout);
    for (const Panel& panel : m_panels)
        scene.panel(panel.index).area = panel.rect->rect();
    const TimeView& view = scene.view;
    const QList<AxisTick> times = view.now() ? timeTicks(view.from(), view.to(), scene.timeArea().width(),
                                                         kTimeLabelEvery, view.isLive(), scene.timeWords())
                                             : QList<AxisTick>();
    for (const Panel& panel : m_panels) {
        QCPAxis* axis = panel.rect->axis(QCPAxis::atBottom);
        axis->setRange(view.from(), view.to());
        axis->setTickLabels(&panel == &m_panels.last());
        setTicks(axis, times);
        scale(scene, panel);
    }
    m_plot->replot(QCustomPlot::rpQueuedRefresh);
}

} // namespace jetlag::ui
