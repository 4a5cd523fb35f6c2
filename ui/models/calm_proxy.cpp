// SPDX-License-Identifier: Apache-2.0
#include "ui/models/calm_proxy.h"

#include "ui/models/record_model.h"

#include <algorithm>

namespace jetlag::ui {

CalmProxy::CalmProxy(QObject* parent)
    : QAbstractProxyModel(parent)
{}

void CalmProxy::setSourceModel(QAbstractItemModel* model)
{
    beginResetModel();
    if (sourceModel() != nullptr)
        disconnect(sourceModel(), nullptr, this, nullptr);
    QAbstractProxyModel::setSourceModel(model);
    m_lines.clear();
    m_groups.clear();
    connect(model, &QAbstractItemModel::dataChanged, this, &CalmProxy::valuesChanged);
    connect(model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) { rowsCame(first, last); });
    connect(model, &QAbstractItemModel::rowsAboutToBeRemoved, this,
            [this](const QModelIndex&, int first, int last) { rowsGo(first, last); });
    connect(model, &QAbstractItemModel::rowsRemoved, this,
            [this](const QModelIndex&, int first, int last) { rowsWent(first, last); });
    connect(model, &QAbstractItemModel::modelReset, this, &CalmProxy::sourceWasReset);
    m_order.forgetNames();
    m_accepted = wantedRows();
    m_groups = m_grouping ? m_grouping->groups(m_accepted) : std::vector<RowGroup>();
    m_lines = linesFor(m_accepted, m_groups);
    m_looks.clear();
    rememberPlaces();
    endResetModel();
}

QString CalmProxy::setFilter(const QString& text)
{
    m_filter = RowFilter::parse(text, m_columns);
    m_folds.setFiltered(!m_filter.isEmpty());
    arrangeNow();
    return m_filter.mistake();
}

void CalmProxy::setGrouping(std::unique_ptr<RowGrouping> grouping)
{
    m_grouping = std::move(grouping);
    // Lines of groups that nobody can describe any more must not be asked for words: all lines anew, and
    // rows that stay keep their indexes.
    arrangeNow();
}

void CalmProxy::sort(int column, Qt::SortOrder order)
{
    m_order.setColumn(column, order);
    arrangeNow();
}

// Where nothing is shown yet, there is nothing to keep calm.
void CalmProxy::arrange()
{
    if (!m_held || m_lines.empty())
        return arrangeNow();
    std::vector<int> rows = wantedRows();
    std::vector<RowGroup> groups = m_grouping ? m_grouping->groups(rows) : std::vector<RowGroup>();
    std::vector<TableLine> next = linesFor(rows, groups);
    if (!isShown(next, groups))
        return setWaiting(true);
    m_accepted = std::move(rows);
    m_groups = std::move(groups);
    m_lines = std::move(next);
    m_looks.clear();
    setWaiting(false);
}

void CalmProxy::arrangeNow()
{
    if (sourceModel() == nullptr)
        return;
    m_accepted = wantedRows();
    std::vector<RowGroup> groups = m_grouping ? m_grouping->groups(m_accepted) : std::vector<RowGroup>();
    std::vector<TableLine> next = linesFor(m_accepted, groups);
    take(std::move(next), std::move(groups));
    setWaiting(false);
    emit arranged();
}

void CalmProxy::hold(bool held)
{
    m_held = held;
    if (!m_held && m_waiting)
        arrangeNow();
}

void CalmProxy::setWaiting(bool waiting)
{
    if (waiting == m_waiting)
        return;
    m_waiting = waiting;
    emit waitingChanged(waiting);
}

bool CalmProxy::accepts(int row) const
{
    if (m_filter.isEmpty())
        return true;
    const auto cell = [&](int column, int role) { return sourceModel()->index(row, column).data(role); };
    return m_filter.accepts(
        [&](const QString& id) {
            // A text may be sorted by something else, as verdicts are by how bad they are.
            return cell(static_cast<int>(m_columns.all.indexOf(id)),
                        m_columns.texts.contains(id) ? static_cast<int>(Qt::DisplayRole) : SortRole);
        },
        [&] {
            QStringList texts;
            for (int column = 0; column < sourceModel()->columnCount(); ++column)
                texts << cell(column, Qt::DisplayRole).toString();
            return texts;
        });
}

std::vector<int> CalmProxy::wantedRows()
{
    std::vector<int> rows;
    const int count = sourceModel()->rowCount();
    rows.reserve(static_cast<std::size_t>(count));
    for (int row = 0; row < count; ++row) {
        if (accepts(row))
            rows.push_back(row);
    }
    m_order.sort(rows, *sourceModel());
    return rows;
}

