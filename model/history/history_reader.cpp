// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_reader.h"

#include "model/base/text.h"
#include "model/history/history_journal.h"
#include "model/history/history_lines.h"
#include "model/history/history_rollup.h"
#include "model/history/history_schema.h"
#include "model/history/history_tails.h"
#include "model/sqlite/statement.h"
#include "model/sqlite/transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string_view>

namespace jetlag {

namespace {

using sqlite::Blob;
using sqlite::Statement;
using sqlite::Transaction;

constexpr std::chrono::milliseconds kBusyTimeout{2000};

/// What the journal has of one row and no block yet, oldest first.
Result<std::vector<HistoryTable>> openTails(sqlite::Connection& connection, std::int64_t connectionId,
                                            std::int64_t row, std::size_t columns)
{
    Result<Statement> read =
        connection.prepare("SELECT data FROM journal WHERE connection=?1 AND part=?2 ORDER BY id");
    Result<Statement> block = connection.prepare("SELECT 1 FROM blocks WHERE id=?1");
    if (!read || !block)
        return read ? block.error() : read.error();
    JournalPieces pieces(row);
    read->bind(connectionId, journalPart(row));
    for (;;) {
        const Result<bool> more = read->step();
        if (!more)
            return more.error();
        if (!*more)
            break;
        pieces.add(read->blob(0));
    }
    std::vector<HistoryTable> tails;
    for (const auto& [key, bytes] : pieces.tails()) {
        block->bind(blockKey(row, 0, key.second));
        const Result<bool> closed = block->step();
        if (!closed)
            return closed.error();
        if (!*closed)
            tails.push_back(SampleTail::resume(bytes, columns).table());
    }
    return tails;
}

/// Reads one tier of one row.
class TierReader final
{
public:
    TierReader(sqlite::Connection& connection, std::int64_t row, std::span<const HistoryValue> all,
               const std::vector<HistoryTable>& tails, std::int64_t fromMs, std::int64_t toMs,
               std::size_t maxPoints)
        : m_connection(connection)
        , m_row(row)
        , m_all(all)
        , m_tails(tails)
        , m_fromMs(fromMs)
        , m_maxPoints(std::max<std::size_t>(maxPoints, 2))
        , m_widthMs((toMs - fromMs) / static_cast<std::int64_t>(m_maxPoints) + 1)
    {}

    /// Adds what lies in [fromMs, toMs).
    Result<void> read(const HistoryTier& tier, std::int64_t fromMs, std::int64_t toMs, HistoryLines& to)
    {
        Result<Statement> select =
            m_connection.prepare("SELECT data FROM blocks WHERE id BETWEEN ?1 AND ?2 ORDER BY id");
        if (!select)
            return select.error();
        // A block of samples may be longer than usual, after a restart.
        const std::int64_t firstKey = blockKey(m_row, tier.number, fromMs - 2 * tier.blockMs);
        const std::int64_t lastKey = blockKey(m_row, tier.number, toMs);
        const bool rolled = tier.stepMs > 0;
        if (rolled) {
            const Result<std::int64_t> rows = countRows(firstKey, lastKey, tier);
            if (!rows)
                return rows.error();
            if (*rows > static_cast<std::int64_t>(2 * m_maxPoints))
                to.thinOut(m_fromMs, m_widthMs);
        }
        const std::size_t columns = rolled ? rolledColumnCount(m_all) : m_all.size();
        const std::uint64_t wanted = to.columns(rolled);
        select->bind(firstKey, lastKey);
        for (;;) {
            const Result<bool> more = select->step();
            if (!more)
                return more.error();
            if (!*more)
                break;
            if (const Result<HistoryTable> table = unpackTable(select->blob(0), columns, wanted))
                to.add(*table, tier.stepMs, fromMs, toMs);
        }
        for (const HistoryTable& tail : m_tails)
            to.add(rolled ? rollUp(tail, m_all, tier.stepMs) : tail, tier.stepMs, fromMs, toMs);
        to.finish();
        return {};
    }

private:
    /// How many there may be, without a look into the blocks.
    Result<std::int64_t> countRows(std::int64_t firstKey, std::int64_t lastKey, const HistoryTier& tier)
    {
        Result<Statement> count =
            m_connection.prepare("SELECT count(*) FROM blocks WHERE id BETWEEN ?1 AND ?2");
        if (!count)
            return count.error();
        count->bind(firstKey, lastKey);
        const Result<bool> row = count->step();
        if (!row)
            return row.error();
        return count->integer(0) * (tier.blockMs / tier.stepMs);
    }

