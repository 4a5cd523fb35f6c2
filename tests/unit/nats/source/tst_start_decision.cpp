// SPDX-License-Identifier: Apache-2.0
#include "nats/source/ack_reply.h"
#include "nats/source/pending_acks.h"
#include "nats/source/start_decision.h"

#include <QTest>

using namespace jetlag;

namespace {

StartFacts facts(std::optional<std::uint64_t> checkpoint, std::uint64_t floor, std::uint64_t delivered,
                 std::uint64_t first, std::uint64_t last)
{
    StartFacts result;
    if (checkpoint)
        result.checkpoint = StreamSequence(*checkpoint);
    result.first = StreamSequence(first);
    result.last = StreamSequence(last);
    result.delivered = {ConsumerSequence(delivered), StreamSequence(delivered)};
    result.ackFloor = {ConsumerSequence(floor), StreamSequence(floor)};
    return result;
}

} // namespace

class TestStartDecision : public QObject
{
    Q_OBJECT

private slots:
    void goesOnOrReadsOrRefuses_data()
    {
        QTest::addColumn<int>("checkpoint"); // -1 = no state
        QTest::addColumn<int>("floor");
        QTest::addColumn<int>("delivered");
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("last");
        QTest::addColumn<int>("after"); // -1 = refused
        QTest::addColumn<int>("readThrough");
        QTest::newRow("fresh durable, fresh state") << -1 << 0 << 0 << 1 << 100 << 0 << 0;
        QTest::newRow("checkpoint at the floor") << 50 << 50 << 50 << 1 << 100 << 50 << 50;
        QTest::newRow("checkpoint above the floor, events in hand") << 60 << 50 << 80 << 1 << 100 << 60 << 80;
        QTest::newRow("checkpoint below the floor, events still there")
            << 40 << 50 << 50 << 1 << 100 << 40 << 50;
        QTest::newRow("the next event is the first that is left") << 40 << 50 << 50 << 41 << 100 << 40 << 50;
        QTest::newRow("checkpoint below the floor, events deleted") << 40 << 50 << 50 << 42 << 100 << -1 << 0;
        QTest::newRow("no state, something acked, events there") << -1 << 50 << 60 << 1 << 100 << 0 << 60;
        QTest::newRow("no state, something acked, events deleted") << -1 << 50 << 60 << 51 << 100 << -1 << 0;
        QTest::newRow("no state, delivered and never acked") << -1 << 0 << 60 << 1 << 100 << 0 << 60;
        QTest::newRow("the stream was put back") << 80 << 50 << 50 << 1 << 70 << -1 << 0;
        QTest::newRow("position beyond the end") << 50 << 50 << 120 << 1 << 100 << 50 << 100;
        QTest::newRow("empty stream") << -1 << 0 << 0 << 1 << 0 << 0 << 0;
    }
    void goesOnOrReadsOrRefuses()
    {
        QFETCH(int, checkpoint);
        QFETCH(int, floor);
        QFETCH(int, delivered);
        QFETCH(int, first);
        QFETCH(int, last);
        QFETCH(int, after);
        QFETCH(int, readThrough);
        const StartFacts given =
            facts(checkpoint < 0 ? std::nullopt : std::optional<std::uint64_t>(checkpoint), floor, delivered,
                  first, last);
        const Result<StartDecision> decision = decideStart(given);
        QCOMPARE(decision.hasValue(), after >= 0);
        if (!decision) {
            QVERIFY(decision.error().code() == ErrorCode::Conflict);
            return;
        }
        QCOMPARE(decision->after.value(), std::uint64_t(after));
        QCOMPARE(decision->readThrough.value(), std::uint64_t(readThrough));
        QVERIFY(!decision->partial);
    }

    void theMissingRangeIsNamed()
    {
        const Result<StartDecision> decision = decideStart(facts(40, 50, 50, 48, 100));
        QVERIFY(!decision);
        QVERIFY(decision.error().message().find("41 to 47") != std::string::npos);
    }

    void partialIsAcceptedWhenAskedFor()
    {
        StartFacts given = facts(40, 50, 60, 48, 100);
        given.acceptPartial = true;
        const StartDecision decision = decideStart(given).value();
        QVERIFY(decision.partial);
        QCOMPARE(decision.after.value(), 47u);
        QCOMPARE(decision.readThrough.value(), 60u);
    }

    void aDurableThatStartsAtTheEndMissesNothing()
    {
        // deliver policy "new": a position, but nothing was ever delivered.
        StartFacts given = facts(std::nullopt, 0, 0, 1, 100);
        given.delivered.stream = StreamSequence(100);
        QCOMPARE(decideStart(given).value().after.value(), 100u);
    }

    void ackRepliesOfBothForms()
    {
        const auto nine = parseAckReply("$JS.ACK.S.D.2.30.40.1700000000000000000.7");
        QVERIFY(nine && nine->deliveries == 2 && nine->stream.value() == 30 && nine->consumer.value() == 40 &&
                nine->pending == 7);
        const auto eleven = parseAckReply("$JS.ACK._.hash.S.D.1.30.40.1700000000000000000.7");
        QVERIFY(eleven && eleven->stream.value() == 30 && eleven->consumer.value() == 40);
        QVERIFY(parseAckReply("$JS.ACK.dom.hash.S.D.1.30.40.1700000000000000000.7.token").has_value());
        for (const char* bad :
             {"", "_INBOX.x", "$JS.ACK.S.D.1.2.3", "$JS.ACK.S.D.x.30.40.17.7", "$JS.ACK.S.D.1.30.40.17.7.8"})
            QVERIFY2(!parseAckReply(bad), bad);
    }

    void ackAllNeedsOnlyTheNewest()
    {
        PendingAcks all(/*ackAll=*/true);
        PendingAcks each(/*ackAll=*/false);
        for (std::uint64_t i = 1; i <= 5; ++i) {
            all.add({ConsumerSequence(i), StreamSequence(i * 10)});
            each.add({ConsumerSequence(i), StreamSequence(i * 10)});
        }
        QCOMPARE(all.take(StreamSequence(35)).size(), 1u);
        QCOMPARE(all.size(), 2u);
        QCOMPARE(each.take(StreamSequence(35)).size(), 3u);
        QVERIFY(all.take(StreamSequence(35)).empty());
    }
};

QTEST_GUILESS_MAIN(TestStartDecision)
#include "tst_start_decision.moc"
