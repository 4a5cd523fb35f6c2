// SPDX-License-Identifier: Apache-2.0
#include "model/sqlite/sqlite_error.h"

#include "model/base/text.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace jetlag::sqlite {

namespace {

std::string nameOf(sqlite3* db)
{
    const char* path = db ? sqlite3_db_filename(db, "main") : nullptr;
    return path && *path ? path : "the database";
}

// What the system said, where it said anything.
std::string systemReason(int systemErrno)
{
    return systemErrno ? fmt::format(" ({})", std::strerror(systemErrno)) : std::string();
}

} // namespace

Error errorFrom(sqlite3* db, int code, std::string_view path)
{
    const std::string file = safeForDisplay(path);
    const std::string words = safeForDisplay(db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
    const int systemErrno = db ? sqlite3_system_errno(db) : 0;

    switch (code & 0xff) {
    case SQLITE_FULL:
        return {ErrorCode::NoSpace, fmt::format("no space left on the disk for {}", file)};
    case SQLITE_NOTADB:
        return {ErrorCode::Corrupt, fmt::format("{} is not a SQLite database", file)};
    case SQLITE_CORRUPT:
    case SQLITE_FORMAT:
        return {ErrorCode::Corrupt, fmt::format("{} is damaged ({})", file, words)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorCode::Conflict, fmt::format("{} is locked by another process", file)};
    case SQLITE_READONLY:
        return {ErrorCode::Denied,
                fmt::format("{} cannot be written: file, folder or disk is read-only", file)};
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return {ErrorCode::Denied, fmt::format("access to {} is denied", file)};
    case SQLITE_CANTOPEN:
        if (systemErrno == EACCES || systemErrno == EPERM || systemErrno == EROFS)
            return {ErrorCode::Denied, fmt::format("{} cannot be opened{}", file, systemReason(systemErrno))};
        if (systemErrno == ENOENT || systemErrno == ENOTDIR)
            return {ErrorCode::NotFound,
                    fmt::format("{} cannot be opened{}", file, systemReason(systemErrno))};
        return {ErrorCode::Io, fmt::format("{} cannot be opened{}", file, systemReason(systemErrno))};
    case SQLITE_IOERR:
        if (systemErrno == ENOSPC || systemErrno == EDQUOT)
            return {ErrorCode::NoSpace, fmt::format("no space left on the disk for {}", file)};
        return {ErrorCode::Io,
                fmt::format("reading or writing {} failed{}", file, systemReason(systemErrno))};
    case SQLITE_CONSTRAINT:
        if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY)
            return {ErrorCode::Exists, fmt::format("{} holds that row already ({})", file, words)};
        break;
    case SQLITE_INTERRUPT:
        return {ErrorCode::Cancelled, fmt::format("work on {} was interrupted", file)};
    case SQLITE_NOMEM:
        return {ErrorCode::Internal, fmt::format("out of memory while working on {}", file)};
    default:
        break;
    }
    return {ErrorCode::Internal, fmt::format("SQLite refused a statement on {}: {}", file, words)};
}

Error errorFrom(sqlite3* db, int code)
{
    return errorFrom(db, code, nameOf(db));
}

} // namespace jetlag::sqlite
