// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_blocks.h"

#include "model/history/history_rollup.h"

#include <limits>
#include <string>
#include <vector>

namespace jetlag {

using sqlite::Blob;
using sqlite::Statement;

namespace {

/// Rows [from, to) of the table.
HistoryTable partOf(const HistoryTable& whole, std::size_t from, std::size_t to)
{
    const auto cut = [&](const std::vector<std::int64_t>& column) {
        return std::vector<std::int64_t>(column.begin() + static_cast<std::ptrdiff_t>(from),
                                         column.begin() + static_cast<std::ptrdiff_t>(to));
    };
    HistoryTable part;
    part.at = cut(whole.at);
    for (const std::vector<std::int64_t>& column : whole.columns)
        part.columns.push_back(cut(column));
    return part;
}

} // namespace

Result<HistoryBlocks> HistoryBlocks::prepare(sqlite::Connection& file)
{
    auto find = file.prepare("SELECT data FROM blocks WHERE id=?1");
    auto put = file.prepare("INSERT OR REPLACE INTO blocks(id, data) VALUES(?1, ?2)");
    auto drop = file.prepare("DELETE FROM blocks WHERE id BETWEEN ?1 AND ?2");
    auto first = file.prepare("SELECT id FROM blocks WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1");
    for (const Result<Statement>* one : {&find, &put, &drop, &first}) {
        if (!*one)
            return one->error();
    }
    return HistoryBlocks(file, std::move(*find), std::move(*put), std::move(*drop), std::move(*first));
}

Result<bool> HistoryBlocks::holdsTail(std::int64_t row, std::int64_t startMs)
{
    m_find.bind(blockKey(row, 0, startMs));
    Result<bool> found = m_find.step();
    m_find.reset();
    return found;
}

Result<void> HistoryBlocks::close(std::int64_t row, bool isStream, const HistoryTails::Tail& tail,
                                  ServerTime now)
{
    const HistoryTable samples = tail.samples.table();
    const std::string packed = packTable(samples);
    if (Result<void> kept = m_put.run(blockKey(row, 0, tail.startMs), Blob{packed}); !kept)
        return kept;
    const std::span<const HistoryValue> values = valuesOf(isStream);
    for (const HistoryTier& tier : historyTiers().subspan(1)) {
        if (Result<void> kept =
                addToTier(row, tier, rollUp(samples, values, tier.stepMs), rolledColumnCount(values));
            !kept)
            return kept;
    }
    return dropOld(row, now);
}

/// Into the one or two blocks that the buckets belong to.
Result<void> HistoryBlocks::addToTier(std::int64_t row, const HistoryTier& tier, const HistoryTable& rolled,
                                      std::size_t columns)
{
    const std::int64_t bucketsEach = tier.blockMs / tier.stepMs;
    for (std::size_t from = 0; from < rolled.rows();) {
        const std::int64_t block = rolled.at[from] / bucketsEach;
        std::size_t to = from;
        while (to < rolled.rows() && rolled.at[to] / bucketsEach == block)
            ++to;
        if (Result<void> merged =
                merge(blockKey(row, tier.number, block * tier.blockMs), partOf(rolled, from, to), columns);
            !merged)
            return merged;
        from = to;
    }
    return {};
}

Result<void> HistoryBlocks::merge(std::int64_t key, const HistoryTable& part, std::size_t columns)
{
    m_find.bind(key);
    const Result<bool> isThere = m_find.step();
    if (!isThere)
        return isThere.error();
    HistoryTable whole;
    whole.columns.resize(columns);
    if (*isThere) {
        if (Result<HistoryTable> before = unpackTable(m_find.blob(0), columns))
            whole = std::move(*before);
        else
            ++m_damaged;
    }
    m_find.reset();
    mergeBuckets(whole, part);
    const std::string packed = packTable(whole);
    return m_put.run(key, Blob{packed});
}

Result<void> HistoryBlocks::dropOld(std::int64_t row, ServerTime now)
{
    for (const HistoryTier& tier : historyTiers()) {
        if (Result<std::int64_t> dropped = dropUpTo(row, tier, toMillis(now - tier.kept) - tier.blockMs);
            !dropped)
            return dropped.error();
    }
    return {};
}

Result<std::optional<std::int64_t>> HistoryBlocks::oldestMs(std::int64_t row, const HistoryTier& tier)
{
    m_first.bind(blockKey(row, tier.number, 0),
                 blockKey(row, tier.number, std::numeric_limits<std::int64_t>::max()));
    const Result<bool> isThere = m_first.step();
    std::optional<std::int64_t> oldest;
    if (isThere && *isThere)
        oldest = blockStartMs(m_first.integer(0));
    m_first.reset();
    if (!isThere)
        return isThere.error();
    return oldest;
}

Result<std::int64_t> HistoryBlocks::dropUpTo(std::int64_t row, const HistoryTier& tier, std::int64_t startMs)
{
    if (Result<void> dropped = m_drop.run(blockKey(row, tier.number, 0), blockKey(row, tier.number, startMs));
        !dropped)
        return dropped.error();
    return m_file->changes();
}

} // namespace jetlag
