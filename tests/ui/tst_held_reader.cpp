// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_services.h"
#include "tests/ui/report_rows.h"
#include "tests/ui/ui_test.h"
#include "ui/bridge/held_reader.h"

#include <QSignalSpy>
#include <QTest>

using namespace jetlag;
using namespace jetlag::test;
using namespace jetlag::ui;
using namespace std::chrono_literals;

namespace {

FakeEvent eventAt(StreamSequence sequence)
{
    return {.sequence = sequence, .subject = "spark.a", .payload = std::string(600, 'x')};
}

} // namespace

class TestHeldReader : public QObject
{
    Q_OBJECT

private:
    FakeEventsService m_events;
    std::shared_ptr<FakeServerLink> m_server;

private slots:
    void initTestCase()
    {
        m_events.addStream("SPARK", kLastSequence,
                           [](StreamSequence sequence) { return std::optional(eventAt(sequence)); });
        m_server = std::make_shared<FakeServerLink>("fake");
    }

    void theFirstOnesWithTheBeginOfTheirBodies()
    {
        HeldReader reader(m_events, 3);
        QSignalSpy changed(&reader, &HeldReader::changed);
        CollectorReport row = plainCollector("SPARK", "jobs", 100);
        row.consumer.filters = {"spark.*"};
        QVERIFY(reader.isFirstRead());
        reader.follow(m_server, row, StreamSequence(kLastSequence - 99));
        QTRY_VERIFY_WITH_TIMEOUT(!reader.isFirstRead(), kPatienceMs);
        QVERIFY(reader.problem().isEmpty());
        QCOMPARE(reader.messages().size(), std::size_t{3});
        QVERIFY(reader.messages().front().sequence == StreamSequence(kLastSequence - 99));
        QVERIFY(reader.messages().front().payload.size() < 600);
        QCOMPARE(reader.messages().front().bytes, std::uint64_t{600});
        const EventsRequest request = m_events.requests().back();
        QVERIFY(request.server == m_server && request.stream == "SPARK" && request.count == 3u);
        QVERIFY(request.filters == std::vector<std::string>{"spark.*"});
        QVERIFY(changed.count() >= 2); // forgotten, then read
    }

    void whatStandsStillIsReadOnce()
    {
        HeldReader reader(m_events, 3);
        reader.setPauses(0ms, 60s);
        const CollectorReport row = plainCollector("SPARK", "jobs", 2);
        const auto follow = [&] { reader.follow(m_server, row, StreamSequence(kLastSequence - 1)); };
        const std::size_t before = m_events.requests().size();
        follow();
        QTRY_COMPARE_WITH_TIMEOUT(reader.messages().size(), std::size_t{2}, kPatienceMs);
        for (int second = 0; second < 10; ++second)
            follow();
        QCOMPARE(m_events.requests().size(), before + 1);
        // More came behind a list that is full: the same messages hold it up.
        CollectorReport more = plainCollector("SPARK", "full", 500);
        reader.follow(m_server, more, StreamSequence(kLastSequence - 499));
        QTRY_COMPARE_WITH_TIMEOUT(reader.messages().size(), std::size_t{3}, kPatienceMs);
        more.lag = 600;
        reader.follow(m_server, more, StreamSequence(kLastSequence - 499));
        QCOMPARE(m_events.requests().size(), before + 2);
    }

    void whatMovesIsReadAgainAfterAPause()
    {
        HeldReader reader(m_events, 3);
        const auto follow = [&](std::uint64_t lag) {
            reader.follow(m_server, plainCollector("SPARK", "jobs", lag),
                          StreamSequence(kLastSequence - lag + 1));
        };
        const std::size_t before = m_events.requests().size();
        follow(900);
        QTRY_VERIFY_WITH_TIMEOUT(!reader.isFirstRead(), kPatienceMs);
        follow(899);
        QCOMPARE(m_events.requests().size(), before + 1); // not each second
        reader.setPauses(0ms, 60s);
        follow(898);
        QTRY_VERIFY_WITH_TIMEOUT(reader.messages().front().sequence == StreamSequence(kLastSequence - 897),
                                 kPatienceMs);
        QCOMPARE(m_events.requests().size(), before + 2);
    }

