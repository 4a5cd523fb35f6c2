// SPDX-License-Identifier: Apache-2.0
// Mouse, wheel and keys of the time plot.
#include "ui/plots/time_plot_parts.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>
#include <utility>

namespace jetlag::ui {

namespace {

/// One notch of a wheel, one press of a key.
constexpr double kZoomStep = 0.8;
constexpr double kNotch = 120;
constexpr int kBeatMs = 1000;
constexpr int kBigStep = 10;

} // namespace

bool TimePlot::event(QEvent* event)
{
    if (event->type() == QEvent::ApplicationFontChange || event->type() == QEvent::FontChange) {
        m_parts->canvas.recolor(m_parts->scene);
        m_parts->changed();
    }
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int mark = m_parts->overlay->markAt(help->pos());
        QToolTip::showText(help->globalPos(), mark < 0 ? QString() : m_parts->scene.marks[mark].detail, this);
        return true;
    }
    return QWidget::event(event);
}

void TimePlot::resizeEvent(QResizeEvent*)
{
    m_parts->canvas.widget()->setGeometry(rect());
    m_parts->overlay->setGeometry(rect());
    // At once: a window that is being pulled larger must not show the old picture in a new frame.
    m_parts->paintNow();
}

void TimePlot::showEvent(QShowEvent*)
{
    m_parts->silence.start(kBeatMs);
    m_parts->timeWentOn();
    m_parts->paintNow();
}

void TimePlot::hideEvent(QHideEvent*)
{
    m_parts->silence.stop();
}

void TimePlot::wheelEvent(QWheelEvent* event)
{
    PlotScene& scene = m_parts->scene;
    if (scene.isEmpty()) {
        event->ignore();
        return;
    }
    const QPoint turned = event->angleDelta();
    if (std::abs(turned.x()) > std::abs(turned.y()))
        scene.view.pan(-turned.x() / kNotch * scene.view.width() * (1 - kZoomStep));
    else
        scene.view.zoom(std::pow(kZoomStep, turned.y() / kNotch), scene.timeAt(event->position().x()));
    m_parts->viewMoved();
    event->accept();
}

void TimePlot::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    m_parts->pressed = event->position().toPoint();
    m_parts->pressedFrom = m_parts->scene.view.from();
}

void TimePlot::mouseMoveEvent(QMouseEvent* event)
{
    Parts& parts = *m_parts;
    parts.mouse = event->position().toPoint();
    if (!parts.pressed) {
        setCursor(parts.overlay->markAt(*parts.mouse) >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
        parts.placeCursorUnderMouse();
        return;
    }
    const int distance = parts.mouse->x() - parts.pressed->x();
    if (!parts.dragging && std::abs(distance) < QApplication::startDragDistance())
        return;
    parts.dragging = true;
    setCursor(Qt::ClosedHandCursor);
    TimeView& view = parts.scene.view;
    const double left =
        parts.pressedFrom - distance * view.width() / std::max(parts.scene.timeArea().width(), 1);
    view.pan(left - view.from());
    parts.viewMoved();
}

void TimePlot::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_parts->pressed)
        return;
    const bool wasDrag = m_parts->dragging;
    m_parts->pressed.reset();
    m_parts->dragging = false;
    unsetCursor();
    if (wasDrag)
        return;
    if (const int mark = m_parts->overlay->markAt(event->position().toPoint()); mark >= 0)
        emit markClicked(mark);
}

void TimePlot::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        goLive();
}

void TimePlot::leaveEvent(QEvent*)
{
    // A cursor that the keyboard placed stays.
    if (!std::exchange(m_parts->mouse, std::nullopt) || !m_parts->scene.cursor)
        return;
    m_parts->scene.cursor.reset();
    m_parts->cursorChanged();
}

void TimePlot::keyPressEvent(QKeyEvent* event)
{
    PlotScene& scene = m_parts->scene;
    const int samples = event->modifiers().testFlag(Qt::ShiftModifier) ? kBigStep : 1;
    const double around = scene.cursor.value_or(scene.view.from() + scene.view.width() / 2);
    const QList<int> shown = scene.shownPanels();
    const auto choosePanel = [&](qsizetype by) {
        scene.focusPanel = shown.value(std::clamp<qsizetype>(shown.indexOf(scene.focusPanel) + by, 0,
                                                             std::max<qsizetype>(shown.size() - 1, 0)));
        m_parts->cursorChanged();
    };
    const auto stepCursor = [&](int by) {
        m_parts->mouse.reset(); // the mouse takes the cursor back when it moves
        scene.stepCursor(by);
        m_parts->viewMoved();
        m_parts->cursorChanged();
        setAccessibleDescription(scene.readOutText());
    };
    switch (event->key()) {
    case Qt::Key_Left:
        return stepCursor(-samples);
    case Qt::Key_Right:
        return stepCursor(samples);
    case Qt::Key_Up:
        return choosePanel(-1);
    case Qt::Key_Down:
        return choosePanel(1);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        scene.view.zoom(kZoomStep, around);
        return m_parts->viewMoved();
    case Qt::Key_Minus:
        scene.view.zoom(1 / kZoomStep, around);
        return m_parts->viewMoved();
    case Qt::Key_Home:
    case Qt::Key_End:
        return goLive();
    case Qt::Key_T:
        return showTable();
    case Qt::Key_Escape:
        if (scene.cursor) {
            scene.cursor.reset();
            return m_parts->cursorChanged();
        }
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void TimePlot::focusInEvent(QFocusEvent* event)
{
    // A click shows where one is by itself, and so does a window that opens.
    m_parts->scene.hasFocus = event->reason() == Qt::TabFocusReason ||
                              event->reason() == Qt::BacktabFocusReason ||
                              event->reason() == Qt::ShortcutFocusReason;
    m_parts->overlay->update();
}

void TimePlot::focusOutEvent(QFocusEvent*)
{
    m_parts->scene.hasFocus = false;
    m_parts->overlay->update();
}

void TimePlot::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction* table = menu->addAction(tr("Show as table"), this, &TimePlot::showTable);
    table->setShortcut(Qt::Key_T);
    table->setEnabled(!m_parts->scene.isEmpty());
    QAction* live = menu->addAction(tr("Return to now"), this, &TimePlot::goLive);
    live->setShortcut(Qt::Key_End);
    live->setEnabled(!isLive());
    menu->popup(event->globalPos());
}

} // namespace jetlag::ui
