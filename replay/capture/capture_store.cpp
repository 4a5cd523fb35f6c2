// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/capture_store.h"

#include "model/base/text.h"
#include "replay/capture/capture_format.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace jetlag::capture {

namespace {

namespace fs = std::filesystem;

/// The file and what SQLite may have left beside it.
Result<void> removeCapture(const fs::path& path)
{
    for (const char* suffix : {"-wal", "-shm", "-journal", ""}) {
        fs::path file = path;
        file += suffix;
        std::error_code failed;
        fs::remove(file, failed);
        if (failed)
            return Error(ErrorCode::Denied, fmt::format("{} cannot be replaced ({})",
                                                        safeForDisplay(file.string()), failed.message()));
    }
    return {};
}

/// Fails when somebody was faster.
Result<void> createEmpty(const fs::path& path)
{
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        if (errno == EEXIST)
            return Error(ErrorCode::Exists, fmt::format("{} exists already", safeForDisplay(path.string())));
        return Error(
            errno == ENOSPC ? ErrorCode::NoSpace : ErrorCode::Denied,
            fmt::format("{} cannot be created ({})", safeForDisplay(path.string()), std::strerror(errno)));
    }
    ::close(descriptor);
    return {};
}

std::string placeholders(int count)
{
    std::string text = "?1";
    for (int i = 2; i <= count; ++i)
        text += ",?" + std::to_string(i);
    return text;
}

} // namespace

CaptureStore::CaptureStore(sqlite::Connection connection, WriterLock lock, const Clock& clock)
    : m_lock(std::move(lock))
    , m_connection(std::move(connection))
    , m_clock(clock)
{}

Result<std::unique_ptr<CaptureStore>> CaptureStore::open(const fs::path& path, Target target,
                                                         const std::string& vfs, const Clock& clock)
{
    std::error_code ignored;
    const bool exists = fs::exists(fs::symlink_status(path, ignored));
    // Before "exists already", which leads to overwriting: that is no way out for a folder.
    if (exists && !fs::is_regular_file(path, ignored))
        return Error(ErrorCode::InvalidArgument, fmt::format("{} is no file", safeForDisplay(path.string())));
    if (exists && target == Target::New)
        return Error(ErrorCode::Exists, fmt::format("{} exists already", safeForDisplay(path.string())));
    if (!exists && target == Target::Append)
        return Error(ErrorCode::NotFound, fmt::format("{} does not exist", safeForDisplay(path.string())));

    Result<WriterLock> lock = WriterLock::take(path);
    if (!lock)
        return lock.error();
    const bool isNew = target != Target::Append;
    if (target == Target::Overwrite) {
        if (Result<void> removed = removeCapture(path); !removed)
            return removed.error();
    }
    if (isNew) {
        if (Result<void> created = createEmpty(path); !created)
            return created.error();
    }

    Result<sqlite::Connection> connection = sqlite::Connection::open(
        path, {.mode = sqlite::OpenMode::ReadWrite, .synchronous = sqlite::Synchronous::Normal, .vfs = vfs});
    if (!connection)
        return connection.error();
    std::unique_ptr<CaptureStore> store(new CaptureStore(std::move(*connection), std::move(*lock), clock));
    Result<void> ready = store->markAsBeingWritten(isNew);
    if (ready)
        ready = store->prepare();
    if (!ready)
        return ready.error();
    return store;
}

