// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sql_count.h"

#include <sqlite3.h>

#include <atomic>
#include <cstdlib>

namespace jetlag::test {

namespace {

std::atomic<std::uint64_t> g_statements;
std::atomic<std::uint64_t> g_rows;

int countOne(unsigned kind, void*, void*, void*)
{
    ++(kind == SQLITE_TRACE_STMT ? g_statements : g_rows);
    return 0;
}

int traceNewConnection(sqlite3* connection, const char**, const sqlite3_api_routines*)
{
    return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT | SQLITE_TRACE_ROW, countOne, nullptr);
}

// SQLite keeps one type for all entry points and calls this one with its true arguments.
void (*entryPoint())()
{
    return reinterpret_cast<void (*)()>(traceNewConnection);
}

} // namespace

SqlCount::SqlCount()
{
    restart();
    if (sqlite3_auto_extension(entryPoint()) != SQLITE_OK)
        std::abort(); // a test that counts nothing would pass
}

SqlCount::~SqlCount()
{
    sqlite3_cancel_auto_extension(entryPoint());
}

std::uint64_t SqlCount::statements() const
{
    return g_statements;
}

std::uint64_t SqlCount::rows() const
{
    return g_rows;
}

void SqlCount::restart()
{
    g_statements = 0;
    g_rows = 0;
}

} // namespace jetlag::test
