// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hive/unjoined_events.h"

#include <QTest>

using namespace jetlag;

namespace {

std::string snapshotOf(const UnjoinedEvents& events)
{
    ByteWriter writer;
    events.snapshot(writer);
    return writer.take();
}

} // namespace

class TestUnjoinedEvents : public QObject
{
    Q_OBJECT

private slots:
    void eventsAreGroupedByWhatWentWrong()
    {
        UnjoinedEvents events;
        events.add("COMPILE_FAILED", "no table", 20);
        events.add("COMPILE_FAILED", "no table", 10);
        events.add("COMPILE_FAILED", "no table", std::nullopt);
        events.add("COMPILE_FAILED", "no column", std::nullopt);
        QCOMPARE(events.groups().size(), std::size_t(2));
        const UnjoinedEvents::Tally& tally = events.groups().at({"COMPILE_FAILED", "no table"});
        QCOMPARE(tally.count, std::uint64_t(3));
        QCOMPARE(*tally.firstTime, std::int64_t(10));
        QCOMPARE(*tally.lastTime, std::int64_t(20));
        QVERIFY(!events.groups().at({"COMPILE_FAILED", "no column"}).firstTime);
    }

    void groupsBeyondTheLimitAreSummed()
    {
        UnjoinedEvents events;
        for (int i = 0; i < 1'200; ++i)
            events.add("COMPILE_FAILED", "error " + std::to_string(i) + std::string(10'000, 'x'), i);
        QCOMPARE(events.groups().size(), UnjoinedEvents::kMaxGroups);
        QCOMPARE(events.others().count, std::uint64_t(200));
        QCOMPARE(*events.others().firstTime, std::int64_t(1'000));
        const std::string bytes = snapshotOf(events);
        QVERIFY(bytes.size() < 600 * 1'024);
        UnjoinedEvents again;
        ByteReader reader(bytes);
        QVERIFY(again.restore(reader) && reader.ok() && reader.atEnd());
        QCOMPARE(snapshotOf(again), bytes);
    }

    void foreignBytesAreRefused()
    {
        UnjoinedEvents events;
        events.add("A", "x", 1);
        events.add("A", "y", 2);
        const std::string bytes = snapshotOf(events);
        const auto isRefused = [](const std::string& some) {
            UnjoinedEvents restored;
            ByteReader reader(some);
            return !restored.restore(reader) || !reader.ok() || !reader.atEnd();
        };
        QVERIFY(!isRefused(bytes));
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY(isRefused(bytes.substr(0, length)));
        std::string twice = bytes;
        twice[twice.find('y')] = 'x';
        QVERIFY(isRefused(twice));
    }
};

QTEST_GUILESS_MAIN(TestUnjoinedEvents)
#include "tst_unjoined_events.moc"
