// SPDX-License-Identifier: Apache-2.0
#include "model/engine/sqlite_checkpoint_store.h"

#include "model/base/byte_io.h"
#include "model/base/file_lock.h"
#include "model/base/text.h"
#include "model/engine/checkpoint_bytes.h"
#include "model/record/slot.h"
#include "model/sqlite/connection.h"
#include "model/sqlite/schema.h"
#include "model/sqlite/transaction.h"

#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <set>
#include <system_error>
#include <utility>

namespace jetlag {

namespace {

using sqlite::Blob;
using sqlite::Connection;
using sqlite::Statement;

// `bytes` stand last where a scan must not read them. The checksum of a row covers all its other columns.
constexpr std::array<std::string_view, 1> kSteps = {R"(
CREATE TABLE checkpoint(
    id INTEGER PRIMARY KEY CHECK(id = 1),
    header BLOB NOT NULL,
    assembler BLOB NOT NULL,
    checksum INTEGER NOT NULL);
CREATE TABLE keys(
    key BLOB PRIMARY KEY,
    slot INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    bytes BLOB NOT NULL);
CREATE TABLE heads(
    source BLOB NOT NULL,
    partition INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    unsettled INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY(source, partition)) WITHOUT ROWID;
CREATE TABLE held(
    sequence INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE(sequence, checksum));
CREATE TABLE quarantine(
    sequence INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    reason TEXT NOT NULL,
    hash BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    subject BLOB NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE(sequence, idx));
)"};
constexpr sqlite::Schema kSchema{"state database", 0x4a4c5331 /* "JLS1" */, kSteps};

std::uint64_t checksumOf(std::initializer_list<std::string_view> columns,
                         std::initializer_list<std::uint64_t> numbers)
{
    ByteWriter writer;
    for (const std::string_view column : columns)
        writer.u64(hash64(column));
    for (const std::uint64_t number : numbers)
        writer.u64(number);
    return hash64(writer.view());
}

std::uint64_t checksumOf(const ChainHead& head)
{
    return checksumOf({head.source}, {head.partition, head.offset, head.sequence.value(), head.unsettled});
}

std::uint64_t checksumOf(const QuarantinedEvent& row)
{
    return checksumOf({toString(row.reason), row.bytesHash.view(), row.subject, row.bytes},
                      {row.sequence.value(), row.index});
}

std::optional<Hash128> hashFrom(std::string_view bytes)
{
    Hash128 hash;
    if (bytes.size() != hash.bytes.size())
        return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
    return hash;
}

// One process per state directory, which is made when it is missing.
Result<FileLock> takeDirectory(const std::filesystem::path& directory)
{
    const std::string name = fmt::format("state directory {}", safeForDisplay(directory.string()));
    std::error_code failure;
    // What was read may be confidential: quarantined bytes lie in here.
    if (std::filesystem::create_directories(directory, failure))
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failure);
    if (failure)
        return Error(failure == std::errc::no_space_on_device  ? ErrorCode::NoSpace
                     : failure == std::errc::permission_denied ? ErrorCode::Denied
                                                               : ErrorCode::Io,
                     fmt::format("{} cannot be made: {}", name, failure.message()));
    const std::filesystem::path path = directory / "lock";
    Result<FileLock> lock = FileLock::acquire(path);
    if (!lock && lock.error().code() == ErrorCode::Conflict)
        return Error(ErrorCode::Conflict,
                     fmt::format("{} is used by another process{}", name, FileLock::describeHolder(path)));
    return lock;
}

// Steps through the rows of a statement that is bound.
template <typename Each>
Result<void> forEachRow(Statement& select, const Each& each)
{
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        if (Result<void> done = each(); !done) {
            select.reset();
            return done;
        }
    }
}

} // namespace

struct SqliteCheckpointStore::Impl
{
    using HeldId = std::pair<std::uint64_t, std::uint64_t>; // sequence, checksum

