// SPDX-License-Identifier: Apache-2.0
#include "ui/models/row_order.h"

#include "ui/models/record_model.h"

#include <algorithm>
#include <numeric>

namespace jetlag::ui {

namespace {

struct SortKey
{
    bool known = false;
    bool isText = false;
    double number = 0;
    QString text;
};

SortKey keyOf(const QVariant& value)
{
    if (!value.isValid())
        return {};
    if (value.userType() == QMetaType::QString)
        return {.known = true, .isText = true, .text = value.toString()};
    return {.known = true, .number = value.toDouble()};
}

int compare(const SortKey& one, const SortKey& other)
{
    if (one.isText || other.isText)
        return QString::compare(one.text, other.text, Qt::CaseInsensitive);
    return one.number < other.number ? -1 : one.number > other.number ? 1 : 0;
}

} // namespace

void RowOrder::setNameColumns(std::vector<int> columns)
{
    m_nameColumns = std::move(columns);
    forgetNames();
}

void RowOrder::setColumn(int column, Qt::SortOrder direction)
{
    m_column = column;
    m_direction = direction;
}

void RowOrder::rankNames(const QAbstractItemModel& model)
{
    const auto count = static_cast<std::size_t>(model.rowCount());
    const std::vector<int> columns = m_nameColumns.empty() ? std::vector{0, 1} : m_nameColumns;
    std::vector<std::vector<SortKey>> keys(count);
    for (std::size_t row = 0; row < count; ++row) {
        for (const int column : columns)
            keys[row].push_back(keyOf(model.index(static_cast<int>(row), column).data(SortRole)));
    }
    std::vector<std::size_t> rows(count);
    std::iota(rows.begin(), rows.end(), 0);
    std::stable_sort(rows.begin(), rows.end(), [&](std::size_t one, std::size_t other) {
        for (std::size_t at = 0; at < columns.size(); ++at) {
            if (const int order = compare(keys[one][at], keys[other][at]); order != 0)
                return order < 0;
        }
        return false;
    });
    m_names.resize(count);
    for (std::size_t place = 0; place < count; ++place)
        m_names[rows[place]] = static_cast<int>(place);
}

void RowOrder::sort(std::vector<int>& rows, const QAbstractItemModel& model)
{
    if (m_column < 0 || m_column >= model.columnCount())
        return;
    if (m_nameColumns.empty() || m_names.size() != static_cast<std::size_t>(model.rowCount()))
        rankNames(model);
    std::vector<SortKey> keys(m_names.size());
    for (const int row : rows)
        keys[static_cast<std::size_t>(row)] = keyOf(model.index(row, m_column).data(SortRole));
    const bool descending = m_direction == Qt::DescendingOrder;
    std::sort(rows.begin(), rows.end(), [&](int a, int b) {
        const auto one = static_cast<std::size_t>(a);
        const auto other = static_cast<std::size_t>(b);
        if (keys[one].known != keys[other].known)
            return keys[one].known;
        if (const int order = compare(keys[one], keys[other]); order != 0)
            return descending ? order > 0 : order < 0;
        return m_names[one] < m_names[other];
    });
}

} // namespace jetlag::ui
