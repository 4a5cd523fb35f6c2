// SPDX-License-Identifier: Apache-2.0
#include "model/engine/engine.h"
#include "model/record/headers.h"
#include "tests/support/engine_fakes.h"
#include "tests/support/order_analyzer.h"

#include <QTest>

#include <random>

using namespace jetlag;
using namespace jetlag::test;

namespace {

std::vector<FakeMessage> numbered(std::size_t count, unsigned keys)
{
    std::mt19937 random(7);
    std::vector<FakeMessage> messages(count);
    for (std::size_t i = 0; i < count; ++i)
        messages[i].payload = "key" + std::to_string(random() % keys) + ' ' + std::to_string(i + 1);
    return messages;
}

// Good events with everything in between that can be wrong with one.
std::vector<FakeMessage> mixed(std::size_t count)
{
    std::vector<FakeMessage> messages = numbered(count, 50);
    for (std::size_t i = 0; i < count; ++i) {
        if (i % 17 == 0)
            messages[i].payload = "bad";
        else if (i % 41 == 0)
            messages[i].payload = "throw";
        else if (i % 23 == 0)
            messages[i].subject = "other.subject";
        else if (i % 59 == 0)
            messages[i].headers = {{std::string(headers::kContentEncoding), "zstd"},
                                   {std::string(headers::kKey), "key1"}};
    }
    return messages;
}

struct Run
{
    Result<EngineOutcome> outcome = EngineOutcome::End;
    EngineResult result;
};

Run runAll(FakeSource& source, EngineOptions options = {}, std::stop_token stop = {})
{
    const OrderAnalyzer analyzer;
    Engine engine(analyzer, options);
    Run run;
    run.outcome = engine.run(source, stop);
    run.result = engine.result();
    return run;
}

std::string show(const Hash128& digest)
{
    return digest.toHex();
}

std::uint64_t sumOf(const Table& table, std::size_t column)
{
    std::uint64_t sum = 0;
    for (const Row& row : table.rows())
        sum += std::get<std::uint64_t>(row[column]);
    return sum;
}

} // namespace

