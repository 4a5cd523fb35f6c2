// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/publish_lane.h"

#include <QTest>

#include <string>

using namespace jetlag;

namespace {

MessageHandle message(const std::string& text)
{
    natsMsg* raw = nullptr;
    natsMsg_Create(&raw, "s", nullptr, text.data(), static_cast<int>(text.size()));
    return MessageHandle(raw);
}

QByteArray textOf(natsMsg* sent)
{
    return {natsMsg_GetData(sent), natsMsg_GetDataLength(sent)};
}

} // namespace

class TestPublishLane : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QCOMPARE(nats_Open(-1), NATS_OK); }
    void cleanupTestCase() { nats_Close(); }
    void countsInOrder();
    void aRecordOfSeveralParts();
    void resendsWhatIsNotAckedInOrder();
    void resendStopsWhereSendingFails();
    void answersThatMeanNothing();
    void abandoned();
};

void TestPublishLane::countsInOrder()
{
    PublishLane lane;
    QCOMPARE(lane.nextNumber(), std::uint64_t(0));
    for (const char* text : {"a", "b", "c"})
        lane.append(message(text), 10, /*endsRecord=*/true);
    QCOMPARE(lane.outstandingRecords(), std::size_t(3));
    QCOMPARE(lane.outstandingBytes(), std::size_t(30));

    QVERIFY(lane.acked(1)); // early: nothing is released before the first
    QCOMPARE(lane.ackedRecords(), std::uint64_t(0));
    QCOMPARE(lane.outstandingRecords(), std::size_t(3));
    QCOMPARE(lane.outstandingMessages(), std::size_t(2));
    QCOMPARE(lane.outstandingBytes(), std::size_t(20));
    QVERIFY(lane.acked(0));
    QCOMPARE(lane.ackedRecords(), std::uint64_t(2));
    QCOMPARE(textOf(lane.first()), QByteArray("c"));
    QVERIFY(lane.acked(2));
    QVERIFY(lane.empty());
    QCOMPARE(lane.ackedRecords(), std::uint64_t(3));
    QCOMPARE(lane.outstandingBytes(), std::size_t(0));
    QCOMPARE(lane.inFlight(), std::size_t(0));
    QCOMPARE(lane.nextNumber(), std::uint64_t(3));
}

void TestPublishLane::aRecordOfSeveralParts()
{
    PublishLane lane;
    lane.append(message("1/3"), 1, false);
    lane.append(message("2/3"), 1, false);
    lane.append(message("3/3"), 1, true);
    lane.append(message("next"), 1, true);
    QCOMPARE(lane.outstandingRecords(), std::size_t(2));
    lane.acked(0);
    lane.acked(1);
    QCOMPARE(lane.ackedRecords(), std::uint64_t(0));
    QCOMPARE(lane.outstandingRecords(), std::size_t(2));
    lane.acked(2);
    QCOMPARE(lane.ackedRecords(), std::uint64_t(1));
    QCOMPARE(lane.outstandingRecords(), std::size_t(1));
}

void TestPublishLane::resendsWhatIsNotAckedInOrder()
{
    PublishLane lane;
    for (const char* text : {"a", "b", "c", "d"})
        lane.append(message(text), 1, true);
    lane.acked(1);
    QVERIFY(lane.refused(2));
    QCOMPARE(lane.inFlight(), std::size_t(2)); // a and d
    lane.nothingInFlight();
    QCOMPARE(lane.inFlight(), std::size_t(0));

    QByteArrayList sent;
    const auto send = [&](natsMsg* one) {
        sent << textOf(one);
        return true;
    };
    lane.resend(1, send);
    QCOMPARE(sent, (QByteArrayList{"a"}));
    QCOMPARE(lane.inFlight(), std::size_t(1));
    lane.resend(SIZE_MAX, send); // what is in flight is not sent again
    QCOMPARE(sent, (QByteArrayList{"a", "c", "d"}));
    QCOMPARE(lane.inFlight(), std::size_t(3));
}

void TestPublishLane::resendStopsWhereSendingFails()
{
    PublishLane lane;
    for (const char* text : {"a", "b", "c"})
        lane.append(message(text), 1, true);
    lane.nothingInFlight();
    int calls = 0;
    lane.resend(SIZE_MAX, [&](natsMsg*) { return ++calls < 2; });
    QCOMPARE(calls, 2);
    QCOMPARE(lane.inFlight(), std::size_t(1));
}

void TestPublishLane::answersThatMeanNothing()
{
    PublishLane lane;
    lane.append(message("a"), 1, true);
    QVERIFY(!lane.acked(1)); // never given out
    QVERIFY(!lane.refused(7));
    QVERIFY(lane.acked(0));
    QVERIFY(!lane.acked(0));   // a second answer to the same
    QVERIFY(!lane.refused(0)); // a late no to what is stored
    QCOMPARE(lane.ackedRecords(), std::uint64_t(1));

    lane.append(message("b"), 1, true);
    QVERIFY(lane.refused(1));
    QVERIFY(!lane.refused(1));
    QVERIFY(lane.acked(1)); // a late yes of an earlier try is a yes
    QVERIFY(lane.empty());
    QCOMPARE(lane.inFlight(), std::size_t(0));
}

void TestPublishLane::abandoned()
{
    PublishLane lane;
    lane.append(message("a"), 1, true);
    lane.append(message("b"), 1, true);
    lane.abandon();
    QVERIFY(lane.empty());
    QVERIFY(!lane.first());
    QCOMPARE(lane.outstandingRecords(), std::size_t(0));
    QVERIFY(!lane.acked(0));
    QCOMPARE(lane.nextNumber(), std::uint64_t(2));
}

QTEST_GUILESS_MAIN(TestPublishLane)
#include "tst_publish_lane.moc"
