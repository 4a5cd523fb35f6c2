#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <Qt>

#include <vector>

class QAbstractItemModel;

namespace jetlag::ui {

/// Puts rows of a record model in the order of one column. Unknown comes last whichever way the column is
/// sorted, and equal rows keep the order of their names.
///
/// Each row is asked for its key once, not with each comparison: 10,000 rows take a few milliseconds.
class RowOrder final
{
public:
    /// Columns whose texts never change in a row and tell rows apart. Without them the first two columns are
    /// compared, as they are now.
    void setNameColumns(std::vector<int> columns);
    /// -1 = the order of the model.
    void setColumn(int column, Qt::SortOrder direction);
    [[nodiscard]] int column() const { return m_column; }
    [[nodiscard]] Qt::SortOrder direction() const { return m_direction; }
    /// The model has other rows than before.
    void forgetNames() { m_names.clear(); }

    void sort(std::vector<int>& rows, const QAbstractItemModel& model);

private:
    /// Of each row of the model: the place of its name among all.
    void rankNames(const QAbstractItemModel& model);

    std::vector<int> m_nameColumns;
    int m_column = -1;
    Qt::SortOrder m_direction = Qt::AscendingOrder;
    std::vector<int> m_names; ///< empty = not known
};

} // namespace jetlag::ui
