// SPDX-License-Identifier: Apache-2.0
// What leaves a RecordTable: CSV, copies; and its menus.
#include "ui/widgets/record_table.h"
#include "ui/widgets/staying_menu.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>

#include <algorithm>

namespace jetlag::ui {

namespace {

QString csvCell(QString text)
{
    // A table program takes these for formulas.
    if (!text.isEmpty() && QStringLiteral("=+-@\t\r").contains(text[0])) {
        bool isNumber = false;
        (void)text.toDouble(&isNumber);
        if (!isNumber)
            text.prepend(QLatin1Char('\''));
    }
    if (std::ranges::none_of(text, [](QChar one) { return QStringLiteral("\",\n\r").contains(one); }))
        return text;
    return QLatin1Char('"') + text.replace(QLatin1Char('"'), QLatin1String("\"\"")) + QLatin1Char('"');
}

} // namespace

QString RecordTable::toCsv() const
{
    const QList<int> shown = textsInOrder();
    QStringList header;
    for (const int column : shown)
        header << csvCell(m_columns[column].id);
    QStringList lines{header.join(QLatin1Char(','))};
    for (const int row : m_proxy->acceptedRows()) { // folded ones too: folding is for the eye
        QStringList cells;
        for (const int column : shown) {
            const QModelIndex index = m_proxy->sourceModel()->index(row, column);
            const bool unknown = m_columns[column].isNumber && !index.data(SortRole).isValid();
            cells << (unknown ? QString() : csvCell(index.data(ExactRole).toString()));
        }
        lines << cells.join(QLatin1Char(','));
    }
    return lines.join(QLatin1String("\r\n")) + QLatin1String("\r\n");
}

QList<int> RecordTable::selectedSourceRows() const
{
    QModelIndexList chosen = selectionModel()->selectedRows();
    std::ranges::sort(chosen, {}, &QModelIndex::row);
    QList<int> rows;
    for (const QModelIndex& index : chosen) {
        if (isRow(index))
            rows << m_proxy->mapToSource(index).row();
    }
    return rows;
}

void RecordTable::copySelection()
{
    const QList<int> shown = textsInOrder();
    QStringList lines;
    for (const int row : selectedSourceRows()) {
        QStringList cells;
        for (const int column : shown)
            cells << m_proxy->sourceModel()->index(row, column).data(ExactRole).toString();
        lines << cells.join(QLatin1Char('\t'));
    }
    copyLines(lines, lines.size() == 1 ? tr("Copied the row") : tr("Copied %1 rows").arg(lines.size()));
}

void RecordTable::copySelectionAsJson()
{
    QStringList lines;
    for (const int row : selectedSourceRows())
        lines << m_rowJson(row);
    copyLines(lines, lines.size() == 1 ? tr("Copied the row as JSON")
                                       : tr("Copied %1 rows as JSON, one a line").arg(lines.size()));
}

void RecordTable::copyLines(const QStringList& lines, const QString& words)
{
    if (lines.isEmpty())
        return;
    QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
    emit copied(words);
}

void RecordTable::contextMenuEvent(QContextMenuEvent* event)
{
    // The menu key has no place of its own.
    const bool isByKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = isByKey ? currentIndex() : indexAt(event->pos());
    if (!isRow(index))
        return;
    QMenu menu;
    fillRowMenu(menu, index);
    menu.exec(isByKey ? viewport()->mapToGlobal(visualRect(index).bottomLeft()) : event->globalPos());
}

// Rows come and go while it is open: what it copies is what is chosen then, never a row by its number.
void RecordTable::fillRowMenu(QMenu& menu, const QModelIndex& index)
{
    const QString cell = index.data(ExactRole).toString();
    const qsizetype rows = std::max<qsizetype>(1, selectedSourceRows().size());
    connect(menu.addAction(tr("Copy \"%1\"").arg(fontMetrics().elidedText(cell, Qt::ElideRight, 240))),
            &QAction::triggered, this, [this, cell] { copyLines({cell}, tr("Copied the cell")); });
    connect(menu.addAction(rows == 1 ? tr("Copy row") : tr("Copy %1 rows").arg(rows)), &QAction::triggered,
            this, &RecordTable::copySelection);
    if (m_rowJson)
        connect(menu.addAction(rows == 1 ? tr("Copy as JSON") : tr("Copy %1 rows as JSON").arg(rows)),
                &QAction::triggered, this, &RecordTable::copySelectionAsJson);
    if (m_extras) {
        menu.addSeparator();
        m_extras(menu);
    }
}

void RecordTable::fillColumnMenu(QMenu& menu)
{
    stayOpenForTicks(menu);
    for (const TableColumn& column : m_columns) {
        QAction* action = menu.addAction(column.title);
        action->setCheckable(true);
        action->setChecked(m_chosen.contains(column.id));
        connect(action, &QAction::toggled, this, [this, action, id = column.id](bool shown) {
            if (shown)
                m_chosen.insert(id);
            else if (m_chosen.size() > 1)
                m_chosen.remove(id);
            else
                action->setChecked(true); // a table without columns has no way back
            fitColumns();
            saveLayout();
        });
    }
    menu.addSeparator();
    connect(menu.addAction(tr("As at first")), &QAction::triggered, this, [this] {
        m_chosen.clear();
        for (int column = 0; column < m_columns.size(); ++column) {
            if (m_columns[column].shownAtFirst)
                m_chosen.insert(m_columns[column].id);
            horizontalHeader()->moveSection(horizontalHeader()->visualIndex(column), column);
        }
        fitColumns();
        saveLayout();
    });
}

} // namespace jetlag::ui
