// SPDX-License-Identifier: Apache-2.0
#include "ui/models/table_arrangement.h"

#include "ui/models/cell_format.h"

#include <QStringList>

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace jetlag::ui {

namespace {

constexpr std::uint32_t kNowhere = std::numeric_limits<std::uint32_t>::max();

using Indexes = std::vector<std::uint32_t>;

/// Compares rows by their key cells.
class KeyOrder
{
public:
    explicit KeyOrder(const TableSchema& schema)
    {
        for (std::size_t i = 0; i < schema.columns.size(); ++i) {
            if (schema.columns[i].merge == Merge::Key)
                m_columns.push_back(i);
        }
    }
    [[nodiscard]] bool hasKeys() const { return !m_columns.empty(); }
    [[nodiscard]] int compare(const Row& a, const Row& b) const
    {
        for (const std::size_t column : m_columns) {
            if (a[column] < b[column])
                return -1;
            if (b[column] < a[column])
                return 1;
        }
        return 0;
    }

private:
    std::vector<std::size_t> m_columns;
};

Indexes allRows(const Table& table)
{
    Indexes rows(table.rows().size());
    std::iota(rows.begin(), rows.end(), 0U);
    return rows;
}

/// In the order of their keys, in which analyzers give them already.
Indexes byKey(const Table& table, const KeyOrder& keys)
{
    Indexes rows = allRows(table);
    const auto less = [&](std::uint32_t a, std::uint32_t b) {
        return keys.compare(table.rows()[a], table.rows()[b]) < 0;
    };
    if (!std::is_sorted(rows.begin(), rows.end(), less))
        std::stable_sort(rows.begin(), rows.end(), less);
    return rows;
}

/// For every row of `before`: the row of `now` with the same key, or kNowhere.
Indexes sameRows(const Table& before, const Table& now)
{
    Indexes same(before.rows().size(), kNowhere);
    const KeyOrder keys(now.schema());
    if (!keys.hasKeys()) { // nothing tells rows apart but their place
        for (std::size_t i = 0; i < std::min(same.size(), now.rows().size()); ++i)
            same[i] = static_cast<std::uint32_t>(i);
        return same;
    }
    const Indexes oldRows = byKey(before, keys);
    const Indexes newRows = byKey(now, keys);
    for (auto old = oldRows.begin(), fresh = newRows.begin();
         old != oldRows.end() && fresh != newRows.end();) {
        const int order = keys.compare(before.rows()[*old], now.rows()[*fresh]);
        if (order == 0)
            same[*old++] = *fresh++;
        else if (order < 0)
            ++old;
        else
            ++fresh;
    }
    return same;
}

bool matches(const Row& row, const std::vector<Column>& columns, const QStringList& words)
{
    QString text;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (!isUnknown(row[i]))
            text += cellShown(row[i], columns[i].unit) + QLatin1Char('\n');
    }
    return std::all_of(words.begin(), words.end(),
                       [&text](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

Indexes matchingRows(const Table& table, const TableWish& wish)
{
    Indexes rows = byKey(table, KeyOrder(table.schema()));
    const QStringList words = wish.filter.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (!words.isEmpty())
        std::erase_if(rows, [&](std::uint32_t row) {
            return !matches(table.rows()[row], table.schema().columns, words);
        });
    return rows;
}

void sortRows(Indexes& rows, const Table& table, const TableWish& wish)
{
    if (wish.sortColumn < 0 || wish.sortColumn >= static_cast<int>(table.schema().columns.size()))
        return;
    const auto column = static_cast<std::size_t>(wish.sortColumn);
    const bool descending = wish.order == Qt::DescendingOrder;
    // Stable: rows with equal values keep the order of their keys. Unknown stays at the end either way.
    std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
        const Cell& x = table.rows()[a][column];
        const Cell& y = table.rows()[b][column];
        if (descending && !isUnknown(x) && !isUnknown(y))
            return compareCells(y, x) < 0;
        return compareCells(x, y) < 0;
    });
}

/// Those that are shown already first, in their order; then the others in theirs.
void holdOrder(Indexes& rows, const TableArrangement& before, const Indexes& same, std::size_t tableRows)
{
    std::vector<char> wanted(tableRows, 0);
    for (const std::uint32_t row : rows)
        wanted[row] = 1;
    Indexes held;
    held.reserve(rows.size());
    for (const std::uint32_t old : before.rows) {
        const std::uint32_t row = same[old];
        if (row != kNowhere && std::exchange(wanted[row], 0) != 0)
            held.push_back(row);
    }
    for (const std::uint32_t row : rows) {
        if (wanted[row] != 0)
            held.push_back(row);
    }
    rows = std::move(held);
}

bool isEmptyList(const Cell& cell)
{
    const auto* names = std::get_if<std::vector<std::string>>(&cell);
    const auto* numbers = std::get_if<std::vector<std::int64_t>>(&cell);
    return (names != nullptr && names->empty()) || (numbers != nullptr && numbers->empty());
}

std::vector<ColumnTraits> traitsOf(const Table& table)
{
    std::vector<ColumnTraits> traits(table.schema().columns.size());
    for (std::size_t column = 0; column < traits.size(); ++column) {
        const Cell* first = nullptr;
        for (const Row& row : table.rows()) {
            const Cell& cell = row[column];
            if (isUnknown(cell) || isEmptyList(cell))
                continue;
            if (first == nullptr)
                first = &cell;
            else if (!(cell == *first))
                traits[column].isSame = false;
            if (!traits[column].isSame)
                break;
        }
        traits[column].hasValues = first != nullptr;
        traits[column].isNumeric =
            first != nullptr && isNumber(*first) && table.schema().columns[column].unit != Unit::UnixMillis;
    }
    return traits;
}

} // namespace

TableArrangement arrange(const TableArrangement* before, std::shared_ptr<const EngineResult> result,
                         std::size_t table, const TableWish& wish)
{
    TableArrangement now{.result = std::move(result), .table = table};
    const Table& source = now.source();
    now.rows = matchingRows(source, wish);
    now.matching = now.rows.size();
    now.columns = traitsOf(source);
    sortRows(now.rows, source, wish);

    Indexes same;
    if (before != nullptr) {
        if (before->result == now.result)
            same = allRows(source);
        else
            same = sameRows(before->source(), source);
        if (wish.holdOrder)
            holdOrder(now.rows, *before, same, source.rows().size());
    }
    if (now.rows.size() > kMostRowsShown)
        now.rows.resize(kMostRowsShown);

    if (before != nullptr) {
        std::vector<int> placeOf(source.rows().size(), -1);
        for (std::size_t i = 0; i < now.rows.size(); ++i)
            placeOf[now.rows[i]] = static_cast<int>(i);
        now.movedTo.reserve(before->rows.size());
        for (const std::uint32_t old : before->rows)
            now.movedTo.push_back(same[old] == kNowhere ? -1 : placeOf[same[old]]);
    }
    return now;
}

} // namespace jetlag::ui
