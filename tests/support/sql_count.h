#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>

namespace jetlag::test {

/// Counts what SQLite is asked by every connection of this process that is opened while it lives, so that a
/// query for each row or each value shows whoever makes it. One at a time.
///
///     const SqlCount count;
///     auto reader = HistoryReader::open(file);
///     (void)reader->series(query);
///     QVERIFY(count.statements() <= 15);
class SqlCount final
{
public:
    SqlCount();
    ~SqlCount();
    SqlCount(const SqlCount&) = delete;
    SqlCount& operator=(const SqlCount&) = delete;

    /// Statements that began to run: one that is prepared once and run for each row counts each time.
    [[nodiscard]] std::uint64_t statements() const;
    /// Rows that they gave.
    [[nodiscard]] std::uint64_t rows() const;
    /// Both from 0 again.
    void restart();
};

} // namespace jetlag::test
