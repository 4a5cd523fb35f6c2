// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_pruner.h"

#include "model/sqlite/statement.h"
#include "model/sqlite/transaction.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace jetlag {

namespace {

using sqlite::Statement;
using sqlite::Transaction;

constexpr std::size_t kRowsPerPrune = 100;
constexpr std::int64_t kMostMarks = 200'000;
/// Shrinking goes on until this share of the bound is in use, so that it is not needed again at once.
constexpr double kShrinkTo = 0.95;

} // namespace

Result<std::vector<std::int64_t>> HistoryPruner::allRows()
{
    Result<Statement> select = m_file->prepare("SELECT id FROM history_rows");
    if (!select)
        return select.error();
    std::vector<std::int64_t> rows;
    for (;;) {
        const Result<bool> row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return rows;
        rows.push_back(select->integer(0));
    }
}

Result<void> HistoryPruner::prune(ServerTime now)
{
    const Result<std::vector<std::int64_t>> rows = allRows();
    if (!rows)
        return rows.error();
    // Rows that nobody samples any more keep their name until a transaction of their own drops the last
    // block, so nothing here may forget a name that a writer is about to use.
    for (std::size_t from = 0; from < rows->size(); from += kRowsPerPrune) {
        const auto part = std::span(*rows).subspan(from, std::min(kRowsPerPrune, rows->size() - from));
        if (Result<void> dropped = dropOld(part, now); !dropped)
            return dropped;
    }
    if (Result<void> dropped = dropOldMarksAndJournals(now); !dropped)
        return dropped;
    return shrink();
}

Result<void> HistoryPruner::dropOld(std::span<const std::int64_t> rows, ServerTime now)
{
    Result<Transaction> transaction = Transaction::begin(*m_file);
    if (!transaction)
        return transaction.error();
    for (const std::int64_t row : rows) {
        if (Result<void> dropped = m_blocks->dropOld(row, now); !dropped)
            return dropped;
    }
    return transaction->commit();
}

Result<void> HistoryPruner::dropOldMarksAndJournals(ServerTime now)
{
    const std::int64_t kept = toMillis(now - kMinutesKept);
    Result<Statement> marks =
        m_file->prepare("DELETE FROM marks WHERE at<?1 OR id<=(SELECT max(id) FROM marks)-?2");
    if (!marks)
        return marks.error();
    if (Result<void> dropped = marks->run(kept, kMostMarks); !dropped)
        return dropped;
    Result<Statement> journals = m_file->prepare("DELETE FROM journal WHERE newest_tail<?1");
    if (!journals)
        return journals.error();
    return journals->run(kept);
}

Result<void> HistoryPruner::forgetRows(std::int64_t connection, const HistoryTails& tails)
{
    Result<Statement> select =
        m_file->prepare("SELECT id, stream, collector FROM history_rows WHERE connection=?1 AND NOT "
                        "EXISTS(SELECT 1 FROM blocks "
                        "WHERE blocks.id BETWEEN history_rows.id<<38 AND (history_rows.id+1)<<38)");
    if (!select)
        return select.error();
    std::vector<std::int64_t> gone;
    select->bind(connection);
    for (;;) {
        const Result<bool> row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        if (!tails.rows().contains(ConsumerName{std::string(select->blob(1)), std::string(select->blob(2))}))
            gone.push_back(select->integer(0));
    }
    select->reset();
    Result<Statement> forget = m_file->prepare("DELETE FROM history_rows WHERE id=?1");
    if (!forget)
        return forget.error();
    for (const std::int64_t row : gone) {
        if (Result<void> done = forget->run(row); !done)
            return done;
    }
    return {};
}

std::uint64_t HistoryPruner::bytes()
{
    const Result<std::int64_t> pages = m_file->queryInteger("PRAGMA page_count");
    const Result<std::int64_t> free = m_file->queryInteger("PRAGMA freelist_count");
    const Result<std::int64_t> size = m_file->queryInteger("PRAGMA page_size");
    if (!pages || !free || !size)
        return 0;
    return static_cast<std::uint64_t>((*pages - *free) * *size);
}

/// Drops the oldest block of time of all rows in one tier; the count of dropped blocks.
Result<std::int64_t> HistoryPruner::dropOldest(std::span<const std::int64_t> rows, const HistoryTier& tier)
{
    constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
    std::int64_t oldest = kNever;
    for (const std::int64_t row : rows) {
        const Result<std::optional<std::int64_t>> ofRow = m_blocks->oldestMs(row, tier);
        if (!ofRow)
            return ofRow.error();
        oldest = std::min(oldest, ofRow->value_or(kNever));
    }
    if (oldest == kNever)
        return std::int64_t{0};
    // A fiftieth of what the tier keeps: few rounds, and no more than a day or so too much.
    const std::int64_t upTo = oldest + std::max(tier.blockMs, tier.kept.count() / 50);
    std::int64_t dropped = 0;
    Result<Transaction> transaction = Transaction::begin(*m_file);
    if (!transaction)
        return transaction.error();
    for (const std::int64_t row : rows) {
        const Result<std::int64_t> done = m_blocks->dropUpTo(row, tier, upTo);
        if (!done)
            return done.error();
        dropped += *done;
    }
    if (Result<void> committed = transaction->commit(); !committed)
        return committed.error();
    return dropped;
}

Result<void> HistoryPruner::shrink()
{
    if (bytes() <= m_maxBytes)
        return {};
    const Result<std::vector<std::int64_t>> rows = allRows();
    if (!rows)
        return rows.error();
    const auto enough = static_cast<std::uint64_t>(static_cast<double>(m_maxBytes) * kShrinkTo);
    // The coarse tier reaches back furthest and goes first; what is shown live goes last.
    const auto tiers = historyTiers();
    for (auto tier = tiers.rbegin(); tier != tiers.rend(); ++tier) {
        while (bytes() > enough) {
            const Result<std::int64_t> dropped = dropOldest(*rows, *tier);
            if (!dropped)
                return dropped.error();
            if (*dropped == 0)
                break;
        }
    }
    return {};
}

} // namespace jetlag
