// SPDX-License-Identifier: Apache-2.0
#include "nats/source/pending_acks.h"

#include <QTest>

using namespace jetlag;

namespace {

using Pairs = std::vector<std::pair<std::uint64_t, std::uint64_t>>; // consumer, stream

Pairs taken(PendingAcks& acks, std::uint64_t checkpoint)
{
    Pairs pairs;
    for (const DeliveredPosition& position : acks.take(StreamSequence(checkpoint)))
        pairs.emplace_back(position.consumer.value(), position.stream.value());
    return pairs;
}

PendingAcks threePositions(bool ackAll)
{
    PendingAcks acks(ackAll);
    for (std::uint64_t i = 1; i <= 3; ++i)
        acks.add({ConsumerSequence(i), StreamSequence(i * 10)});
    return acks;
}

} // namespace

class TestPendingAcks : public QObject
{
    Q_OBJECT

private slots:
    void underAckAllTheNewestDoesForAllBeforeIt()
    {
        PendingAcks acks = threePositions(true);
        QVERIFY(taken(acks, 9).empty());
        QVERIFY(taken(acks, 25) == (Pairs{{2, 20}}));
        QVERIFY(taken(acks, 25).empty());
        QVERIFY(taken(acks, 30) == (Pairs{{3, 30}}));
    }

    void explicitlyEachIsAcked()
    {
        PendingAcks acks = threePositions(false);
        QVERIFY(taken(acks, 25) == (Pairs{{1, 10}, {2, 20}}));
        QCOMPARE(acks.size(), std::size_t(1));
    }

    void whatCouldNotBeSentComesFirstAgain()
    {
        PendingAcks acks = threePositions(false);
        const std::vector<DeliveredPosition> due = acks.take(StreamSequence(20));
        acks.giveBack(std::span(due).subspan(1));
        QVERIFY(taken(acks, 30) == (Pairs{{2, 20}, {3, 30}}));
    }

    void afterABreakOnlyWhatTheServerKnowsIsOwed()
    {
        PendingAcks acks = threePositions(false);
        acks.keepDelivered(StreamSequence(20)); // the server came back with an older state
        QVERIFY(taken(acks, 30) == (Pairs{{0, 10}, {0, 20}}));
    }
};

QTEST_GUILESS_MAIN(TestPendingAcks)
#include "tst_pending_acks.moc"