Result<void> CaptureStore::markAsBeingWritten(bool isNew)
{
    // Tables and marks first, WAL then: whoever finds the file without its -wal finds a capture all the same.
    if (isNew) {
        if (Result<void> sized = m_connection.execute(fmt::format("PRAGMA page_size={}", kPageSize)); !sized)
            return sized;
        if (Result<void> made = sqlite::migrate(m_connection, schema()); !made)
            return made;
    } else if (Result<int> version = sqlite::checkSchema(m_connection, schema()); !version) {
        return version.error();
    } else if (Result<void> upToDate = sqlite::migrate(m_connection, schema()); !upToDate) {
        return upToDate;
    }

    Result<sqlite::Statement> insert =
        m_connection.prepare("INSERT OR REPLACE INTO meta(key, value, checksum) VALUES(?1,?2,?3)");
    if (!insert)
        return insert.error();
    m_putMeta.emplace(std::move(*insert));
    Result<void> marked = begin();
    if (isNew) {
        if (marked)
            marked = putMeta("writer", "Jetlag " JETLAG_VERSION);
        if (marked)
            marked = putMeta("created", std::to_string(nanosOf(m_clock.now())));
    }
    if (marked)
        marked = putMeta("clean_close", "0");
    if (marked)
        marked = commit();
    if (!marked)
        return marked;

    const Result<std::string> mode = m_connection.queryText("PRAGMA journal_mode=WAL");
    if (!mode)
        return mode.error();
    if (*mode != "wal")
        return Error(ErrorCode::Unsupported,
                     fmt::format("{} lies on a file system that SQLite's WAL does not work on",
                                 safeForDisplay(path().string())));
    return {};
}

Result<void> CaptureStore::prepare()
{
    const auto into = [this](std::optional<sqlite::Statement>& to, const std::string& sql) -> Result<void> {
        Result<sqlite::Statement> statement = m_connection.prepare(sql);
        if (!statement)
            return statement.error();
        to.emplace(std::move(*statement));
        return {};
    };
    const auto insert = [](std::string_view table, std::string_view columns, int count) {
        return fmt::format("INSERT OR REPLACE INTO {}({}) VALUES({})", table, columns, placeholders(count));
    };
    Result<void> done = into(m_putStream, insert("streams", kStreamColumns, 16));
    if (done)
        done = into(m_putChunk, insert("events", kEventColumns, 12));
    if (done)
        done = into(m_putGap, insert("gaps", kGapColumns, 6));
    if (done)
        done = into(m_putSubject, insert("subjects", kSubjectColumns, 8));
    if (done)
        done = into(m_findSubject,
                    fmt::format("SELECT {} FROM subjects WHERE stream=?1 AND subject=?2", kSubjectColumns));
    for (const auto& [next, table] : {std::pair(&m_nextChunk, "events"), std::pair(&m_nextGap, "gaps"),
                                      std::pair(&m_nextSubject, "subjects")}) {
        if (!done)
            break;
        const Result<std::int64_t> last =
            m_connection.queryInteger(fmt::format("SELECT coalesce(max(id), 0) FROM {}", table));
        if (last)
            *next = *last + 1;
        else
            done = last.error();
    }
    return done;
}

Result<void> CaptureStore::begin()
{
    if (m_transaction)
        return {};
    Result<sqlite::Transaction> transaction = sqlite::Transaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    m_transaction.emplace(std::move(*transaction));
    return {};
}

Result<void> CaptureStore::commit()
{
    if (!m_transaction)
        return {};
    Result<void> done = putMeta("committed", std::to_string(nanosOf(m_clock.now())));
    if (done)
        done = m_transaction->commit();
    m_transaction.reset();
    return done;
}

Result<void> CaptureStore::putMeta(std::string_view key, const std::string& value)
{
    return m_putMeta->run(key, std::string_view(value), checksumOfMeta(key, value));
}

Result<std::vector<StreamRow>> CaptureStore::streams()
{
    Result<sqlite::Statement> select =
        m_connection.prepare(fmt::format("SELECT {} FROM streams ORDER BY id", kStreamColumns));
    if (!select)
        return select.error();
    std::vector<StreamRow> rows;
    for (;;) {
        const Result<bool> more = select->step();
        if (!more)
            return more.error();
        if (!*more)
            return rows;
        std::optional<StreamRow> row = readStream(*select);
        if (!row)
            return Error(ErrorCode::Corrupt, fmt::format("{} is damaged (what it says of its streams)",
                                                         safeForDisplay(path().string())));
        rows.push_back(std::move(*row));
    }
}

