#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/sqlite/connection.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace jetlag::sqlite {

/// A kind of file and its layout over time.
struct Schema
{
    std::string_view what;           ///< for sentences: "state database", "capture"
    std::uint32_t applicationId = 0; ///< marks files of this kind (SQLite's application_id); not 0
    /// steps[i] leads from version i to i + 1; user_version says how far a file is. Released steps never
    /// change: append.
    std::span<const std::string_view> steps;
};

/// Makes the tables of a new file or brings an older file up to date, all in one transaction.
/// Conflict: the file is a database of another kind. Unsupported: a newer version wrote it.
[[nodiscard]] Result<void> migrate(Connection& connection, const Schema& schema);

/// Changes nothing. The file's version, from 1; the same errors as migrate(), and Corrupt when there is
/// nothing in the file.
[[nodiscard]] Result<int> checkSchema(Connection& connection, const Schema& schema);

} // namespace jetlag::sqlite
