// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hdfs/user_activity.h"

#include <QTest>

#include <algorithm>
#include <vector>

using namespace jetlag;

namespace {

constexpr std::int64_t kHour = UserActivity::kHourMillis;

std::string snapshotOf(const UserActivity& activity)
{
    ByteWriter writer;
    activity.snapshot(writer);
    return writer.take();
}

UserActivity restored(const std::string& bytes)
{
    UserActivity activity;
    ByteReader reader(bytes);
    if (!activity.restore(reader) || !reader.ok() || !reader.atEnd())
        qFatal("own bytes are refused");
    return activity;
}

bool isRefused(const std::string& bytes)
{
    UserActivity activity;
    ByteReader reader(bytes);
    return !activity.restore(reader) || !reader.ok() || !reader.atEnd();
}

std::uint64_t sumOfHours(const UserActivity& activity)
{
    std::uint64_t sum = activity.earlierHours().count;
    for (const UserActivity::Hour& hour : activity.hours())
        sum += hour.count;
    return sum;
}

} // namespace

class TestUserActivity : public QObject
{
    Q_OBJECT

private slots:
    void theOrderOfCommandsAndHoursLeavesNoTrace()
    {
        UserActivity oneWay;
        oneWay.add(5 * kHour + 7, false, "open", "/a");
        oneWay.add(3 * kHour, true, "delete", "/b");
        oneWay.add(-1, true, "open", "/c");
        UserActivity another;
        another.add(-1, true, "open", "/c");
        another.add(3 * kHour, true, "delete", "/b");
        another.add(5 * kHour + 7, false, "open", "/a");
        QCOMPARE(snapshotOf(another), snapshotOf(oneWay));
        QCOMPARE(oneWay.hours().size(), std::size_t(3));
        QCOMPARE(oneWay.hours().front().start, -kHour); // one millisecond before 1970
        QCOMPARE(oneWay.total().firstTime, std::int64_t(-1));
        QCOMPARE(oneWay.total().lastTime, 5 * kHour + 7);
    }

    void commandsBeyondTheLimitAreSummed()
    {
        UserActivity activity;
        for (int i = 0; i < 300; ++i)
            activity.add(i, i == 299, "cmd" + std::to_string(i), "/");
        activity.add(300, false, "cmd0", "/");
        activity.add(301, false, std::string(UserActivity::kMaxCommandBytes + 1, 'x'), "/");
        QCOMPARE(activity.commands().size(), UserActivity::kMaxCommands);
        QCOMPARE(activity.commands().front().tally.count, std::uint64_t(2));
        QCOMPARE(activity.otherCommands().count, std::uint64_t(300 - 256 + 1));
        QCOMPARE(activity.otherCommands().denied, std::uint64_t(1));
        QCOMPARE(activity.otherCommands().firstTime, std::int64_t(256));
        QCOMPARE(activity.otherCommands().lastTime, std::int64_t(301));
        QCOMPARE(activity.total().count, std::uint64_t(302));
        QCOMPARE(snapshotOf(restored(snapshotOf(activity))), snapshotOf(activity));
    }

    void theNewestHoursAreKeptInWhateverOrderTheyCome()
    {
        const std::int64_t many = static_cast<std::int64_t>(UserActivity::kMaxHours) + 500;
        std::vector<std::int64_t> hours;
        for (std::int64_t i = 0; i < many; ++i)
            hours.push_back(i * 7'919 % many); // a permutation: 7919 is prime
        UserActivity mixed;
        for (std::int64_t hour : hours)
            mixed.add(hour * kHour, hour % 2 == 0, "open", "/x");
        std::sort(hours.begin(), hours.end());
        UserActivity sorted;
        for (std::int64_t hour : hours)
            sorted.add(hour * kHour, hour % 2 == 0, "open", "/x");
        QCOMPARE(snapshotOf(mixed), snapshotOf(sorted));
        QCOMPARE(sorted.hours().size(), UserActivity::kMaxHours);
        QCOMPARE(sorted.hours().front().start, 500 * kHour);
        QCOMPARE(sorted.earlierHours().count, std::uint64_t(500));
        QCOMPARE(sorted.earlierHours().denied, std::uint64_t(250));
        sorted.add(0, false, "open", "/x"); // long gone
        sorted.add(600 * kHour, false, "open", "/x");
        QCOMPARE(sorted.earlierHours().count, std::uint64_t(501));
        QCOMPARE(sorted.hours().at(100).count, std::uint64_t(2));
        QCOMPARE(sumOfHours(sorted), sorted.total().count);
    }

    void deniedAccessesBeyondTheLimitsAreSummed()
    {
        UserActivity crawler;
        for (int round = 0; round < 2; ++round) {
            for (int i = 0; i < 1'500; ++i)
                crawler.add(i, true, "open", "/secret/" + std::to_string(i));
        }
        QCOMPARE(crawler.denied().size(), UserActivity::kMaxDenied);
        QCOMPARE(crawler.denied().begin()->second.count, std::uint64_t(2));
        QCOMPARE(crawler.otherDenied().count, std::uint64_t(2 * 500));
        QCOMPARE(crawler.otherDenied().firstTime, std::int64_t(1'000));
        QCOMPARE(crawler.otherDenied().lastTime, std::int64_t(1'499));

        UserActivity longPaths;
        for (int i = 0; i < 100; ++i)
            longPaths.add(i, true, "open", std::string(8'000, 'p') + std::to_string(i));
        QCOMPARE(longPaths.denied().size(), std::size_t(UserActivity::kMaxDeniedBytes / 8'006));
        QCOMPARE(longPaths.otherDenied().count, std::uint64_t(100) - longPaths.denied().size());
        longPaths.add(200, true, "open", std::string(64 * 1024 * 1024, 'p'));
        QVERIFY(snapshotOf(longPaths).size() < 2 * UserActivity::kMaxDeniedBytes);
        // A restored state goes on where this one stands, its budget of bytes included.
        UserActivity again = restored(snapshotOf(longPaths));
        again.add(300, true, "open", std::string(8'000, 'q'));
        longPaths.add(300, true, "open", std::string(8'000, 'q'));
        QCOMPARE(snapshotOf(again), snapshotOf(longPaths));
    }

    void foreignBytesAreRefused()
    {
        UserActivity activity;
        activity.add(kHour, true, "open", "/a");
        activity.add(2 * kHour, true, "open", "/b");
        const std::string bytes = snapshotOf(activity);
        QVERIFY(!isRefused(bytes));
        QVERIFY(isRefused(bytes + '\0'));
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY(isRefused(bytes.substr(0, length)));
        std::string samePathTwice = bytes;
        samePathTwice.replace(samePathTwice.find("/b"), 2, "/a");
        QVERIFY(isRefused(samePathTwice));
        ByteWriter huge;
        OperationTally().snapshot(huge);
        huge.u32(0xffffffff);
        QVERIFY(isRefused(huge.take()));
    }
};

QTEST_GUILESS_MAIN(TestUserActivity)
#include "tst_user_activity.moc"