Result<void> CaptureStore::addStream(StreamRow& row)
{
    Result<std::int64_t> id = m_connection.queryInteger("SELECT coalesce(max(id), 0) + 1 FROM streams");
    if (!id)
        return id.error();
    row.id = *id;
    if (Result<void> put = putStream(row); !put)
        return put;
    return commit();
}

Result<void> CaptureStore::putStream(const StreamRow& row)
{
    if (Result<void> begun = begin(); !begun)
        return begun;
    return m_putStream->run(row.id, sqlite::Blob{row.identity.name}, nanosOf(row.identity.created),
                            row.identity.knownSequence.value(), nanosOf(row.identity.knownTime),
                            std::string_view(row.config), std::string_view(row.filters),
                            row.askedFrom.value(), row.coveredTo.value(), row.messages, row.bytes,
                            row.firstSequence.value(), row.lastSequence.value(), nanosOf(row.firstTime),
                            nanosOf(row.lastTime), checksumOf(row));
}

Result<void> CaptureStore::putChunk(ChunkHead& head, std::string_view data)
{
    if (Result<void> begun = begin(); !begun)
        return begun;
    if (head.id == 0)
        head.id = m_nextChunk++;
    return m_putChunk->run(head.id, head.stream, head.row.firstSequence, head.row.lastSequence,
                           nanosOf(head.firstTime), nanosOf(head.lastTime), head.before, head.row.count,
                           head.row.payloadBytes, head.row.bodyBytes, checksumOf(head, data),
                           sqlite::Blob{data});
}

Result<void> CaptureStore::addGap(std::int64_t stream, const SequenceGap& gap)
{
    if (Result<void> begun = begin(); !begun)
        return begun;
    GapRow& last = m_lastGaps[stream];
    if (last.id != 0 && last.gap.reason == gap.reason && last.gap.last.next() == gap.first) {
        last.gap.last = gap.last;
    } else {
        last = {m_nextGap++, stream, gap};
    }
    return m_putGap->run(last.id, last.stream, last.gap.first.value(), last.gap.last.value(),
                         toString(last.gap.reason), checksumOf(last));
}

Result<void> CaptureStore::addToSubject(std::int64_t stream, const SubjectTotals& more)
{
    if (Result<void> begun = begin(); !begun)
        return begun;
    m_findSubject->bind(stream, sqlite::Blob{more.subject});
    const Result<bool> found = m_findSubject->step();
    if (!found)
        return found.error();
    SubjectRow row;
    if (*found) {
        // A damaged total is not worth a recording: it starts anew, the chunks tell the truth.
        if (std::optional<SubjectRow> old = readSubject(*m_findSubject))
            row = std::move(*old);
        row.id = m_findSubject->integer(0);
    }
    m_findSubject->reset();
    if (row.id == 0)
        row.id = m_nextSubject++;
    row.stream = stream;
    row.subject = more.subject;
    if (row.messages == 0)
        row.firstSequence = more.firstSequence;
    row.messages += more.messages;
    row.bytes += more.bytes;
    row.lastSequence = more.lastSequence;
    return m_putSubject->run(row.id, row.stream, sqlite::Blob{row.subject}, row.messages, row.bytes,
                             row.firstSequence.value(), row.lastSequence.value(), checksumOf(row));
}

Result<bool> CaptureStore::closeClean()
{
    Result<void> done = begin();
    if (done)
        done = putMeta("clean_close", "1");
    if (done)
        done = commit();
    if (!done)
        return done.error();
    // A reader holds its lock for as long as it has the file open: waiting seconds for it helps nobody.
    if (done = m_connection.execute("PRAGMA busy_timeout=200"); !done)
        return done.error();
    if (Result<void> moved = m_connection.checkpointWal();
        !moved && moved.error().code() != ErrorCode::Conflict)
        return moved.error();
    for (std::optional<sqlite::Statement>* statement :
         {&m_putMeta, &m_putStream, &m_putChunk, &m_putGap, &m_findSubject, &m_putSubject})
        statement->reset();
    const Result<void> single = m_connection.leaveWal();
    if (!single && single.error().code() != ErrorCode::Conflict)
        return single.error();
    return single.hasValue();
}

} // namespace jetlag::capture
