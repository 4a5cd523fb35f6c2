#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/history/history_codec.h"
#include "model/history/history_schema.h"
#include "model/history/history_tails.h"
#include "model/sqlite/connection.h"

#include <cstdint>
#include <optional>

namespace jetlag {

/// The blocks of the history's file: what tails become when their minutes are over, in every tier. Inside the
/// caller's transaction; one thread; lives no longer than the connection to the file.
class HistoryBlocks final
{
public:
    [[nodiscard]] static Result<HistoryBlocks> prepare(sqlite::Connection& file);

    /// A tail that began then is a block already.
    [[nodiscard]] Result<bool> holdsTail(std::int64_t row, std::int64_t startMs);
    /// Puts it into all tiers, and drops what is too old of this row against `now`.
    [[nodiscard]] Result<void> close(std::int64_t row, bool isStream, const HistoryTails::Tail& tail,
                                     ServerTime now);
    [[nodiscard]] Result<void> dropOld(std::int64_t row, ServerTime now);

    /// Where the oldest block of this tier begins.
    [[nodiscard]] Result<std::optional<std::int64_t>> oldestMs(std::int64_t row, const HistoryTier& tier);
    /// Drops the blocks that begin not later; says how many.
    [[nodiscard]] Result<std::int64_t> dropUpTo(std::int64_t row, const HistoryTier& tier,
                                                std::int64_t startMs);

    /// Blocks that could not be read while something was to be added to them: begun anew.
    [[nodiscard]] std::uint64_t damaged() const { return m_damaged; }

private:
    HistoryBlocks(sqlite::Connection& file, sqlite::Statement find, sqlite::Statement put,
                  sqlite::Statement drop, sqlite::Statement first)
        : m_file(&file)
        , m_find(std::move(find))
        , m_put(std::move(put))
        , m_drop(std::move(drop))
        , m_first(std::move(first))
    {}
    [[nodiscard]] Result<void> addToTier(std::int64_t row, const HistoryTier& tier,
                                         const HistoryTable& rolled, std::size_t columns);
    [[nodiscard]] Result<void> merge(std::int64_t key, const HistoryTable& part, std::size_t columns);

    sqlite::Connection* m_file;
    sqlite::Statement m_find;
    sqlite::Statement m_put;
    sqlite::Statement m_drop;
    sqlite::Statement m_first;
    std::uint64_t m_damaged = 0;
};

} // namespace jetlag
