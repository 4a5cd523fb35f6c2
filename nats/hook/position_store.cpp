// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/position_store.h"

#include "model/base/byte_io.h"
#include "model/base/hash.h"
#include "model/base/text.h"
#include "model/sqlite/connection.h"
#include "model/sqlite/schema.h"
#include "model/sqlite/statement.h"
#include "model/sqlite/transaction.h"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <map>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace jetlag {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kSteps[] = {
    "CREATE TABLE streams("
    "  id INTEGER PRIMARY KEY,"
    "  name TEXT NOT NULL,"
    "  created INTEGER NOT NULL," // nanoseconds since the epoch, as known_time
    "  known_sequence INTEGER NOT NULL,"
    "  known_time INTEGER NOT NULL,"
    "  used INTEGER NOT NULL);" // counts up: the newest is the last used
    "CREATE TABLE positions("
    "  stream INTEGER NOT NULL REFERENCES streams(id) ON DELETE CASCADE,"
    "  source TEXT NOT NULL,"
    "  acked_offset INTEGER NOT NULL,"
    "  acked_hash INTEGER NOT NULL,"
    "  acked_records INTEGER NOT NULL,"
    "  resume_offset INTEGER NOT NULL,"
    "  framer BLOB NOT NULL,"
    "  framer_latest BLOB NOT NULL,"
    "  heads BLOB NOT NULL,"
    "  device INTEGER NOT NULL,"
    "  inode INTEGER NOT NULL,"
    "  size INTEGER NOT NULL,"
    "  modified INTEGER NOT NULL,"
    "  naming TEXT NOT NULL,"
    "  PRIMARY KEY(stream, source)) WITHOUT ROWID;"
    "CREATE INDEX positions_file ON positions(stream, device, inode);",
};

constexpr sqlite::Schema kSchema{"hook's position file", 0x4a4c4850, kSteps}; // "JLHP"

// Streams of one name come and go (tests, other servers); positions of the oldest are dropped.
constexpr int kMostStreams = 32;

std::int64_t toNanos(ServerTime time)
{
    return time.time_since_epoch().count();
}

std::string encodeFramer(const FramerState& state)
{
    ByteWriter writer;
    writer.u8(1);
    writer.string(state.source);
    writer.string(state.application);
    writer.string(state.attempt);
    writer.boolean(state.fromStart);
    writer.boolean(state.partial);
    return writer.take();
}

std::optional<FramerState> decodeFramer(std::string_view bytes)
{
    ByteReader reader(bytes);
    if (reader.u8() != 1)
        return std::nullopt;
    FramerState state;
    state.source = reader.string();
    state.application = reader.string();
    state.attempt = reader.string();
    state.fromStart = reader.boolean();
    state.partial = reader.boolean();
    if (!reader.ok() || !reader.atEnd())
        return std::nullopt;
    return state;
}

std::string encodeHeads(const std::vector<ChainWriter::Head>& heads)
{
    ByteWriter writer;
    writer.u8(1);
    writer.u32(static_cast<std::uint32_t>(heads.size()));
    for (const ChainWriter::Head& head : heads) {
        writer.string(head.source);
        writer.u32(head.partition);
        writer.u64(head.offset);
    }
    return writer.take();
}

std::optional<std::vector<ChainWriter::Head>> decodeHeads(std::string_view bytes)
{
    ByteReader reader(bytes);
    if (reader.u8() != 1)
        return std::nullopt;
    std::vector<ChainWriter::Head> heads;
    for (std::uint32_t left = reader.u32(); left > 0 && reader.ok(); --left) {
        ChainWriter::Head& head = heads.emplace_back();
        head.source = reader.string();
        head.partition = reader.u32();
        head.offset = reader.u64();
    }
    if (!reader.ok() || !reader.atEnd())
        return std::nullopt;
    return heads;
}

Error ioError(std::string_view what, const fs::path& path, int number)
{
    return {number == EACCES || number == EPERM ? ErrorCode::Denied : ErrorCode::Io,
            fmt::format("cannot {} {}: {}", what, safeForDisplay(path.native()),
                        std::generic_category().message(number))};
}

} // namespace

struct PositionStore::State
{
    fs::path folder;
    std::optional<sqlite::Connection> connection;
    std::optional<sqlite::Statement> selectSource;
    std::optional<sqlite::Statement> selectFile;
    std::optional<sqlite::Statement> upsert;
    std::int64_t stream = 0;
    std::map<std::string, SourcePosition, std::less<>> pending;
    int locks = -1; // file whose bytes stand for sources

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State()
    {
        if (locks >= 0)
            ::close(locks);
    }

    Error corrupt() const
    {
        return {
            ErrorCode::Corrupt,
            fmt::format("{} holds what no version of this program wrote: remove it to start anew (what was "
                        "published before is then sent again and dropped by its readers)",
                        safeForDisplay(connection->path().native()))};
    }

