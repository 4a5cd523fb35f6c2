// SPDX-License-Identifier: Apache-2.0
#include "model/engine/engine.h"
#include "model/record/headers.h"
#include "tests/support/engine_fakes.h"
#include "tests/support/order_analyzer.h"
#include "tests/support/wait_until.h"

#include <QTest>
#include <zstd.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

std::vector<FakeMessage> plain(std::size_t count, unsigned keys = 13)
{
    std::vector<FakeMessage> messages(count);
    for (std::size_t i = 0; i < count; ++i)
        messages[i].payload = "key" + std::to_string(i % keys) + ' ' + std::to_string(i + 1);
    return messages;
}

/// Holds up whoever comes until it is opened.
class Gate
{
public:
    void pass()
    {
        std::unique_lock lock(m_mutex);
        ++m_waiting;
        m_changed.wait(lock, [this] { return m_open; });
        --m_waiting;
    }
    void open()
    {
        const std::lock_guard lock(m_mutex);
        m_open = true;
        m_changed.notify_all();
    }
    bool isAnybodyWaiting()
    {
        const std::lock_guard lock(m_mutex);
        return m_waiting > 0;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_open = false;
    int m_waiting = 0;
};

/// Runs an engine on a thread of its own; the destructor stops it.
class Runner
{
public:
    Runner(Engine& engine, EventSource& source)
        : m_thread([this, &engine, &source](std::stop_token stop) {
            m_outcome.emplace(engine.run(source, std::move(stop)));
        })
    {}
    Result<EngineOutcome> finish(bool stop = false)
    {
        if (stop)
            m_thread.request_stop();
        m_thread.join();
        return *m_outcome;
    }

private:
    std::optional<Result<EngineOutcome>> m_outcome;
    std::jthread m_thread;
};

// Where a reader that is ahead of its workers comes to a halt: unchanged over fifty looks.
std::uint64_t whereItHalts(const FakeSource& source)
{
    std::uint64_t last = source.handedOut().value();
    for (int looks = 0; looks < 50; ++looks) {
        std::this_thread::sleep_for(2ms);
        if (source.handedOut().value() != last) {
            last = source.handedOut().value();
            looks = 0;
        }
    }
    return last;
}

} // namespace

