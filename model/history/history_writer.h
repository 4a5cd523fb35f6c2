#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/history/history_journal.h"
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
    HistoryWriter(HistoryWriter&&) noexcept;
    HistoryWriter& operator=(HistoryWriter&&) noexcept;
    ~HistoryWriter();

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
    /// What could not be read while something was to be added to it: begun anew.
    [[nodiscard]] std::uint64_t damagedBlocks() const;

private:
    struct Parts;
    struct Write;
    HistoryWriter(std::unique_ptr<sqlite::Connection> file, std::unique_ptr<Parts> parts);

    [[nodiscard]] Result<void> readJournal(std::int64_t connection, JournalPieces& pieces);
    [[nodiscard]] Result<void> writeRow(std::int64_t connection, const ConsumerName& name,
                                        HistoryTails::Row& row, Write& write);
    [[nodiscard]] Result<void> keepJournal(std::int64_t connection, const HistoryTails& tails,
                                           const Write& write);
    [[nodiscard]] Result<void> keepStates(const HistoryTails& tails, Write& write);
    [[nodiscard]] Result<void> keepMarks(std::int64_t connection, std::span<HistoryMark> marks);
    void learn(HistoryTails& tails, Write write);

    std::unique_ptr<sqlite::Connection> m_file; // statements point at it
    std::unique_ptr<Parts> m_parts;             // goes before it
    std::set<std::uint32_t> m_states;           ///< that the file has
};

} // namespace jetlag
