// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/time_plot.h"

#include "ui/plots/plot_table_dialog.h"
#include "ui/plots/time_plot_parts.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <cmath>

namespace jetlag::ui {

namespace {

/// Reports come once a second; a view that moved in between would show a blank at its right end.
constexpr double kSilentAfter = 2.5;

} // namespace

TimePlot::Parts::Parts(TimePlot& owner)
    : widget(owner)
    , canvas(&owner)
    , overlay(new PlotOverlay(scene, &owner))
    , pill(new LivePill(&owner))
{
    pill->hide();
    scene.emptyText = tr("No samples yet");
}

void TimePlot::Parts::changed()
{
    if (pending)
        return;
    pending = true;
    QTimer::singleShot(0, &widget, [this] {
        if (pending && widget.isVisible())
            paintNow();
    });
}

void TimePlot::Parts::paintNow()
{
    pending = false;
    if (rebuild)
        canvas.rebuild(scene);
    else
        for (const auto& [panel, line] : filled)
            canvas.fill(scene, panel, line);
    rebuild = false;
    filled.clear();
    scene.fitScales();
    canvas.draw(scene);
    placePill();
    if (mouse && !dragging)
        placeCursorUnderMouse();
    overlay->update();
}

void TimePlot::Parts::viewMoved()
{
    changed();
    emit widget.viewChanged(scene.view.from(), scene.view.to());
    if (scene.view.isLive() == wasLive)
        return;
    wasLive = scene.view.isLive();
    pill->setVisible(!wasLive);
    emit widget.liveChanged(wasLive);
}

void TimePlot::Parts::cursorChanged()
{
    overlay->update();
    emit widget.cursorMoved(scene.readOutText());
}

void TimePlot::Parts::placeCursorUnderMouse()
{
    const QRect area = scene.timeArea();
    if (!mouse || scene.isEmpty())
        return;
    const std::optional<double> before = scene.cursor;
    const int panelBefore = scene.focusPanel;
    scene.moveCursorTo(scene.timeAt(std::clamp(mouse->x(), area.left(), area.right())));
    for (const int index : scene.shownPanels()) {
        if (scene.panel(index).area.top() - plotTitleHeight() <= mouse->y())
            scene.focusPanel = index;
    }
    if (scene.cursor != before || scene.focusPanel != panelBefore)
        cursorChanged();
}

void TimePlot::Parts::newsCame(double at)
{
    // The same moment said again, as while a connection is lost, is no news: time goes on.
    if (std::isfinite(at) && (!scene.view.now() || at > *scene.view.now())) {
        scene.view.setNow(at);
        sinceNews.start();
    }
}

void TimePlot::Parts::timeWentOn()
{
    if (!scene.view.now() || !sinceNews.isValid())
        return;
    const double silent = static_cast<double>(sinceNews.elapsed()) / 1000;
    if (silent < kSilentAfter)
        return;
    sinceNews.start();
    scene.view.setNow(*scene.view.now() + silent);
    if (scene.view.isLive())
        changed();
}

void TimePlot::Parts::placePill()
{
    const QSize size = pill->sizeHint();
    pill->setGeometry(scene.timeArea().right() + 1 - size.width(), 1, size.width(), size.height());
}

void TimePlot::Parts::describe()
{
    QStringList titles;
    for (const PlotPanel& panel : scene.panels)
        titles += panel.title;
    widget.setAccessibleName(tr("Plot over time: %1").arg(titles.join(QStringLiteral(", "))));
    widget.setAccessibleDescription(
        tr("Left and Right move the cursor from sample to sample, Up and Down choose "
           "the panel, plus and minus zoom, End returns to now, T shows the numbers "
           "as a table"));
}

TimePlot::TimePlot(QWidget* parent)
    : QWidget(parent)
    , m_parts(std::make_unique<Parts>(*this))
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    connect(m_parts->pill, &LivePill::clicked, this, &TimePlot::goLive);
    connect(&m_parts->silence, &QTimer::timeout, this, [this] { m_parts->timeWentOn(); });
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        m_parts->canvas.recolor(m_parts->scene);
        m_parts->changed();
    });
    m_parts->describe();
}

