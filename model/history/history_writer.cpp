// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_writer.h"

#include "model/base/text.h"
#include "model/history/history_journal.h"
#include "model/history/history_rollup.h"
#include "model/sqlite/statement.h"
#include "model/sqlite/transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <system_error>

namespace jetlag {

namespace {

using sqlite::Blob;
using sqlite::Statement;
using sqlite::Transaction;

/// Between SQLite's usual 4096, where half of a block's last page is wasted, and pages so large that a small
/// change costs much. Measured: bench_history.
constexpr int kPageBytes = 8192;
/// Tails become blocks a few at a time, so that no transaction is large.
constexpr std::size_t kClosedAtLeast = 8;
/// A row's tail is over every 150th write; a sixtieth leaves room to catch up.
constexpr std::size_t kClosedShare = 60;
constexpr std::size_t kRowsPerPrune = 100;
constexpr std::int64_t kMostMarks = 200'000;
/// Shrinking goes on until this share of the bound is in use, so that it is not needed again at once.
constexpr double kShrinkTo = 0.95;

std::int64_t olderThan(ServerTime now, const HistoryTier& tier)
{
    return toMillis(now - tier.kept) - tier.blockMs;
}

} // namespace

struct HistoryWriter::Statements
{
    Statement findConnection, addConnection, findRow, addRow, addState, addJournal, dropJournal, readJournal,
        findBlock, putBlock, dropBlocks, firstBlock, addMark, reviewMark;
};

HistoryWriter::HistoryWriter(sqlite::Connection connection, std::uint64_t maxBytes)
    : m_connection(std::make_unique<sqlite::Connection>(std::move(connection)))
    , m_maxBytes(maxBytes)
{}

Result<HistoryWriter> HistoryWriter::open(const std::filesystem::path& path,
                                          const HistoryWriterOptions& options)
{
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error); // opening says what is wrong
    Result<sqlite::Connection> connection =
        sqlite::Connection::open(path, {.mode = sqlite::OpenMode::CreateIfMissing,
                                        .synchronous = sqlite::Synchronous::Normal,
                                        .busyTimeout = options.busyTimeout,
                                        .vfs = options.vfs});
    if (!connection)
        return connection.error();
    // The page size counts for a new file only, and only before its first page.
    for (const std::string& setup :
         {fmt::format("PRAGMA page_size={}", kPageBytes), std::string("PRAGMA journal_mode=WAL"),
          std::string("PRAGMA journal_size_limit=16777216"), std::string("PRAGMA cache_size=-4096")}) {
        if (Result<void> done = connection->execute(setup); !done)
            return done.error();
    }
    HistoryWriter writer(std::move(*connection), options.maxBytes);
    if (Result<void> migrated = sqlite::migrate(*writer.m_connection, historySchema()); !migrated)
        return migrated.error();
    if (Result<void> prepared = writer.prepare(); !prepared)
        return prepared.error();
    return writer;
}

