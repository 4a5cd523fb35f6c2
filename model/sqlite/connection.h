#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/sqlite/statement.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;

namespace jetlag::sqlite {

enum class OpenMode {
    /// The file must be there and is never changed. One that was left in WAL mode needs a folder that can
    /// be written, for its `-shm`; else this fails with Denied, NotFound or Io.
    ReadOnly,
    ReadWrite, ///< the file must be there
    CreateIfMissing,
};

enum class Journal {
    Keep,   ///< as the file says
    Wal,    ///< readers beside one writer; `-wal` and `-shm` beside the file while it is open
    Delete, ///< one file, once nobody has it open
};

enum class Synchronous {
    Full,   ///< a commit that returned survives a power loss
    Normal, ///< in WAL mode the newest commits may go with a power loss, never the file's consistency
};

struct OpenOptions
{
    OpenMode mode = OpenMode::CreateIfMissing;
    Journal journal = Journal::Keep;
    Synchronous synchronous = Synchronous::Full;
    std::chrono::milliseconds busyTimeout{5000}; ///< how long a statement waits for somebody else's lock
    std::string vfs{}; ///< SQLite's file layer; empty = the system's. Tests name one that fails when told to.
};

/// One open database file. One thread at a time; give every thread a connection of its own. Files may
/// come from strangers: their schema is not trusted (no functions with side effects, no shadow tables).
class Connection final
{
public:
    /// Reads the file's header, so that a file that is no database is refused here.
    [[nodiscard]] static Result<Connection> open(const std::filesystem::path& path,
                                                 const OpenOptions& options = {});

    /// Runs all statements of `sql`; rows are thrown away.
    [[nodiscard]] Result<void> execute(const std::string& sql);
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    /// The first column of the first row; NotFound when there is no row.
    [[nodiscard]] Result<std::int64_t> queryInteger(std::string_view sql);
    [[nodiscard]] Result<std::string> queryText(std::string_view sql);

    /// Corrupt, with SQLite's first finding, when the file's structure is damaged. Reads the whole file.
    [[nodiscard]] Result<void> quickCheck();
    /// WAL mode: moves everything into the main file and empties the WAL. Conflict when readers are in
    /// the way.
    [[nodiscard]] Result<void> checkpointWal();
    /// WAL mode to one single file, for closing. Conflict when somebody else has the file open: it stays
    /// as it is, whole but with its `-wal`.
    [[nodiscard]] Result<void> leaveWal();

    [[nodiscard]] std::int64_t lastInsertRowId() const noexcept;
    /// Rows changed by the last statement.
    [[nodiscard]] std::int64_t changes() const noexcept;
    [[nodiscard]] bool inTransaction() const noexcept;
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }
    /// For what this class does not offer. Never close it.
    [[nodiscard]] sqlite3* handle() const noexcept { return m_handle.get(); }

private:
    struct Close
    {
        void operator()(sqlite3* handle) const noexcept;
    };
    Connection(std::filesystem::path path, sqlite3* handle)
        : m_path(std::move(path))
        , m_handle(handle)
    {}

    std::filesystem::path m_path;
    std::unique_ptr<sqlite3, Close> m_handle;
};

} // namespace jetlag::sqlite