    Result<void> prepare()
    {
        const auto prepareInto = [this](std::optional<sqlite::Statement>& into,
                                        std::string_view sql) -> Result<void> {
            Result<sqlite::Statement> statement = connection->prepare(sql);
            if (!statement)
                return std::move(statement).error();
            into.emplace(std::move(*statement));
            return {};
        };
#define JETLAG_COLUMNS                                                                                       \
    "source, acked_offset, acked_hash, acked_records, resume_offset, framer, framer_latest, heads, device, " \
    "inode, size, modified, naming"
        if (Result<void> done = prepareInto(
                selectSource, "SELECT " JETLAG_COLUMNS " FROM positions WHERE stream = ?1 AND source = ?2");
            !done)
            return done;
        if (Result<void> done = prepareInto(
                selectFile, "SELECT " JETLAG_COLUMNS
                            " FROM positions WHERE stream = ?1 AND device = ?2 AND inode = ?3 AND "
                            "size = ?4 AND modified = ?5 AND naming = ?6 LIMIT 1");
            !done)
            return done;
        return prepareInto(upsert,
                           "INSERT INTO positions(stream, " JETLAG_COLUMNS
                           ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) "
                           "ON CONFLICT(stream, source) DO UPDATE SET "
                           "acked_offset = excluded.acked_offset, acked_hash = excluded.acked_hash, "
                           "acked_records = excluded.acked_records, "
                           "resume_offset = excluded.resume_offset, framer = excluded.framer, framer_latest "
                           "= excluded.framer_latest, "
                           "heads = excluded.heads, device = excluded.device, inode = excluded.inode, "
                           "size = excluded.size, modified = excluded.modified, naming = excluded.naming");
#undef JETLAG_COLUMNS
    }

    Result<std::optional<SourcePosition>> read(sqlite::Statement& statement)
    {
        const Result<bool> row = statement.step();
        if (!row)
            return row.error();
        if (!*row)
            return std::optional<SourcePosition>();
        SourcePosition position;
        position.source = statement.text(0);
        position.ackedOffset = statement.unsignedInteger(1);
        position.ackedHash = statement.unsignedInteger(2);
        position.ackedRecords = statement.unsignedInteger(3);
        position.resumeOffset = statement.unsignedInteger(4);
        std::optional<FramerState> framer = decodeFramer(statement.blob(5));
        std::optional<FramerState> latest = decodeFramer(statement.blob(6));
        std::optional<std::vector<ChainWriter::Head>> heads = decodeHeads(statement.blob(7));
        position.complete.device = statement.unsignedInteger(8);
        position.complete.inode = statement.unsignedInteger(9);
        position.complete.size = statement.unsignedInteger(10);
        position.complete.modified = statement.integer(11);
        position.naming = statement.text(12);
        statement.reset();
        if (!framer || !latest || !heads)
            return corrupt();
        position.framer = std::move(*framer);
        position.framerLatest = std::move(*latest);
        position.heads = std::move(*heads);
        return std::optional(std::move(position));
    }

    Result<void> writePending()
    {
        Result<sqlite::Transaction> transaction = sqlite::Transaction::begin(*connection);
        if (!transaction)
            return std::move(transaction).error();
        for (const auto& [source, position] : pending) {
            const std::string framer = encodeFramer(position.framer);
            const std::string latest = encodeFramer(position.framerLatest);
            const std::string heads = encodeHeads(position.heads);
            const FileStamp& file = position.complete;
            if (Result<void> done =
                    upsert->run(stream, std::string_view(source), position.ackedOffset, position.ackedHash,
                                position.ackedRecords, position.resumeOffset, sqlite::Blob{framer},
                                sqlite::Blob{latest}, sqlite::Blob{heads}, file.device, file.inode, file.size,
                                file.modified, std::string_view(position.naming));
                !done)
                return done;
        }
        return transaction->commit();
    }

    // Open file description locks: they end with the process, and two hooks in one process exclude each
    // other too.
    int lockByte(std::string_view source, short kind) const
    {
        struct flock lock
        {};
        lock.l_type = kind;
        lock.l_whence = SEEK_SET;
        lock.l_start = static_cast<off_t>(hash64(source) >> 2);
        lock.l_len = 1;
        int status = 0;
        do {
            status = ::fcntl(locks, F_OFD_SETLK, &lock);
        } while (status != 0 && errno == EINTR);
        return status == 0 ? 0 : errno;
    }
};

PositionStore::PositionStore(std::unique_ptr<State> state)
    : m_state(std::move(state))
{}
PositionStore::~PositionStore() = default;
PositionStore::PositionStore(PositionStore&&) noexcept = default;
PositionStore& PositionStore::operator=(PositionStore&&) noexcept = default;

