// SPDX-License-Identifier: Apache-2.0
#include "model/lag/rates.h"

#include <QTest>

#include <functional>

using namespace jetlag;
using namespace std::chrono_literals;

namespace {

struct Sample
{
    StreamSnapshot stream;
    ConsumerSnapshot consumer;
};

/// A stream of 1,000 messages and a consumer that has taken 600 and acked 500 of them.
Sample start()
{
    Sample sample;
    sample.stream.name = "S";
    sample.stream.created = ServerTime(1s);
    sample.stream.messages = 1'000;
    sample.stream.bytes = 50'000;
    sample.stream.firstSequence = StreamSequence(1);
    sample.stream.lastSequence = StreamSequence(1'000);
    sample.stream.placement.leader = "n1";
    sample.consumer.name = "c";
    sample.consumer.created = ServerTime(2s);
    sample.consumer.ackPolicy = "explicit";
    sample.consumer.delivered = {ConsumerSequence(700), StreamSequence(600)};
    sample.consumer.ackFloor = {ConsumerSequence(550), StreamSequence(500)};
    sample.consumer.lastAcked = ServerTime(100s);
    sample.consumer.ackPending = 100;
    sample.consumer.pending = 400;
    sample.consumer.redelivered = 10;
    sample.consumer.placement.leader = "n1";
    return sample;
}

/// Two seconds later: 200 stored, 100 delivered for the first time and 20 again, 80 acked.
Sample later()
{
    Sample sample = start();
    sample.stream.messages += 200;
    sample.stream.bytes += 10'000;
    sample.stream.lastSequence = StreamSequence(1'200);
    sample.consumer.delivered = {ConsumerSequence(820), StreamSequence(700)};
    sample.consumer.ackFloor = {ConsumerSequence(630), StreamSequence(580)};
    sample.consumer.lastAcked = ServerTime(102s);
    sample.consumer.ackPending = 120;
    sample.consumer.pending = 500;
    return sample;
}

using Change = std::function<void(Sample& before, Sample& after)>;

} // namespace
Q_DECLARE_METATYPE(Change)

class TestRates : public QObject
{
    Q_OBJECT

private slots:
    void ordinaryFlow()
    {
        const Sample a = start();
        const Sample b = later();
        const StreamRates stream = streamRates(a.stream, b.stream, 2s);
        QCOMPARE(stream.in.value(), 100.0);
        QCOMPARE(stream.inBytes.value(), 5'000.0);
        const ConsumerRates consumer = consumerRates(a.consumer, b.consumer, &a.stream, &b.stream, 2s);
        QCOMPARE(consumer.delivered.value(), 50.0);
        QCOMPARE(consumer.redelivered.value(), 10.0);
        QCOMPARE(consumer.acked.value(), 40.0);
        QCOMPARE(b.consumer.lag(), std::uint64_t(620));
    }

    void whatCannotBeComparedHasNoRate_data()
    {
        QTest::addColumn<Change>("change");
        QTest::newRow("the stream is stale")
            << Change([](Sample&, Sample& b) { b.stream.stale = b.consumer.stale = true; });
        QTest::newRow("the earlier sample is stale")
            << Change([](Sample& a, Sample&) { a.stream.stale = a.consumer.stale = true; });
        QTest::newRow("made anew") << Change(
            [](Sample&, Sample& b) { b.stream.created += 1s, b.consumer.created += 1s; });
        QTest::newRow("another leader") << Change(
            [](Sample&, Sample& b) { b.stream.placement.leader = b.consumer.placement.leader = "n2"; });
        QTest::newRow("sequences went back") << Change([](Sample&, Sample& b) {
            b.stream.lastSequence = StreamSequence(5);
            b.consumer.delivered.consumer = ConsumerSequence(5);
        });
        QTest::newRow("the position went back") << Change([](Sample&, Sample& b) {
            b.stream.firstSequence = StreamSequence(0);
            b.consumer.delivered.stream = StreamSequence(5);
        });
    }
    void whatCannotBeComparedHasNoRate()
    {
        QFETCH(Change, change);
        Sample a = start();
        Sample b = later();
        change(a, b);
        const StreamRates stream = streamRates(a.stream, b.stream, 2s);
        QVERIFY(!stream.in && !stream.inBytes);
        const ConsumerRates consumer = consumerRates(a.consumer, b.consumer, &a.stream, &b.stream, 2s);
        QVERIFY(!consumer.delivered && !consumer.redelivered && !consumer.acked);
    }

    void samplesOfOneMomentHaveNoRate()
    {
        const Sample a = start();
        const Sample b = later();
        QVERIFY(!streamRates(a.stream, b.stream, 0s).in);
        QVERIFY(!consumerRates(a.consumer, b.consumer, nullptr, nullptr, -1s).delivered);
    }

    void editedFiltersStartANewSeries()
    {
        const Sample a = start();
        Sample b = later();
        b.consumer.filters = {"x"};
        QVERIFY(!consumerRates(a.consumer, b.consumer, &a.stream, &b.stream, 2s).delivered);
    }

    void aPurgeIsNoInflowAndHidesBytesOnly()
    {
        const Sample a = start();
        Sample b = later();
        b.stream.messages = 0;
        b.stream.bytes = 0;
        b.stream.firstSequence = StreamSequence(1'201);
        const StreamRates rates = streamRates(a.stream, b.stream, 2s);
        QCOMPARE(rates.in.value(), 100.0);
        QVERIFY(!rates.inBytes);
    }

    void aFloorThatFollowsEvictionIsNoAck()
    {
        Sample a = start();
        Sample b = start();
        b.stream.firstSequence = StreamSequence(551);
        b.stream.messages = 450;
        b.consumer.ackFloor.stream = StreamSequence(550);
        b.consumer.ackPending = 50; // evicted ones are not in hand any more
        QCOMPARE(consumerRates(a.consumer, b.consumer, &a.stream, &b.stream, 2s).acked.value(), 0.0);
        // With an ack seen nobody knows how many of them were acked.
        b.consumer.lastAcked = ServerTime(102s);
        QVERIFY(!consumerRates(a.consumer, b.consumer, &a.stream, &b.stream, 2s).acked);
        QVERIFY(consumerRates(a.consumer, b.consumer, &a.stream, &b.stream, 2s).delivered);
        // Where hardly any of what was in hand could be removed they are acks.
        b.consumer.ackFloor.stream = StreamSequence(600);
        b.stream.firstSequence = StreamSequence(a.consumer.ackFloor.stream.value() + 3);
        QCOMPARE(consumerRates(a.consumer, b.consumer, &a.stream, &b.stream, 2s).acked.value(), 25.0);
    }

    void whereAFilterHidesRedeliveriesNaksTell()
    {
        const Sample a = start();
        Sample b = start();
        b.consumer.delivered.consumer = ConsumerSequence(a.consumer.delivered.consumer.value() + 100);
        b.consumer.delivered.stream = StreamSequence(a.consumer.delivered.stream.value() + 500);
        const auto redelivered = [&](std::uint64_t naks) {
            return consumerRates(a.consumer, b.consumer, &a.stream, &b.stream, 2s, naks).redelivered.value();
        };
        QCOMPARE(redelivered(0), 0.0);
        QCOMPARE(redelivered(20), 10.0);
        QCOMPARE(redelivered(400), 50.0); // never more than was delivered
    }

    void messagesThatLeaveForRedeliveryAreNoAcks()
    {
        const Sample a = start();
        Sample b = start();
        b.consumer.ackPending = 60; // waiting to be redelivered; nobody acked
        QCOMPARE(consumerRates(a.consumer, b.consumer, &a.stream, &b.stream, 2s).acked.value(), 0.0);
    }

    void aRedeliveryLoopDeliversNothingNew()
    {
        const Sample a = start();
        Sample b = start();
        b.consumer.delivered.consumer = ConsumerSequence(900);
        const ConsumerRates rates = consumerRates(a.consumer, b.consumer, &a.stream, &b.stream, 2s);
        QCOMPARE(rates.delivered.value(), 0.0);
        QCOMPARE(rates.redelivered.value(), 100.0);
    }
};

QTEST_GUILESS_MAIN(TestRates)
#include "tst_rates.moc"
