// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_names.h"

#include "model/history/history_schema.h"

namespace jetlag {

using sqlite::Blob;
using sqlite::Statement;

Result<HistoryNames> HistoryNames::prepare(sqlite::Connection& file)
{
    auto findConnection = file.prepare("SELECT id FROM connections WHERE name=?1");
    auto addConnection = file.prepare("INSERT INTO connections(name) VALUES(?1)");
    auto findRow =
        file.prepare("SELECT id FROM history_rows WHERE connection=?1 AND stream=?2 AND collector=?3");
    auto addRow = file.prepare("INSERT INTO history_rows(connection, stream, collector) VALUES(?1, ?2, ?3)");
    auto nameOfRow = file.prepare("SELECT stream, collector FROM history_rows WHERE id=?1 AND connection=?2");
    for (const Result<Statement>* one : {&findConnection, &addConnection, &findRow, &addRow, &nameOfRow}) {
        if (!*one)
            return one->error();
    }
    return HistoryNames(file, std::move(*findConnection), std::move(*addConnection), std::move(*findRow),
                        std::move(*addRow), std::move(*nameOfRow));
}

template <typename... Values>
Result<std::int64_t> HistoryNames::findOrAdd(Statement& find, Statement& add, const Values&... values)
{
    find.bind(values...);
    const Result<bool> row = find.step();
    const std::int64_t id = row && *row ? find.integer(0) : 0;
    find.reset();
    if (!row)
        return row.error();
    if (id != 0)
        return id;
    if (Result<void> added = add.run(values...); !added)
        return added.error();
    return m_file->lastInsertRowId();
}

Result<std::int64_t> HistoryNames::connection(const std::string& name)
{
    return findOrAdd(m_findConnection, m_addConnection, name);
}

Result<std::int64_t> HistoryNames::row(std::int64_t connection, const ConsumerName& name)
{
    Result<std::int64_t> id = findOrAdd(m_findRow, m_addRow, connection, Blob{name.stream}, Blob{name.name});
    if (id && *id > kMostHistoryRows)
        return Error(ErrorCode::Unsupported, "the history holds too many collectors; move its file away");
    return id;
}

Result<std::optional<ConsumerName>> HistoryNames::nameOf(std::int64_t row, std::int64_t connection)
{
    m_nameOfRow.bind(row, connection);
    const Result<bool> found = m_nameOfRow.step();
    std::optional<ConsumerName> name;
    if (found && *found)
        name = ConsumerName{std::string(m_nameOfRow.blob(0)), std::string(m_nameOfRow.blob(1))};
    m_nameOfRow.reset();
    if (!found)
        return found.error();
    return name;
}

} // namespace jetlag
