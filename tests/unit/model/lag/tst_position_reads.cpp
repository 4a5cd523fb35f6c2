// SPDX-License-Identifier: Apache-2.0
#include "model/lag/position_reads.h"

#include <QTest>

using namespace jetlag;
using namespace std::chrono_literals;

namespace {

ConsumerSnapshot consumer(const std::string& name, std::uint64_t floor, std::uint64_t delivered,
                          std::uint64_t pending)
{
    ConsumerSnapshot snapshot;
    snapshot.stream = "S";
    snapshot.name = name;
    snapshot.ackFloor = {ConsumerSequence(floor), StreamSequence(floor)};
    snapshot.delivered = {ConsumerSequence(delivered), StreamSequence(delivered)};
    snapshot.ackPending = delivered - floor;
    snapshot.pending = pending;
    snapshot.deliverPolicy = "all";
    return snapshot;
}

ClusterSnapshot cluster(std::vector<ConsumerSnapshot> consumers, std::uint64_t first = 1)
{
    ClusterSnapshot snapshot;
    snapshot.streams.emplace_back().name = "S";
    snapshot.streams[0].firstSequence = StreamSequence(first);
    snapshot.consumers = std::move(consumers);
    return snapshot;
}

} // namespace

class TestPositionReads : public QObject
{
    Q_OBJECT

private slots:
    void whereTheOldestUnprocessedMessageLies()
    {
        QCOMPARE(unprocessedAfter(consumer("in hand", 5, 9, 0))->value(), std::uint64_t(5));
        QCOMPARE(unprocessedAfter(consumer("nothing in hand", 9, 9, 3))->value(), std::uint64_t(9));
        QCOMPARE(unprocessedAfter(consumer("never acked", 0, 9, 3))->value(), std::uint64_t(0));
        ConsumerSnapshot startedLate = consumer("never acked, started late", 0, 9, 3);
        startedLate.deliverPolicy = "new";
        QVERIFY(!unprocessedAfter(startedLate));
        // Its floor's stream sequence means nothing while it never acked; its position does.
        startedLate.ackPending = 0;
        QCOMPARE(unprocessedAfter(startedLate)->value(), std::uint64_t(9));
    }

    void onlyLaggingOnesAreReadAndOnlyOnce()
    {
        PositionReads tracker;
        ConsumerSnapshot stuck = consumer("stuck", 5, 5, 3);
        stuck.filters = {"a", "b"};
        ConsumerSnapshot stale = consumer("stale", 5, 5, 9);
        stale.stale = true;
        const ClusterSnapshot snapshot = cluster({consumer("done", 9, 9, 0), stale, stuck});
        const std::vector<OldestMessageQuery> queries = tracker.plan(snapshot);
        QCOMPARE(queries.size(), std::size_t(1));
        QCOMPARE(queries[0].after.value(), std::uint64_t(5));
        QCOMPARE(queries[0].filters, stuck.filters);
        tracker.learn({OldestMessage{StreamSequence(7), ServerTime(100s)}});
        QCOMPARE(tracker.timeLag(stuck, ServerTime(130s)).value(), 30.0);
        QCOMPARE(tracker.timeLag(snapshot.consumers[0], ServerTime(130s)).value(), 0.0);
        QVERIFY(!tracker.timeLag(stale, ServerTime(130s)));
        QCOMPARE(tracker.timeLag(stuck, ServerTime(90s)).value(),
                 0.0); // clocks that disagree give no negative age

        QCOMPARE(tracker.plan(snapshot).size(), std::size_t(0));
        QCOMPARE(tracker.timeLag(stuck, ServerTime(140s)).value(), 40.0);
        // The position reached it, or the stream lost it: read anew.
        QCOMPARE(tracker.plan(cluster({consumer("stuck", 7, 7, 1)})).size(), std::size_t(1));
        tracker.learn({OldestMessage{StreamSequence(9), ServerTime(110s)}});
        QCOMPARE(tracker.plan(cluster({consumer("stuck", 7, 7, 1)}, 10)).size(), std::size_t(1));
        tracker.learn({std::nullopt});
        QVERIFY(!tracker.timeLag(consumer("stuck", 7, 7, 1), ServerTime(140s))); // unknown, not 0
    }

