// SPDX-License-Identifier: Apache-2.0
#include "ui/models/result_table_model.h"

#include "ui/bridge/background.h"
#include "ui/models/cell_format.h"
#include "ui/models/record_cells.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <numeric>

namespace jetlag::ui {

namespace {

// Up to here arranging takes less than a frame.
constexpr std::size_t kArrangedAtOnce = 2'000;

std::optional<QColor> inkOf(const Column& column, const Cell& cell)
{
    if (isUnknown(cell))
        return colors().secondary;
    const auto* word = std::get_if<std::string>(&cell);
    if (word == nullptr ||
        (column.name != "status" && column.name != "failureReason" && column.name != "error"))
        return std::nullopt;
    if (column.name != "status")
        return colors().bad;
    if (*word == "FAILED" || *word == "KILLED" || *word == "ERROR")
        return colors().bad;
    if (*word == "RUNNING" || *word == "ACTIVE")
        return colors().accent;
    if (*word == "SUCCEEDED" || *word == "COMPLETE" || *word == "COMPLETED" || *word == "SUCCESS")
        return colors().good;
    return colors().secondary;
}

} // namespace

ResultTableModel::ResultTableModel(QObject* parent)
    : QAbstractTableModel(parent)
    , m_made([this](Made made) {
        m_working = false;
        if (made.generation == m_generation)
            apply(std::move(*made.arrangement));
        if (m_outdated)
            rearrange();
    })
{}

ResultTableModel::~ResultTableModel() = default;

void ResultTableModel::setSchema(TableSchema schema)
{
    beginResetModel();
    ++m_generation;
    m_schema = std::move(schema);
    m_newest.reset();
    releaseInBackground(std::exchange(m_shown, nullptr));
    m_outdated = false;
    endResetModel();
}

void ResultTableModel::setResult(std::shared_ptr<const EngineResult> result, std::size_t table)
{
    m_newest = std::move(result);
    m_table = table;
    rearrange();
}

void ResultTableModel::setFilter(const QString& words)
{
    if (words == m_wish.filter)
        return;
    m_wish.filter = words;
    rearrange();
}

void ResultTableModel::setHoldOrder(bool hold)
{
    if (hold == m_wish.holdOrder)
        return;
    m_wish.holdOrder = hold;
    if (!hold)
        rearrange();
}

void ResultTableModel::sort(int column, Qt::SortOrder order)
{
    m_wish.sortColumn = column;
    m_wish.order = order;
    // Who clicks on a header has the pointer on the table, and wants it sorted all the same.
    const bool held = std::exchange(m_wish.holdOrder, false);
    rearrange();
    m_wish.holdOrder = held;
}

void ResultTableModel::rearrange()
{
    m_outdated = m_working;
    if (m_working || !m_newest)
        return;
    if (m_newest->tables[m_table].rows().size() <= kArrangedAtOnce) {
        apply(arrange(m_shown.get(), m_newest, m_table, m_wish));
        return;
    }
    m_working = true;
    inBackground([before = m_shown, result = m_newest, table = m_table, wish = m_wish,
                  generation = m_generation, deliver = m_made.inlet()]() mutable {
        deliver({generation,
                 std::make_shared<TableArrangement>(arrange(before.get(), std::move(result), table, wish))});
    });
}

void ResultTableModel::apply(TableArrangement next)
{
    emit aboutToArrange();
    const std::vector<ColumnTraits> before = m_shown ? m_shown->columns : std::vector<ColumnTraits>();
    std::shared_ptr<const TableArrangement> old = m_shown;
    moveTo(std::move(next));
    const auto sameLook = [](const ColumnTraits& a, const ColumnTraits& b) {
        return a.isNumeric == b.isNumeric;
    };
    if (!std::equal(before.begin(), before.end(), m_shown->columns.begin(), m_shown->columns.end(), sameLook))
        emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    releaseInBackground(std::move(old)); // may be the last owner of a large result
    emit arranged();
}

// Rows that are gone go to the end and are removed there in one go, new ones come in at the end in one go,
// then all take their places: three steps, each linear, however the rows lie.
void ResultTableModel::moveTo(TableArrangement next)
{
    auto target = std::make_shared<TableArrangement>(std::move(next));
    const std::vector<int> movedTo = std::exchange(target->movedTo, {});
    std::vector<std::size_t> order(movedTo.size()); // old rows: survivors by their new place, then the gone
    std::iota(order.begin(), order.end(), 0U);
    const auto place = [&movedTo](std::size_t old) { return static_cast<unsigned>(movedTo[old]); };
    const auto gone = static_cast<std::size_t>(std::count(movedTo.begin(), movedTo.end(), -1));
    const std::size_t kept = movedTo.size() - gone;
    if (gone > 0) {
        std::stable_sort(order.begin(), order.end(),
                         [&place](std::size_t a, std::size_t b) { return place(a) < place(b); });
        std::vector<int> moves(order.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            moves[order[i]] = static_cast<int>(i);
        permute(moves);
        beginRemoveRows({}, static_cast<int>(kept), static_cast<int>(movedTo.size()) - 1);
        auto shorter = std::make_shared<TableArrangement>(*m_shown);
        shorter->rows.resize(kept);
        m_shown = std::move(shorter);
        endRemoveRows();
    }

    std::vector<int> moves; // of the rows that stay, and of the new ones behind them
    moves.reserve(target->rows.size());
    std::vector<char> taken(target->rows.size(), 0);
    for (std::size_t i = 0; i < kept; ++i) {
        moves.push_back(movedTo[order[i]]);
        taken[static_cast<std::size_t>(moves.back())] = 1;
    }
    for (std::size_t i = 0; i < taken.size(); ++i) {
        if (taken[i] == 0)
            moves.push_back(static_cast<int>(i));
    }
    const auto inPlace = [&moves] {
        for (std::size_t i = 0; i < moves.size(); ++i) {
            if (moves[i] != static_cast<int>(i))
                return false;
        }
        return true;
    };
    const int added = static_cast<int>(target->rows.size() - kept);
    const bool settled = inPlace();
    if (added > 0) {
        beginInsertRows({}, static_cast<int>(kept), static_cast<int>(target->rows.size()) - 1);
        if (settled || kept == 0) {
            m_shown = target;
        } else {
            auto longer = std::make_shared<TableArrangement>(*m_shown);
            longer->rows.resize(target->rows.size(), longer->rows.front());
            m_shown = std::move(longer);
        }
        endInsertRows();
    }
    if (!settled && kept > 0)
        permute(moves);
    m_shown = target;
    noteChangedValues(static_cast<int>(kept));
}

/// Row i goes to target[i].
void ResultTableModel::permute(const std::vector<int>& target)
{
    emit layoutAboutToBeChanged();
    auto moved = std::make_shared<TableArrangement>(*m_shown);
    for (std::size_t i = 0; i < target.size(); ++i)
        moved->rows[static_cast<std::size_t>(target[i])] = m_shown->rows[i];
    const QModelIndexList from = persistentIndexList();
    QModelIndexList to;
    to.reserve(from.size());
    for (const QModelIndex& index : from)
        to.append(createIndex(target[static_cast<std::size_t>(index.row())], index.column()));
    changePersistentIndexList(from, to);
    m_shown = std::move(moved);
    emit layoutChanged();
}

void ResultTableModel::noteChangedValues(int rows)
{
    if (rowCount() > 0 && rows > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

ColumnTraits ResultTableModel::traits(int column) const
{
    const auto at = static_cast<std::size_t>(column);
    return m_shown && at < m_shown->columns.size() ? m_shown->columns[at] : ColumnTraits();
}

int ResultTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_shown ? 0 : static_cast<int>(m_shown->rows.size());
}

int ResultTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_schema.columns.size());
}

QVariant ResultTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Column& column = m_schema.columns[static_cast<std::size_t>(index.column())];
    const Cell& cell = m_shown->row(index.row())[static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole:
        return cellShown(cell, column.unit);
    case Qt::ToolTipRole:
        return plainToolTip(cellTip(cell, column));
    case Qt::TextAlignmentRole:
        return static_cast<int>((traits(index.column()).isNumeric ? Qt::AlignRight : Qt::AlignLeft) |
                                Qt::AlignVCenter);
    case Qt::ForegroundRole:
        if (const std::optional<QColor> ink = inkOf(column, cell))
            return *ink;
        return {};
    default:
        return {};
    }
}

QVariant ResultTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const Column& column = m_schema.columns[static_cast<std::size_t>(section)];
    switch (role) {
    case Qt::DisplayRole:
        return columnTitle(column.name);
    case Qt::ToolTipRole:
        return QString::fromStdString(column.name);
    case Qt::TextAlignmentRole:
        return static_cast<int>((traits(section).isNumeric ? Qt::AlignRight : Qt::AlignLeft) |
                                Qt::AlignVCenter);
    default:
        return {};
    }
}

} // namespace jetlag::ui
