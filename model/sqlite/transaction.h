#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/sqlite/connection.h"

#include <utility>

namespace jetlag::sqlite {

/// All or nothing: what was not committed is rolled back by the destructor, also when a commit failed.
/// The connection must stay where it is meanwhile.
class Transaction final
{
public:
    enum class Kind {
        Read,  ///< one consistent view; takes its lock with the first statement
        Write, ///< takes the writer's lock at once, so that no later statement meets Conflict
    };

    [[nodiscard]] static Result<Transaction> begin(Connection& connection, Kind kind = Kind::Write);
    ~Transaction();
    Transaction(Transaction&& other) noexcept
        : m_connection(std::exchange(other.m_connection, nullptr))
    {}
    Transaction& operator=(Transaction&&) = delete;

    /// Durable when it returns (Synchronous::Full). After an error nothing of it is kept.
    [[nodiscard]] Result<void> commit();

private:
    explicit Transaction(Connection& connection)
        : m_connection(&connection)
    {}
    void rollback() noexcept;

    Connection* m_connection; // nullptr once over
};

} // namespace jetlag::sqlite