Result<void> HistoryWriter::prepare()
{
    const auto make = [this](const char* sql) { return m_connection->prepare(sql); };
    auto findConnection = make("SELECT id FROM connections WHERE name=?1");
    auto addConnection = make("INSERT INTO connections(name) VALUES(?1)");
    auto findRow = make("SELECT id FROM history_rows WHERE connection=?1 AND stream=?2 AND collector=?3");
    auto addRow = make("INSERT INTO history_rows(connection, stream, collector) VALUES(?1, ?2, ?3)");
    auto addState = make("INSERT OR IGNORE INTO states(id, verdict, cause) VALUES(?1, ?2, ?3)");
    auto addJournal = make("INSERT INTO journal(connection, part, newest_tail, data) VALUES(?1, ?2, ?3, ?4)");
    auto dropJournal = make("DELETE FROM journal WHERE connection=?1 AND newest_tail<?2");
    auto readJournal = make("SELECT data FROM journal WHERE connection=?1 ORDER BY id");
    auto findBlock = make("SELECT data FROM blocks WHERE id=?1");
    auto putBlock = make("INSERT OR REPLACE INTO blocks(id, data) VALUES(?1, ?2)");
    auto dropBlocks = make("DELETE FROM blocks WHERE id BETWEEN ?1 AND ?2");
    auto firstBlock = make("SELECT id FROM blocks WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1");
    auto addMark = make(
        "INSERT INTO marks(connection, at, kind, stream, collector, word, detail, verdict, verdict_before, "
        "sequence, reviewed, muted) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
    auto reviewMark = make("UPDATE marks SET reviewed=?2 WHERE id=?1");
    for (const Result<Statement>* one :
         {&findConnection, &addConnection, &findRow, &addRow, &addState, &addJournal, &dropJournal,
          &readJournal, &findBlock, &putBlock, &dropBlocks, &firstBlock, &addMark, &reviewMark}) {
        if (!*one)
            return one->error();
    }
    m_statements = std::make_shared<Statements>(Statements{
        std::move(*findConnection), std::move(*addConnection), std::move(*findRow), std::move(*addRow),
        std::move(*addState), std::move(*addJournal), std::move(*dropJournal), std::move(*readJournal),
        std::move(*findBlock), std::move(*putBlock), std::move(*dropBlocks), std::move(*firstBlock),
        std::move(*addMark), std::move(*reviewMark)});
    return {};
}

Result<std::int64_t> HistoryWriter::connectionId(const std::string& name)
{
    Statement& find = m_statements->findConnection;
    find.bind(name);
    const Result<bool> row = find.step();
    const std::int64_t id = row && *row ? find.integer(0) : 0;
    find.reset();
    if (!row)
        return row.error();
    if (id != 0)
        return id;
    if (Result<void> added = m_statements->addConnection.run(name); !added)
        return added.error();
    return m_connection->lastInsertRowId();
}

Result<std::int64_t> HistoryWriter::rowId(std::int64_t connection, const ConsumerName& name)
{
    Statement& find = m_statements->findRow;
    find.bind(connection, Blob{name.stream}, Blob{name.name});
    const Result<bool> row = find.step();
    const std::int64_t id = row && *row ? find.integer(0) : 0;
    find.reset();
    if (!row)
        return row.error();
    if (id != 0)
        return id;
    if (Result<void> added = m_statements->addRow.run(connection, Blob{name.stream}, Blob{name.name}); !added)
        return added.error();
    const std::int64_t made = m_connection->lastInsertRowId();
    if (made > kMostHistoryRows)
        return Error(ErrorCode::Unsupported, "the history holds too many collectors; move its file away");
    return made;
}

Result<void> HistoryWriter::takeUp(const std::string& connection, HistoryTails& tails)
{
    Result<Transaction> transaction = Transaction::begin(*m_connection);
    if (!transaction)
        return transaction.error();
    const Result<std::int64_t> id = connectionId(connection);
    if (!id)
        return id.error();
    Result<Statement> names =
        m_connection->prepare("SELECT stream, collector FROM history_rows WHERE id=?1 AND connection=?2");
    if (!names)
        return names.error();

    JournalPieces pieces;
    Statement& read = m_statements->readJournal;
    read.bind(*id);
    for (;;) {
        const Result<bool> row = read.step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        if (!pieces.add(read.blob(0)))
            ++m_damaged;
    }
    read.reset();

    for (const auto& [key, bytes] : pieces.tails()) {
        const auto [row, start] = key;
        Statement& block = m_statements->findBlock;
        block.bind(blockKey(row, 0, start));
        const Result<bool> closed = block.step();
        block.reset();
        if (!closed)
            return closed.error();
        names->bind(row, *id);
        const Result<bool> known = names->step();
        if (!known)
            return known.error();
        if (*closed || !*known)
            continue;
        const ConsumerName name{std::string(names->blob(0)), std::string(names->blob(1))};
        SampleTail samples = SampleTail::resume(bytes, valuesOf(name.name.empty()).size());
        if (samples.samples() > 0)
            tails.restore(name, row, start, std::move(samples));
    }
    names->reset();
    return transaction->commit();
}

Result<void> HistoryWriter::write(const std::string& connection, HistoryTails& tails,
                                  std::span<HistoryMark> marks, ServerTime now)
{
    Result<Transaction> transaction = Transaction::begin(*m_connection);
    if (!transaction)
        return transaction.error();
    const Result<std::int64_t> id = connectionId(connection);
    if (!id)
        return id.error();

    // What memory learns only when all is kept.
    std::vector<std::pair<HistoryTails::Row*, std::int64_t>> ids;
    std::vector<HistoryTails::Row*> closing; // one for each tail
    const std::size_t mostClosed = std::max(kClosedAtLeast, tails.rows().size() / kClosedShare);
    std::int64_t oldestOpen = std::numeric_limits<std::int64_t>::max();
    std::array<JournalWriter, kJournalParts> journal;
    for (auto& [name, row] : tails.rows()) {
        std::int64_t rowNumber = row.id;
        if (rowNumber == 0) {
            const Result<std::int64_t> made = rowId(*id, name);
            if (!made)
                return made.error();
            rowNumber = *made;
            ids.emplace_back(&row, rowNumber);
        }
        std::size_t left = row.tails.size();
        bool isFirst = true; // of those that stay
        for (const HistoryTails::Tail& tail : row.tails) {
            // Whoever is behind by two does not wait: where reports come rarely there are few writes.
            const bool mayClose = closing.size() < mostClosed || left > 2;
            if (isFirst && tail.endMs <= tails.newestMs() && mayClose) {
                if (Result<void> closed = closeTail(rowNumber, row.isStream, tail, now); !closed)
                    return closed;
                closing.push_back(&row);
                --left;
                continue;
            }
            isFirst = false;
            oldestOpen = std::min(oldestOpen, tail.startMs);
            const std::string_view news = tail.samples.view().substr(tail.journaled);
            if (news.empty())
                continue;
            journal[static_cast<std::size_t>(journalPart(rowNumber))].add(rowNumber, tail.startMs,
                                                                          tail.journaled, news);
        }
    }
    for (std::size_t part = 0; part < journal.size(); ++part) {
        if (journal[part].isEmpty())
            continue;
        const std::string blob = journal[part].blob();
        if (Result<void> kept = m_statements->addJournal.run(*id, static_cast<std::uint64_t>(part),
                                                             journal[part].newestTail(), Blob{blob});
            !kept)
            return kept;
    }
    // Without rows there is nothing to say about the journal, which may be somebody else's.
    if (!tails.rows().empty()) {
        if (Result<void> dropped = m_statements->dropJournal.run(*id, oldestOpen); !dropped)
            return dropped;
    }
    std::set<std::uint32_t> states;
    if (Result<void> kept = keepStates(tails, states); !kept)
        return kept;
    if (Result<void> kept = keepMarks(*id, marks); !kept)
        return kept;
    if (Result<void> committed = transaction->commit(); !committed) {
        for (HistoryMark& mark : marks)
            mark.id = 0;
        return committed;
    }

    m_states.merge(states);
    for (const auto& [row, rowNumber] : ids)
        row->id = rowNumber;
    for (HistoryTails::Row* row : closing)
        row->tails.pop_front();
    for (auto& [name, row] : tails.rows()) {
        for (HistoryTails::Tail& tail : row.tails)
            tail.journaled = tail.samples.view().size();
    }
    std::erase_if(tails.rows(), [](const auto& entry) { return entry.second.tails.empty(); });
    return {};
}

Result<void> HistoryWriter::keepStates(const HistoryTails& tails, std::set<std::uint32_t>& written)
{
    for (const auto& [number, state] : tails.states()) {
        if (m_states.contains(number))
            continue;
        if (Result<void> kept = m_statements->addState.run(number, state.verdict, state.cause); !kept)
            return kept;
        written.insert(number);
    }
    return {};
}

Result<void> HistoryWriter::keepMarks(std::int64_t connection, std::span<HistoryMark> marks)
{
    for (HistoryMark& mark : marks) {
        if (Result<void> kept = m_statements->addMark.run(
                connection, toMillis(mark.at), static_cast<int>(mark.kind), Blob{mark.stream},
                Blob{mark.collector}, mark.word, mark.detail, mark.verdict, mark.verdictBefore, mark.sequence,
                mark.reviewed, mark.muted);
            !kept)
            return kept;
        mark.id = m_connection->lastInsertRowId();
    }
    return {};
}

Result<void> HistoryWriter::setReviewed(std::span<const std::int64_t> marks, bool reviewed)
{
    Result<Transaction> transaction = Transaction::begin(*m_connection);
    if (!transaction)
        return transaction.error();
    for (const std::int64_t mark : marks) {
        if (Result<void> kept = m_statements->reviewMark.run(mark, reviewed); !kept)
            return kept;
    }
    return transaction->commit();
}

Result<void> HistoryWriter::closeTail(std::int64_t row, bool isStream, const HistoryTails::Tail& tail,
                                      ServerTime now)
{
    const HistoryTable samples = tail.samples.table();
    const std::string packed = packTable(samples);
    if (Result<void> kept = m_statements->putBlock.run(blockKey(row, 0, tail.startMs), Blob{packed}); !kept)
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
Result<void> HistoryWriter::addToTier(std::int64_t row, const HistoryTier& tier, const HistoryTable& rolled,
                                      std::size_t columns)
{
    const std::int64_t bucketsEach = tier.blockMs / tier.stepMs;
    for (std::size_t from = 0; from < rolled.rows();) {
        const std::int64_t block = rolled.at[from] / bucketsEach;
        std::size_t to = from;
        while (to < rolled.rows() && rolled.at[to] / bucketsEach == block)
            ++to;
        HistoryTable part;
        const auto cut = [&](const std::vector<std::int64_t>& whole) {
            return std::vector<std::int64_t>(whole.begin() + static_cast<std::ptrdiff_t>(from),
                                             whole.begin() + static_cast<std::ptrdiff_t>(to));
        };
        part.at = cut(rolled.at);
        for (const std::vector<std::int64_t>& column : rolled.columns)
            part.columns.push_back(cut(column));
        from = to;

        const std::int64_t key = blockKey(row, tier.number, block * tier.blockMs);
        Statement& find = m_statements->findBlock;
        find.bind(key);
        const Result<bool> isThere = find.step();
        if (!isThere)
            return isThere.error();
        HistoryTable whole;
        whole.columns.resize(columns);
        if (*isThere) {
            if (Result<HistoryTable> before = unpackTable(find.blob(0), columns))
                whole = std::move(*before);
            else
                ++m_damaged;
        }
        find.reset();
        mergeBuckets(whole, part);
        const std::string packed = packTable(whole);
        if (Result<void> kept = m_statements->putBlock.run(key, Blob{packed}); !kept)
            return kept;
    }
    return {};
}

Result<void> HistoryWriter::dropOld(std::int64_t row, ServerTime now)
{
    for (const HistoryTier& tier : historyTiers()) {
        if (Result<void> dropped = m_statements->dropBlocks.run(
                blockKey(row, tier.number, 0), blockKey(row, tier.number, olderThan(now, tier)));
            !dropped)
            return dropped;
    }
    return {};
}

Result<std::vector<std::int64_t>> HistoryWriter::allRows()
{
    Result<Statement> select = m_connection->prepare("SELECT id FROM history_rows");
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

Result<void> HistoryWriter::prune(ServerTime now)
{
    const Result<std::vector<std::int64_t>> rows = allRows();
    if (!rows)
        return rows.error();
    // Rows that nobody samples any more keep their name until a transaction of their own drops the last
    // block, so nothing here may forget a name that a writer is about to use.
    for (std::size_t from = 0; from < rows->size(); from += kRowsPerPrune) {
        const auto part = std::span(*rows).subspan(from, std::min(kRowsPerPrune, rows->size() - from));
        if (Result<void> pruned = pruneRows(part, now); !pruned)
            return pruned;
    }
    Result<Statement> oldMarks =
        m_connection->prepare("DELETE FROM marks WHERE at<?1 OR id<=(SELECT max(id) FROM marks)-?2");
    if (!oldMarks)
        return oldMarks.error();
    if (Result<void> dropped = oldMarks->run(toMillis(now - kMinutesKept), kMostMarks); !dropped)
        return dropped;
    Result<Statement> oldJournals = m_connection->prepare("DELETE FROM journal WHERE newest_tail<?1");
    if (!oldJournals)
        return oldJournals.error();
    if (Result<void> dropped = oldJournals->run(toMillis(now - kMinutesKept)); !dropped)
        return dropped;
    return shrink();
}

Result<void> HistoryWriter::forgetRows(const std::string& connection, const HistoryTails& tails)
{
    Result<Transaction> transaction = Transaction::begin(*m_connection);
    if (!transaction)
        return transaction.error();
    const Result<std::int64_t> id = connectionId(connection);
    if (!id)
        return id.error();
    Result<Statement> select =
        m_connection->prepare("SELECT id, stream, collector FROM history_rows WHERE connection=?1 AND NOT "
                              "EXISTS(SELECT 1 FROM blocks "
                              "WHERE blocks.id BETWEEN history_rows.id<<38 AND (history_rows.id+1)<<38)");
    if (!select)
        return select.error();
    std::vector<std::int64_t> gone;
    select->bind(*id);
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
    Result<Statement> forget = m_connection->prepare("DELETE FROM history_rows WHERE id=?1");
    if (!forget)
        return forget.error();
    for (const std::int64_t row : gone) {
        if (Result<void> done = forget->run(row); !done)
            return done;
    }
    return transaction->commit();
}

Result<void> HistoryWriter::pruneRows(std::span<const std::int64_t> rows, ServerTime now)
{
    Result<Transaction> transaction = Transaction::begin(*m_connection);
    if (!transaction)
        return transaction.error();
    for (const std::int64_t row : rows) {
        if (Result<void> dropped = dropOld(row, now); !dropped)
            return dropped;
    }
    return transaction->commit();
}

std::uint64_t HistoryWriter::bytes()
{
    const Result<std::int64_t> pages = m_connection->queryInteger("PRAGMA page_count");
    const Result<std::int64_t> free = m_connection->queryInteger("PRAGMA freelist_count");
    const Result<std::int64_t> size = m_connection->queryInteger("PRAGMA page_size");
    if (!pages || !free || !size)
        return 0;
    return static_cast<std::uint64_t>((*pages - *free) * *size);
}

/// Drops the oldest block of time of all rows in one tier; the count of dropped blocks.
Result<std::int64_t> HistoryWriter::dropOldest(std::span<const std::int64_t> rows, const HistoryTier& tier)
{
    constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
    std::int64_t oldest = kNever;
    Statement& first = m_statements->firstBlock;
    for (const std::int64_t row : rows) {
        first.bind(blockKey(row, tier.number, 0), blockKey(row, tier.number, kNever));
        const Result<bool> isThere = first.step();
        if (!isThere)
            return isThere.error();
        if (*isThere)
            oldest = std::min(oldest, blockStartMs(first.integer(0)));
        first.reset();
    }
    if (oldest == kNever)
        return std::int64_t{0};
    // A fiftieth of what the tier keeps: few rounds, and no more than a day or so too much.
    const std::int64_t upTo = oldest + std::max(tier.blockMs, tier.kept.count() / 50);
    std::int64_t dropped = 0;
    Result<Transaction> transaction = Transaction::begin(*m_connection);
    if (!transaction)
        return transaction.error();
    for (const std::int64_t row : rows) {
        if (Result<void> done =
                m_statements->dropBlocks.run(blockKey(row, tier.number, 0), blockKey(row, tier.number, upTo));
            !done)
            return done.error();
        dropped += m_connection->changes();
    }
    if (Result<void> committed = transaction->commit(); !committed)
        return committed.error();
    return dropped;
}

Result<void> HistoryWriter::shrink()
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