class TestEngineThreads : public QObject
{
    Q_OBJECT

private slots:
    void slowWorkerStopsTheReader_data()
    {
        QTest::addColumn<unsigned>("workers");
        QTest::addColumn<int>("bound");
        // Read ahead: 4, and one each in the reader's and the engine's hands; to the workers: 16.
        QTest::newRow("one worker") << 1u << 4 + 2;
        QTest::newRow("three workers") << 3u << 4 + 2 + 16;
    }
    void slowWorkerStopsTheReader()
    {
        QFETCH(unsigned, workers);
        QFETCH(int, bound);
        const std::vector<FakeMessage> messages = plain(2'000);
        FakeSource source(messages, 10);
        OrderAnalyzer analyzer;
        Gate gate;
        analyzer.beforeApply = [&] { gate.pass(); };
        Engine engine(analyzer, {.workers = workers});
        Runner runner(engine, source);
        const bool held = waitUntil([&] { return gate.isAnybodyWaiting(); });
        const std::uint64_t halt = whereItHalts(source);
        gate.open();
        const Result<EngineOutcome> outcome = runner.finish();
        QVERIFY(held);
        QVERIFY(outcome);
        QVERIFY2(halt <= static_cast<std::uint64_t>(bound) * 10, qPrintable(QString::number(halt)));
        QVERIFY(halt > 10); // it did read ahead
        QVERIFY2(source.mostBatchesAlive() <= bound, qPrintable(QString::number(source.mostBatchesAlive())));
        QCOMPARE(source.batchesAlive(), 0);
        QCOMPARE(engine.result().counters.applied, 2'000u);
    }

    void stopLeavesWhatWasOnlyRead()
    {
        const std::vector<FakeMessage> messages = plain(100'000);
        FakeSource source(messages, 10);
        source.followsTail = true;
        const OrderAnalyzer analyzer;
        Engine engine(analyzer, {.workers = 3});
        Runner runner(engine, source);
        const bool begun = waitUntil([&] { return engine.progress().sequence.value() > 100; });
        const Result<EngineOutcome> outcome = runner.finish(/*stop=*/true);
        QVERIFY(begun);
        QVERIFY(outcome);
        QVERIFY(*outcome == EngineOutcome::Stopped);
        const EngineResult result = engine.result();
        QCOMPARE(result.counters.applied, result.lastSequence.value()); // whole up to there
        QVERIFY(result.lastSequence <= source.handedOut());
        QCOMPARE(source.batchesAlive(), 0);
    }

    void stopBeforeTheBeginning()
    {
        const std::vector<FakeMessage> messages = plain(100);
        FakeSource source(messages, 10);
        const OrderAnalyzer analyzer;
        Engine engine(analyzer, {});
        std::stop_source stop;
        stop.request_stop();
        const Result<EngineOutcome> outcome = engine.run(source, stop.get_token());
        QVERIFY(outcome);
        QVERIFY(*outcome == EngineOutcome::Stopped);
        QCOMPARE(engine.result().counters.events(), 0u);
    }

    void workersShareTheWork()
    {
        const std::vector<FakeMessage> messages = plain(5'000, 500);
        FakeSource source(messages, 100);
        OrderAnalyzer analyzer;
        std::mutex mutex;
        std::set<std::thread::id> threads;
        analyzer.beforeApply = [&] {
            const std::lock_guard lock(mutex);
            threads.insert(std::this_thread::get_id());
        };
        Engine engine(analyzer, {.workers = 4});
        QVERIFY(engine.run(source, {}));
        QCOMPARE(threads.size(), 4u);
        QVERIFY(!threads.contains(std::this_thread::get_id()));
    }

    void oneWorkerWorksOnTheCallersThread()
    {
        const std::vector<FakeMessage> messages = plain(50);
        FakeSource source(messages, 10);
        OrderAnalyzer analyzer;
        bool elsewhere = false;
        const std::thread::id here = std::this_thread::get_id();
        analyzer.beforeApply = [&] { elsewhere |= std::this_thread::get_id() != here; };
        Engine engine(analyzer, {});
        QVERIFY(engine.run(source, {}));
        QVERIFY(!elsewhere);
    }

    void tablesWhileRunningStandAtOneSequence_data()
    {
        QTest::addColumn<unsigned>("workers");
        QTest::newRow("one worker") << 1u;
        QTest::newRow("seven workers") << 7u;
    }
    void tablesWhileRunningStandAtOneSequence()
    {
        QFETCH(unsigned, workers);
        const std::vector<FakeMessage> messages = hookMessages(6'000, 100, 21);
        FakeSource source(messages, 25);
        std::atomic<unsigned> answers = 0;
        source.beforeBatch = [&, wanted = 0u](StreamSequence first) mutable {
            if (first.value() % 500 != 1)
                return;
            QVERIFY(waitUntil([&] { return answers > wanted; }));
            wanted = answers;
        };
        const OrderAnalyzer analyzer;
        Engine engine(analyzer, {.workers = workers});
        Runner runner(engine, source);
        std::vector<EngineResult> results;
        while (engine.progress().sequence.value() < messages.size()) {
            if (std::optional<EngineResult> result = engine.requestTables(10s)) {
                results.push_back(std::move(*result));
                ++answers;
            }
        }
        QVERIFY(runner.finish());
        QVERIFY(results.size() >= 10);
        for (std::size_t i = 0; i < results.size(); i += 1 + results.size() / 10) {
            const EngineResult& result = results[i];
            // What a run would give that ends right there.
            const std::vector<FakeMessage> part(messages.begin(),
                                                messages.begin() +
                                                    static_cast<std::ptrdiff_t>(result.lastSequence.value()));
            FakeSource partSource(part, 100);
            Engine partEngine(analyzer, {});
            QVERIFY(partEngine.run(partSource, {}));
            const EngineResult expected = partEngine.result();
            QCOMPARE(result.digest.toHex(), expected.digest.toHex());
            QVERIFY(result.tables.at(0).rows() == expected.tables.at(0).rows());
            QCOMPARE(result.counters.applied, expected.counters.applied);
            QCOMPARE(result.counters.quarantined, expected.counters.quarantined);
            QCOMPARE(result.counters.records.duplicates, expected.counters.records.duplicates);
        }
    }

    void tablesComeWhileIdle()
    {
        const std::vector<FakeMessage> messages = plain(30);
        FakeSource source(messages, 10);
        source.followsTail = true;
        const OrderAnalyzer analyzer;
        Engine engine(analyzer, {.workers = 2});
        Runner runner(engine, source);
        const bool read = waitUntil([&] { return engine.progress().sequence.value() == 30; });
        const std::optional<EngineResult> result = engine.requestTables(30s);
        const Result<EngineOutcome> outcome = runner.finish(/*stop=*/true);
        QVERIFY(read);
        QVERIFY(result);
        QCOMPARE(result->counters.applied, 30u);
        QVERIFY(outcome);
    }

    void tablesNeedARun()
    {
        const std::vector<FakeMessage> messages = plain(30);
        FakeSource source(messages, 10);
        const OrderAnalyzer analyzer;
        Engine engine(analyzer, {});
        QVERIFY(!engine.requestTables(30s)); // at once
        QVERIFY(engine.run(source, {}));
        QVERIFY(!engine.requestTables(30s));
    }

    void whoAsksGetsNothingWhenTheRunEnds()
    {
        const std::vector<FakeMessage> messages = plain(30);
        for (const bool fails : {false, true}) {
            FakeSource source(messages, 10);
            OrderAnalyzer analyzer;
            Gate gate;
            analyzer.beforeApply = [&] {
                gate.pass();
                if (fails)
                    throw std::runtime_error("no");
            };
            Engine engine(analyzer, {.workers = 2});
            Runner runner(engine, source);
            const bool held = waitUntil([&] { return gate.isAnybodyWaiting(); });
            QVERIFY(!engine.requestTables(1ms)); // patience ends
            std::optional<EngineResult> result;
            std::jthread asker([&] { result = engine.requestTables(30s); });
            gate.open();
            const Result<EngineOutcome> outcome = runner.finish();
            asker.join(); // comes back, with or without
            QVERIFY(held);
            QCOMPARE(outcome.hasValue(), !fails);
            QVERIFY(!fails || !result);
        }
    }

    // A batch whose records grow a thousand times is handed on in pieces.
    void hugeRecordsAreHandedOnInPieces()
    {
        std::vector<FakeMessage> messages(40);
        std::uint64_t last = 0;
        for (FakeMessage& message : messages) {
            std::string payload = "k " + std::to_string(++last);
            payload.insert(2, 4'000'000, '0'); // leading zeros
            std::string packed(ZSTD_compressBound(payload.size()), '\0');
            packed.resize(ZSTD_compress(packed.data(), packed.size(), payload.data(), payload.size(), 1));
            message.payload = packed;
            message.headers = {
                {std::string(headers::kContentEncoding), "zstd"},
                {std::string(headers::kKey), "k"},
                {std::string(headers::kPrevious), last == 1 ? "-" : std::to_string(last - 1)},
                {std::string(headers::kMessageId), "s:" + std::to_string(last) + '-' + std::to_string(last)}};
            message.subject = "order.0.x";
        }
        std::string digest;
        for (const unsigned workers : {1u, 2u}) {
            FakeSource source(messages, 40);
            const OrderAnalyzer analyzer;
            Engine engine(analyzer, {.workers = workers});
            const Result<EngineOutcome> outcome = engine.run(source, {});
            QVERIFY(outcome);
            const EngineResult result = engine.result();
            QCOMPARE(result.counters.applied, 40u);
            QVERIFY(digest.empty() || digest == result.digest.toHex());
            digest = result.digest.toHex();
            QVERIFY(result.tables.at(0).rows().at(0) ==
                    (Row{std::string("k"), std::uint64_t(40), std::uint64_t(40), std::uint64_t(0)}));
        }
    }
};

QTEST_GUILESS_MAIN(TestEngineThreads)
#include "tst_engine_threads.moc"