    // Who gave up and went quiet: all that was left is named, a few a look, and once.
    void whatWasLeftBehindIsReadToItsEnd()
    {
        PositionReads tracker;
        ConsumerSnapshot gaveUp = consumer("gave up", 0, 9, 0);
        gaveUp.ackPending = 0;
        gaveUp.maxDeliver = 1;
        gaveUp.redelivered = 5;
        ClusterSnapshot snapshot = cluster({gaveUp});
        snapshot.streams[0].retention = "workqueue";
        snapshot.streams[0].messages = 5;
        snapshot.streams[0].deleted = 4;
        snapshot.streams[0].lastSequence = StreamSequence(9);
        const std::vector<std::uint64_t> there{1, 2, 5, 6, 9};
        std::size_t reads = 0;
        std::size_t most = 0;
        for (int look = 0; look < 10; ++look) {
            snapshot.sampled += 1s;
            std::vector<std::optional<OldestMessage>> answers;
            for (const OldestMessageQuery& query : tracker.plan(snapshot)) {
                const auto next = std::ranges::upper_bound(there, query.after.value());
                answers.push_back(next == there.end() ? std::nullopt
                                                      : std::optional(OldestMessage{StreamSequence(*next)}));
            }
            tracker.learn(answers);
            reads += answers.size();
            most = std::max(most, answers.size());
        }
        const PositionReads::Known known = tracker.known(gaveUp);
        QCOMPARE(known.first->sequence.value(), std::uint64_t(1));
        std::vector<std::uint64_t> further;
        for (const OldestMessage& message : known.further)
            further.push_back(message.sequence.value());
        QCOMPARE(further, (std::vector<std::uint64_t>{2, 5, 6, 9}));
        QVERIFY2(reads <= 12 && most <= 4, qPrintable(QString::number(reads)));
        // It works again: nothing of the quiet spell is told any more.
        gaveUp.delivered = {ConsumerSequence(10), StreamSequence(10)};
        snapshot.consumers = {gaveUp};
        snapshot.sampled += 1s;
        (void)tracker.plan(snapshot);
        QVERIFY(tracker.known(gaveUp).further.empty());
    }

    // In a stream that keeps what was acked, only a floor with nothing but redelivered ones above it tells.
    void whatWasAckedIsNotTakenForLeftBehind()
    {
        PositionReads tracker;
        ConsumerSnapshot gaveUp = consumer("gave up", 4, 9, 0);
        gaveUp.ackPending = 0;
        gaveUp.maxDeliver = 1;
        gaveUp.redelivered = 2;
        ClusterSnapshot snapshot = cluster({gaveUp});
        snapshot.streams[0].retention = "limits";
        snapshot.streams[0].messages = 9;
        snapshot.streams[0].lastSequence = StreamSequence(9);
        for (int look = 0; look < 5; ++look) {
            snapshot.sampled += 1s;
            std::vector<std::optional<OldestMessage>> answers;
            for (const OldestMessageQuery& query : tracker.plan(snapshot))
                answers.push_back(OldestMessage{query.after.next()});
            tracker.learn(answers);
        }
        QCOMPARE(tracker.known(gaveUp).afterFloor->sequence.value(), std::uint64_t(5));
        QVERIFY(tracker.known(gaveUp).further.empty());
    }

    void readsAreBoundedAndTheWorstComesFirst()
    {
        PositionReads tracker(2);
        const ClusterSnapshot snapshot =
            cluster({consumer("a", 1, 1, 10), consumer("b", 2, 2, 30), consumer("c", 3, 3, 20)});
        std::vector<OldestMessageQuery> queries = tracker.plan(snapshot);
        QCOMPARE(queries.size(), std::size_t(2));
        QCOMPARE(queries[0].after.value(), std::uint64_t(2));
        QCOMPARE(queries[1].after.value(), std::uint64_t(3));
        tracker.learn({OldestMessage{StreamSequence(50), ServerTime(1s)},
                       OldestMessage{StreamSequence(50), ServerTime(1s)}});
        queries = tracker.plan(snapshot); // the one that had to wait has its turn
        QCOMPARE(queries.size(), std::size_t(1));
        QCOMPARE(queries[0].after.value(), std::uint64_t(1));
    }

    // A hundred collectors that stand at one place are one read, and each gets its answer.
    void whoStandsAtOnePlaceSharesARead()
    {
        PositionReads tracker(2);
        std::vector<ConsumerSnapshot> consumers;
        for (int number = 0; number < 100; ++number)
            consumers.push_back(consumer("same-" + std::to_string(number), 7, 7, 3));
        ConsumerSnapshot filtered = consumer("filtered", 7, 7, 2);
        filtered.filters = {"a"};
        consumers.push_back(filtered);
        const ClusterSnapshot snapshot = cluster(consumers);
        QCOMPARE(tracker.plan(snapshot).size(), std::size_t(2)); // another filter is another message
        tracker.learn({OldestMessage{StreamSequence(9), ServerTime(100s)},
                       OldestMessage{StreamSequence(20), ServerTime(110s)}});
        for (const ConsumerSnapshot& one : snapshot.consumers)
            QCOMPARE(tracker.timeLag(one, ServerTime(130s)).value(), one.filters.empty() ? 30.0 : 20.0);
        QCOMPARE(tracker.plan(snapshot).size(), std::size_t(0));
    }

