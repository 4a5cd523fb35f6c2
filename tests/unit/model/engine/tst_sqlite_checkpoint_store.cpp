// SPDX-License-Identifier: Apache-2.0
#include "model/engine/engine.h"
#include "model/engine/sqlite_checkpoint_store.h"
#include "model/sqlite/connection.h"
#include "tests/support/engine_fakes.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/order_analyzer.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <csignal>
#include <map>
#include <sys/wait.h>
#include <unistd.h>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<SqliteCheckpointStore> openStore(const std::filesystem::path& directory,
                                                 const std::string& vfs = {})
{
    Result<std::unique_ptr<SqliteCheckpointStore>> store = SqliteCheckpointStore::open(directory, vfs);
    return store ? std::move(store).value() : nullptr;
}

CheckpointDelta sampleDelta()
{
    CheckpointDelta delta;
    CheckpointHeader& header = delta.header;
    header.analyzer = "spark";
    header.analyzerVersion = 3;
    header.stream = {"S \xff", ServerTime(1s), StreamSequence(7), ServerTime(2s)};
    header.filters = {"a.>", "b.*"};
    header.first = StreamSequence(2);
    header.sequence = StreamSequence(9);
    header.digest = hash128("digest");
    header.counters = {1, 2, 3, {4, 5, 6, 7, 8}};
    header.partial = true;
    delta.changedKeys = {{"k1", "one"}, {std::string("k\0 2", 4), std::string("\0\xff", 2)}};
    AssemblerState& assembler = delta.assembler.state;
    assembler.first = StreamSequence(1);
    assembler.lastSequence = StreamSequence(9);
    assembler.lastHole = StreamSequence(4);
    assembler.counters = header.counters.records;
    assembler.heads = {{"src", 0, 100, StreamSequence(8), 12}, {"src", 1, 200, StreamSequence(9), 0}};
    assembler.held = {{StreamSequence(5), ServerTime(5s), "x.0.y", {{"Jetlag-Prev", "7"}}, "payload"},
                      {StreamSequence(6), ServerTime(6s), "x.0.y", {}, std::string("\0", 1)}};
    delta.newlyQuarantined = {
        {StreamSequence(3), 1, "x.y", QuarantineReason::TooLarge, hash128("3"), "three"},
        {StreamSequence(4), 0, "x.y", QuarantineReason::Malformed, hash128("bad"), "bad"},
        {StreamSequence(5), 0, "x.y", QuarantineReason::Malformed, hash128("bad"), "bad"},
    };
    return delta;
}

std::map<std::string, std::string> keysOf(CheckpointStore& store)
{
    std::map<std::string, std::string> keys;
    const Result<void> read =
        store.forEachKey([&](std::string_view key, std::string_view bytes) -> Result<void> {
            keys.emplace(key, bytes);
            return {};
        });
    return read ? keys : std::map<std::string, std::string>{{"error", read.error().message()}};
}

// The first error that a process meets which wants to go on from there.
Result<void> readAll(const std::filesystem::path& directory)
{
    Result<std::unique_ptr<SqliteCheckpointStore>> store = SqliteCheckpointStore::open(directory);
    if (!store)
        return store.error();
    const OrderAnalyzer analyzer;
    Engine engine(analyzer, {});
    Result<void> restored = engine.restore(**store);
    if (!restored)
        return restored;
    const Result<std::vector<QuarantinedEvent>> rows = (*store)->quarantined(1'000);
    return rows ? Result<void>() : rows.error();
}

std::vector<FakeMessage> mixed()
{
    std::vector<FakeMessage> messages = hookMessages(600, 30, 3);
    messages.resize(500); // something is parked at its end
    return messages;
}

void fill(const std::filesystem::path& directory)
{
    const std::vector<FakeMessage> messages = mixed();
    FakeSource source(messages, 50);
    const OrderAnalyzer analyzer;
    Engine engine(analyzer, {});
    const auto store = openStore(directory);
    QVERIFY(store);
    QVERIFY(engine.run(source, {}, store.get()));
}

void alter(const std::filesystem::path& directory, const std::string& sql)
{
    Result<sqlite::Connection> connection = sqlite::Connection::open(directory / "state.db");
    QVERIFY(connection);
    const Result<void> done = connection->execute(sql);
    QVERIFY2(done, done ? "" : done.error().message().c_str());
    QVERIFY(connection->changes() > 0);
}

} // namespace

