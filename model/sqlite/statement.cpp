// SPDX-License-Identifier: Apache-2.0
#include "model/sqlite/statement.h"

#include "model/sqlite/sqlite_error.h"

#include <sqlite3.h>

namespace jetlag::sqlite {

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept
{
    sqlite3_finalize(statement);
}

Result<bool> Statement::step()
{
    if (m_bindError != SQLITE_OK)
        return errorFrom(sqlite3_db_handle(m_statement.get()), m_bindError);
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    Error error = errorFrom(sqlite3_db_handle(m_statement.get()), code);
    reset();
    return error;
}

void Statement::reset() noexcept
{
    // Repeats the error of the last step, which was reported there.
    sqlite3_reset(m_statement.get());
    m_bindError = SQLITE_OK;
}

Result<void> Statement::finish()
{
    for (;;) {
        const Result<bool> row = step();
        if (!row)
            return row.error();
        if (!*row)
            break;
    }
    reset();
    return {};
}

bool Statement::isNull(int column) const noexcept
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const noexcept
{
    return sqlite3_column_int64(m_statement.get(), column);
}

std::uint64_t Statement::unsignedInteger(int column) const noexcept
{
    return static_cast<std::uint64_t>(integer(column));
}

double Statement::real(int column) const noexcept
{
    return sqlite3_column_double(m_statement.get(), column);
}

std::string_view Statement::text(int column) const noexcept
{
    // The pointer first: asking for the size before would convert twice.
    const unsigned char* bytes = sqlite3_column_text(m_statement.get(), column);
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return bytes ? std::string_view(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size))
                 : std::string_view();
}

std::string_view Statement::blob(int column) const noexcept
{
    const void* bytes = sqlite3_column_blob(m_statement.get(), column);
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return bytes ? std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size))
                 : std::string_view();
}

void Statement::bindOne(int index, std::int64_t value)
{
    const int code = sqlite3_bind_int64(m_statement.get(), index, value);
    m_bindError = m_bindError ? m_bindError : code;
}

void Statement::bindOne(int index, double value)
{
    const int code = sqlite3_bind_double(m_statement.get(), index, value);
    m_bindError = m_bindError ? m_bindError : code;
}

void Statement::bindOne(int index, std::string_view value)
{
    // A view without bytes is the empty text, never NULL.
    const int code = sqlite3_bind_text64(m_statement.get(), index, value.data() ? value.data() : "",
                                         value.size(), SQLITE_STATIC, SQLITE_UTF8);
    m_bindError = m_bindError ? m_bindError : code;
}

void Statement::bindOne(int index, Blob value)
{
    const int code = value.bytes.empty() ? sqlite3_bind_zeroblob(m_statement.get(), index, 0)
                                         : sqlite3_bind_blob64(m_statement.get(), index, value.bytes.data(),
                                                               value.bytes.size(), SQLITE_STATIC);
    m_bindError = m_bindError ? m_bindError : code;
}

void Statement::bindOne(int index, std::nullptr_t)
{
    const int code = sqlite3_bind_null(m_statement.get(), index);
    m_bindError = m_bindError ? m_bindError : code;
}

} // namespace jetlag::sqlite