std::vector<TableLine> CalmProxy::linesFor(const std::vector<int>& rows,
                                           const std::vector<RowGroup>& groups) const
{
    if (m_grouping)
        return linesOf(groups, m_folds);
    std::vector<TableLine> lines;
    lines.reserve(rows.size());
    for (const int row : rows)
        lines.push_back({.row = row});
    return lines;
}

void CalmProxy::valuesChanged(const QModelIndex& topLeft, const QModelIndex& bottomRight)
{
    m_looks.clear();
    int first = rowCount();
    int last = -1;
    const bool all = topLeft.row() == 0 && bottomRight.row() + 1 == sourceModel()->rowCount();
    if (all || m_grouping) { // lines of groups count rows that have no line of their own
        first = 0;
        last = rowCount() - 1;
    } else {
        for (int row = topLeft.row(); row <= bottomRight.row(); ++row) {
            const int line = m_lineOf[static_cast<std::size_t>(row)];
            if (line < 0)
                continue;
            first = std::min(first, line);
            last = std::max(last, line);
        }
    }
    if (first <= last)
        emit dataChanged(index(first, topLeft.column()), index(last, bottomRight.column()));
}

void CalmProxy::rowsCame(int first, int last)
{
    m_order.forgetNames();
    const bool atEnd = last + 1 == sourceModel()->rowCount();
    if (!atEnd)
        shiftRows(first, last - first + 1);
    rememberPlaces();
    if (!m_held || m_lines.empty())
        return arrangeNow();
    if (m_grouping)
        return setWaiting(true);
    std::vector<TableLine> next = m_lines;
    for (int row = first; row <= last; ++row) {
        if (!accepts(row))
            continue;
        next.push_back({.row = row});
        m_accepted.push_back(row);
    }
    take(std::move(next), {});
}

void CalmProxy::rowsGo(int first, int last)
{
    const auto goes = [&](int row) { return row >= first && row <= last; };
    std::erase_if(m_accepted, goes);
    std::vector<TableLine> next;
    for (const TableLine& line : m_lines) {
        if (line.kind != TableLine::Kind::Row || !goes(line.row))
            next.push_back(line);
    }
    std::vector<RowGroup> groups = m_groups;
    for (RowGroup& group : groups)
        std::erase_if(group.rows, goes);
    take(std::move(next), std::move(groups));
}

void CalmProxy::rowsWent(int first, int last)
{
    m_order.forgetNames();
    shiftRows(last + 1, first - last - 1);
    rememberPlaces();
}

/// Rows from `from` on have other numbers now.
void CalmProxy::shiftRows(int from, int by)
{
    const auto shift = [&](int& row) {
        if (row >= from)
            row += by;
    };
    for (int& row : m_accepted)
        shift(row);
    for (RowGroup& group : m_groups) {
        for (int& row : group.rows)
            shift(row);
    }
    for (TableLine& line : m_lines)
        shift(line.row);
}

void CalmProxy::sourceWasReset()
{
    beginResetModel();
    m_order.forgetNames();
    m_accepted = wantedRows();
    m_groups = m_grouping ? m_grouping->groups(m_accepted) : std::vector<RowGroup>();
    m_lines = linesFor(m_accepted, m_groups);
    m_looks.clear();
    rememberPlaces();
    endResetModel();
    setWaiting(false);
}

QModelIndex CalmProxy::mapToSource(const QModelIndex& proxy) const
{
    if (!proxy.isValid() || sourceModel() == nullptr)
        return {};
    const TableLine& at = line(proxy.row());
    return at.kind == TableLine::Kind::Row ? sourceModel()->index(at.row, proxy.column()) : QModelIndex();
}

QModelIndex CalmProxy::mapFromSource(const QModelIndex& source) const
{
    if (!source.isValid() || source.row() >= static_cast<int>(m_lineOf.size()))
        return {};
    const int line = m_lineOf[static_cast<std::size_t>(source.row())];
    return line < 0 ? QModelIndex() : index(line, source.column());
}

QModelIndex CalmProxy::index(int row, int column, const QModelIndex& parent) const
{
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

int CalmProxy::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int CalmProxy::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || sourceModel() == nullptr ? 0 : sourceModel()->columnCount();
}

QVariant CalmProxy::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const TableLine& at = line(index.row());
    if (at.kind != TableLine::Kind::Row)
        return groupData(at, index.column(), role);
    return role == GroupRole || role == MoreRole ? QVariant() : mapToSource(index).data(role);
}

// The base class asks the source through row 0, which may be the line of a group.
QVariant CalmProxy::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && sourceModel() != nullptr)
        return sourceModel()->headerData(section, orientation, role);
    return QAbstractItemModel::headerData(section, orientation, role);
}

Qt::ItemFlags CalmProxy::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    if (line(index.row()).kind != TableLine::Kind::Row)
        return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    return sourceModel()->flags(mapToSource(index));
}

} // namespace jetlag::ui