class TestSqliteCheckpointStore : public QObject
{
    Q_OBJECT

private slots:
    void nothingCommittedYet()
    {
        const TempFolder folder;
        const auto store = openStore(folder / "deep/state");
        QVERIFY(store);
        QVERIFY(!store->load()->has_value());
        QVERIFY(keysOf(*store).empty());
        QCOMPARE(std::filesystem::status(folder / "deep/state").permissions(),
                 std::filesystem::perms::owner_all);
    }

    void everythingComesBack()
    {
        const TempFolder folder;
        const CheckpointDelta delta = sampleDelta();
        QVERIFY(openStore(folder / "state")->commit(delta));
        const auto store = openStore(folder / "state");
        const RestoredState state = store->load().value().value();
        const CheckpointHeader& header = state.header;
        QCOMPARE(header.analyzer, delta.header.analyzer);
        QCOMPARE(header.analyzerVersion, 3u);
        QVERIFY(header.stream == delta.header.stream);
        QCOMPARE(header.filters, delta.header.filters);
        QVERIFY(header.first == delta.header.first && header.sequence == delta.header.sequence);
        QVERIFY(header.digest == delta.header.digest);
        QVERIFY(header.partial);
        QCOMPARE(header.counters.applied, 1u);
        QCOMPARE(header.counters.quarantined, 2u);
        QCOMPARE(header.counters.skipped, 3u);
        for (const RecordCounters& records : {header.counters.records, state.assembler.counters}) {
            QCOMPARE(records.messages, 4u);
            QCOMPARE(records.duplicates, 5u);
            QCOMPARE(records.parked, 6u);
            QCOMPARE(records.lost, 7u);
            QCOMPARE(records.chainGaps, 8u);
        }
        QVERIFY(state.assembler.first == delta.assembler.state.first);
        QVERIFY(state.assembler.lastSequence == delta.assembler.state.lastSequence);
        QVERIFY(state.assembler.lastHole == delta.assembler.state.lastHole);
        QVERIFY(state.assembler.heads == delta.assembler.state.heads);
        QVERIFY(state.assembler.held == delta.assembler.state.held);
        QCOMPARE(keysOf(*store), (std::map<std::string, std::string>{
                                     {"k1", "one"}, {std::string("k\0 2", 4), std::string("\0\xff", 2)}}));

        const std::vector<QuarantinedEvent> rows = store->quarantined(2).value();
        QCOMPARE(rows.size(), 2u);
        QCOMPARE(rows[0].sequence.value(), 3u);
        QCOMPARE(rows[0].index, 1u);
        QVERIFY(rows[0].reason == QuarantineReason::TooLarge);
        QVERIFY(rows[0].bytesHash == hash128("3"));
        QCOMPARE(rows[0].subject, std::string("x.y"));
        QCOMPARE(rows[0].bytes, std::string("three"));
        std::vector<std::string> tally;
        QVERIFY(store->forEachQuarantined([&](QuarantineReason reason, const Hash128&, std::uint64_t count) {
            tally.push_back(std::string(toString(reason)) + ' ' + std::to_string(count));
            return Result<void>();
        }));
        QCOMPARE(tally, (std::vector<std::string>{"malformed 2", "too-large 1"}));
    }

    void laterCheckpointsChangeWhatTheyName()
    {
        const TempFolder folder;
        CheckpointDelta delta = sampleDelta();
        {
            const auto store = openStore(folder / "state");
            QVERIFY(store->commit(delta));
            delta.header.sequence = StreamSequence(20);
            delta.changedKeys = {{"k1", "uno"}, {"k3", ""}};
            delta.assembler.state.heads = {{"src", 1, 300, StreamSequence(19), 0}};
            delta.assembler.state.held.erase(delta.assembler.state.held.begin());
            delta.assembler.state.held.push_back({StreamSequence(18), ServerTime(8s), "new", {}, "new"});
            delta.newlyQuarantined.clear();
            QVERIFY(store->commit(delta));
        }
        const auto store = openStore(folder / "state");
        const RestoredState state = store->load().value().value();
        QCOMPARE(state.header.sequence.value(), 20u);
        QCOMPARE(keysOf(*store),
                 (std::map<std::string, std::string>{
                     {"k1", "uno"}, {std::string("k\0 2", 4), std::string("\0\xff", 2)}, {"k3", ""}}));
        QVERIFY(state.assembler.heads == (std::vector<ChainHead>{{"src", 0, 100, StreamSequence(8), 12},
                                                                 {"src", 1, 300, StreamSequence(19), 0}}));
        QVERIFY(state.assembler.held == delta.assembler.state.held);
        QCOMPARE(store->quarantined(10)->size(), 3u);
    }

