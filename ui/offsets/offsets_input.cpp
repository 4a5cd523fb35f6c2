// SPDX-License-Identifier: Apache-2.0
// Mouse, wheel and keys of an OffsetsView.
#include "ui/models/record_cells.h"
#include "ui/offsets/box_words.h"
#include "ui/offsets/offsets_view.h"
#include "ui/theme/number_format.h"

#include <QHelpEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr std::int64_t kLongStep = 100;
constexpr int kWheelStep = 120;
constexpr std::int64_t kBoxesPerWheelStep = 5;

} // namespace

bool OffsetsView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QPointF place = help->pos();
    QString words;
    if (const std::optional<std::size_t> box = boxAt(place))
        words = boxTip(m_boxes[*box], m_picture.known, m_picture.facts, m_picture.now);
    else if (!m_compact && !m_strip.isEmpty() && stripRect().adjusted(0, -4, 0, 4).contains(place))
        words = stripTip(place);
    if (words.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), plainToolTip(words), this);
    return true;
}

void OffsetsView::keyPressEvent(QKeyEvent* event)
{
    const std::int64_t far = event->modifiers().testFlag(Qt::ShiftModifier) ? kLongStep : 1;
    const auto page = static_cast<std::int64_t>(m_window.count);
    switch (event->key()) {
    case Qt::Key_Left:
        return step(-far);
    case Qt::Key_Right:
        return step(far);
    case Qt::Key_PageUp:
        return step(-page);
    case Qt::Key_PageDown:
        return step(page);
    case Qt::Key_Home:
        return followHead();
    case Qt::Key_End:
        return choose(m_picture.facts.last);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_chosen)
            emit messageWanted(*m_chosen);
        return;
    case Qt::Key_R:
        if (m_chosen && event->modifiers() == Qt::NoModifier)
            return emit replayWanted(*m_chosen);
        break;
    case Qt::Key_C:
        if (m_chosen && (event->modifiers() & ~Qt::ControlModifier) == Qt::NoModifier)
            return copyChosen();
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

void OffsetsView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return QWidget::mousePressEvent(event);
    if (const std::optional<std::size_t> box = boxAt(event->position()))
        return choose(m_boxes[*box].sequence);
    if (m_compact || m_strip.isEmpty() || !stripRect().adjusted(0, -4, 0, 4).contains(event->position()))
        return;
    const std::uint64_t middle = m_strip.scale.sequenceAt(event->position().x()).value();
    const std::uint64_t half = m_window.count / 2;
    moveTo(StreamSequence(middle > half ? middle - half : 1));
}

void OffsetsView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (const std::optional<std::size_t> box = boxAt(event->position()))
        emit messageWanted(m_boxes[*box].sequence);
}

void OffsetsView::mouseMoveEvent(QMouseEvent* event)
{
    setHovered(boxAt(event->position()));
    const bool leads = m_hovered || (!m_compact && stripRect().contains(event->position()));
    setCursor(leads ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void OffsetsView::wheelEvent(QWheelEvent* event)
{
    const QPoint turned = event->angleDelta();
    const int angle = turned.x() != 0 ? turned.x() : turned.y();
    // Up and down belongs to what scrolls around it, unless the pointer is on the boxes.
    if (m_window.count == 0 || angle == 0 || !boxAt(event->position()))
        return event->ignore();
    const std::int64_t by = -angle * kBoxesPerWheelStep / kWheelStep;
    const std::uint64_t from = m_window.from.value();
    const auto far = static_cast<std::uint64_t>(by < 0 ? -by : by);
    moveTo(StreamSequence(by < 0 ? (from > far ? from - far : 1) : from + far));
    event->accept();
}

void OffsetsView::leaveEvent(QEvent* event)
{
    QWidget::leaveEvent(event);
    setHovered(std::nullopt);
}

void OffsetsView::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() == QContextMenuEvent::Mouse) {
        if (const std::optional<std::size_t> box = boxAt(event->pos()))
            choose(m_boxes[*box].sequence);
    }
    if (!m_chosen)
        return;
    const StreamSequence sequence = *m_chosen;
    QMenu menu;
    connect(menu.addAction(tr("Show %1 in Messages").arg(exact(sequence.value()))), &QAction::triggered, this,
            [this, sequence] { emit messageWanted(sequence); });
    connect(menu.addAction(tr("Replay from %1").arg(exact(sequence.value()))), &QAction::triggered, this,
            [this, sequence] { emit replayWanted(sequence); });
    connect(menu.addAction(tr("Copy the number")), &QAction::triggered, this, &OffsetsView::copyChosen);
    if (!m_follows)
        connect(menu.addAction(tr("Back to where it works")), &QAction::triggered, this,
                &OffsetsView::followHead);
    menu.exec(event->globalPos());
}

} // namespace jetlag::ui
