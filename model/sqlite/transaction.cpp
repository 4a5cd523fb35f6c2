// SPDX-License-Identifier: Apache-2.0
#include "model/sqlite/transaction.h"

#include <sqlite3.h>

namespace jetlag::sqlite {

Result<Transaction> Transaction::begin(Connection& connection, Kind kind)
{
    if (Result<void> begun = connection.execute(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN"); !begun)
        return begun.error();
    return Transaction(connection);
}

Transaction::~Transaction()
{
    rollback();
}

Result<void> Transaction::commit()
{
    Result<void> committed = m_connection->execute("COMMIT");
    if (!committed)
        rollback();
    m_connection = nullptr;
    return committed;
}

void Transaction::rollback() noexcept
{
    // Some failures (disk full, I/O error) have rolled back already; a second ROLLBACK would complain.
    if (m_connection && m_connection->inTransaction())
        sqlite3_exec(m_connection->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

} // namespace jetlag::sqlite
