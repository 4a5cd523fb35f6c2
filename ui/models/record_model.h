#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QAbstractTableModel>
#include <QColor>
#include <QString>
#include <QVariant>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace jetlag::ui {

/// Roles that every record model answers beside Qt's.
enum RecordRole {
    SortRole = Qt::UserRole + 1, ///< a number or text that sorts natively; invalid = unknown, sorts last
    ExactRole,                   ///< the exact value as text, for copying and CSV
    StaleRole,                   ///< bool: the row's values are old
    RowRole,                     ///< nothing here; models may answer with a pointer for delegates
};

/// One cell as the views see it.
struct RecordCell
{
    QString text;
    QVariant sort;
    QString exact; ///< empty = as `text`
    std::optional<QColor> ink;
    QString note = {};     ///< a line more in the tooltip
    bool keepsInk = false; ///< where the row is old too
};

template <typename Record>
struct RecordColumn
{
    QString id; ///< stable: layouts and filters name it
    QString title;
    QString field;            ///< the API's name of it, for the tooltip
    bool isNumber = true;     ///< right-aligned
    bool isDuration = false;  ///< sorts by seconds
    bool isPicture = false;   ///< painted: nothing to copy or to save as text
    bool shownAtFirst = true; ///< before anybody chooses
    int dropRank = 0;         ///< higher goes first when there is no room; 0 = never
    int widthInDigits = 8;    ///< first width
    std::function<RecordCell(const Record&)> cell;
};

/// Rows of one kind, told apart by a key; a new snapshot is merged row by row, so that selection, order and
/// scroll survive: rows that vanish go, new ones come at the end, all others keep their place.
template <typename Record, typename Key>
class RecordModel : public QAbstractTableModel
{
public:
    RecordModel(std::vector<RecordColumn<Record>> columns, std::function<Key(const Record&)> keyOf,
                QObject* parent = nullptr)
        : QAbstractTableModel(parent)
        , m_columns(std::move(columns))
        , m_keyOf(std::move(keyOf))
    {}

    /// A key that comes twice counts once, with its last record.
    void merge(std::vector<Record> next)
    {
        std::vector<std::size_t> rows = rowsOf(next);
        if (removeUnnamed(rows))
            rows = rowsOf(next);
        std::map<Key, std::size_t> fresh; // what has no row yet, and its record
        for (std::size_t at = 0; at < next.size(); ++at) {
            if (rows[at] == kNoRow)
                fresh[m_keyOf(next[at])] = at;
            else
                m_rows[rows[at]] = std::move(next[at]);
        }
        if (!m_rows.empty())
            emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        if (fresh.empty())
            return;
        const int first = rowCount();
        beginInsertRows({}, first, first + static_cast<int>(fresh.size()) - 1);
        for (const auto& [key, at] : fresh)
            m_rows.push_back(std::move(next[at]));
        m_placesAreOld = true;
        endInsertRows();
    }