    sqlite::Connection& m_connection;
    std::int64_t m_row;
    std::span<const HistoryValue> m_all;
    const std::vector<HistoryTable>& m_tails;
    std::int64_t m_fromMs;
    std::size_t m_maxPoints;
    std::int64_t m_widthMs; ///< of what becomes one point where there are too many
};

/// The coarsest tier that still gives the line as many points as it may have.
std::size_t tierFor(std::int64_t widthMs, std::size_t maxPoints)
{
    const auto tiers = historyTiers();
    const std::int64_t perPoint = widthMs / static_cast<std::int64_t>(std::max<std::size_t>(maxPoints, 2));
    std::size_t chosen = 0;
    for (std::size_t i = 1; i < tiers.size(); ++i) {
        if (tiers[i].stepMs <= perPoint)
            chosen = i;
    }
    return chosen;
}

Result<std::map<std::uint32_t, HistoryState>> readStates(sqlite::Connection& connection)
{
    Result<Statement> select = connection.prepare("SELECT id, verdict, cause FROM states");
    if (!select)
        return select.error();
    std::map<std::uint32_t, HistoryState> states;
    for (;;) {
        const Result<bool> row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return states;
        states.emplace(static_cast<std::uint32_t>(select->integer(0)),
                       HistoryState{std::string(select->text(1)), std::string(select->text(2))});
    }
}

std::int64_t lastMs(ServerTime to)
{
    // "Included", for what counts milliseconds.
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 4'000'000;
    return std::min(toMillis(to), kMost) + 1;
}

} // namespace

Result<HistoryReader> HistoryReader::open(const std::filesystem::path& path)
{
    Result<sqlite::Connection> connection =
        sqlite::Connection::open(path, {.mode = sqlite::OpenMode::ReadOnly, .busyTimeout = kBusyTimeout});
    if (!connection)
        return connection.error();
    const Result<int> version = sqlite::checkSchema(*connection, historySchema());
    if (!version)
        return version.error();
    if (static_cast<std::size_t>(*version) < historySchema().steps.size())
        return Error(ErrorCode::Unsupported,
                     fmt::format("{} was written by an older Jetlag and is not yet brought up to date",
                                 safeForDisplay(path.string())));
    return HistoryReader(std::move(*connection));
}

Result<HistoryReader::Row> HistoryReader::findRow(const HistoryQuery& query)
{
    Result<Statement> find =
        m_connection.prepare("SELECT c.id, r.id FROM connections c JOIN history_rows r ON r.connection=c.id "
                             "WHERE c.name=?1 AND r.stream=?2 AND r.collector=?3");
    if (!find)
        return find.error();
    find->bind(query.connection, Blob{query.stream}, Blob{query.collector});
    const Result<bool> isThere = find->step();
    if (!isThere)
        return isThere.error();
    return *isThere ? Row{find->integer(0), find->integer(1)} : Row{};
}

// A block is named after where its span of time begins, of minutes a good part of a day: what it holds may
// begin much later.
Result<ServerTime> HistoryReader::oldestOf(std::int64_t row)
{
    constexpr std::uint64_t kNoColumns = 0;
    Result<Statement> first =
        m_connection.prepare("SELECT id, data FROM blocks WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1");
    if (!first)
        return first.error();
    std::int64_t oldest = std::numeric_limits<std::int64_t>::max();
    for (const HistoryTier& tier : historyTiers()) {
        first->bind(blockKey(row, tier.number, 0),
                    blockKey(row, tier.number, std::numeric_limits<std::int64_t>::max()));
        const Result<bool> isThere = first->step();
        if (!isThere)
            return isThere.error();
        if (!*isThere)
            continue;
        const Result<HistoryTable> table = unpackTable(first->blob(1), 0, kNoColumns);
        const bool isWhole = table && table->rows() > 0;
        const std::int64_t step = std::max<std::int64_t>(tier.stepMs, 1);
        const std::int64_t begins = isWhole ? table->at.front() * step : blockStartMs(first->integer(0));
        // A bucket in which the finer tier begins says less than that.
        if (begins + step <= oldest)
            oldest = begins;
    }
    return oldest == std::numeric_limits<std::int64_t>::max() ? ServerTime{}
                                                              : ServerTime(std::chrono::milliseconds(oldest));
}

Result<HistorySeries> HistoryReader::series(const HistoryQuery& query)
{
    HistorySeries answer;
    answer.lines.resize(query.values.size());
    const std::int64_t from = std::max<std::int64_t>(toMillis(query.from), 0);
    const std::int64_t to = lastMs(query.to);
    const Result<Transaction> view = Transaction::begin(m_connection, Transaction::Kind::Read);
    if (!view)
        return view.error();
    const Result<Row> row = findRow(query);
    if (!row)
        return row.error();
    if (row->id == 0 || to <= from)
        return answer;
    const std::span<const HistoryValue> all = valuesOf(query.collector.empty());
    const Result<std::vector<HistoryTable>> tails =
        openTails(m_connection, row->connection, row->id, all.size());
    if (!tails)
        return tails.error();

    const auto tiers = historyTiers();
    TierReader reader(m_connection, row->id, all, *tails, from, to, query.maxPoints);
    std::size_t tier = tierFor(to - from, query.maxPoints);
    answer.step = std::chrono::milliseconds(tiers[tier].stepMs);
    HistoryLines lines(all, query.values);
    if (Result<void> read = reader.read(tiers[tier], from, to, lines); !read)
        return read.error();
    for (++tier; tier < tiers.size(); ++tier) {
        const std::int64_t step = tiers[tier].stepMs;
        // Up to the last bucket that is over before the finer one begins.
        const std::int64_t until = lines.oldest().value_or(to) / step * step;
        if (until <= from)
            break;
        HistoryLines older(all, query.values);
        if (Result<void> read = reader.read(tiers[tier], from / step * step, until, older); !read)
            return read.error();
        lines.putBefore(std::move(older));
    }
    answer.lines = lines.lines(from, to, query.maxPoints);

    const Result<ServerTime> oldest = oldestOf(row->id);
    if (!oldest)
        return oldest.error();
    answer.oldest = *oldest;
    if (answer.oldest == ServerTime{} && !tails->empty() && tails->front().rows() > 0)
        answer.oldest = ServerTime(std::chrono::milliseconds(tails->front().at.front()));
    if (std::ranges::find(query.values, HistoryValue::State) != query.values.end()) {
        Result<std::map<std::uint32_t, HistoryState>> states = readStates(m_connection);
        if (!states)
            return states.error();
        answer.states = std::move(*states);
    }
    return answer;
}

Result<std::vector<HistoryMark>> HistoryReader::marks(const MarkQuery& query)
{
    std::uint64_t kinds = 0;
    for (const MarkKind kind : query.kinds)
        kinds |= std::uint64_t{1} << static_cast<unsigned>(kind);
    Result<Statement> select = m_connection.prepare(
        "SELECT m.id, m.at, m.kind, m.stream, m.collector, m.word, m.detail, m.verdict, m.verdict_before, "
        "m.sequence, m.reviewed, m.muted FROM connections c JOIN marks m ON m.connection=c.id "
        "WHERE c.name=?1 AND m.at BETWEEN ?2 AND ?3 AND (?4=0 OR (?4>>m.kind)&1) AND (?5 OR m.stream=?6) "
        "AND (?7 OR m.collector=?8 OR m.collector=x'') ORDER BY m.at DESC, m.id DESC LIMIT ?9");
    if (!select)
        return select.error();
    const std::string stream = query.stream.value_or("");
    const std::string collector = query.collector.value_or("");
    select->bind(query.connection, toMillis(query.from), lastMs(query.to) - 1, kinds, !query.stream,
                 Blob{stream}, !query.collector, Blob{collector}, static_cast<std::uint64_t>(query.limit));
    std::vector<HistoryMark> found;
    for (;;) {
        const Result<bool> row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        found.push_back({.id = select->integer(0),
                         .at = ServerTime(std::chrono::milliseconds(select->integer(1))),
                         .kind = static_cast<MarkKind>(select->integer(2)),
                         .stream = std::string(select->blob(3)),
                         .collector = std::string(select->blob(4)),
                         .word = std::string(select->text(5)),
                         .detail = std::string(select->text(6)),
                         .verdict = std::string(select->text(7)),
                         .verdictBefore = std::string(select->text(8)),
                         .sequence = select->unsignedInteger(9),
                         .reviewed = select->integer(10) != 0,
                         .muted = select->integer(11) != 0});
    }
    std::ranges::reverse(found);
    return found;
}

} // namespace jetlag
