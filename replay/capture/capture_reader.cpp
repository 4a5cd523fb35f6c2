// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/capture_reader.h"

#include "model/base/text.h"
#include "replay/capture/capture_lock.h"
#include "replay/capture/capture_recovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace jetlag {

using namespace capture;

struct CaptureReader::Impl
{
    Impl(std::filesystem::path givenPath, OpenCapture givenFile)
        : path(std::move(givenPath))
        , file(std::move(givenFile))
    {}

    [[nodiscard]] sqlite::Connection& connection() { return file.connection; }

    /// Rows of `sql` until `each` says false.
    template <typename Each>
    Result<void> forEachRow(const std::string& sql, Each each)
    {
        Result<sqlite::Statement> select = connection().prepare(sql);
        if (!select)
            return select.error();
        for (;;) {
            const Result<bool> row = select->step();
            if (!row)
                return row.error();
            if (!*row || !each(*select))
                return {};
        }
    }

    Result<void> prepareNextChunk()
    {
        if (nextChunk)
            return {};
        // By id, not by the index: rows have checksums, an index has none. A flipped bit there can hide
        // chunks.
        Result<sqlite::Statement> statement = connection().prepare(fmt::format(
            "SELECT {} FROM events NOT INDEXED WHERE id > ?1 AND +stream = ?2 ORDER BY id LIMIT 1",
            kEventColumns));
        if (!statement)
            return statement.error();
        nextChunk.emplace(std::move(*statement));
        return {};
    }

    /// The id of the stream's last chunk, from whichever tree still tells; 0 when none does.
    std::int64_t lastChunkId(std::int64_t stream)
    {
        std::int64_t last = 0;
        for (const std::string& sql :
             {fmt::format("SELECT id FROM events INDEXED BY events_by_sequence WHERE stream={} "
                          "ORDER BY first_sequence DESC LIMIT 1",
                          stream),
              std::string("SELECT max(id) FROM events NOT INDEXED")}) {
            if (const Result<std::int64_t> id = connection().queryInteger(sql))
                last = std::max(last, *id);
        }
        return last;
    }

    /// Asks the index, which may be damaged or lie: then a scan begins at the start, and skips.
    std::int64_t idFromIndex(std::int64_t stream, std::string_view condition, std::int64_t value)
    {
        Result<sqlite::Statement> select = connection().prepare(fmt::format(
            "SELECT id FROM events INDEXED BY events_by_sequence WHERE stream=?1 AND {}", condition));
        if (!select)
            return 0;
        select->bind(stream, value);
        const Result<bool> row = select->step();
        return row && *row ? std::max<std::int64_t>(select->integer(0) - 1, 0) : 0;
    }

    Result<void> readMeta(CaptureInfo& info);
    Result<void> readStreams(CaptureInfo& info);
    Result<void> readGaps(CaptureInfo& info, std::int64_t stream, CaptureStreamInfo& to);
    void lookBesideFile(CaptureInfo& info);
    void explainRecovery(CaptureInfo& info) const;

    std::filesystem::path path;
    OpenCapture file;
    std::optional<sqlite::Statement> nextChunk;
    std::string data;
};

