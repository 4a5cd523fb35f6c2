// SPDX-License-Identifier: Apache-2.0
#include "model/events/dead_letters.h"
#include "tests/support/fake_reports.h"

#include <QTest>

#include <vector>

using namespace jetlag;
using namespace jetlag::test;

namespace {

ClusterReport reportFrom(std::uint64_t first)
{
    ClusterReport report;
    report.at = kReportTime;
    report.streams.push_back(streamRow("S", 1'000));
    report.streams.front().stream.firstSequence = StreamSequence(first);
    return report;
}

Advisory advisory(const char* kind, std::uint64_t sequence, int second = 0)
{
    return {.kind = kind,
            .time = kReportTime + std::chrono::seconds(second),
            .stream = "S",
            .consumer = "c",
            .sequence = sequence,
            .deliveries = 5};
}

} // namespace

class TestDeadLetters : public QObject
{
    Q_OBJECT

private slots:
    void announcedOnesAreListedOnce()
    {
        DeadLetterList list;
        const std::vector said{advisory("max_deliver", 7), advisory("terminated", 9), advisory("nak", 11),
                               advisory("max_deliver", 7, 5), advisory("consumer_action", 0)};
        QVERIFY(list.add(reportFrom(1), said));
        QCOMPARE(list.letters().size(), 2u);
        const DeadLetter& used = list.letters().at({"S", "c", 7});
        QVERIFY(used.origin == DeadLetter::Origin::MaxDeliveries && used.deliveries == 5 && used.isInStream);
        QVERIFY(used.at == kReportTime + std::chrono::seconds(5));
        QVERIFY(list.letters().at({"S", "c", 9}).origin == DeadLetter::Origin::Terminated);
        QVERIFY(!list.add(reportFrom(1), {}));
    }

    void whatTheStreamDropsIsGone()
    {
        DeadLetterList list;
        list.add(reportFrom(1), std::vector{advisory("max_deliver", 7), advisory("max_deliver", 90)});
        QVERIFY(list.add(reportFrom(50), {}));
        QVERIFY(!list.letters().at({"S", "c", 7}).isInStream);
        QVERIFY(list.letters().at({"S", "c", 90}).isInStream);
        ClusterReport stale = reportFrom(100);
        stale.streams.front().stream.stale = true;
        QVERIFY(!list.add(stale, {}));
    }

    void foundOnesDoNotReplaceAnnouncedOnes()
    {
        DeadLetterList list;
        list.add(reportFrom(1), std::vector{advisory("max_deliver", 7)});
        QVERIFY(list.addFound({.key = {"S", "c", 7}, .subject = "orders.new"}));
        QVERIFY(!list.addFound({.key = {"S", "c", 7}, .subject = "orders.new"}));
        const DeadLetter& one = list.letters().at({"S", "c", 7});
        QVERIFY(one.origin == DeadLetter::Origin::MaxDeliveries);
        QCOMPARE(one.subject, std::string("orders.new"));
        QVERIFY(list.addFound({.key = {"S", "c", 8}}));
        QVERIFY(list.letters().at({"S", "c", 8}).origin == DeadLetter::Origin::FoundStuck);
        // An announcement that comes later says more.
        QVERIFY(list.add(reportFrom(1), std::vector{advisory("terminated", 8)}));
        QVERIFY(list.letters().at({"S", "c", 8}).origin == DeadLetter::Origin::Terminated);
    }

    void theyOutliveARestart()
    {
        std::vector<HistoryMark> marks;
        for (const Advisory& said :
             {advisory("max_deliver", 7), advisory("terminated", 9), advisory("nak", 11)}) {
            if (std::optional<HistoryMark> mark = deadLetterMark(said))
                marks.push_back(*mark);
        }
        QCOMPARE(marks.size(), 2u);
        marks.push_back({.kind = MarkKind::Verdict, .stream = "S", .collector = "c", .sequence = 4});
        DeadLetterList list;
        QVERIFY(list.addPast(marks));
        QCOMPARE(list.letters().size(), 2u);
        QVERIFY(list.letters().at({"S", "c", 7}).origin == DeadLetter::Origin::MaxDeliveries);
        QVERIFY(list.letters().at({"S", "c", 9}).origin == DeadLetter::Origin::Terminated);
        QVERIFY(!list.addPast(marks));
    }

    void theOldestGoFirst()
    {
        DeadLetterList list(2);
        list.add(reportFrom(1), std::vector{advisory("max_deliver", 9, 1), advisory("max_deliver", 3, 2),
                                            advisory("max_deliver", 5, 3)});
        QCOMPARE(list.letters().size(), 2u);
        QCOMPARE(list.dropped(), 1u);
        QVERIFY(!list.letters().contains({"S", "c", 9}));
    }
};

QTEST_GUILESS_MAIN(TestDeadLetters)
#include "tst_dead_letters.moc"