    void whoHasTheSameFilterSharesACount()
    {
        PositionReads tracker;
        std::vector<ConsumerSnapshot> consumers;
        for (int number = 0; number < 60; ++number) {
            consumers.push_back(consumer("c" + std::to_string(number + 100), 0, 0, 3));
            consumers.back().filters = {"a." + std::to_string(number % 6)};
        }
        ClusterSnapshot snapshot = cluster(consumers);
        snapshot.streams[0].messages = 9;
        (void)tracker.plan(snapshot);
        tracker.learn({});
        QCOMPARE(tracker.planCounts(snapshot).size(), std::size_t(4)); // each may be a large answer
        tracker.learnCounts({10, 11, 12, 13});
        for (int number = 0; number < 60; ++number) {
            const auto matching =
                tracker.known(snapshot.consumers[static_cast<std::size_t>(number)]).matching;
            QVERIFY(number % 6 < 4 ? matching == 10u + static_cast<unsigned>(number) % 6 : !matching);
        }
        (void)tracker.plan(snapshot);
        QCOMPARE(tracker.planCounts(snapshot).size(), std::size_t(2));
    }

    void rareLooksReadAsMuchAsThoseLeftOut_data()
    {
        QTest::addColumn<int>("everyMs");
        QTest::addColumn<int>("reads");
        QTest::newRow("each second") << 1'000 << 2;
        QTest::newRow("each second, a little late") << 1'080 << 2;
        QTest::newRow("twice a second") << 500 << 2;
        QTest::newRow("each three seconds") << 3'000 << 6;
        QTest::newRow("each ten seconds") << 10'000 << 20;
        QTest::newRow("once an hour") << 3'600'000 << 20; // not all at once
    }
    void rareLooksReadAsMuchAsThoseLeftOut()
    {
        QFETCH(int, everyMs);
        QFETCH(int, reads);
        PositionReads tracker(2);
        std::vector<ConsumerSnapshot> consumers;
        for (std::uint64_t number = 1; number <= 100; ++number)
            consumers.push_back(consumer("c" + std::to_string(number), number, number, 3));
        ClusterSnapshot snapshot = cluster(consumers);
        QCOMPARE(tracker.plan(snapshot).size(), std::size_t(2)); // of the first nobody knows
        tracker.learn({});
        snapshot.sampled += std::chrono::milliseconds(everyMs);
        QCOMPARE(tracker.plan(snapshot).size(), static_cast<std::size_t>(reads));
    }

    void whatIsDeletedInsideMayHaveBeenTheOldest()
    {
        PositionReads tracker;
        const auto looked = [](std::uint64_t deleted, std::chrono::seconds at, const char* retention) {
            ClusterSnapshot snapshot = cluster({consumer("stuck", 5, 5, 3)});
            snapshot.streams[0].deleted = deleted;
            snapshot.streams[0].retention = retention;
            snapshot.sampled = std::chrono::steady_clock::time_point(at);
            return snapshot;
        };
        QCOMPARE(tracker.plan(looked(0, 1s, "limits")).size(), std::size_t(1));
        tracker.learn({OldestMessage{StreamSequence(6), ServerTime(100s)}});
        QCOMPARE(tracker.plan(looked(0, 2s, "limits")).size(), std::size_t(0));
        QCOMPARE(tracker.plan(looked(1, 3s, "limits")).size(), std::size_t(1));
        tracker.learn({OldestMessage{StreamSequence(8), ServerTime(105s)}});
        QCOMPARE(tracker.timeLag(consumer("stuck", 5, 5, 3), ServerTime(110s)).value(), 5.0);
        QCOMPARE(tracker.plan(looked(1, 4s, "limits")).size(), std::size_t(0));
        // Acks delete all the time: not with every look.
        QCOMPARE(tracker.plan(looked(2, 5s, "workqueue")).size(), std::size_t(0));
        QCOMPARE(tracker.plan(looked(3, 9s, "workqueue")).size(), std::size_t(1));
    }

    void timesBetweenTwoBurstsAreReadNotMadeUp()
    {
        PositionReads tracker;
        const auto looked = [](std::uint64_t last, std::chrono::milliseconds lastTime,
                               std::uint64_t delivered, std::chrono::seconds at) {
            ClusterSnapshot snapshot = cluster({consumer("moving", delivered, delivered, last - delivered)});
            snapshot.streams[0].messages = last;
            snapshot.streams[0].firstTime = ServerTime(1s);
            snapshot.streams[0].lastSequence = StreamSequence(last);
            snapshot.streams[0].lastTime = ServerTime(lastTime);
            snapshot.sampled = std::chrono::steady_clock::time_point(at);
            return snapshot;
        };
        (void)tracker.plan(looked(100, 1'000ms, 10, 1s));
        tracker.learn({});
        // One a hundredth of a second: what lies between two looks is told well enough by them.
        QCOMPARE(tracker.plan(looked(200, 2'000ms, 150, 2s)).size(), std::size_t(0));
        tracker.learn({});
        (void)tracker.plan(looked(200, 2'000ms, 180, 3s));
        tracker.learn({});
        // Behind a pause of 1.9 s nobody knows whether the next one came before or after it.
        QCOMPARE(tracker.plan(looked(300, 3'900ms, 200, 4s)).size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestPositionReads)
#include "tst_position_reads.moc"
