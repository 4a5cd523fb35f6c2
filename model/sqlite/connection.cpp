// SPDX-License-Identifier: Apache-2.0
#include "model/sqlite/connection.h"

#include "model/base/text.h"
#include "model/sqlite/sqlite_error.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace jetlag::sqlite {

namespace {

int openFlags(OpenMode mode)
{
    // One thread at a time is this class's contract, so SQLite need not lock.
    constexpr int kAlways = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    switch (mode) {
    case OpenMode::ReadOnly:
        return kAlways | SQLITE_OPEN_READONLY;
    case OpenMode::ReadWrite:
        return kAlways | SQLITE_OPEN_READWRITE;
    case OpenMode::CreateIfMissing:
        break;
    }
    return kAlways | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
}

std::string setupStatements(const OpenOptions& options)
{
    std::string sql = "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;";
    if (options.mode == OpenMode::ReadOnly)
        return sql + "PRAGMA query_only=ON;";
    sql +=
        options.synchronous == Synchronous::Full ? "PRAGMA synchronous=FULL;" : "PRAGMA synchronous=NORMAL;";
    return sql;
}

} // namespace

void Connection::Close::operator()(sqlite3* handle) const noexcept
{
    // _v2: statements that live on by mistake keep the handle alive instead of dangling.
    sqlite3_close_v2(handle);
}

Result<Connection> Connection::open(const std::filesystem::path& path, const OpenOptions& options)
{
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, openFlags(options.mode),
                                     options.vfs.empty() ? nullptr : options.vfs.c_str());
    Connection connection(path, handle); // a failed open gives a handle too, for its words
    if (code != SQLITE_OK)
        return errorFrom(handle, code, path.string());

    sqlite3_busy_timeout(handle, static_cast<int>(options.busyTimeout.count()));
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    if (Result<void> setup = connection.execute(setupStatements(options)); !setup)
        return setup.error();
    // The first statement that touches the file: what is no database is refused here.
    if (const Result<std::int64_t> version = connection.queryInteger("PRAGMA schema_version"); !version)
        return version.error();

    if (options.mode != OpenMode::ReadOnly && options.journal != Journal::Keep) {
        const bool wal = options.journal == Journal::Wal;
        const Result<std::string> mode =
            connection.queryText(wal ? "PRAGMA journal_mode=WAL" : "PRAGMA journal_mode=DELETE");
        if (!mode)
            return mode.error();
        if (*mode != (wal ? "wal" : "delete"))
            return Error(ErrorCode::Unsupported,
                         fmt::format("{} cannot be switched to SQLite's {} journal here",
                                     safeForDisplay(path.string()), wal ? "WAL" : "DELETE"));
    }
    return connection;
}

Result<void> Connection::execute(const std::string& sql)
{
    const int code = sqlite3_exec(m_handle.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return errorFrom(m_handle.get(), code);
    return {};
}

Result<Statement> Connection::prepare(std::string_view sql)
{
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(m_handle.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK)
        return errorFrom(m_handle.get(), code);
    return Statement(statement);
}

Result<std::int64_t> Connection::queryInteger(std::string_view sql)
{
    Result<Statement> statement = prepare(sql);
    if (!statement)
        return statement.error();
    const Result<bool> row = statement->step();
    if (!row)
        return row.error();
    if (!*row)
        return Error(ErrorCode::NotFound, fmt::format("{} has no such row", safeForDisplay(m_path.string())));
    return statement->integer(0);
}

Result<std::string> Connection::queryText(std::string_view sql)
{
    Result<Statement> statement = prepare(sql);
    if (!statement)
        return statement.error();
    const Result<bool> row = statement->step();
    if (!row)
        return row.error();
    if (!*row)
        return Error(ErrorCode::NotFound, fmt::format("{} has no such row", safeForDisplay(m_path.string())));
    return std::string(statement->text(0));
}

Result<void> Connection::quickCheck()
{
    const Result<std::string> finding = queryText("PRAGMA quick_check(1)");
    if (!finding)
        return finding.error();
    if (*finding != "ok")
        return Error(ErrorCode::Corrupt, fmt::format("{} is damaged ({})", safeForDisplay(m_path.string()),
                                                     safeForDisplay(*finding)));
    return {};
}

Result<void> Connection::checkpointWal()
{
    const int code =
        sqlite3_wal_checkpoint_v2(m_handle.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK)
        return errorFrom(m_handle.get(), code);
    return {};
}

Result<void> Connection::leaveWal()
{
    const Result<std::string> mode = queryText("PRAGMA journal_mode=DELETE");
    if (!mode)
        return mode.error();
    if (*mode != "delete")
        return Error(ErrorCode::Conflict,
                     fmt::format("{} is still open elsewhere", safeForDisplay(m_path.string())));
    return {};
}

std::int64_t Connection::lastInsertRowId() const noexcept
{
    return sqlite3_last_insert_rowid(m_handle.get());
}

std::int64_t Connection::changes() const noexcept
{
    return sqlite3_changes64(m_handle.get());
}

bool Connection::inTransaction() const noexcept
{
    return sqlite3_get_autocommit(m_handle.get()) == 0;
}

} // namespace jetlag::sqlite