TimePlot::~TimePlot() = default;

void TimePlot::setPanels(QList<PlotPanel> panels)
{
    m_parts->scene.setPanels(std::move(panels));
    m_parts->rebuild = true;
    clear();
    m_parts->describe();
}

void TimePlot::setData(int panel, int line, std::vector<PlotPoint> points)
{
    PlotScene& scene = m_parts->scene;
    if (!points.empty()) {
        m_parts->newsCame(points.back().at);
        // What is to the left of every line is out of reach; at the right the view ends with now.
        double oldest = points.front().at;
        for (const PlotScene::Panel& part : scene.parts) {
            for (const PlotPoints& other : part.lines)
                oldest = other.empty() ? oldest : std::min(oldest, other.front().at);
        }
        scene.view.setOldest(std::min(oldest, scene.oldestKept.value_or(oldest)));
    }
    scene.panel(panel).lines.at(static_cast<std::size_t>(line)) = std::move(points);
    m_parts->filled.emplace(panel, line);
    m_parts->changed();
}

void TimePlot::clear()
{
    PlotScene& scene = m_parts->scene;
    for (int panel = 0; panel < scene.panels.size(); ++panel) {
        PlotScene::Panel& part = scene.panel(panel);
        part.left = ValueScale(part.left.unit());
        part.right = ValueScale(part.right.unit());
        for (std::size_t line = 0; line < part.lines.size(); ++line) {
            part.lines[line].clear();
            m_parts->filled.emplace(panel, static_cast<int>(line));
        }
    }
    scene.marks.clear();
    for (PlotLane& lane : scene.lanes)
        lane.spans.clear();
    scene.oldestKept.reset();
    scene.view.forgetNow();
    m_parts->sinceNews.invalidate();
    if (scene.cursor) {
        scene.cursor.reset();
        m_parts->cursorChanged();
    }
    m_parts->changed();
}

void TimePlot::setSpan(std::chrono::seconds span)
{
    m_parts->scene.view.setSpan(static_cast<double>(span.count()));
    m_parts->viewMoved();
}

std::chrono::seconds TimePlot::span() const
{
    return std::chrono::seconds(std::llround(m_parts->scene.view.span()));
}

void TimePlot::setNow(double at)
{
    m_parts->newsCame(at);
    m_parts->changed();
}

void TimePlot::setGapAfter(std::chrono::milliseconds longestStep)
{
    m_parts->scene.gapAfter = std::chrono::duration<double>(longestStep).count();
    m_parts->rebuild = true;
    m_parts->changed();
}

void TimePlot::setEmptyText(const QString& text)
{
    m_parts->scene.emptyText = text;
    m_parts->overlay->update();
}

void TimePlot::setPanelVisible(int panel, bool visible)
{
    if (m_parts->scene.panel(panel).visible == visible)
        return;
    m_parts->scene.panel(panel).visible = visible;
    m_parts->rebuild = true;
    m_parts->changed();
}

bool TimePlot::isPanelVisible(int panel) const
{
    return m_parts->scene.panel(panel).visible;
}

bool TimePlot::isLive() const
{
    return m_parts->scene.view.isLive();
}

void TimePlot::goLive()
{
    m_parts->scene.view.goLive();
    m_parts->viewMoved();
}

double TimePlot::viewFrom() const
{
    return m_parts->scene.view.from();
}

double TimePlot::viewTo() const
{
    return m_parts->scene.view.to();
}

void TimePlot::setView(double from, double to)
{
    m_parts->scene.view.setRange(from, to);
    m_parts->viewMoved();
}

void TimePlot::refreshNow()
{
    m_parts->paintNow();
}

void TimePlot::showTable()
{
    showPlotTable(m_parts->scene, this);
}

QSize TimePlot::sizeHint() const
{
    return {900, 380};
}

QSize TimePlot::minimumSizeHint() const
{
    return {320, static_cast<int>(m_parts->scene.shownPanels().size()) * (plotTitleHeight() + 24) + 30};
}

} // namespace jetlag::ui