    void secondProcessIsRefused()
    {
        const TempFolder folder;
        int ready[2];
        QCOMPARE(pipe(ready), 0);
        const pid_t child = fork();
        if (child == 0) {
            const auto store = openStore(folder / "state");
            const char answer = store ? 'y' : 'n';
            if (write(ready[1], &answer, 1) != 1)
                _exit(1);
            for (;;)
                pause();
        }
        char answer = 0;
        QCOMPARE(read(ready[0], &answer, 1), 1);
        QCOMPARE(answer, 'y');
        const auto refused = SqliteCheckpointStore::open(folder / "state");
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        close(ready[0]);
        close(ready[1]);
        QVERIFY(!refused);
        QVERIFY(refused.error().code() == ErrorCode::Conflict);
        QCOMPARE(refused.error().message(), "state directory " + (folder / "state").string() +
                                                " is used by another process (pid " + std::to_string(child) +
                                                ")");
        QVERIFY(openStore(folder / "state")); // the lock went with the process
    }

    void sameProcessIsRefusedToo()
    {
        const TempFolder folder;
        const auto first = openStore(folder / "state");
        const auto second = SqliteCheckpointStore::open(folder / "state");
        QVERIFY(!second);
        QVERIFY(second.error().code() == ErrorCode::Conflict);
    }

