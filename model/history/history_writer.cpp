// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_writer.h"

#include "model/history/history_blocks.h"
#include "model/history/history_names.h"
#include "model/history/history_pruner.h"
#include "model/sqlite/statement.h"
#include "model/sqlite/transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <system_error>
#include <utility>
#include <vector>

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

Result<std::unique_ptr<sqlite::Connection>> openFile(const std::filesystem::path& path,
                                                     const HistoryWriterOptions& options)
{
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error); // opening says what is wrong
    Result<sqlite::Connection> file =
        sqlite::Connection::open(path, {.mode = sqlite::OpenMode::CreateIfMissing,
                                        .synchronous = sqlite::Synchronous::Normal,
                                        .busyTimeout = options.busyTimeout,
                                        .vfs = options.vfs});
    if (!file)
        return file.error();
    // The page size counts for a new file only, and only before its first page.
    for (const std::string& setup :
         {fmt::format("PRAGMA page_size={}", kPageBytes), std::string("PRAGMA journal_mode=WAL"),
          std::string("PRAGMA journal_size_limit=16777216"), std::string("PRAGMA cache_size=-4096")}) {
        if (Result<void> done = file->execute(setup); !done)
            return done.error();
    }
    if (Result<void> migrated = sqlite::migrate(*file, historySchema()); !migrated)
        return migrated.error();
    return std::make_unique<sqlite::Connection>(std::move(*file));
}

} // namespace

struct HistoryWriter::Parts
{
    Parts(sqlite::Connection& file, std::uint64_t maxBytes, HistoryNames itsNames, HistoryBlocks itsBlocks,
          std::array<Statement, 6> statements)
        : names(std::move(itsNames))
        , blocks(std::move(itsBlocks))
        , pruner(file, blocks, maxBytes)
        , addState(std::move(statements[0]))
        , addJournal(std::move(statements[1]))
        , dropJournal(std::move(statements[2]))
        , readJournal(std::move(statements[3]))
        , addMark(std::move(statements[4]))
        , reviewMark(std::move(statements[5]))
    {}
    [[nodiscard]] static Result<std::unique_ptr<Parts>> prepare(sqlite::Connection& file,
                                                                std::uint64_t maxBytes);

    HistoryNames names;
    HistoryBlocks blocks;
    HistoryPruner pruner;
    Statement addState, addJournal, dropJournal, readJournal, addMark, reviewMark;
    std::uint64_t damagedJournals = 0;
};

Result<std::unique_ptr<HistoryWriter::Parts>> HistoryWriter::Parts::prepare(sqlite::Connection& file,
                                                                            std::uint64_t maxBytes)
{
    Result<HistoryNames> names = HistoryNames::prepare(file);
    if (!names)
        return names.error();
    Result<HistoryBlocks> blocks = HistoryBlocks::prepare(file);
    if (!blocks)
        return blocks.error();
    std::array<Result<Statement>, 6> made{
        file.prepare("INSERT OR IGNORE INTO states(id, verdict, cause) VALUES(?1, ?2, ?3)"),
        file.prepare("INSERT INTO journal(connection, part, newest_tail, data) VALUES(?1, ?2, ?3, ?4)"),
        file.prepare("DELETE FROM journal WHERE connection=?1 AND newest_tail<?2"),
        file.prepare("SELECT data FROM journal WHERE connection=?1 ORDER BY id"),
        file.prepare(
            "INSERT INTO marks(connection, at, kind, stream, collector, word, detail, verdict, "
            "verdict_before, sequence, reviewed, muted) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
            "?11, ?12)"),
        file.prepare("UPDATE marks SET reviewed=?2 WHERE id=?1")};
    for (const Result<Statement>& one : made) {
        if (!one)
            return one.error();
    }
    return std::make_unique<Parts>(file, maxBytes, std::move(*names), std::move(*blocks),
                                   std::array<Statement, 6>{std::move(*made[0]), std::move(*made[1]),
                                                            std::move(*made[2]), std::move(*made[3]),
                                                            std::move(*made[4]), std::move(*made[5])});
}

/// One transaction, and what memory learns only when all of it is kept.
struct HistoryWriter::Write
{
    ServerTime now;
    std::int64_t newestMs = 0; ///< tails that end before it are over
    std::size_t mostClosed = 0;
    std::vector<std::pair<HistoryTails::Row*, std::int64_t>> ids;
    std::vector<HistoryTails::Row*> closing; ///< one for each tail
    std::set<std::uint32_t> states;
    std::int64_t oldestOpen = std::numeric_limits<std::int64_t>::max();
    std::array<JournalWriter, kJournalParts> journal;
};

