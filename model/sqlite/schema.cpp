// SPDX-License-Identifier: Apache-2.0
#include "model/sqlite/schema.h"

#include "model/base/text.h"
#include "model/sqlite/transaction.h"

#include <fmt/format.h>

#include <string>

namespace jetlag::sqlite {

namespace {

// 0: an empty file that may become one of ours.
Result<int> versionOf(Connection& connection, const Schema& schema)
{
    const Result<std::int64_t> id = connection.queryInteger("PRAGMA application_id");
    const Result<std::int64_t> version = id ? connection.queryInteger("PRAGMA user_version") : id;
    const Result<std::int64_t> tables =
        version ? connection.queryInteger("SELECT count(*) FROM sqlite_schema") : version;
    if (!tables)
        return tables.error();
    if (*id == 0 && *version == 0 && *tables == 0)
        return 0;

    const std::string file = safeForDisplay(connection.path().string());
    if (static_cast<std::uint32_t>(*id) != schema.applicationId)
        return Error(ErrorCode::Conflict,
                     fmt::format("{} is no {} but a database of another kind", file, schema.what));
    const auto newest = static_cast<std::int64_t>(schema.steps.size());
    if (*version > newest)
        return Error(ErrorCode::Unsupported,
                     fmt::format("{} was written by a newer Jetlag ({} layout {}, this one knows up to {})",
                                 file, schema.what, *version, newest));
    if (*version < 1 || *tables == 0)
        return Error(ErrorCode::Corrupt,
                     fmt::format("{} is damaged (a {} without content)", file, schema.what));
    return static_cast<int>(*version);
}

} // namespace

Result<void> migrate(Connection& connection, const Schema& schema)
{
    // Under the writer's lock: two processes that create one file at once must not both run the steps.
    Result<Transaction> transaction = Transaction::begin(connection);
    if (!transaction)
        return transaction.error();
    const Result<int> version = versionOf(connection, schema);
    if (!version)
        return version.error();
    const auto newest = static_cast<int>(schema.steps.size());
    if (*version == newest)
        return {};

    for (int step = *version; step < newest; ++step) {
        if (Result<void> done = connection.execute(std::string(schema.steps[static_cast<std::size_t>(step)]));
            !done)
            return std::move(done).error().whileDoing(
                fmt::format("bringing the {} from layout {} to {}", schema.what, step, step + 1));
    }
    if (Result<void> marked =
            connection.execute(fmt::format("PRAGMA application_id={}; PRAGMA user_version={};",
                                           static_cast<std::int32_t>(schema.applicationId), newest));
        !marked)
        return marked.error();
    return transaction->commit();
}

Result<int> checkSchema(Connection& connection, const Schema& schema)
{
    Result<int> version = versionOf(connection, schema);
    if (version && *version == 0)
        return Error(ErrorCode::Corrupt,
                     fmt::format("{} is an empty file, no {}", safeForDisplay(connection.path().string()),
                                 schema.what));
    return version;
}

} // namespace jetlag::sqlite
