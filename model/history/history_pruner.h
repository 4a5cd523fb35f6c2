#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/history/history_blocks.h"
#include "model/sqlite/connection.h"

#include <cstdint>
#include <span>
#include <vector>

namespace jetlag {

/// Keeps the history's file within its time and its size. In transactions of its own, small enough that other
/// writers get between them; one thread; lives no longer than file and blocks.
class HistoryPruner final
{
public:
    HistoryPruner(sqlite::Connection& file, HistoryBlocks& blocks, std::uint64_t maxBytes)
        : m_file(&file)
        , m_blocks(&blocks)
        , m_maxBytes(maxBytes)
    {}

    /// Drops what is too old, of rows that nobody samples any more too, and the oldest of all while the file
    /// is above its bound. Once in a while; may take a second.
    [[nodiscard]] Result<void> prune(ServerTime now);
    /// Forgets the names of a connection's rows that have neither block nor tail. In the caller's
    /// transaction.
    [[nodiscard]] Result<void> forgetRows(std::int64_t connection, const HistoryTails& tails);

    /// Bytes in use, as far as SQLite counts them.
    [[nodiscard]] std::uint64_t bytes();

private:
    [[nodiscard]] Result<std::vector<std::int64_t>> allRows();
    [[nodiscard]] Result<void> dropOld(std::span<const std::int64_t> rows, ServerTime now);
    [[nodiscard]] Result<void> dropOldMarksAndJournals(ServerTime now);
    [[nodiscard]] Result<void> shrink();
    [[nodiscard]] Result<std::int64_t> dropOldest(std::span<const std::int64_t> rows,
                                                  const HistoryTier& tier);

    sqlite::Connection* m_file;
    HistoryBlocks* m_blocks;
    std::uint64_t m_maxBytes;
};

} // namespace jetlag
