#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace jetlag {

/// A value in a result table. monostate = unknown (JSON null), never 0. Integers are exact to 64 bits.
/// Lists hold names or numbers.
using Cell = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string,
                          std::vector<std::string>, std::vector<std::int64_t>>;

enum class Unit { None, Count, Milliseconds, Nanoseconds, Bytes, UnixMillis };

/// How a column of two rows with equal keys becomes one: what crosses keys is an exact, commutative merge.
enum class Merge { Key, Sum, Min, Max };

struct Column
{
    std::string name; ///< the watched system's own name; names are a contract and only grow
    Unit unit = Unit::None;
    Merge merge = Merge::Max;
};

using Row = std::vector<Cell>; ///< one cell per column

struct TableSchema
{
    std::string name;
    std::vector<Column> columns;
    bool live = false; ///< holds server times or other transport facts; outside the digest
};

/// Rows of one table. merge() folds rows with equal key cells and sorts by the key columns, in column
/// order, so that the same rows come out however many shards they came from.
class Table final
{
public:
    explicit Table(TableSchema schema)
        : m_schema(std::move(schema))
    {}

    [[nodiscard]] const TableSchema& schema() const noexcept { return m_schema; }
    [[nodiscard]] const std::vector<Row>& rows() const noexcept { return m_rows; }
    void add(Row row) { m_rows.push_back(std::move(row)); }
    [[nodiscard]] std::vector<Row>& editableRows() noexcept { return m_rows; }
    /// Takes the rows of `other`, which has the same schema.
    void append(Table&& other);
    void merge();

private:
    TableSchema m_schema;
    std::vector<Row> m_rows;
};

} // namespace jetlag
