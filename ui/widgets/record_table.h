#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/calm_proxy.h"
#include "ui/models/record_model.h"

#include <QSet>
#include <QTableView>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>

class QMenu;

namespace jetlag::ui {

class StatePanel;

/// What a table must know of a column of its model.
struct TableColumn
{
    QString id;
    QString title;
    bool isNumber = true;
    bool isDuration = false;
    bool isPicture = false;
    bool shownAtFirst = true;
    int dropRank = 0;
    int widthInDigits = 8;
};

template <typename Record, typename Key>
QList<TableColumn> tableColumns(const RecordModel<Record, Key>& model)
{
    QList<TableColumn> columns;
    for (const RecordColumn<Record>& column : model.columns())
        columns << TableColumn{.id = column.id,
                               .title = column.title,
                               .isNumber = column.isNumber,
                               .isDuration = column.isDuration,
                               .isPicture = column.isPicture,
                               .shownAtFirst = column.shownAtFirst,
                               .dropRank = column.dropRank,
                               .widthInDigits = column.widthInDigits};
    return columns;
}

/// The table of every list of records: columns chosen, moved, sorted and remembered; columns that do not fit
/// whole are hidden, in a set order; nothing moves under the mouse; rows and cells can be copied.
///
/// In groups: a click or Enter on the line of a group opens and folds it, Left goes up to it and folds it,
/// Right opens it; what is open is remembered with the layout.
///
/// While the pointer moves over the table its rows wait, and for kLongestHold after it came to rest: it may
/// just lie there.
class RecordTable final : public QTableView
{
    Q_OBJECT

public:
    /// Layout is kept under `name` in the settings.
    RecordTable(const QString& name, QWidget* parent = nullptr);

    /// `model` must outlive the table. `firstSort` holds until somebody chooses another.
    void setRecords(QAbstractItemModel* model, QList<TableColumn> columns, const QString& firstSort,
                    Qt::SortOrder order);
    [[nodiscard]] CalmProxy& proxy() { return *m_proxy; }
    /// Null = no groups.
    void setGrouping(std::unique_ptr<RowGrouping> grouping);
    /// The row is unfolded, chosen and scrolled to. False: the filter hides it.
    bool reveal(int sourceRow);
    /// How long rows wait for a pointer that does not move.
    static constexpr std::chrono::seconds kLongestHold{15};
    void setLongestHold(std::chrono::milliseconds longest) { m_rest.setInterval(longest); }

    /// Rows of the source model that are chosen, in the order in which they stand. Lines of groups are none.
    [[nodiscard]] QList<int> selectedSourceRows() const;
    /// Row of the source model of the current row; -1 = none.
    [[nodiscard]] int currentSourceRow() const;
    /// Without scrolling to it. A row that is hidden or folded away, or -1, leaves nothing selected; the line
    /// of a group that somebody went to stays the current one.
    void selectSourceRow(int row);

    /// JSON of one source row, for "Copy as JSON".
    void setRowJson(std::function<QString(int sourceRow)> rowJson) { m_rowJson = std::move(rowJson); }
    /// Further entries of the context menu.
    void setMenuExtras(std::function<void(QMenu&)> extras) { m_extras = std::move(extras); }

    /// Shows a column whatever was chosen, as long as it matters; it is not remembered.
    void setNeeded(const QString& id, bool needed);
    void fillColumnMenu(QMenu& menu);
    /// Chosen columns that there is no room for now.
    [[nodiscard]] int columnsWithoutRoom() const { return m_withoutRoom; }
    /// What is shown, RFC 4180, exact values.
    [[nodiscard]] QString toCsv() const;
    /// As text, one line each.
    void copySelection();
    /// One JSON object a line.
    void copySelectionAsJson();
    void saveLayout() const;

signals:
    /// Somebody chose another row; not when the chosen one goes and Qt moves on to its neighbour. -1 = none.
    void currentRecordChanged(int sourceRow);
    void roomChanged();
    /// The filter hides every row, and somebody wants to see them.
    void clearFilterWanted();
    /// Something went to the clipboard: "Copied 3 rows".
    void copied(const QString& what);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void changeEvent(QEvent* event) override;

private:
    void restoreLayout(const QString& firstSort, Qt::SortOrder order);
    void fitColumns();
    void fitRows();
    /// Of a filter that no row has what it asks for; gone while rows are shown.
    void showNoHits();
    void fillRowMenu(QMenu& menu, const QModelIndex& index);
    void copyLines(const QStringList& lines, const QString& words);
    [[nodiscard]] bool isRow(const QModelIndex& index) const;
    /// Opens, folds or shows the rest; false: the line is a row.
    bool actOnLine(const QModelIndex& index);
    bool moveByFolds(int key);
    [[nodiscard]] int naturalWidth(const TableColumn& column) const;
    /// Columns that are shown and hold text, as they stand.
    [[nodiscard]] QList<int> textsInOrder() const;
    [[nodiscard]] QString settingsKey(const char* what) const;

    QString m_name;
    CalmProxy* m_proxy;
    QList<TableColumn> m_columns;
    QSet<QString> m_chosen;
    QSet<QString> m_needed;
    StatePanel* m_noHits;
    QTimer m_rest; ///< the pointer has not moved for long
    int m_withoutRoom = 0;
    bool m_byItself = false; ///< the current row changes, and nobody chose it
    std::function<QString(int)> m_rowJson;
    std::function<void(QMenu&)> m_extras;
};

} // namespace jetlag::ui