Result<PositionStore> PositionStore::open(const fs::path& folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return ioError("make the folder", folder, error.value());

    auto state = std::make_unique<State>();
    state->folder = folder;
    const fs::path lockPath = folder / "sources.lock";
    state->locks = ::open(lockPath.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (state->locks < 0)
        return ioError("open", lockPath, errno);

    sqlite::OpenOptions options;
    options.journal = sqlite::Journal::Wal;
    Result<sqlite::Connection> connection = sqlite::Connection::open(folder / "positions.sqlite", options);
    if (!connection)
        return std::move(connection).error().whileDoing("opening the hook's positions");
    state->connection.emplace(std::move(*connection));
    if (Result<void> done = state->connection->execute("PRAGMA foreign_keys = ON"); !done)
        return std::move(done).error();
    if (Result<void> done = sqlite::migrate(*state->connection, kSchema); !done)
        return std::move(done).error();
    if (Result<void> done = state->prepare(); !done)
        return std::move(done).error();
    return PositionStore(std::move(state));
}

Result<std::vector<StreamIdentity>> PositionStore::streams()
{
    Result<sqlite::Statement> select = m_state->connection->prepare(
        "SELECT name, created, known_sequence, known_time FROM streams ORDER BY used DESC");
    if (!select)
        return std::move(select).error();
    std::vector<StreamIdentity> found;
    while (true) {
        const Result<bool> row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return found;
        StreamIdentity& identity = found.emplace_back();
        identity.name = select->text(0);
        identity.created = ServerTime(std::chrono::nanoseconds(select->integer(1)));
        identity.knownSequence = StreamSequence(select->unsignedInteger(2));
        identity.knownTime = ServerTime(std::chrono::nanoseconds(select->integer(3)));
    }
}

Result<void> PositionStore::use(const StreamIdentity& identity)
{
    State& state = *m_state;
    state.pending.clear(); // of another stream
    Result<sqlite::Transaction> transaction = sqlite::Transaction::begin(*state.connection);
    if (!transaction)
        return std::move(transaction).error();
    Result<sqlite::Statement> select =
        state.connection->prepare("SELECT id FROM streams WHERE name = ?1 AND created = ?2 AND "
                                  "known_sequence = ?3 AND known_time = ?4");
    if (!select)
        return std::move(select).error();
    const std::int64_t created = toNanos(identity.created);
    const std::int64_t knownTime = toNanos(identity.knownTime);
    select->bind(std::string_view(identity.name), created, identity.knownSequence.value(), knownTime);
    const Result<bool> row = select->step();
    if (!row)
        return row.error();
    state.stream = *row ? select->integer(0) : 0;
    select->reset();

    if (state.stream == 0) {
        Result<sqlite::Statement> insert = state.connection->prepare(
            "INSERT INTO streams(name, created, known_sequence, known_time, used) VALUES(?1, ?2, ?3, ?4, 0)");
        if (!insert)
            return std::move(insert).error();
        if (Result<void> done = insert->run(std::string_view(identity.name), created,
                                            identity.knownSequence.value(), knownTime);
            !done)
            return done;
        state.stream = state.connection->lastInsertRowId();
    }
    Result<sqlite::Statement> touch = state.connection->prepare(
        "UPDATE streams SET used = 1 + (SELECT max(used) FROM streams) WHERE id = ?1");
    if (!touch)
        return std::move(touch).error();
    if (Result<void> done = touch->run(state.stream); !done)
        return done;
    Result<sqlite::Statement> prune = state.connection->prepare(
        "DELETE FROM streams WHERE id NOT IN (SELECT id FROM streams ORDER BY used DESC LIMIT ?1)");
    if (!prune)
        return std::move(prune).error();
    if (Result<void> done = prune->run(kMostStreams); !done)
        return done;
    return transaction->commit();
}

Result<void> PositionStore::rename(const StreamIdentity& identity)
{
    Result<sqlite::Statement> update = m_state->connection->prepare(
        "UPDATE streams SET created = ?2, known_sequence = ?3, known_time = ?4 WHERE id = ?1");
    if (!update)
        return std::move(update).error();
    return update->run(m_state->stream, toNanos(identity.created), identity.knownSequence.value(),
                       toNanos(identity.knownTime));
}

Result<std::optional<SourcePosition>> PositionStore::find(std::string_view source)
{
    if (const auto pending = m_state->pending.find(source); pending != m_state->pending.end())
        return std::optional(pending->second);
    m_state->selectSource->bind(m_state->stream, source);
    return m_state->read(*m_state->selectSource);
}

Result<std::optional<SourcePosition>> PositionStore::findComplete(const FileStamp& stamp,
                                                                  std::string_view naming)
{
    m_state->selectFile->bind(m_state->stream, stamp.device, stamp.inode, stamp.size, stamp.modified, naming);
    return m_state->read(*m_state->selectFile);
}

void PositionStore::put(SourcePosition position)
{
    m_state->pending.insert_or_assign(position.source, std::move(position));
}

Result<void> PositionStore::commit()
{
    if (m_state->pending.empty())
        return {};
    Result<void> written = m_state->writePending();
    if (!written)
        return std::move(written).error().whileDoing("keeping the hook's position");
    m_state->pending.clear();
    return {};
}

Result<PositionStore::Claim> PositionStore::claim(std::string_view source)
{
    switch (const int failure = m_state->lockByte(source, F_WRLCK)) {
    case 0:
        return Claim::Mine;
    case EAGAIN:
    case EACCES:
        return Claim::HeldElsewhere;
    default:
        return ioError("lock", m_state->folder / "sources.lock", failure);
    }
}

void PositionStore::release(std::string_view source)
{
    m_state->lockByte(source, F_UNLCK);
}

} // namespace jetlag
