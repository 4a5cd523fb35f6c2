// SPDX-License-Identifier: Apache-2.0
#include "model/engine/engine.h"
#include "model/engine/sqlite_checkpoint_store.h"
#include "tests/support/engine_fakes.h"
#include "tests/support/order_analyzer.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait_until.h"

#include <QTest>

#include <random>
#include <set>
#include <thread>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kNever = std::chrono::milliseconds(24h);

const OrderAnalyzer& analyzer()
{
    static const OrderAnalyzer order;
    return order;
}

EngineResult undisturbed(const std::vector<FakeMessage>& messages)
{
    FakeSource source(messages, 100);
    Engine engine(analyzer(), {});
    const Result<EngineOutcome> outcome = engine.run(source, {});
    Q_ASSERT(outcome);
    return engine.result();
}

std::vector<FakeMessage> plain(std::size_t count)
{
    std::vector<FakeMessage> messages(count);
    for (std::size_t i = 0; i < count; ++i)
        messages[i].payload = "key" + std::to_string(i % 13) + ' ' + std::to_string(i + 1);
    return messages;
}

} // namespace

class TestEngineCheckpoints : public QObject
{
    Q_OBJECT

private slots:
    // The heart of it: stopped or broken off anywhere, gone on with any number of workers, the state is that
    // of a run that was never disturbed.
    void interruptedRunsReachTheSameDigest_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 12; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void interruptedRunsReachTheSameDigest()
    {
        QFETCH(unsigned, seed);
        static const std::vector<FakeMessage> messages = hookMessages(4'000, 60, 11);
        static const EngineResult expected = undisturbed(messages);
        QVERIFY(expected.counters.records.duplicates > 100);
        QVERIFY(expected.counters.quarantined > 10);
        QCOMPARE(expected.counters.records.lost, 0u);

        std::mt19937 random(seed);
        const TempFolder folder;
        StreamSequence checkpoint;
        unsigned interruptions = 0;
        unsigned parkedAtCheckpoint = 0;
        for (;;) {
            Result<std::unique_ptr<SqliteCheckpointStore>> store =
                SqliteCheckpointStore::open(folder / "state");
            QVERIFY2(store, store ? "" : store.error().message().c_str());
            const Result<std::optional<RestoredState>> saved = (*store)->load();
            QVERIFY(saved);
            checkpoint = saved->has_value() ? (*saved)->header.sequence : StreamSequence();
            parkedAtCheckpoint += saved->has_value() && !(*saved)->assembler.held.empty() ? 1 : 0;

            EngineOptions options;
            options.workers = std::vector{1u, 2u, 7u, 64u}[random() % 4];
            options.checkpointEvery = kNever;
            options.checkpointEvents = 1 + random() % 700;
            FakeSource source(messages, 1 + random() % 300, checkpoint.next());
            std::stop_source stop;
            const std::uint64_t end = checkpoint.value() + 1 + random() % 1'500;
            const bool breaksOff = random() % 2 == 0;
            if (end < messages.size() && breaksOff)
                source.failsAt.emplace(StreamSequence(end), Error(ErrorCode::Unavailable, "broken off"));
            else if (end < messages.size())
                source.beforeBatch = [&](StreamSequence first) {
                    if (first.value() >= end)
                        stop.request_stop();
                };

            Engine engine(analyzer(), options);
            const Result<void> restored = engine.restore(**store);
            QVERIFY2(restored, restored ? "" : restored.error().message().c_str());
            const Result<EngineOutcome> outcome = engine.run(source, stop.get_token(), store->get());
            if (outcome && *outcome == EngineOutcome::End) {
                const EngineResult result = engine.result();
                QCOMPARE(result.digest.toHex(), expected.digest.toHex());
                QVERIFY(result.tables.at(0).rows() == expected.tables.at(0).rows());
                QCOMPARE(result.counters.applied, expected.counters.applied);
                QCOMPARE(result.counters.quarantined, expected.counters.quarantined);
                QCOMPARE(result.counters.records.messages, messages.size());
                QCOMPARE(result.counters.records.duplicates, expected.counters.records.duplicates);
                QCOMPARE(result.counters.records.lost, 0u);
                QCOMPARE(result.counters.records.parked, expected.counters.records.parked);
                QCOMPARE(result.firstSequence.value(), 1u);
                QCOMPARE((*store)->quarantined(100'000)->size(), expected.counters.quarantined);
                const CheckpointHeader header = (*(*store)->load())->header;
                QCOMPARE(header.digest.toHex(), expected.digest.toHex());
                QCOMPARE(header.sequence.value(), messages.size());
                break;
            }
            ++interruptions;
        }
        QVERIFY(interruptions > 0);
        QVERIFY(interruptions < 200);
        // Otherwise the messages would not test what they are made for.
        if (seed == 1)
            QVERIFY(parkedAtCheckpoint > 0);
    }

    void ackFollowsCommit_data()
    {
        QTest::addColumn<unsigned>("workers");
        QTest::newRow("one worker") << 1u;
        QTest::newRow("five workers") << 5u;
    }
    void ackFollowsCommit()
    {
        QFETCH(unsigned, workers);
        const std::vector<FakeMessage> messages = plain(3'000);
        FakeSource source(messages, 64);
        Journal journal;
        FakeStore store(&journal);
        FakeAcks acks(journal);
        Engine engine(analyzer(), {.workers = workers, .checkpointEvery = kNever, .checkpointEvents = 250});
        QVERIFY(engine.run(source, {}, &store, &acks));
        const std::vector<std::string> entries = journal.entries();
        QVERIFY(entries.size() >= 10);
        std::uint64_t before = 0;
        for (std::size_t i = 0; i < entries.size(); i += 2) {
            const std::string sequence = entries[i].substr(7);
            QCOMPARE(entries[i], "commit " + sequence);
            QCOMPARE(entries.at(i + 1), "ack " + sequence);
            QVERIFY(std::stoull(sequence) > before);
            before = std::stoull(sequence);
        }
        QCOMPARE(before, 3'000u);
    }

    void checkpointsComeAfterSoManyEvents()
    {
        const std::vector<FakeMessage> messages = plain(1'000);
        FakeSource source(messages, 10);
        Journal journal;
        FakeStore store(&journal);
        Engine engine(analyzer(), {.checkpointEvery = kNever, .checkpointEvents = 100});
        QVERIFY(engine.run(source, {}, &store));
        QCOMPARE(journal.count("commit"), 10u);
    }

    void checkpointsComeInTimeWhileNothingElseHappens()
    {
        const std::vector<FakeMessage> messages = plain(10);
        FakeSource source(messages, 10);
        source.followsTail = true;
        Journal journal;
        FakeStore store(&journal);
        FakeAcks acks(journal);
        Engine engine(analyzer(), {.workers = 2, .checkpointEvery = 5ms});
        std::stop_source stop;
        Result<EngineOutcome> outcome = EngineOutcome::End;
        std::thread thread([&] { outcome = engine.run(source, stop.get_token(), &store, &acks); });
        const bool committed = waitUntil([&] { return journal.count("ack 10") == 1; });
        stop.request_stop();
        thread.join();
        QVERIFY(committed);
        QVERIFY(outcome);
        QVERIFY(*outcome == EngineOutcome::Stopped);
        QCOMPARE(journal.count("commit"), 1u); // nothing new, nothing to save
    }

    void stoppedRunSavesWhatItHas()
    {
        const std::vector<FakeMessage> messages = plain(500);
        FakeSource source(messages, 10);
        source.followsTail = true;
        Journal journal;
        FakeStore store(&journal);
        FakeAcks acks(journal);
        Engine engine(analyzer(), {.checkpointEvery = kNever, .checkpointEvents = UINT64_MAX});
        std::stop_source stop;
        Result<EngineOutcome> outcome = EngineOutcome::End;
        std::thread thread([&] { outcome = engine.run(source, stop.get_token(), &store, &acks); });
        const bool read = waitUntil([&] { return engine.progress().sequence.value() == 500; });
        stop.request_stop();
        thread.join();
        QVERIFY(read);
        QVERIFY(outcome);
        QVERIFY(*outcome == EngineOutcome::Stopped);
        QCOMPARE(journal.entries(), (std::vector<std::string>{"commit 500", "ack 500"}));
        QCOMPARE(engine.progress().checkpoint.value(), 500u);
    }

    void headerSaysWhatItStandsFor()
    {
        const std::vector<FakeMessage> messages = plain(20);
        FakeSource source(messages, 7, StreamSequence(5));
        source.sourceInfo.filters = {"order.>"};
        FakeStore store;
        Engine engine(analyzer(), {.partial = true});
        QVERIFY(engine.run(source, {}, &store));
        const CheckpointHeader header = store.header().value();
        QCOMPARE(header.analyzer, std::string("order"));
        QCOMPARE(header.analyzerVersion, 1u);
        QCOMPARE(header.stream.name, std::string("FAKE"));
        QVERIFY(header.stream.created == source.sourceInfo.stream->created);
        QCOMPARE(header.stream.knownSequence.value(), 20u);
        QVERIFY(header.stream.knownTime == ServerTime(1'700'000'000s + 20ms));
        QCOMPARE(header.filters, std::vector<std::string>{"order.>"});
        QCOMPARE(header.first.value(), 5u);
        QCOMPARE(header.sequence.value(), 20u);
        QCOMPARE(header.counters.applied, 16u);
        QVERIFY(header.partial);
        QVERIFY(header.digest == engine.result().digest);
    }

    void failedCommitIsNeverAcked()
    {
        const std::vector<FakeMessage> messages = plain(1'000);
        for (const unsigned workers : {1u, 3u}) {
            FakeSource source(messages, 10);
            Journal journal;
            FakeStore store(&journal);
            store.onCommit = [&](const CheckpointDelta&) {
                if (journal.count("commit") == 2)
                    store.failsWith.emplace(ErrorCode::NoSpace, "no space left");
            };
            FakeAcks acks(journal);
            Engine engine(analyzer(),
                          {.workers = workers, .checkpointEvery = kNever, .checkpointEvents = 100});
            const Result<EngineOutcome> outcome = engine.run(source, {}, &store, &acks);
            QVERIFY(!outcome);
            QVERIFY(outcome.error().code() == ErrorCode::NoSpace);
            QCOMPARE(journal.count("commit"), 2u);
            QCOMPARE(journal.count("ack"), 2u);
            store.failsWith.reset();
            QVERIFY(!engine.run(source, {}, &store, &acks)); // what the failed one held is gone
            QCOMPARE(journal.count("commit"), 2u);
        }
    }

    void failedAckIsAnError()
    {
        const std::vector<FakeMessage> messages = plain(10);
        FakeSource source(messages, 10);
        Journal journal;
        FakeStore store(&journal);
        FakeAcks acks(journal);
        acks.failsWith.emplace(ErrorCode::Unavailable, "the connection is closed");
        Engine engine(analyzer(), {});
        const Result<EngineOutcome> outcome = engine.run(source, {}, &store, &acks);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().message(),
                 std::string("acknowledging what was checkpointed: the connection is closed"));
    }

    void damagedStateIsRefused()
    {
        const std::vector<FakeMessage> messages = plain(100);
        FakeStore store;
        {
            FakeSource source(messages, 10);
            Engine engine(analyzer(), {});
            QVERIFY(engine.run(source, {}, &store));
        }
        std::string& bytes = store.keys.at("key3");
        bytes[0] = static_cast<char>(bytes[0] ^ 1);
        Engine engine(analyzer(), {.workers = 2});
        const Result<void> restored = engine.restore(store);
        QVERIFY(!restored);
        QVERIFY(restored.error().code() == ErrorCode::Corrupt);
        QVERIFY(restored.error().message().starts_with(
            "the saved state at sequence 100 is damaged: its digest is "));
        bytes.pop_back();
        Engine other(analyzer(), {});
        QVERIFY(other.restore(store).error().code() == ErrorCode::Corrupt);
    }

    void emptyStoreStartsAnew()
    {
        FakeStore store;
        Engine engine(analyzer(), {});
        QVERIFY(engine.restore(store));
        const std::vector<FakeMessage> none;
        FakeSource source(none, 1);
        QVERIFY(engine.run(source, {}, &store));
        QVERIFY(!store.header()); // nothing was read, nothing is saved
    }

    void runWithoutStoreCannotBeSavedLater()
    {
        const std::vector<FakeMessage> messages = plain(100);
        Engine engine(analyzer(), {});
        FakeSource first(messages, 10);
        QVERIFY(engine.run(first, {}));
        FakeStore store;
        const std::vector<FakeMessage> more = plain(200);
        FakeSource second(more, 10, StreamSequence(101));
        const Result<EngineOutcome> outcome = engine.run(second, {}, &store);
        QVERIFY(!outcome);
        QVERIFY(outcome.error().code() == ErrorCode::Internal);
        QVERIFY(!store.header());
    }

    void oneEngineMayRunOnAndOn()
    {
        const std::vector<FakeMessage> messages = hookMessages(900, 20, 5);
        const EngineResult expected = undisturbed(messages);
        FakeStore store;
        Engine engine(analyzer(), {.workers = 2});
        for (const std::size_t end : {std::size_t(100), std::size_t(450), messages.size()}) {
            const std::vector<FakeMessage> part(messages.begin(),
                                                messages.begin() + static_cast<std::ptrdiff_t>(end));
            FakeSource source(part, 30, StreamSequence(engine.progress().sequence.next()));
            QVERIFY(engine.run(source, {}, &store));
        }
        QCOMPARE(engine.result().digest.toHex(), expected.digest.toHex());
        Engine restored(analyzer(), {});
        QVERIFY(restored.restore(store));
        QCOMPARE(restored.result().digest.toHex(), expected.digest.toHex());
        QVERIFY(restored.result().tables.at(0).rows() == expected.tables.at(0).rows());
    }

    void manyQuarantinedBytesMakeACheckpointComeEarly()
    {
        std::vector<FakeMessage> messages(100);
        for (FakeMessage& message : messages)
            message.payload.assign(1'000'000, 'x');
        FakeSource source(messages, 5);
        Journal journal;
        FakeStore store(&journal);
        Engine engine(analyzer(), {.checkpointEvery = kNever, .checkpointEvents = UINT64_MAX});
        QVERIFY(engine.run(source, {}, &store));
        QVERIFY(journal.count("commit") >= 3);
        QCOMPARE(store.quarantined().size(), 100u);
        QCOMPARE(store.quarantined().at(99).bytes.size(), 1'000'000u); // whole, to be replayed
        QCOMPARE(engine.result().quarantined.at(99).bytes.size(), 65'536u);
    }

    void tablesInBetweenDoNotSpoilCheckpoints()
    {
        const std::vector<FakeMessage> messages = hookMessages(3'000, 40, 9);
        const EngineResult expected = undisturbed(messages);
        FakeSource source(messages, 20);
        FakeStore store;
        Engine engine(analyzer(), {.workers = 3, .checkpointEvery = kNever, .checkpointEvents = 700});
        // The reader waits every 200 messages until somebody has got tables, so that they come in between.
        std::atomic<unsigned> answers = 0;
        std::atomic<bool> over = false;
        source.beforeBatch = [&, wanted = 0u](StreamSequence first) mutable {
            if (first.value() % 200 != 1)
                return;
            QVERIFY(waitUntil([&] { return answers > wanted; }));
            wanted = answers;
        };
        std::thread asker([&] {
            while (!over)
                answers += engine.requestTables(1s) ? 1 : 0;
        });
        const Result<EngineOutcome> outcome = engine.run(source, {}, &store);
        over = true;
        asker.join();
        QVERIFY(outcome);
        QVERIFY(answers > 5);
        Engine restored(analyzer(), {});
        QVERIFY(restored.restore(store)); // checks the digest
        QCOMPARE(restored.result().digest.toHex(), expected.digest.toHex());
    }
};

QTEST_GUILESS_MAIN(TestEngineCheckpoints)
#include "tst_engine_checkpoints.moc"