    void damageIsReported_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("header") << "UPDATE checkpoint SET header = x'00' || substr(header, 2)"
                                << QByteArray("the checkpoint's checksum is wrong");
        QTest::newRow("chain state") << "UPDATE checkpoint SET assembler = zeroblob(length(assembler))"
                                     << QByteArray("the checkpoint's checksum is wrong");
        QTest::newRow("state of a key")
            << "UPDATE keys SET bytes = zeroblob(length(bytes)) WHERE key = CAST('key3' AS BLOB)"
            << QByteArray("the checksum of a key's state is wrong");
        QTest::newRow("key that is gone")
            << "DELETE FROM keys WHERE key = CAST('key3' AS BLOB)" << QByteArray("its digest is ");
        QTest::newRow("head of a chain") << "UPDATE heads SET offset = offset + 1"
                                         << QByteArray("the checksum of a chain's head is wrong");
        QTest::newRow("waiting message") << "UPDATE held SET bytes = bytes || x'00'"
                                         << QByteArray("the checksum of a waiting message is wrong");
        QTest::newRow("quarantined event that is gone")
            << "DELETE FROM quarantine WHERE sequence = (SELECT min(sequence) FROM quarantine)"
            << QByteArray("its digest is ");
        QTest::newRow("quarantined reason") << "UPDATE quarantine SET reason = 'no such reason'"
                                            << QByteArray("a quarantined event has no reason or hash");
        QTest::newRow("quarantined bytes") << "UPDATE quarantine SET bytes = x'00'"
                                           << QByteArray("the checksum of a quarantined event is wrong");
    }
    void damageIsReported()
    {
        QFETCH(QString, sql);
        QFETCH(QByteArray, words);
        const TempFolder folder;
        fill(folder / "state");
        QVERIFY(readAll(folder / "state"));
        alter(folder / "state", sql.toStdString());
        const Result<void> read = readAll(folder / "state");
        QVERIFY(!read);
        QVERIFY(read.error().code() == ErrorCode::Corrupt);
        QVERIFY2(read.error().message().find(words.toStdString()) != std::string::npos,
                 read.error().message().c_str());
    }

    void brokenFilesAreReported()
    {
        const TempFolder folder;
        fill(folder / "state");
        const auto file = folder / "state/state.db";
        const std::string whole = readFile(file);

        folder.write("state/state.db",
                     "this is no database, and it is longer than a header of one hundred bytes is: "
                     "so much is certain by now");
        const Result<void> text = readAll(folder / "state");
        QVERIFY(!text);
        QVERIFY(text.error().code() == ErrorCode::Corrupt);

        folder.write("state/state.db", whole.substr(0, whole.size() / 2));
        const Result<void> half = readAll(folder / "state");
        QVERIFY(!half);
        QVERIFY(half.error().code() == ErrorCode::Corrupt);

        folder.write("state/state.db", whole);
        alter(folder / "state", "PRAGMA user_version=99; UPDATE checkpoint SET id = 1");
        const Result<void> future = readAll(folder / "state");
        QVERIFY(!future);
        QVERIFY(future.error().code() == ErrorCode::Unsupported);

        alter(folder / "state", "PRAGMA application_id=1; UPDATE checkpoint SET id = 1");
        const Result<void> other = readAll(folder / "state");
        QVERIFY(!other);
        QVERIFY(other.error().code() == ErrorCode::Conflict);
    }

    // The disk fills up while a collector works: the previous checkpoint stays, nothing is acked, and when
    // there is room again the run goes on to the right end.
    void faultsOfTheDisk_data()
    {
        QTest::addColumn<int>("fault");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("disk full") << int(FaultyVfs::Fault::DiskFull) << int(ErrorCode::NoSpace)
                                   << QByteArray("saving the checkpoint: no space left on the disk for ");
        QTest::newRow("I/O error") << int(FaultyVfs::Fault::IoError) << int(ErrorCode::Io)
                                   << QByteArray("saving the checkpoint: reading or writing ");
        QTest::newRow("cut short") << int(FaultyVfs::Fault::CutShort) << int(ErrorCode::Io)
                                   << QByteArray("saving the checkpoint: reading or writing ");
        QTest::newRow("sync fails") << -1 << int(ErrorCode::Io)
                                    << QByteArray("saving the checkpoint: reading or writing ");
    }
    void faultsOfTheDisk()
    {
        QFETCH(int, fault);
        QFETCH(int, code);
        QFETCH(QByteArray, words);
        const std::vector<FakeMessage> messages = mixed();
        const OrderAnalyzer analyzer;
        const EngineOptions options{.workers = 2, .checkpointEvery = 1h, .checkpointEvents = 100};
        Engine undisturbed(analyzer, {});
        FakeSource whole(messages, 100);
        QVERIFY(undisturbed.run(whole, {}));

        for (const unsigned after : {0u, 1u, 3u, 6u}) {
            const TempFolder folder;
            FaultyVfs vfs;
            Journal journal;
            FakeAcks acks(journal);
            {
                const auto store = openStore(folder / "state", vfs.name());
                QVERIFY(store);
                FakeSource source(messages, 10);
                bool broken = false;
                source.beforeBatch = [&](StreamSequence first) {
                    // Two checkpoints go well.
                    if (!broken && journal.count("ack") >= 2 && first.value() > 200) {
                        broken = true;
                        fault < 0 ? vfs.failSyncs()
                                  : vfs.failWrites(after, static_cast<FaultyVfs::Fault>(fault));
                    }
                    while (first.value() == 301 && journal.count("ack") < 2)
                        std::this_thread::sleep_for(1ms);
                };
                Engine engine(analyzer, options);
                const Result<EngineOutcome> outcome = engine.run(source, {}, store.get(), &acks);
                QVERIFY(!outcome);
                QCOMPARE(int(outcome.error().code()), code);
                QVERIFY2(outcome.error().message().starts_with(words.toStdString()),
                         outcome.error().message().c_str());
                QVERIFY(vfs.failures() > 0);
                vfs.heal();
            }
            const auto store = openStore(folder / "state");
            QVERIFY(store);
            Engine engine(analyzer, options);
            const Result<void> restored = engine.restore(*store);
            QVERIFY2(restored, restored ? "" : restored.error().message().c_str());
            const StreamSequence saved = engine.result().lastSequence;
            QVERIFY(saved.value() > 0 && saved.value() < messages.size());
            QCOMPARE(journal.entries().back(), "ack " + std::to_string(saved.value()));
            FakeSource rest(messages, 10, saved.next());
            QVERIFY(engine.run(rest, {}, store.get(), &acks));
            QCOMPARE(engine.result().digest.toHex(), undisturbed.result().digest.toHex());
        }
    }

    void directoryThatCannotBeMade()
    {
        const TempFolder folder;
        folder.write("file", "x");
        const auto refused = SqliteCheckpointStore::open(folder / "file/state");
        QVERIFY(!refused);
        QVERIFY2(refused.error().message().starts_with("state directory " + (folder / "file/state").string()),
                 refused.error().message().c_str());
    }
};

QTEST_GUILESS_MAIN(TestSqliteCheckpointStore)
#include "tst_sqlite_checkpoint_store.moc"
