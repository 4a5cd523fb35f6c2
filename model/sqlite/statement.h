#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

struct sqlite3_stmt;

namespace jetlag::sqlite {

/// Marks bytes that are stored as BLOB; a plain string_view is stored as TEXT.
struct Blob
{
    std::string_view bytes;
};

/// A prepared statement: prepare once, run often. Lives no longer than its Connection, on its thread.
///
///     Result<Statement> insert = connection.prepare("INSERT INTO keys VALUES(?1, ?2)");
///     insert->run(slot, Blob{bytes});
///
///     select->bind(slot);
///     for (;;) {
///         const Result<bool> row = select->step();
///         if (!row) return row.error();
///         if (!*row) break;
///         use(select->blob(0));        // good until the next step(), reset() or bind()
///     }
class Statement final
{
public:
    /// Binds ?1, ?2, ... and forgets earlier bindings and rows. Text and blobs are *not* copied: they must
    /// live until the statement is stepped to its end or reset. 64-bit unsigned values are stored as the
    /// signed value with the same bits (values above 2^63 - 1 sort wrongly).
    template <typename... Values>
    void bind(const Values&... values)
    {
        reset();
        int index = 0;
        (bindOne(++index, values), ...);
    }

    /// True: a row stands ready. False: done.
    [[nodiscard]] Result<bool> step();
    /// Gives up the rest of the rows and their locks; bindings stay. A statement that was not stepped to its
    /// end keeps a read transaction open until then.
    void reset() noexcept;
    /// bind(), step to the end, reset.
    template <typename... Values>
    [[nodiscard]] Result<void> run(const Values&... values)
    {
        bind(values...);
        return finish();
    }

    [[nodiscard]] bool isNull(int column) const noexcept;
    [[nodiscard]] std::int64_t integer(int column) const noexcept;
    [[nodiscard]] std::uint64_t unsignedInteger(int column) const noexcept;
    [[nodiscard]] double real(int column) const noexcept;
    /// Empty for NULL. Good until the next step(), reset() or bind().
    [[nodiscard]] std::string_view text(int column) const noexcept;
    [[nodiscard]] std::string_view blob(int column) const noexcept;

private:
    friend class Connection;
    struct Finalize
    {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    explicit Statement(sqlite3_stmt* statement)
        : m_statement(statement)
    {}

    [[nodiscard]] Result<void> finish();
    void bindOne(int index, std::int64_t value);
    void bindOne(int index, std::uint64_t value) { bindOne(index, static_cast<std::int64_t>(value)); }
    void bindOne(int index, int value) { bindOne(index, static_cast<std::int64_t>(value)); }
    void bindOne(int index, unsigned value) { bindOne(index, static_cast<std::int64_t>(value)); }
    void bindOne(int index, bool value) { bindOne(index, static_cast<std::int64_t>(value)); }
    void bindOne(int index, double value);
    void bindOne(int index, std::string_view value);
    void bindOne(int index, const char* value) { bindOne(index, std::string_view(value)); }
    void bindOne(int index, Blob value);
    void bindOne(int index, std::nullptr_t);

    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    int m_bindError = 0; // first failure of bind(); step() reports it
};

} // namespace jetlag::sqlite
