#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/engine/engine.h"

#include <QString>
#include <Qt>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace jetlag::ui {

/// Which rows of a result table are wanted, and in which order.
struct TableWish
{
    int sortColumn = -1; ///< of the schema; -1 = the order of the keys
    Qt::SortOrder order = Qt::AscendingOrder;
    QString filter; ///< words that must all be found in a row, in any cell, whatever their case
    /// Rows that are shown already stay where they are and new ones come behind them: the pointer rests on
    /// the table.
    bool holdOrder = false;
};

/// What the rows of a column have in common.
struct ColumnTraits
{
    bool hasValues = false;
    bool isNumeric = false;
    bool isSame = true; ///< one value in all rows that have one
};

/// One table of one result, as it is shown. A value that nobody changes: made by arrange() on any thread,
/// taken by the model on the UI thread.
struct TableArrangement
{
    std::shared_ptr<const EngineResult> result;
    std::size_t table = 0;
    std::vector<std::uint32_t> rows; ///< indexes into the table's rows; at most kMostRowsShown
    std::size_t matching = 0;        ///< rows that the filter lets through
    std::vector<ColumnTraits> columns;
    /// For each row of the arrangement before: where it is now; -1 = gone.
    std::vector<int> movedTo;

    [[nodiscard]] const Table& source() const { return result->tables[table]; }
    [[nodiscard]] const Row& row(int at) const { return source().rows()[rows[static_cast<std::size_t>(at)]]; }
};

/// More than anybody scrolls through; the export has all.
inline constexpr std::size_t kMostRowsShown = 50'000;

/// `before` may be null. Rows are the same when their key cells are. Takes a time that grows with the rows:
/// about a tenth of a second for 100,000.
[[nodiscard]] TableArrangement arrange(const TableArrangement* before,
                                       std::shared_ptr<const EngineResult> result, std::size_t table,
                                       const TableWish& wish);

} // namespace jetlag::ui