HistoryWriter::HistoryWriter(std::unique_ptr<sqlite::Connection> file, std::unique_ptr<Parts> parts)
    : m_file(std::move(file))
    , m_parts(std::move(parts))
{}

HistoryWriter::HistoryWriter(HistoryWriter&&) noexcept = default;
HistoryWriter::~HistoryWriter() = default;

// Statements of the old file go before it.
HistoryWriter& HistoryWriter::operator=(HistoryWriter&& other) noexcept
{
    m_parts = std::move(other.m_parts);
    m_file = std::move(other.m_file);
    m_states = std::move(other.m_states);
    return *this;
}

Result<HistoryWriter> HistoryWriter::open(const std::filesystem::path& path,
                                          const HistoryWriterOptions& options)
{
    Result<std::unique_ptr<sqlite::Connection>> file = openFile(path, options);
    if (!file)
        return file.error();
    Result<std::unique_ptr<Parts>> parts = Parts::prepare(**file, options.maxBytes);
    if (!parts)
        return parts.error();
    return HistoryWriter(std::move(*file), std::move(*parts));
}

Result<void> HistoryWriter::takeUp(const std::string& connection, HistoryTails& tails)
{
    Result<Transaction> transaction = Transaction::begin(*m_file);
    if (!transaction)
        return transaction.error();
    const Result<std::int64_t> id = m_parts->names.connection(connection);
    if (!id)
        return id.error();
    JournalPieces pieces;
    if (Result<void> read = readJournal(*id, pieces); !read)
        return read;
    for (const auto& [key, bytes] : pieces.tails()) {
        const auto [row, start] = key;
        const Result<bool> closed = m_parts->blocks.holdsTail(row, start);
        if (!closed)
            return closed.error();
        const Result<std::optional<ConsumerName>> name = m_parts->names.nameOf(row, *id);
        if (!name)
            return name.error();
        if (*closed || !*name)
            continue;
        SampleTail samples = SampleTail::resume(bytes, valuesOf((*name)->name.empty()).size());
        if (samples.samples() > 0)
            tails.restore(**name, row, start, std::move(samples));
    }
    return transaction->commit();
}

Result<void> HistoryWriter::readJournal(std::int64_t connection, JournalPieces& pieces)
{
    Statement& read = m_parts->readJournal;
    read.bind(connection);
    for (;;) {
        const Result<bool> row = read.step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        if (!pieces.add(read.blob(0)))
            ++m_parts->damagedJournals;
    }
    read.reset();
    return {};
}

Result<void> HistoryWriter::write(const std::string& connection, HistoryTails& tails,
                                  std::span<HistoryMark> marks, ServerTime now)
{
    Result<Transaction> transaction = Transaction::begin(*m_file);
    if (!transaction)
        return transaction.error();
    const Result<std::int64_t> id = m_parts->names.connection(connection);
    if (!id)
        return id.error();

    Write write{.now = now,
                .newestMs = tails.newestMs(),
                .mostClosed = std::max(kClosedAtLeast, tails.rows().size() / kClosedShare)};
    for (auto& [name, row] : tails.rows()) {
        if (Result<void> written = writeRow(*id, name, row, write); !written)
            return written;
    }
    if (Result<void> kept = keepJournal(*id, tails, write); !kept)
        return kept;
    if (Result<void> kept = keepStates(tails, write); !kept)
        return kept;
    if (Result<void> kept = keepMarks(*id, marks); !kept)
        return kept;
    if (Result<void> committed = transaction->commit(); !committed) {
        for (HistoryMark& mark : marks)
            mark.id = 0;
        return committed;
    }
    learn(tails, std::move(write));
    return {};
}

