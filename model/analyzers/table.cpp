// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/table.h"

#include <algorithm>
#include <iterator>

namespace jetlag {

namespace {

template <typename Value>
Cell combineNumbers(Value a, Value b, Merge merge)
{
    switch (merge) {
    case Merge::Sum:
        return static_cast<Value>(a + b);
    case Merge::Min:
        return std::min(a, b);
    case Merge::Max:
    case Merge::Key:
        break;
    }
    return std::max(a, b);
}

// Unknown gives way to known. Words and lists of one key are the same in every shard or ordered by value,
// so that no merge depends on which shard comes first.
Cell combine(Cell a, Cell b, Merge merge)
{
    if (std::holds_alternative<std::monostate>(a))
        return b;
    if (std::holds_alternative<std::monostate>(b))
        return a;
    if (a.index() != b.index())
        return std::max(std::move(a), std::move(b));
    if (const auto* signedA = std::get_if<std::int64_t>(&a))
        return combineNumbers(*signedA, std::get<std::int64_t>(b), merge);
    if (const auto* unsignedA = std::get_if<std::uint64_t>(&a))
        return combineNumbers(*unsignedA, std::get<std::uint64_t>(b), merge);
    return merge == Merge::Min ? std::min(std::move(a), std::move(b)) : std::max(std::move(a), std::move(b));
}

} // namespace

void Table::append(Table&& other)
{
    m_rows.insert(m_rows.end(), std::make_move_iterator(other.m_rows.begin()),
                  std::make_move_iterator(other.m_rows.end()));
    other.m_rows.clear();
}

void Table::merge()
{
    std::vector<std::size_t> keyColumns;
    for (std::size_t i = 0; i < m_schema.columns.size(); ++i) {
        if (m_schema.columns[i].merge == Merge::Key)
            keyColumns.push_back(i);
    }
    const auto compareKeys = [&keyColumns](const Row& a, const Row& b) {
        for (std::size_t column : keyColumns) {
            if (a[column] < b[column])
                return -1;
            if (b[column] < a[column])
                return 1;
        }
        return 0;
    };
    std::stable_sort(m_rows.begin(), m_rows.end(),
                     [&compareKeys](const Row& a, const Row& b) { return compareKeys(a, b) < 0; });

    std::vector<Row> merged;
    merged.reserve(m_rows.size());
    for (Row& row : m_rows) {
        if (merged.empty() || keyColumns.empty() || compareKeys(merged.back(), row) != 0) {
            merged.push_back(std::move(row));
            continue;
        }
        Row& into = merged.back();
        for (std::size_t i = 0; i < into.size(); ++i) {
            if (m_schema.columns[i].merge != Merge::Key)
                into[i] = combine(std::move(into[i]), std::move(row[i]), m_schema.columns[i].merge);
        }
    }
    m_rows = std::move(merged);
}

} // namespace jetlag
