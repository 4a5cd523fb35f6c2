// SPDX-License-Identifier: Apache-2.0
// What leaves a RecordTable: CSV, copies, the menu of a row.
#include "ui/widgets/record_table.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>

#include <algorithm>

namespace jetlag::ui {

namespace {

QString csvCell(QString text)
{
    // A table program takes these for formulas.
    if (!text.isEmpty() && QStringLiteral("=+-@").contains(text[0])) {
        bool isNumber = false;
        (void)text.toDouble(&isNumber);
        if (!isNumber)
            text.prepend(QLatin1Char('\''));
    }
    if (!text.contains(QLatin1Char('"')) && !text.contains(QLatin1Char(',')) &&
        !text.contains(QLatin1Char('\n')))
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

void RecordTable::copySelection()
{
    const QList<int> shown = textsInOrder();
    QStringList lines;
    QList<int> rows;
    for (const QModelIndex& index : selectionModel()->selectedRows(shown.value(0))) {
        if (isRow(index))
            rows << index.row();
    }
    std::sort(rows.begin(), rows.end());
    for (const int row : rows) {
        QStringList cells;
        for (const int column : shown)
            cells << m_proxy->index(row, column).data(ExactRole).toString();
        lines << cells.join(QLatin1Char('\t'));
    }
    if (!lines.isEmpty())
        QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void RecordTable::contextMenuEvent(QContextMenuEvent* event)
{
    const QModelIndex index = indexAt(event->pos());
    if (!isRow(index))
        return;
    QMenu menu;
    const QString cell = index.data(ExactRole).toString();
    connect(menu.addAction(tr("Copy \"%1\"").arg(fontMetrics().elidedText(cell, Qt::ElideRight, 240))),
            &QAction::triggered, this, [cell] { QApplication::clipboard()->setText(cell); });
    connect(menu.addAction(tr("Copy row")), &QAction::triggered, this, &RecordTable::copySelection);
    if (m_rowJson) {
        const int row = m_proxy->mapToSource(index).row();
        connect(menu.addAction(tr("Copy as JSON")), &QAction::triggered, this,
                [this, row] { QApplication::clipboard()->setText(m_rowJson(row)); });
    }
    if (m_extras) {
        menu.addSeparator();
        m_extras(menu);
    }
    menu.exec(event->globalPos());
}

} // namespace jetlag::ui
