// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/poller.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <atomic>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

/// Counts looks; each finds one stream that has grown by 10 in two seconds.
class FakeProbe final : public ClusterProbe
{
public:
    Result<ClusterSnapshot> look(std::stop_token) override
    {
        const int number = ++looks;
        if (failing)
            return Error(ErrorCode::Unavailable, "nobody there");
        ClusterSnapshot snapshot;
        snapshot.sampled = std::chrono::steady_clock::time_point(number * 2s);
        snapshot.streams.emplace_back().name = "S";
        snapshot.streams[0].lastSequence = StreamSequence(static_cast<std::uint64_t>(number) * 10);
        for (int at = 0; at < consumers; ++at) {
            ConsumerSnapshot& consumer = snapshot.consumers.emplace_back();
            consumer.stream = "S";
            consumer.name = consumer.durable = "c" + std::to_string(at + 10'000); // sorted
            consumer.pending = 5;
        }
        return snapshot;
    }
    std::vector<std::optional<OldestMessage>> oldestMessages(std::span<const OldestMessageQuery> queries,
                                                             std::stop_token) override
    {
        return std::vector<std::optional<OldestMessage>>(queries.size());
    }

    std::atomic<int> looks = 0;
    std::atomic<bool> failing = false;
    std::atomic<int> consumers = 1;
};

/// Keeps the latest report, as a screen does.
class Latest final
{
public:
    Poller::Callback callback()
    {
        return [this](std::shared_ptr<const ClusterReport> report) {
            const std::lock_guard lock(m_mutex);
            m_report = std::move(report);
            ++count;
        };
    }
    std::shared_ptr<const ClusterReport> get()
    {
        const std::lock_guard lock(m_mutex);
        return m_report;
    }
    std::atomic<int> count = 0;

private:
    std::mutex m_mutex;
    std::shared_ptr<const ClusterReport> m_report;
};

} // namespace

class TestPoller : public QObject
{
    Q_OBJECT

private slots:
    void manyCollectorsSlowItDown()
    {
        QVERIFY(pollerPace(1s, 0) == 1s);
        QVERIFY(pollerPace(1s, 2'000) == 1s);
        QVERIFY(pollerPace(1s, 2'001) == 2'001ms);
        QVERIFY(pollerPace(1s, 10'000) == 10s);
        QVERIFY(pollerPace(1s, 1'000'000) == 60s);
        QVERIFY(pollerPace(120s, 10'000) == 120s); // somebody asked for less
        QVERIFY(pollerPace(200ms, 500) == 200ms);

        FakeProbe probe;
        probe.consumers = 5'000;
        FakeClock clock;
        Latest latest;
        Poller poller(probe, 1s, false, latest.callback(), clock);
        QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), 1, 30'000);
        clock.advance(4'999ms);
        probe.consumers = 1; // most are gone, but who should know
        // It has looked at the clock again, and not at the server.
        const int looks = clock.looks();
        QTRY_VERIFY_WITH_TIMEOUT(clock.looks() > looks + 3, 30'000);
        QCOMPARE(latest.count.load(), 1);
        clock.advance(1ms);
        QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), 2, 30'000);
        clock.advance(5s); // who is gone stays for one look
        QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), 3, 30'000);
        clock.advance(1s); // few again: each second again
        QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), 4, 30'000);
    }

    void samplesAtItsBeat()
    {
        FakeProbe probe;
        FakeClock clock;
        Latest latest;
        Poller poller(probe, 1s, false, latest.callback(), clock);
        QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), 1, 30'000);
        QVERIFY(!latest.get()->streams.at(0).inPerSecond); // nothing to compare with yet
        clock.advance(999ms);
        poller.sampleNow(); // asked for: at once, whatever the beat
        QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), 2, 30'000);
        QCOMPARE(latest.get()->streams.at(0).inPerSecond.value(), 5.0);
        clock.advance(1s);
        QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), 3, 30'000);
        QVERIFY(probe.looks <= 3); // the clock stands: no further beat
    }

    void failuresTurnNumbersStaleAndSayWhy()
    {
        FakeProbe probe;
        FakeClock clock;
        Latest latest;
        Poller poller(probe, 1s, false, latest.callback(), clock);
        QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), 1, 30'000);
        probe.failing = true;
        clock.advance(1s);
        QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), 2, 30'000);
        QCOMPARE(latest.get()->problems, std::vector<std::string>{"nobody there"});
        QVERIFY(latest.get()->streams.at(0).stream.stale);
        QVERIFY(latest.get()->collectors.at(0).consumer.stale);
        QCOMPARE(latest.get()->collectors.at(0).lag, std::uint64_t(5));
        probe.failing = false;
        clock.advance(1s);
        QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), 3, 30'000);
        QVERIFY(!latest.get()->streams.at(0).stream.stale);
        QVERIFY(!latest.get()->streams.at(0).inPerSecond); // not across the gap
    }

    // The last sample is all there is to see, and has all of its numbers.
    void numbersStayWhileNobodyAnswers()
    {
        FakeProbe probe;
        FakeClock clock;
        Latest latest;
        Poller poller(probe, 1s, false, latest.callback(), clock);
        QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), 1, 30'000);
        clock.advance(1s);
        QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), 2, 30'000);
        const std::shared_ptr<const ClusterReport> last = latest.get();
        QCOMPARE(last->collectors.at(0).deliveredPerSecond.value(), 0.0);
        probe.failing = true;
        for (const int looks : {3, 4}) {
            clock.advance(1s);
            QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), looks, 30'000);
            const std::shared_ptr<const ClusterReport> now = latest.get();
            QVERIFY(now->at == last->at);
            QCOMPARE(now->streams.at(0).inPerSecond.value_or(-1), 5.0);
            QCOMPARE(now->collectors.at(0).deliveredPerSecond.value_or(-1), 0.0);
            QVERIFY(now->collectors.at(0).diagnosis == last->collectors.at(0).diagnosis);
            QCOMPARE(now->collectors.at(0).verdict.value_or(""), std::string("stale"));
        }
    }

    void aBrokenConnectionStartsANewSeries()
    {
        FakeProbe probe;
        FakeClock clock;
        Latest latest;
        Poller poller(probe, 1s, false, latest.callback(), clock);
        QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), 1, 30'000);
        poller.connectionChanged();
        clock.advance(1s);
        QTRY_COMPARE_WITH_TIMEOUT(latest.count.load(), 2, 30'000);
        QVERIFY(!latest.get()->streams.at(0).inPerSecond);
    }

    void noCallComesAfterItsEnd()
    {
        FakeProbe probe;
        Latest latest;
        {
            Poller poller(probe, 1ms, false, latest.callback());
            QTRY_VERIFY_WITH_TIMEOUT(latest.count > 3, 30'000);
        }
        const int atEnd = latest.count;
        const int looks = probe.looks;
        QTest::qWait(20);
        QCOMPARE(latest.count.load(), atEnd);
        QCOMPARE(probe.looks.load(), looks);
    }
};

QTEST_GUILESS_MAIN(TestPoller)
#include "tst_poller.moc"