    [[nodiscard]] const Record& record(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    [[nodiscard]] const std::vector<Record>& records() const { return m_rows; }
    [[nodiscard]] const std::vector<RecordColumn<Record>>& columns() const { return m_columns; }
    [[nodiscard]] std::optional<int> rowOf(const Key& key) const
    {
        const auto place = places().find(key);
        return place == places().end() ? std::nullopt : std::optional(static_cast<int>(place->second));
    }
    [[nodiscard]] int columnOf(const QString& id) const
    {
        for (std::size_t column = 0; column < m_columns.size(); ++column) {
            if (m_columns[column].id == id)
                return static_cast<int>(column);
        }
        return -1;
    }

    /// Cells worked out so far, for tests: whoever asks for all of them with each report shows here.
    [[nodiscard]] std::uint64_t cellsMade() const { return m_cellsMade; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
    }

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        const RecordColumn<Record>& column = m_columns[static_cast<std::size_t>(index.column())];
        const Record& row = record(index.row());
        switch (role) {
        case Qt::TextAlignmentRole:
            return QVariant::fromValue((column.isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        case Qt::DisplayRole:
            return cellOf(column, row).text;
        case SortRole:
            return cellOf(column, row).sort;
        case ExactRole: {
            const RecordCell cell = cellOf(column, row);
            return cell.exact.isEmpty() ? cell.text : cell.exact;
        }
        case Qt::ForegroundRole: {
            const RecordCell cell = cellOf(column, row);
            const std::optional<QColor> ink = isStale(row) && !cell.keepsInk ? staleInk() : cell.ink;
            return ink ? QVariant(*ink) : QVariant();
        }
        case StaleRole:
            return isStale(row);
        case Qt::ToolTipRole:
            return toolTip(row, column);
        default:
            return {};
        }
    }

    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
            return {};
        const RecordColumn<Record>& column = m_columns[static_cast<std::size_t>(section)];
        switch (role) {
        case Qt::DisplayRole:
            return column.title;
        case Qt::ToolTipRole:
            return column.field;
        case Qt::TextAlignmentRole:
            return QVariant::fromValue((column.isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        default:
            return {};
        }
    }

protected:
    [[nodiscard]] virtual bool isStale(const Record&) const { return false; }
    [[nodiscard]] virtual std::optional<QColor> staleInk() const { return std::nullopt; }
    [[nodiscard]] virtual QString toolTip(const Record& row, const RecordColumn<Record>& column) const
    {
        const RecordCell cell = column.cell(row);
        return cell.exact.isEmpty() ? cell.text : cell.exact;
    }

private:
    [[nodiscard]] RecordCell cellOf(const RecordColumn<Record>& column, const Record& row) const
    {
        ++m_cellsMade;
        return column.cell(row);
    }
    static constexpr std::size_t kNoRow = ~std::size_t{0};

    /// Of each record the row that it belongs to.
    [[nodiscard]] std::vector<std::size_t> rowsOf(const std::vector<Record>& records) const
    {
        std::vector<std::size_t> rows;
        rows.reserve(records.size());
        std::size_t likely = 0; // most neighbours of one report are neighbours in the next
        for (const Record& record : records) {
            const Key key = m_keyOf(record);
            if (likely >= m_rows.size() || key != m_keyOf(m_rows[likely])) {
                const auto place = places().find(key);
                likely = place == places().end() ? kNoRow : place->second;
            }
            rows.push_back(likely);
            if (likely != kNoRow)
                ++likely;
        }
        return rows;
    }
    /// Where each key stands. Kept from one report to the next: with thousands of rows, making it anew each
    /// time is most of what a report costs.
    [[nodiscard]] const std::map<Key, std::size_t>& places() const
    {
        if (m_placesAreOld) {
            m_places.clear();
            for (std::size_t row = 0; row < m_rows.size(); ++row)
                m_places.emplace(m_keyOf(m_rows[row]), row);
            m_placesAreOld = false;
        }
        return m_places;
    }
    /// False: every row is named, nothing went.
    bool removeUnnamed(const std::vector<std::size_t>& named)
    {
        std::vector<bool> stays(m_rows.size());
        for (const std::size_t row : named) {
            if (row != kNoRow)
                stays[row] = true;
        }
        bool removed = false;
        for (std::size_t end = stays.size(); end > 0; --end) {
            if (stays[end - 1])
                continue;
            std::size_t first = end - 1;
            while (first > 0 && !stays[first - 1])
                --first;
            beginRemoveRows({}, static_cast<int>(first), static_cast<int>(end) - 1);
            m_rows.erase(m_rows.begin() + static_cast<std::ptrdiff_t>(first),
                         m_rows.begin() + static_cast<std::ptrdiff_t>(end));
            m_placesAreOld = true;
            removed = true;
            endRemoveRows();
            end = first + 1;
        }
        return removed;
    }

    std::vector<RecordColumn<Record>> m_columns;
    std::function<Key(const Record&)> m_keyOf;
    std::vector<Record> m_rows;
    mutable std::map<Key, std::size_t> m_places;
    mutable bool m_placesAreOld = false;
    mutable std::uint64_t m_cellsMade = 0;
};

} // namespace jetlag::ui