    std::filesystem::path directory;
    FileLock lock;
    Connection connection;
    std::set<HeldId> held; // as committed

    Error damaged(std::string_view what) const
    {
        return {ErrorCode::Corrupt, fmt::format("{} is damaged: {}; remove the directory to start anew",
                                                safeForDisplay((directory / "state.db").string()), what)};
    }

    Result<void> readHeldIds();
    Result<void> readHeads(std::vector<ChainHead>& heads);
    Result<void> readHeld(std::vector<HeldMessage>& messages);
    Result<void> write(const CheckpointDelta& delta, std::set<HeldId>& heldNow);
    Result<void> writeHeld(const std::vector<HeldMessage>& messages, std::set<HeldId>& heldNow);
    Result<void> writeQuarantined(const std::vector<QuarantinedEvent>& rows);
};

SqliteCheckpointStore::SqliteCheckpointStore(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{}

SqliteCheckpointStore::~SqliteCheckpointStore() = default;

Result<std::unique_ptr<SqliteCheckpointStore>>
SqliteCheckpointStore::open(const std::filesystem::path& directory, const std::string& vfs)
{
    Result<FileLock> lock = takeDirectory(directory);
    if (!lock)
        return lock.error();
    sqlite::OpenOptions options;
    options.journal = sqlite::Journal::Wal;
    options.synchronous = sqlite::Synchronous::Full;
    options.vfs = vfs;
    Result<Connection> connection = Connection::open(directory / "state.db", options);
    if (!connection)
        return connection.error();
    if (Result<void> migrated = sqlite::migrate(*connection, kSchema); !migrated)
        return migrated.error();

    auto impl = std::unique_ptr<Impl>(
        new Impl{directory, std::move(lock).value(), std::move(connection).value(), {}});
    if (Result<void> read = impl->readHeldIds(); !read)
        return read.error();
    return std::unique_ptr<SqliteCheckpointStore>(new SqliteCheckpointStore(std::move(impl)));
}

std::string SqliteCheckpointStore::describe() const
{
    return fmt::format("state directory {}", safeForDisplay(m_impl->directory.string()));
}

Result<std::optional<RestoredState>> SqliteCheckpointStore::load()
{
    // Structure here, content by the rows' checksums.
    if (Result<void> whole = m_impl->connection.quickCheck(); !whole)
        return whole.error();
    Result<Statement> select =
        m_impl->connection.prepare("SELECT header, assembler, checksum FROM checkpoint");
    if (!select)
        return select.error();
    const Result<bool> row = select->step();
    if (!row)
        return row.error();
    if (!*row)
        return std::optional<RestoredState>();
    if (checksumOf({select->blob(0), select->blob(1)}, {}) != select->unsignedInteger(2))
        return m_impl->damaged("the checkpoint's checksum is wrong");

    Result<CheckpointHeader> header = checkpointHeaderFrom(select->blob(0));
    if (!header)
        return m_impl->damaged(header.error().message());
    Result<AssemblerState> assembler = assemblerStateFrom(select->blob(1));
    if (!assembler)
        return m_impl->damaged(assembler.error().message());
    if (Result<void> read = m_impl->readHeads(assembler->heads); !read)
        return read.error();
    if (Result<void> read = m_impl->readHeld(assembler->held); !read)
        return read.error();
    return std::optional(RestoredState{std::move(header).value(), std::move(assembler).value()});
}

Result<void> SqliteCheckpointStore::Impl::readHeldIds()
{
    Result<Statement> select = connection.prepare("SELECT sequence, checksum FROM held");
    if (!select)
        return select.error();
    return forEachRow(*select, [&]() -> Result<void> {
        held.emplace(select->unsignedInteger(0), select->unsignedInteger(1));
        return {};
    });
}

Result<void> SqliteCheckpointStore::Impl::readHeads(std::vector<ChainHead>& heads)
{
    Result<Statement> select =
        connection.prepare("SELECT source, partition, offset, sequence, unsettled, checksum FROM heads");
    if (!select)
        return select.error();
    return forEachRow(*select, [&]() -> Result<void> {
        ChainHead& head = heads.emplace_back();
        head.source = select->blob(0);
        head.partition = static_cast<std::uint32_t>(select->unsignedInteger(1));
        head.offset = select->unsignedInteger(2);
        head.sequence = StreamSequence(select->unsignedInteger(3));
        head.unsettled = static_cast<std::uint32_t>(select->unsignedInteger(4));
        if (checksumOf(head) != select->unsignedInteger(5))
            return damaged("the checksum of a chain's head is wrong");
        return {};
    });
}

Result<void> SqliteCheckpointStore::Impl::readHeld(std::vector<HeldMessage>& messages)
{
    Result<Statement> select = connection.prepare("SELECT checksum, bytes FROM held ORDER BY sequence");
    if (!select)
        return select.error();
    return forEachRow(*select, [&]() -> Result<void> {
        if (hash64(select->blob(1)) != select->unsignedInteger(0))
            return damaged("the checksum of a waiting message is wrong");
        Result<HeldMessage> message = heldMessageFrom(select->blob(1));
        if (!message)
            return damaged(message.error().message());
        messages.push_back(std::move(message).value());
        return {};
    });
}

Result<void> SqliteCheckpointStore::forEachKey(
    const std::function<Result<void>(std::string_view key, std::string_view bytes)>& each)
{
    Result<Statement> select = m_impl->connection.prepare("SELECT key, bytes, checksum FROM keys");
    if (!select)
        return select.error();
    return forEachRow(*select, [&]() -> Result<void> {
        if (checksumOf({select->blob(0), select->blob(1)}, {}) != select->unsignedInteger(2))
            return m_impl->damaged("the checksum of a key's state is wrong");
        return each(select->blob(0), select->blob(1));
    });
}

Result<void> SqliteCheckpointStore::forEachQuarantined(
    const std::function<Result<void>(QuarantineReason reason, const Hash128& hash, std::uint64_t count)>&
        each)
{
    Result<Statement> select = m_impl->connection.prepare(
        "SELECT reason, hash, count(*) FROM quarantine GROUP BY reason, hash ORDER BY reason, hash");
    if (!select)
        return select.error();
    return forEachRow(*select, [&]() -> Result<void> {
        const QuarantineReason reason = quarantineReasonFrom(select->text(0));
        const std::optional<Hash128> hash = hashFrom(select->blob(1));
        if (reason == QuarantineReason::None || !hash)
            return m_impl->damaged("a quarantined event has no reason or hash");
        return each(reason, *hash, select->unsignedInteger(2));
    });
}

Result<std::vector<QuarantinedEvent>> SqliteCheckpointStore::quarantined(std::size_t atMost)
{
    Result<Statement> select =
        m_impl->connection.prepare("SELECT sequence, idx, reason, hash, subject, bytes, checksum FROM "
                                   "quarantine ORDER BY sequence, idx LIMIT ?1");
    if (!select)
        return select.error();
    select->bind(static_cast<std::uint64_t>(atMost));
    std::vector<QuarantinedEvent> rows;
    Result<void> read = forEachRow(*select, [&]() -> Result<void> {
        QuarantinedEvent& row = rows.emplace_back();
        row.sequence = StreamSequence(select->unsignedInteger(0));
        row.index = static_cast<std::uint32_t>(select->unsignedInteger(1));
        row.reason = quarantineReasonFrom(select->text(2));
        row.bytesHash = hashFrom(select->blob(3)).value_or(Hash128());
        row.subject = select->blob(4);
        row.bytes = select->blob(5);
        if (checksumOf(row) != select->unsignedInteger(6))
            return m_impl->damaged("the checksum of a quarantined event is wrong");
        return {};
    });
    if (!read)
        return read.error();
    return rows;
}

Result<void> SqliteCheckpointStore::commit(const CheckpointDelta& delta)
{
    std::set<Impl::HeldId> heldNow;
    const auto written = [&]() -> Result<void> {
        Result<sqlite::Transaction> transaction = sqlite::Transaction::begin(m_impl->connection);
        if (!transaction)
            return transaction.error();
        if (Result<void> done = m_impl->write(delta, heldNow); !done)
            return done;
        return transaction->commit();
    }();
    if (!written)
        return written.error().whileDoing("saving the checkpoint");
    m_impl->held = std::move(heldNow);
    return {};
}

Result<void> SqliteCheckpointStore::Impl::write(const CheckpointDelta& delta, std::set<HeldId>& heldNow)
{
    Result<Statement> key =
        connection.prepare("INSERT INTO keys(key, slot, checksum, bytes) VALUES(?1, ?2, ?3, ?4) "
                           "ON CONFLICT(key) DO UPDATE SET checksum = ?3, bytes = ?4");
    if (!key)
        return key.error();
    for (const KeySnapshot& snapshot : delta.changedKeys) {
        if (Result<void> done =
                key->run(Blob{snapshot.key}, slotOf(snapshot.key),
                         checksumOf({snapshot.key, snapshot.bytes}, {}), Blob{snapshot.bytes});
            !done)
            return done;
    }

    Result<Statement> chain =
        connection.prepare("INSERT OR REPLACE INTO heads VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    if (!chain)
        return chain.error();
    for (const ChainHead& head : delta.assembler.state.heads) {
        if (Result<void> done = chain->run(Blob{head.source}, head.partition, head.offset,
                                           head.sequence.value(), head.unsettled, checksumOf(head));
            !done)
            return done;
    }

    if (Result<void> done = writeHeld(delta.assembler.state.held, heldNow); !done)
        return done;
    if (Result<void> done = writeQuarantined(delta.newlyQuarantined); !done)
        return done;

    const std::string header = toBytes(delta.header);
    const std::string assembler = assemblerBytes(delta.assembler.state);
    Result<Statement> point = connection.prepare("INSERT OR REPLACE INTO checkpoint VALUES(1, ?1, ?2, ?3)");
    if (!point)
        return point.error();
    return point->run(Blob{header}, Blob{assembler}, checksumOf({header, assembler}, {}));
}

// They come whole each time; only what is new or gone is written.
Result<void> SqliteCheckpointStore::Impl::writeHeld(const std::vector<HeldMessage>& messages,
                                                    std::set<HeldId>& heldNow)
{
    Result<Statement> insert = connection.prepare("INSERT INTO held VALUES(?1, ?2, ?3)");
    Result<Statement> remove = connection.prepare("DELETE FROM held WHERE sequence = ?1 AND checksum = ?2");
    if (!insert || !remove)
        return insert ? remove.error() : insert.error();
    for (const HeldMessage& message : messages) {
        const std::string bytes = toBytes(message);
        const HeldId id(message.sequence.value(), hash64(bytes));
        if (!heldNow.insert(id).second || held.contains(id))
            continue;
        if (Result<void> done = insert->run(id.first, id.second, Blob{bytes}); !done)
            return done;
    }
    for (const HeldId& id : held) {
        if (heldNow.contains(id))
            continue;
        if (Result<void> done = remove->run(id.first, id.second); !done)
            return done;
    }
    return {};
}

Result<void> SqliteCheckpointStore::Impl::writeQuarantined(const std::vector<QuarantinedEvent>& rows)
{
    Result<Statement> insert = connection.prepare(
        "INSERT OR IGNORE INTO quarantine(sequence, idx, reason, hash, checksum, subject, bytes) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    if (!insert)
        return insert.error();
    for (const QuarantinedEvent& row : rows) {
        if (Result<void> done =
                insert->run(row.sequence.value(), row.index, toString(row.reason), Blob{row.bytesHash.view()},
                            checksumOf(row), Blob{row.subject}, Blob{row.bytes});
            !done)
            return done;
    }
    return {};
}

} // namespace jetlag