class TestEngine : public QObject
{
    Q_OBJECT

private slots:
    void sameEventsGiveTheSameDigest_data()
    {
        QTest::addColumn<unsigned>("workers");
        QTest::addColumn<qulonglong>("batch");
        for (const unsigned workers : {1u, 2u, 7u, 64u}) {
            for (const qulonglong batch : {1ull, 3ull, 100ull, 997ull, 10'000ull}) {
                QTest::addRow("%u workers, batches of %llu", workers, batch) << workers << batch;
            }
        }
    }
    void sameEventsGiveTheSameDigest()
    {
        QFETCH(unsigned, workers);
        QFETCH(qulonglong, batch);
        static const std::vector<FakeMessage> messages = mixed(10'000);
        static const Run expected = [] {
            FakeSource source(messages, 500);
            return runAll(source);
        }();
        QVERIFY(expected.outcome);
        FakeSource source(messages, batch);
        const Run run = runAll(source, {.workers = workers});
        QVERIFY(run.outcome);
        QVERIFY(*run.outcome == EngineOutcome::End);
        QCOMPARE(show(run.result.digest), show(expected.result.digest));
        QCOMPARE(run.result.counters.applied, expected.result.counters.applied);
        QCOMPARE(run.result.counters.quarantined, expected.result.counters.quarantined);
        QCOMPARE(run.result.counters.skipped, expected.result.counters.skipped);
        QCOMPARE(run.result.counters.events(), 10'000u);
        QVERIFY(run.result.tables.at(0).rows() == expected.result.tables.at(0).rows());
        QCOMPARE(sumOf(run.result.tables.at(0), 1), run.result.counters.applied);
        QCOMPARE(sumOf(run.result.tables.at(0), 3), 0u); // every key's events came in order
        QCOMPARE(run.result.firstSequence.value(), 1u);
        QCOMPARE(run.result.lastSequence.value(), 10'000u);
        QCOMPARE(source.batchesAlive(), 0);
    }

    void anyOtherEventGivesAnotherDigest()
    {
        std::vector<FakeMessage> messages = mixed(300);
        const auto digestOf = [](const std::vector<FakeMessage>& all) {
            FakeSource source(all, 50);
            return show(runAll(source).result.digest);
        };
        const std::string before = digestOf(messages);
        QCOMPARE(digestOf(messages), before);
        for (const std::size_t i : {1u, 123u, 298u}) {
            std::vector<FakeMessage> changed = messages;
            changed[i].payload += "0";
            QVERIFY(digestOf(changed) != before);
        }
        std::vector<FakeMessage> withoutBad = messages;
        withoutBad[17].subject = "other.subject"; // a quarantined one becomes a skipped one
        QVERIFY(digestOf(withoutBad) != before);
        std::vector<FakeMessage> moved = messages;
        moved[17].subject = "order.elsewhere"; // neither subject nor sequence of a bad event counts
        QCOMPARE(digestOf(moved), before);
    }

    void emptyRangeHasADigest()
    {
        const std::vector<FakeMessage> none;
        FakeSource source(none, 10);
        const Run run = runAll(source, {.workers = 2});
        QVERIFY(run.outcome);
        QCOMPARE(run.result.counters.events(), 0u);
        QCOMPARE(run.result.firstSequence.value(), 0u);
        Hasher128 expected;
        for (int slot = 0; slot < 256; ++slot)
            expected.add(hash128({}).view());
        QCOMPARE(show(run.result.digest), show(expected.result()));
    }

    void badEventsAreSetAsideAndListed()
    {
        std::vector<FakeMessage> messages(6);
        messages[0].payload = "a 1";
        messages[1].payload = "bad";
        messages[2] = {"order.x", "throw", {}};
        messages[3] = {"order.-",
                       "no zstd",
                       {{std::string(headers::kContentEncoding), "zstd"}, {std::string(headers::kKey), "a"}}};
        messages[4] = {"other.x", "bad", {}};
        messages[5].payload = "a 2";
        FakeSource source(messages, 2);
        const Run run = runAll(source, {.workers = 3});
        QVERIFY(run.outcome);
        QCOMPARE(run.result.counters.applied, 2u);
        QCOMPARE(run.result.counters.quarantined, 3u);
        QCOMPARE(run.result.counters.skipped, 1u);
        const std::vector<QuarantinedEvent>& rows = run.result.quarantined;
        QCOMPARE(rows.size(), 3u);
        QCOMPARE(rows[0].sequence.value(), 2u);
        QVERIFY(rows[0].reason == QuarantineReason::Malformed);
        QCOMPARE(rows[0].bytes, std::string("bad"));
        QCOMPARE(rows[1].subject, std::string("order.x"));
        QVERIFY(rows[1].reason == QuarantineReason::AnalyzerRefused);
        QVERIFY(rows[2].reason == QuarantineReason::BadEncoding);
        QVERIFY(rows[2].bytesHash == hash128("no zstd"));
    }

    void onlyTheFirstQuarantinedAreKept()
    {
        std::vector<FakeMessage> messages(500);
        for (FakeMessage& message : messages)
            message.payload = "bad";
        FakeSource source(messages, 33);
        const Run run = runAll(source, {.workers = 7, .quarantineKept = 10});
        QCOMPARE(run.result.counters.quarantined, 500u);
        QCOMPARE(run.result.quarantined.size(), 10u);
        for (std::size_t i = 0; i < 10; ++i)
            QCOMPARE(run.result.quarantined[i].sequence.value(), i + 1);
    }

    void tooLargeRecordCountsByItsBeginningAndLength()
    {
        const std::string kept(65'536, 'x');
        const std::vector<FakeMessage> messages = {
            {"order.-",
             kept,
             {{std::string(headers::kOversize), "70000000"}, {std::string(headers::kKey), "k"}}}};
        FakeSource source(messages, 10);
        const Run run = runAll(source);
        QCOMPARE(run.result.counters.quarantined, 1u);
        QVERIFY(run.result.quarantined.at(0).reason == QuarantineReason::TooLarge);
        QVERIFY(run.result.quarantined.at(0).bytesHash ==
                hash128(kept + std::string("\x80\x1d\x2c\x04\0\0\0\0", 8))); // 70,000,000
    }

    void failingApplyStopsTheRun_data()
    {
        QTest::addColumn<unsigned>("workers");
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QByteArray>("words");
        for (const unsigned workers : {1u, 3u}) {
            QTest::addRow("apply throws, %u workers", workers)
                << workers << QByteArray("boom")
                << QByteArray("the analyzer order failed at sequence 700 (subject order.-): apply was told "
                              "to throw");
            QTest::addRow("no memory, %u workers", workers)
                << workers << QByteArray("oom")
                << QByteArray("sequence 700 (subject order.-): out of memory");
        }
    }
    void failingApplyStopsTheRun()
    {
        QFETCH(unsigned, workers);
        QFETCH(QByteArray, payload);
        QFETCH(QByteArray, words);
        std::vector<FakeMessage> messages = numbered(5'000, 20);
        messages[699].payload = payload.toStdString();
        FakeSource source(messages, 100);
        Journal journal;
        FakeStore store(&journal);
        FakeAcks acks(journal);
        const OrderAnalyzer analyzer;
        Engine engine(analyzer, {.workers = workers, .checkpointEvents = 200});
        const Result<EngineOutcome> outcome = engine.run(source, {}, &store, &acks);
        QVERIFY(!outcome);
        QVERIFY(outcome.error().code() == ErrorCode::Internal);
        QVERIFY2(outcome.error().message().find(words.toStdString()) != std::string::npos,
                 outcome.error().message().c_str());
        QVERIFY(!store.header() || store.header()->sequence.value() < 700);
        QCOMPARE(journal.count("ack"), journal.count("commit"));
        const Result<EngineOutcome> again = engine.run(source, {}, &store, &acks);
        QVERIFY(!again);
        QVERIFY(again.error().code() == ErrorCode::Internal);
    }

    void sourceErrorKeepsWhatWasRead()
    {
        const std::vector<FakeMessage> messages = numbered(1'000, 10);
        for (const unsigned workers : {1u, 4u}) {
            FakeSource source(messages, 100);
            source.failsAt.emplace(StreamSequence(650), Error(ErrorCode::Unavailable, "the server is gone"));
            const Run run = runAll(source, {.workers = workers});
            QVERIFY(!run.outcome);
            QVERIFY(run.outcome.error().code() == ErrorCode::Unavailable);
            QCOMPARE(run.outcome.error().message(), std::string("the server is gone"));
            QCOMPARE(run.result.counters.applied, 649u);
            QCOMPARE(run.result.lastSequence.value(), 649u);
            QCOMPARE(sumOf(run.result.tables.at(0), 1), 649u);
        }
    }

    void throwingSourceIsAnError()
    {
        const std::vector<FakeMessage> messages = numbered(10, 1);
        FakeSource source(messages, 1);
        source.throws = true;
        const Run run = runAll(source);
        QVERIFY(!run.outcome);
        QVERIFY(run.outcome.error().code() == ErrorCode::Internal);
        QVERIFY(run.outcome.error().message().find("the source was told to throw") != std::string::npos);
    }

    void sourceThatGoesBackIsRefused()
    {
        const std::vector<FakeMessage> messages = numbered(100, 1);
        const OrderAnalyzer analyzer;
        Engine engine(analyzer, {});
        FakeSource first(messages, 10);
        QVERIFY(engine.run(first, {}));
        FakeSource second(messages, 10, StreamSequence(100));
        const Result<EngineOutcome> outcome = engine.run(second, {});
        QVERIFY(!outcome);
        QVERIFY(outcome.error().message().find("went back from sequence 100 to 100") != std::string::npos);
    }

    void duplicatesOfAChainChangeNothing()
    {
        std::vector<FakeMessage> messages;
        const auto chained = [&](int offset, int previous) {
            messages.push_back({"order.0.label",
                                "a " + std::to_string(offset),
                                {{std::string(headers::kMessageId),
                                  "src:" + std::to_string(offset) + '-' + std::to_string(offset)},
                                 {std::string(headers::kPrevious), previous ? std::to_string(previous) : "-"},
                                 {std::string(headers::kKey), "a"}}});
        };
        chained(1, 0);
        chained(2, 1);
        FakeSource once(messages, 10);
        const Run expected = runAll(once);
        chained(1, 0);
        chained(2, 1);
        FakeSource twice(messages, 1);
        const Run run = runAll(twice, {.workers = 2});
        QCOMPARE(show(run.result.digest), show(expected.result.digest));
        QCOMPARE(run.result.counters.events(), 2u);
        QCOMPARE(run.result.counters.records.messages, 4u);
        QCOMPARE(run.result.counters.records.duplicates, 2u);
    }

    void partialIsSaid()
    {
        const std::vector<FakeMessage> messages = numbered(10, 1);
        FakeSource source(messages, 10);
        QVERIFY(runAll(source, {.partial = true}).result.partial);
        FakeSource whole(messages, 10);
        QVERIFY(!runAll(whole).result.partial);
    }

    void progressAddsUp()
    {
        const std::vector<FakeMessage> messages = mixed(2'000);
        std::uint64_t bytes = 0;
        for (const FakeMessage& message : messages)
            bytes += message.payload.size();
        FakeSource source(messages, 64);
        const OrderAnalyzer analyzer;
        Engine engine(analyzer, {.workers = 3});
        FakeStore store;
        QVERIFY(engine.run(source, {}, &store));
        const EngineProgress progress = engine.progress();
        QCOMPARE(progress.messages, 2'000u);
        QCOMPARE(progress.events, 2'000u);
        QCOMPARE(progress.quarantined, engine.result().counters.quarantined);
        QCOMPARE(progress.bytes, bytes);
        QCOMPARE(progress.sequence.value(), 2'000u);
        QCOMPARE(progress.checkpoint.value(), 2'000u);
    }
};

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
