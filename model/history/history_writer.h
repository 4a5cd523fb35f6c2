#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/history/history_mark.h"
#include "model/history/history_schema.h"
#include "model/history/history_series.h"
#include "model/history/history_tails.h"
#include "model/sqlite/connection.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace jetlag {

struct HistoryWriterOptions
{
    std::uint64_t maxBytes = kHistoryBytes;
    std::chrono::milliseconds busyTimeout{3000}; ///< how long a write waits for another console's
    std::string vfs{}; ///< SQLite's file layer; tests name one that fails when told to
};

/// The writing end of the history's file. Several processes may write to one file, each its own connections.
/// A commit survives a kill; after a power loss the newest ones may be gone, the file is whole. One thread.
class HistoryWriter final
{
public:
    /// Makes file and folder where they are missing. Conflict: the file is something else. Unsupported: a
    /// newer Jetlag wrote it. Corrupt, Denied, NoSpace, Io as they come.
    [[nodiscard]] static Result<HistoryWriter> open(const std::filesystem::path& path,
                                                    const HistoryWriterOptions& options = {});

    /// Gives back what the last writer of this connection had in its journal. Before anything else is
    /// written of it.
    [[nodiscard]] Result<void> takeUp(const std::string& connection, HistoryTails& tails);

    /// All or nothing, in one transaction: journals what is new in the tails, turns some of those that are
    /// over into blocks, keeps the marks and sets their ids. `now`: what is too old against it goes.
    [[nodiscard]] Result<void> write(const std::string& connection, HistoryTails& tails,
                                     std::span<HistoryMark> marks, ServerTime now);
    [[nodiscard]] Result<void> setReviewed(std::span<const std::int64_t> marks, bool reviewed);

    /// Drops what is too old, of rows that nobody samples any more too, and the oldest of all while the file
    /// is above its bound. Once in a while; may take a second.
    [[nodiscard]] Result<void> prune(ServerTime now);

    /// Forgets the names of this connection's rows that have no block any more and no tail. Only for who
    /// holds the connection.
    [[nodiscard]] Result<void> forgetRows(const std::string& connection, const HistoryTails& tails);

    /// Bytes in use, as far as SQLite counts them.
    [[nodiscard]] std::uint64_t bytes();
    /// Blocks that could not be read while something was to be added to them: begun anew.
    [[nodiscard]] std::uint64_t damagedBlocks() const { return m_damaged; }

private:
    struct Statements;
    HistoryWriter(sqlite::Connection connection, std::uint64_t maxBytes);

    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<std::int64_t> connectionId(const std::string& name);
    [[nodiscard]] Result<std::int64_t> rowId(std::int64_t connection, const ConsumerName& name);
    [[nodiscard]] Result<void> keepStates(const HistoryTails& tails, std::set<std::uint32_t>& written);
    [[nodiscard]] Result<void> keepMarks(std::int64_t connection, std::span<HistoryMark> marks);
    [[nodiscard]] Result<void> closeTail(std::int64_t row, bool isStream, const HistoryTails::Tail& tail,
                                         ServerTime now);
    [[nodiscard]] Result<void> addToTier(std::int64_t row, const HistoryTier& tier,
                                         const HistoryTable& rolled, std::size_t columns);
    [[nodiscard]] Result<void> dropOld(std::int64_t row, ServerTime now);
    [[nodiscard]] Result<std::vector<std::int64_t>> allRows();
    [[nodiscard]] Result<void> pruneRows(std::span<const std::int64_t> rows, ServerTime now);
    [[nodiscard]] Result<void> shrink();
    [[nodiscard]] Result<std::int64_t> dropOldest(std::span<const std::int64_t> rows,
                                                  const HistoryTier& tier);

    std::unique_ptr<sqlite::Connection> m_connection; // statements point at it
    std::shared_ptr<Statements> m_statements;         // goes before it
    std::uint64_t m_maxBytes;
    std::set<std::uint32_t> m_states; ///< that the file has
    std::uint64_t m_damaged = 0;
};

} // namespace jetlag
