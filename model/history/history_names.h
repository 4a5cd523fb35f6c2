#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/cluster/snapshot.h"
#include "model/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>

namespace jetlag {

/// The numbers by which the history's file knows connections and their rows. Inside the caller's transaction;
/// one thread; lives no longer than the connection to the file.
class HistoryNames final
{
public:
    [[nodiscard]] static Result<HistoryNames> prepare(sqlite::Connection& file);

    /// Both make one where there is none yet. Unsupported: more rows than numbers.
    [[nodiscard]] Result<std::int64_t> connection(const std::string& name);
    [[nodiscard]] Result<std::int64_t> row(std::int64_t connection, const ConsumerName& name);
    /// nullopt: this connection has no such row.
    [[nodiscard]] Result<std::optional<ConsumerName>> nameOf(std::int64_t row, std::int64_t connection);

private:
    HistoryNames(sqlite::Connection& file, sqlite::Statement findConnection, sqlite::Statement addConnection,
                 sqlite::Statement findRow, sqlite::Statement addRow, sqlite::Statement nameOfRow)
        : m_file(&file)
        , m_findConnection(std::move(findConnection))
        , m_addConnection(std::move(addConnection))
        , m_findRow(std::move(findRow))
        , m_addRow(std::move(addRow))
        , m_nameOfRow(std::move(nameOfRow))
    {}
    template <typename... Values>
    [[nodiscard]] Result<std::int64_t> findOrAdd(sqlite::Statement& find, sqlite::Statement& add,
                                                 const Values&... values);

    sqlite::Connection* m_file;
    sqlite::Statement m_findConnection;
    sqlite::Statement m_addConnection;
    sqlite::Statement m_findRow;
    sqlite::Statement m_addRow;
    sqlite::Statement m_nameOfRow;
};

} // namespace jetlag