CaptureReader::CaptureReader(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{}
CaptureReader::~CaptureReader() = default;
CaptureReader::CaptureReader(CaptureReader&&) noexcept = default;
CaptureReader& CaptureReader::operator=(CaptureReader&&) noexcept = default;

Result<CaptureReader> CaptureReader::open(const std::filesystem::path& path)
{
    Result<OpenCapture> file = openForReading(path);
    if (!file)
        return std::move(file).error().whileDoing("opening the capture");
    return CaptureReader(std::make_unique<Impl>(path, std::move(*file)));
}

Result<void> CaptureReader::Impl::readMeta(CaptureInfo& info)
{
    return forEachRow("SELECT key, value, checksum FROM meta", [&info](const sqlite::Statement& row) {
        const std::string_view key = row.text(0);
        const std::string_view value = row.text(1);
        if (row.integer(2) != checksumOfMeta(key, value)) {
            ++info.damagedRows;
            return true;
        }
        const auto time = [value] {
            return ServerTime(
                std::chrono::nanoseconds(static_cast<std::int64_t>(parseU64(value).value_or(0))));
        };
        if (key == "writer")
            info.writer = value;
        else if (key == "created")
            info.created = time();
        else if (key == "committed")
            info.committed = time();
        else if (key == "clean_close")
            info.cleanClose = value == "1";
        return true;
    });
}

Result<void> CaptureReader::Impl::readGaps(CaptureInfo& info, std::int64_t stream, CaptureStreamInfo& to)
{
    return forEachRow(
        fmt::format("SELECT {} FROM gaps WHERE stream={} ORDER BY first_sequence", kGapColumns, stream),
        [&](const sqlite::Statement& row) {
            const std::optional<GapRow> gap = readGap(row);
            if (!gap) {
                ++info.damagedRows;
                return true;
            }
            if (++to.gapCount <= kMaxGapsListed)
                to.gaps.push_back(gap->gap);
            return true;
        });
}

Result<void> CaptureReader::Impl::readStreams(CaptureInfo& info)
{
    std::vector<StreamRow> rows;
    Result<void> read = forEachRow(fmt::format("SELECT {} FROM streams ORDER BY id", kStreamColumns),
                                   [&](const sqlite::Statement& row) {
                                       if (std::optional<StreamRow> stream = readStream(row))
                                           rows.push_back(std::move(*stream));
                                       else
                                           ++info.damagedRows;
                                       return true;
                                   });
    for (StreamRow& row : rows) {
        if (!read)
            break;
        CaptureStreamInfo stream;
        stream.identity = std::move(row.identity);
        stream.config = std::move(row.config);
        stream.filters = filtersFromJson(row.filters);
        stream.askedFrom = row.askedFrom;
        stream.coveredTo = row.coveredTo;
        stream.messages = row.messages;
        stream.bytes = row.bytes;
        stream.firstSequence = row.firstSequence;
        stream.lastSequence = row.lastSequence;
        stream.firstTime = row.firstTime;
        stream.lastTime = row.lastTime;
        info.messages += row.messages;
        info.bytes += row.bytes;
        read = readGaps(info, row.id, stream);
        info.streams.push_back(std::move(stream));
    }
    return read;
}

void CaptureReader::Impl::lookBesideFile(CaptureInfo& info)
{
    std::error_code failed;
    const auto sizeOf = [&failed](const std::filesystem::path& which) -> std::uint64_t {
        const std::uintmax_t size = std::filesystem::file_size(which, failed);
        return failed ? 0 : size;
    };
    const std::uint64_t walBytes = sizeOf(walOf(path)); // an empty one is as good as none
    info.fileBytes = sizeOf(path) + walBytes;
    info.beingWritten = WriterLock::isTaken(path);
    info.readFromCopy = file.copy.has_value();
    const Result<std::string> mode = connection().queryText("PRAGMA journal_mode");
    if (!mode || *mode != "wal")
        info.wal = CaptureWal::None;
    else if (walBytes > 0)
        info.wal = CaptureWal::Present;
    else
        info.wal = info.cleanClose || info.beingWritten ? CaptureWal::None : CaptureWal::Missing;
}

void CaptureReader::Impl::explainRecovery(CaptureInfo& info) const
{
    const auto add = [&info](const std::string& sentence) {
        info.recovery += (info.recovery.empty() ? "" : " ") + sentence;
    };
    if (!info.cleanClose && !info.beingWritten) {
        const std::string wal = safeForDisplay(walOf(path).filename().string());
        if (info.wal == CaptureWal::Missing)
            add(fmt::format(
                "Its writer was stopped before it closed the file, and {} is not beside it: what was "
                "written last is missing, unless another program moved it into the file.",
                wal));
        else if (info.wal == CaptureWal::Present)
            add(fmt::format(
                "Its writer was stopped before it closed the file: all that was committed is here, as long "
                "as {} stays beside it; what came within the half second before is missing.",
                wal));
        else
            add("Its writer was stopped before it closed the file: what came within the half second before "
                "is missing.");
    } else if (info.wal == CaptureWal::Present && !info.beingWritten) {
        add(fmt::format("It was closed while somebody read it: {} belongs to it, copy both.",
                        safeForDisplay(walOf(path).filename().string())));
    }
    if (info.damagedRows > 0)
        add(fmt::format("{} rows of its tables are damaged and were left out.", info.damagedRows));
}

Result<CaptureInfo> CaptureReader::info()
{
    CaptureInfo info;
    info.formatVersion = m_impl->file.version;
    Result<void> read = m_impl->readMeta(info);
    if (read)
        read = m_impl->readStreams(info);
    if (!read)
        return std::move(read).error().whileDoing("reading the capture");
    m_impl->lookBesideFile(info);
    m_impl->explainRecovery(info);
    return info;
}

Result<StreamRow> CaptureReader::stream(const std::optional<std::string>& name)
{
    std::vector<StreamRow> rows;
    bool damaged = false;
    const Result<void> read = m_impl->forEachRow(
        fmt::format("SELECT {} FROM streams ORDER BY id", kStreamColumns), [&](const sqlite::Statement& row) {
            std::optional<StreamRow> stream = readStream(row);
            if (stream)
                rows.push_back(std::move(*stream));
            damaged = damaged || !stream;
            return true;
        });
    if (!read)
        return read.error();
    std::string names;
    for (StreamRow& row : rows) {
        if (name ? row.identity.name == *name : rows.size() == 1)
            return std::move(row);
        names += (names.empty() ? "" : ", ") + safeForDisplay(row.identity.name);
    }
    const std::string shown = safeForDisplay(m_impl->path.string());
    if (rows.empty())
        return damaged ? Error(ErrorCode::Corrupt,
                               fmt::format("{} is damaged (what it says of its streams)", shown))
                       : Error(ErrorCode::NotFound, fmt::format("{} holds no stream", shown));
    if (name)
        return Error(ErrorCode::NotFound,
                     fmt::format("{} holds no stream {}, only {}", shown, safeForDisplay(*name), names));
    return Error(ErrorCode::InvalidArgument,
                 fmt::format("{} holds several streams, name one of {}", shown, names));
}

Result<CaptureReader::ChunkOutcome> CaptureReader::nextChunk(std::int64_t stream, std::int64_t afterId,
                                                             ChunkHead& head, std::string_view& data)
{
    if (Result<void> ready = m_impl->prepareNextChunk(); !ready)
        return ready.error();
    if (afterId == std::numeric_limits<std::int64_t>::max())
        return ChunkOutcome::End;
    sqlite::Statement& select = *m_impl->nextChunk;
    select.bind(afterId, stream);
    const Result<bool> row = select.step();
    if (!row) {
        if (row.error().code() != ErrorCode::Corrupt)
            return row.error();
        const std::int64_t last = m_impl->lastChunkId(stream);
        if (last == 0) // nothing tells how many there are: all that is left is one damage
            head.id = std::numeric_limits<std::int64_t>::max();
        else if (afterId >= last)
            return ChunkOutcome::End;
        else
            head.id = afterId + 1;
        return ChunkOutcome::Damaged;
    }
    if (!*row)
        return ChunkOutcome::End;

    ChunkOutcome outcome = ChunkOutcome::Chunk;
    if (const std::optional<ChunkHead> read = readChunk(select)) {
        head = *read;
        // Copied, so that no open statement keeps a writer from folding its WAL in while we are paused.
        m_impl->data.assign(select.blob(11));
        data = m_impl->data;
    } else {
        head.id = select.integer(0);
        outcome = ChunkOutcome::Damaged;
    }
    select.reset();
    return outcome;
}

std::int64_t CaptureReader::seek(std::int64_t stream, StreamSequence sequence)
{
    return m_impl->idFromIndex(stream, "first_sequence <= ?2 ORDER BY first_sequence DESC LIMIT 1",
                               static_cast<std::int64_t>(sequence.value()));
}

std::int64_t CaptureReader::seekFirstReaching(std::int64_t stream, ServerTime time)
{
    return m_impl->idFromIndex(stream, "last_time >= ?2 ORDER BY first_sequence LIMIT 1", nanosOf(time));
}

std::int64_t CaptureReader::seekLastBeginningBy(std::int64_t stream, ServerTime time)
{
    return m_impl->idFromIndex(stream, "first_time <= ?2 ORDER BY first_sequence DESC LIMIT 1",
                               nanosOf(time));
}

Result<std::vector<SequenceGap>> CaptureReader::gapsFrom(std::int64_t stream, StreamSequence from,
                                                         std::size_t limit)
{
    std::vector<SequenceGap> gaps;
    // The gap that `from` lies in begins before it: found by one step back in the index.
    const Result<void> read = m_impl->forEachRow(
        fmt::format(
            "SELECT {} FROM gaps WHERE stream={} AND first_sequence >= coalesce((SELECT max(first_sequence) "
            "FROM gaps WHERE stream={} AND first_sequence <= {}), 0) ORDER BY first_sequence LIMIT {}",
            kGapColumns, stream, stream, from.value(), limit + 1),
        [&](const sqlite::Statement& row) {
            const std::optional<GapRow> gap = readGap(row);
            if (gap && gap->gap.last >= from && gaps.size() < limit)
                gaps.push_back(gap->gap);
            return true;
        });
    if (!read && read.error().code() != ErrorCode::Corrupt)
        return read.error();
    return gaps;
}

Result<CaptureCheck> CaptureReader::check(std::stop_token stop,
                                          const std::function<void(std::uint64_t)>& progress)
{
    CaptureCheck check;
    constexpr std::size_t kMaxFindings = 20;
    const auto finding = [&check](std::string sentence) {
        if (check.findings.size() < kMaxFindings)
            check.findings.push_back(std::move(sentence));
    };
    const auto count = [&](std::string_view table, std::int64_t id, bool good) {
        ++check.rows;
        if (!good) {
            ++check.damagedRows;
            finding(fmt::format("row {} of {} is damaged", id, table));
        }
        if (progress)
            progress(check.rows);
        return !stop.stop_requested();
    };
    const auto table = [&](const std::string& sql, std::string_view name, auto each) -> Result<void> {
        const Result<void> read = m_impl->forEachRow(sql, each);
        if (read || read.error().code() != ErrorCode::Corrupt)
            return read;
        finding(fmt::format("the table {} cannot be read to its end", name));
        ++check.damagedRows;
        return {};
    };

    std::vector<StreamRow> streams;
    Result<void> read =
        table("SELECT key, value, checksum FROM meta", "meta", [&](const sqlite::Statement& row) {
            return count("meta", 0, row.integer(2) == checksumOfMeta(row.text(0), row.text(1)));
        });
    if (read)
        read = table(fmt::format("SELECT {} FROM streams", kStreamColumns), "streams",
                     [&](const sqlite::Statement& row) {
                         std::optional<StreamRow> stream = readStream(row);
                         if (stream)
                             streams.push_back(*stream);
                         return count("streams", row.integer(0), stream.has_value());
                     });
    if (read)
        read = table(fmt::format("SELECT {} FROM subjects", kSubjectColumns), "subjects",
                     [&](const sqlite::Statement& row) {
                         return count("subjects", row.integer(0), readSubject(row).has_value());
                     });
    if (read)
        read =
            table(fmt::format("SELECT {} FROM gaps", kGapColumns), "gaps", [&](const sqlite::Statement& row) {
                return count("gaps", row.integer(0), readGap(row).has_value());
            });

    ChunkDecoder decoder;
    ChunkMemory memory;
    std::vector<Message> messages;
    for (const StreamRow& stream : streams) {
        std::uint64_t found = 0;
        StreamSequence last;
        ChunkHead head;
        for (std::int64_t after = 0; read && !stop.stop_requested(); after = head.id) {
            std::string_view data;
            const Result<ChunkOutcome> outcome = nextChunk(stream.id, after, head, data);
            if (!outcome) {
                read = outcome.error();
                break;
            }
            if (*outcome == ChunkOutcome::End)
                break;
            messages.clear();
            const bool good =
                *outcome == ChunkOutcome::Chunk && decoder.decode(head.row, data, memory, messages);
            count("events", head.id, good);
            if (!good)
                continue;
            if (head.before != found || head.row.firstSequence <= last.value())
                finding(fmt::format("chunk {} of {} does not follow the one before it", head.id,
                                    safeForDisplay(stream.identity.name)));
            found = head.before + head.row.count;
            last = StreamSequence(head.row.lastSequence);
            check.messages += head.row.count;
        }
        if (read && !stop.stop_requested() && found != stream.messages)
            finding(fmt::format("{} should have {} messages, the chunks tell of {}",
                                safeForDisplay(stream.identity.name), stream.messages, found));
    }
    if (!read)
        return read.error();
    return check;
}

} // namespace jetlag
