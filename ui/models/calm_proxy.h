#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/row_filter.h"
#include "ui/models/row_groups.h"
#include "ui/models/row_order.h"

#include <QAbstractProxyModel>

#include <memory>
#include <optional>
#include <vector>

namespace jetlag::ui {

/// Sorts, filters and groups a record model only when told: rows do not jump with each new number. arrange()
/// is that order; while held (the pointer rests on the table) it waits until the hold ends or somebody asks
/// for it. New values themselves show at once, wherever their row stands.
///
/// Written by hand instead of on QSortFilterProxyModel for two reasons: a table of 10,000 rows is put in
/// order within milliseconds, because each row is asked for its sort key once; and a line may stand for a
/// group of rows. What stays keeps its persistent indexes, so that selection and current row survive.
class CalmProxy final : public QAbstractProxyModel
{
    Q_OBJECT

public:
    enum LineRole {
        GroupRole = Qt::UserRole + 200, ///< a GroupLook; invalid = the line is no group's
        MoreRole                        ///< the words of a "more" line; invalid = it is none
    };

    explicit CalmProxy(QObject* parent = nullptr);

    void setSourceModel(QAbstractItemModel* model) override;
    /// `columns.all` in the order of the model's.
    void setFilterColumns(FilterColumns columns) { m_columns = std::move(columns); }
    /// Columns whose texts never change in a row and tell rows apart: equal rows stand in their order.
    void setNameColumns(std::vector<int> columns) { m_order.setNameColumns(std::move(columns)); }
    /// The mistake in the filter, or empty; with a mistake every row is shown.
    QString setFilter(const QString& text);
    /// Null = one row below the other.
    void setGrouping(std::unique_ptr<RowGrouping> grouping);
    [[nodiscard]] bool isGrouped() const { return m_grouping != nullptr; }

    void sort(int column, Qt::SortOrder order) override;
    [[nodiscard]] int sortColumn() const { return m_order.column(); }
    [[nodiscard]] Qt::SortOrder sortOrder() const { return m_order.direction(); }
    /// The order of now, unless held.
    void arrange();
    void arrangeNow();
    void hold(bool held);
    [[nodiscard]] bool isHeld() const { return m_held; }
    /// Another order than the one that is shown waits for the end of the hold.
    [[nodiscard]] bool isWaiting() const { return m_waiting; }

    /// Rows that the filter lets through, in their order, folded ones too.
    [[nodiscard]] const std::vector<int>& acceptedRows() const { return m_accepted; }
    [[nodiscard]] const std::vector<RowGroup>& groups() const { return m_groups; }
    [[nodiscard]] const TableLine& line(int row) const { return m_lines[static_cast<std::size_t>(row)]; }
    /// The first line that is a row; -1 = there is none.
    [[nodiscard]] int firstRow() const;
    /// The line of a group; -1 = it has none.
    [[nodiscard]] int lineOfGroup(int group) const;
    void setOpen(int group, bool open);
    [[nodiscard]] bool isOpen(int group) const;
    void showWhole(int group);
    /// Opens what the row is folded into. False: the filter hides it.
    bool reveal(int sourceRow);
    [[nodiscard]] QStringList openedGroups() const { return m_folds.opened(); }
    void restoreOpened(const QStringList& groups);

    [[nodiscard]] QModelIndex mapToSource(const QModelIndex& proxy) const override;
    [[nodiscard]] QModelIndex mapFromSource(const QModelIndex& source) const override;
    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& /*child*/) const override { return {}; }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool hasChildren(const QModelIndex& parent = {}) const override
    {
        return rowCount(parent) > 0;
    }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

signals:
    /// Rows stand in another order, or others of them are shown.
    void arranged();
    void waitingChanged(bool waiting);
    void foldsChanged();

private:
    void valuesChanged(const QModelIndex& topLeft, const QModelIndex& bottomRight);
    void rowsCame(int first, int last);
    void rowsGo(int first, int last);
    void rowsWent(int first, int last);
    void sourceWasReset();
    [[nodiscard]] bool accepts(int row) const;
    [[nodiscard]] std::vector<int> wantedRows();
    [[nodiscard]] std::vector<TableLine> linesFor(const std::vector<int>& rows,
                                                  const std::vector<RowGroup>& groups) const;
    /// The same lines at the same places.
    [[nodiscard]] bool isShown(const std::vector<TableLine>& next, const std::vector<RowGroup>& groups) const;
    void take(std::vector<TableLine> next, std::vector<RowGroup> groups);
    void shiftRows(int from, int by);
    void rememberPlaces();
    void showFolds();
    void setWaiting(bool waiting);
    [[nodiscard]] QVariant groupData(const TableLine& line, int column, int role) const;
    [[nodiscard]] GroupLook lookOf(int group) const;

    FilterColumns m_columns;
    RowFilter m_filter;
    RowOrder m_order;
    std::unique_ptr<RowGrouping> m_grouping;
    FoldState m_folds;
    std::vector<int> m_accepted;
    std::vector<RowGroup> m_groups;
    std::vector<TableLine> m_lines;
    std::vector<int> m_lineOf;                             ///< by source row; -1 = not shown
    mutable std::vector<std::optional<GroupLook>> m_looks; ///< by group; made when asked for
    bool m_held = false;
    bool m_waiting = false;
};

} // namespace jetlag::ui