/// Tails that are over become blocks; what is new in the others goes to the journal.
Result<void> HistoryWriter::writeRow(std::int64_t connection, const ConsumerName& name,
                                     HistoryTails::Row& row, Write& write)
{
    std::int64_t number = row.id;
    if (number == 0) {
        const Result<std::int64_t> made = m_parts->names.row(connection, name);
        if (!made)
            return made.error();
        number = *made;
        write.ids.emplace_back(&row, number);
    }
    std::size_t left = row.tails.size();
    bool isFirst = true; // of those that stay
    for (const HistoryTails::Tail& tail : row.tails) {
        // Whoever is behind by two does not wait: where reports come rarely there are few writes.
        const bool mayClose = write.closing.size() < write.mostClosed || left > 2;
        if (isFirst && tail.endMs <= write.newestMs && mayClose) {
            if (Result<void> closed = m_parts->blocks.close(number, row.isStream, tail, write.now); !closed)
                return closed;
            write.closing.push_back(&row);
            --left;
            continue;
        }
        isFirst = false;
        write.oldestOpen = std::min(write.oldestOpen, tail.startMs);
        const std::string_view news = tail.samples.view().substr(tail.journaled);
        if (!news.empty())
            write.journal[static_cast<std::size_t>(journalPart(number))].add(number, tail.startMs,
                                                                             tail.journaled, news);
    }
    return {};
}

Result<void> HistoryWriter::keepJournal(std::int64_t connection, const HistoryTails& tails,
                                        const Write& write)
{
    for (std::size_t part = 0; part < write.journal.size(); ++part) {
        const JournalWriter& journal = write.journal[part];
        if (journal.isEmpty())
            continue;
        const std::string blob = journal.blob();
        if (Result<void> kept = m_parts->addJournal.run(connection, static_cast<std::uint64_t>(part),
                                                        journal.newestTail(), Blob{blob});
            !kept)
            return kept;
    }
    // Without rows there is nothing to say about the journal, which may be somebody else's.
    if (tails.rows().empty())
        return {};
    return m_parts->dropJournal.run(connection, write.oldestOpen);
}

Result<void> HistoryWriter::keepStates(const HistoryTails& tails, Write& write)
{
    for (const auto& [number, state] : tails.states()) {
        if (m_states.contains(number))
            continue;
        if (Result<void> kept = m_parts->addState.run(number, state.verdict, state.cause); !kept)
            return kept;
        write.states.insert(number);
    }
    return {};
}

Result<void> HistoryWriter::keepMarks(std::int64_t connection, std::span<HistoryMark> marks)
{
    for (HistoryMark& mark : marks) {
        if (Result<void> kept = m_parts->addMark.run(
                connection, toMillis(mark.at), static_cast<int>(mark.kind), Blob{mark.stream},
                Blob{mark.collector}, mark.word, mark.detail, mark.verdict, mark.verdictBefore, mark.sequence,
                mark.reviewed, mark.muted);
            !kept)
            return kept;
        mark.id = m_file->lastInsertRowId();
    }
    return {};
}

void HistoryWriter::learn(HistoryTails& tails, Write write)
{
    m_states.merge(write.states);
    for (const auto& [row, number] : write.ids)
        row->id = number;
    for (HistoryTails::Row* row : write.closing)
        row->tails.pop_front();
    for (auto& [name, row] : tails.rows()) {
        for (HistoryTails::Tail& tail : row.tails)
            tail.journaled = tail.samples.view().size();
    }
    std::erase_if(tails.rows(), [](const auto& entry) { return entry.second.tails.empty(); });
}

Result<void> HistoryWriter::setReviewed(std::span<const std::int64_t> marks, bool reviewed)
{
    Result<Transaction> transaction = Transaction::begin(*m_file);
    if (!transaction)
        return transaction.error();
    for (const std::int64_t mark : marks) {
        if (Result<void> kept = m_parts->reviewMark.run(mark, reviewed); !kept)
            return kept;
    }
    return transaction->commit();
}

Result<void> HistoryWriter::prune(ServerTime now)
{
    return m_parts->pruner.prune(now);
}

Result<void> HistoryWriter::forgetRows(const std::string& connection, const HistoryTails& tails)
{
    Result<Transaction> transaction = Transaction::begin(*m_file);
    if (!transaction)
        return transaction.error();
    const Result<std::int64_t> id = m_parts->names.connection(connection);
    if (!id)
        return id.error();
    if (Result<void> forgotten = m_parts->pruner.forgetRows(*id, tails); !forgotten)
        return forgotten;
    return transaction->commit();
}

std::uint64_t HistoryWriter::bytes()
{
    return m_parts->pruner.bytes();
}

std::uint64_t HistoryWriter::damagedBlocks() const
{
    return m_parts->blocks.damaged() + m_parts->damagedJournals;
}

} // namespace jetlag
