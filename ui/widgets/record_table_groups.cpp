// SPDX-License-Identifier: Apache-2.0
// A RecordTable under hands: lines of groups, and rows that wait for the pointer.
#include "ui/widgets/record_table.h"

#include <QKeyEvent>
#include <QMouseEvent>

namespace jetlag::ui {

void RecordTable::setGrouping(std::unique_ptr<RowGrouping> grouping)
{
    m_proxy->setGrouping(std::move(grouping));
    fitRows();
}

bool RecordTable::isRow(const QModelIndex& index) const
{
    return index.isValid() && m_proxy->line(index.row()).kind == TableLine::Kind::Row;
}

bool RecordTable::reveal(int sourceRow)
{
    if (!m_proxy->reveal(sourceRow))
        return false;
    m_byItself = true;
    setCurrentIndex(m_proxy->mapFromSource(m_proxy->sourceModel()->index(sourceRow, 0)));
    m_byItself = false;
    scrollTo(currentIndex());
    return true;
}

bool RecordTable::actOnLine(const QModelIndex& index)
{
    if (!index.isValid() || isRow(index))
        return false;
    const TableLine line = m_proxy->line(index.row());
    if (line.kind == TableLine::Kind::More)
        m_proxy->showWhole(line.group);
    else
        m_proxy->setOpen(line.group, !m_proxy->isOpen(line.group));
    return true;
}

// As in a tree: Left folds or goes up to the group, Right opens it or goes down to its first row.
bool RecordTable::moveByFolds(int key)
{
    const QModelIndex current = currentIndex();
    if (!current.isValid() || !m_proxy->isGrouped())
        return false;
    const TableLine line = m_proxy->line(current.row());
    const int groupLine = m_proxy->lineOfGroup(line.group);
    const bool onGroup = line.kind == TableLine::Kind::Group;
    if (key == Qt::Key_Left && !onGroup)
        setCurrentIndex(m_proxy->index(groupLine, current.column()));
    else if (key == Qt::Key_Left && m_proxy->isOpen(line.group))
        m_proxy->setOpen(line.group, false);
    else if (key == Qt::Key_Right && onGroup && !m_proxy->isOpen(line.group))
        m_proxy->setOpen(line.group, true);
    else if (key == Qt::Key_Right && onGroup)
        setCurrentIndex(m_proxy->index(groupLine + 1, current.column()));
    return true;
}

void RecordTable::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        return copySelection();
    const bool plain = (event->modifiers() & ~Qt::KeypadModifier) == 0;
    const int key = event->key();
    if (plain && (key == Qt::Key_Left || key == Qt::Key_Right) && moveByFolds(key))
        return;
    if (plain && (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space)) {
        const int row = currentIndex().row();
        if (actOnLine(currentIndex())) {
            // What was "more" is the first of the new rows now.
            if (const QModelIndex there = m_proxy->index(row, 0);
                there.isValid() && there.row() != currentIndex().row())
                setCurrentIndex(there);
            return;
        }
    }
    QTableView::keyPressEvent(event);
}

// The chosen row stays chosen: who opens a group has not chosen another collector.
void RecordTable::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && actOnLine(indexAt(event->pos())))
        return;
    QTableView::mousePressEvent(event);
}

void RecordTable::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && actOnLine(indexAt(event->pos())))
        return;
    QTableView::mouseDoubleClickEvent(event);
}

void RecordTable::mouseMoveEvent(QMouseEvent* event)
{
    m_proxy->hold(true);
    m_rest.start();
    QTableView::mouseMoveEvent(event);
}

void RecordTable::enterEvent(QEnterEvent* event)
{
    m_proxy->hold(true);
    m_rest.start();
    QTableView::enterEvent(event);
}

void RecordTable::leaveEvent(QEvent* event)
{
    m_rest.stop();
    m_proxy->hold(false);
    QTableView::leaveEvent(event);
}

} // namespace jetlag::ui