    // A list of ten that are deleted meanwhile tells nothing of what waits.
    void whatIsHalfOverIsReadAgainAtOnce()
    {
        HeldReader reader(m_events, 3);
        const auto follow = [&](std::uint64_t lag) {
            reader.follow(m_server, plainCollector("SPARK", "jobs", lag),
                          StreamSequence(kLastSequence - lag + 1));
        };
        const std::size_t before = m_events.requests().size();
        follow(900);
        QTRY_VERIFY_WITH_TIMEOUT(!reader.isFirstRead(), kPatienceMs);
        follow(899); // one of three
        QCOMPARE(m_events.requests().size(), before + 1);
        follow(898);
        QTRY_VERIFY_WITH_TIMEOUT(reader.messages().front().sequence == StreamSequence(kLastSequence - 897),
                                 kPatienceMs);
        QCOMPARE(m_events.requests().size(), before + 2);
    }

    void anotherCollectorAtOnceAndAStaleOneNever()
    {
        HeldReader reader(m_events, 3);
        reader.follow(m_server, plainCollector("SPARK", "jobs", 900), StreamSequence(1));
        QTRY_VERIFY_WITH_TIMEOUT(!reader.isFirstRead(), kPatienceMs);
        reader.follow(m_server, plainCollector("SPARK", "other", 900), StreamSequence(1));
        QVERIFY(reader.isFirstRead() && reader.messages().empty()); // never another's messages
        QTRY_VERIFY_WITH_TIMEOUT(!reader.isFirstRead(), kPatienceMs);
        const std::size_t before = m_events.requests().size();
        CollectorReport stale = plainCollector("SPARK", "stale", 900);
        stale.consumer.stale = true;
        reader.follow(m_server, stale, StreamSequence(1));
        reader.follow(nullptr, plainCollector("SPARK", "lost", 900), StreamSequence(1));
        QCOMPARE(m_events.requests().size(), before);
    }

    void aLostConnectionKeepsWhatWasRead()
    {
        HeldReader reader(m_events, 3);
        const CollectorReport row = plainCollector("SPARK", "jobs", 900);
        reader.follow(m_server, row, StreamSequence(1));
        QTRY_COMPARE_WITH_TIMEOUT(reader.messages().size(), std::size_t{3}, kPatienceMs);
        reader.follow(nullptr, row, StreamSequence(1));
        QCOMPARE(reader.messages().size(), std::size_t{3});
    }

    // It stands still: nothing but the pause brings the next try.
    void aRefusalIsSaidAndTriedAgain()
    {
        m_events.addStream("DENIED", {eventAt(StreamSequence(1))});
        m_events.failStream("DENIED", Error(ErrorCode::Denied, "direct get is not allowed"));
        HeldReader reader(m_events, 3);
        const CollectorReport row = plainCollector("DENIED", "jobs", 1);
        const auto follow = [&] { reader.follow(m_server, row, StreamSequence(1)); };
        follow();
        QTRY_COMPARE_WITH_TIMEOUT(reader.problem(), QStringLiteral("direct get is not allowed"), kPatienceMs);
        QVERIFY(reader.messages().empty());
        const std::size_t before = m_events.requests().size();
        reader.setPauses(0ms, 60s);
        follow();
        QCOMPARE(m_events.requests().size(), before);
        m_events.addStream("DENIED", {eventAt(StreamSequence(1))}); // granted
        reader.setPauses(0ms, 0ms);
        follow();
        QTRY_COMPARE_WITH_TIMEOUT(reader.messages().size(), std::size_t{1}, kPatienceMs);
        QVERIFY(reader.problem().isEmpty());
    }

    // The page was hidden while it read: the same collector, at the same place, is read when it comes back.
    void whoRestsIsToldNothingAndReadsWhenItComesBack()
    {
        m_events.holdAt(StreamSequence(2));
        HeldReader reader(m_events, 3);
        QSignalSpy changed(&reader, &HeldReader::changed);
        const CollectorReport row = plainCollector("SPARK", "jobs", 900);
        reader.follow(m_server, row, StreamSequence(1));
        QCOMPARE(changed.count(), 1);
        reader.rest();
        m_events.release();
        reader.follow(m_server, row, StreamSequence(1));
        QTRY_COMPARE_WITH_TIMEOUT(reader.messages().size(), std::size_t{3}, kPatienceMs);
        QCOMPARE(changed.count(), 2);
    }
};

QTEST_GUILESS_MAIN(TestHeldReader)
#include "tst_held_reader.moc"
