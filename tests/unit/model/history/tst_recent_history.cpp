// SPDX-License-Identifier: Apache-2.0
#include "model/history/recent_history.h"
#include "tests/support/fake_reports.h"

#include <QTest>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

class TestRecentHistory final : public QObject
{
    Q_OBJECT

private slots:
    // Each second five minutes, and more rarely no more than that makes a picture: ten thousand collectors
    // for an hour must not be half a gigabyte.
    void isBounded_data()
    {
        QTest::addColumn<int>("everySeconds");
        QTest::addColumn<int>("samples");
        QTest::newRow("each second") << 1 << 300;
        QTest::newRow("each three seconds") << 3 << 101; // five minutes and the one before
        QTest::newRow("each ten seconds") << 10 << 60;
        QTest::newRow("each minute") << 60 << 60;
    }
    void isBounded()
    {
        QFETCH(int, everySeconds);
        QFETCH(int, samples);
        RecentHistory history(300);
        ClusterReport report = reportWith(2);
        for (int look = 0; look < 500; ++look) {
            report = later(std::move(report), std::chrono::seconds(everySeconds));
            history.add(report);
        }
        const ConsumerSnapshot& one = report.collectors.front().consumer;
        const std::deque<CollectorSample>* kept = history.collector({one.stream, one.name});
        QVERIFY(kept != nullptr);
        QCOMPARE(static_cast<int>(kept->size()), samples);
        QVERIFY(kept->back().at == report.at);
        QCOMPARE(static_cast<int>(history.stream(one.stream)->size()), samples);
    }

    void aPauseLeavesAPicture()
    {
        RecentHistory history(300);
        ClusterReport report = reportWith(1);
        for (int look = 0; look < 300; ++look)
            history.add(report = later(std::move(report), 1s));
        history.add(report = later(std::move(report), 1h)); // the lid was closed
        const ConsumerSnapshot& one = report.collectors.front().consumer;
        QCOMPARE(history.collector({one.stream, one.name})->size(), std::size_t{60});
    }
};

QTEST_GUILESS_MAIN(TestRecentHistory)
#include "tst_recent_history.moc"
