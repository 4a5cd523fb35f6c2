#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/error.h"

#include <string_view>

struct sqlite3;

namespace jetlag::sqlite {

/// The one place where SQLite's codes become ours. `db` (may be null) gives the file's name, the
/// library's words and the system's errno of its last call, so call this before anything else is done
/// with the connection.
///
/// | SQLite                           | ErrorCode   |
/// |----------------------------------|-------------|
/// | FULL, or an I/O error of ENOSPC  | NoSpace     |
/// | NOTADB, CORRUPT, FORMAT          | Corrupt     |
/// | BUSY, LOCKED                     | Conflict    |
/// | READONLY, PERM, AUTH, EACCES     | Denied      |
/// | CANTOPEN of a missing file       | NotFound    |
/// | IOERR, other CANTOPEN            | Io          |
/// | CONSTRAINT on a key              | Exists      |
/// | INTERRUPT                        | Cancelled   |
/// | the rest                         | Internal    |
[[nodiscard]] Error errorFrom(sqlite3* db, int code);
/// For a file that could not be opened, where the connection does not know its name.
[[nodiscard]] Error errorFrom(sqlite3* db, int code, std::string_view path);

} // namespace jetlag::sqlite
