// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/time_plot.h"

#include "ui/theme/theme.h"

#include <QPaintEvent>
#include <QPainter>

namespace jetlag::ui {

// The interface for the pages, settled first; the painting comes with the next change.
struct TimePlot::Parts
{
    QList<PlotPanel> panels;
    std::vector<std::vector<std::vector<PlotPoint>>> data;
    std::vector<bool> hidden;
    std::chrono::seconds span = std::chrono::minutes(15);
};

TimePlot::TimePlot(QWidget* parent)
    : QWidget(parent)
    , m_parts(std::make_unique<Parts>())
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
}

TimePlot::~TimePlot() = default;

void TimePlot::setPanels(QList<PlotPanel> panels)
{
    m_parts->panels = std::move(panels);
    m_parts->data.clear();
    for (const PlotPanel& panel : m_parts->panels)
        m_parts->data.emplace_back(static_cast<std::size_t>(panel.lines.size()));
    m_parts->hidden.assign(static_cast<std::size_t>(m_parts->panels.size()), false);
}

void TimePlot::setData(int panel, int line, std::vector<PlotPoint> points)
{
    m_parts->data.at(static_cast<std::size_t>(panel)).at(static_cast<std::size_t>(line)) = std::move(points);
}

void TimePlot::setMarks(QList<PlotMark>) {}
void TimePlot::clear() {}
void TimePlot::setSpan(std::chrono::seconds span)
{
    m_parts->span = span;
}
std::chrono::seconds TimePlot::span() const
{
    return m_parts->span;
}
void TimePlot::setNow(double) {}
void TimePlot::setGapAfter(std::chrono::milliseconds) {}
void TimePlot::setEmptyText(const QString&) {}
void TimePlot::setPanelVisible(int panel, bool visible)
{
    m_parts->hidden.at(static_cast<std::size_t>(panel)) = !visible;
}
bool TimePlot::isPanelVisible(int panel) const
{
    return !m_parts->hidden.at(static_cast<std::size_t>(panel));
}
bool TimePlot::isLive() const
{
    return true;
}
void TimePlot::goLive() {}
double TimePlot::viewFrom() const
{
    return 0;
}
double TimePlot::viewTo() const
{
    return 0;
}
void TimePlot::setView(double, double) {}
void TimePlot::refreshNow() {}
void TimePlot::showTable() {}
QSize TimePlot::sizeHint() const
{
    return {900, 380};
}
QSize TimePlot::minimumSizeHint() const
{
    return {320, 160};
}

bool TimePlot::event(QEvent* event)
{
    return QWidget::event(event);
}
void TimePlot::resizeEvent(QResizeEvent*) {}
void TimePlot::showEvent(QShowEvent*) {}
void TimePlot::hideEvent(QHideEvent*) {}
void TimePlot::wheelEvent(QWheelEvent*) {}
void TimePlot::mousePressEvent(QMouseEvent*) {}
void TimePlot::mouseMoveEvent(QMouseEvent*) {}
void TimePlot::mouseReleaseEvent(QMouseEvent*) {}
void TimePlot::mouseDoubleClickEvent(QMouseEvent*) {}
void TimePlot::leaveEvent(QEvent*) {}
void TimePlot::keyPressEvent(QKeyEvent* event)
{
    QWidget::keyPressEvent(event);
}
void TimePlot::focusInEvent(QFocusEvent*) {}
void TimePlot::focusOutEvent(QFocusEvent*) {}
void TimePlot::contextMenuEvent(QContextMenuEvent*) {}

} // namespace jetlag::ui
