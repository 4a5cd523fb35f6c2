// SPDX-License-Identifier: Apache-2.0
#include "model/workload/load_profile.h"

#include <QTest>

#include <map>

using namespace jetlag;
using namespace std::chrono_literals;

class TestLoadProfile : public QObject
{
    Q_OBJECT

private slots:
    void burstsComeAtTheEndOfEachPeriod()
    {
        LoadSchedule schedule({/*perSecond=*/100, /*burstFactor=*/5, /*burstEvery=*/10s, /*burstLength=*/2s});
        std::map<std::int64_t, int> perSecond;
        std::chrono::milliseconds last{0};
        for (;;) {
            const std::chrono::milliseconds due = schedule.next();
            QVERIFY(due >= last);
            last = due;
            if (due >= 30s)
                break;
            ++perSecond[due / 1s];
        }
        QCOMPARE(perSecond.size(), std::size_t(30));
        for (const auto& [second, count] : perSecond) {
            const int expected = second % 10 >= 8 ? 500 : 100;
            QVERIFY2(std::abs(count - expected) <= 1, QByteArray::number(int(second)).constData());
        }
    }

    void aSteadyLoadHasNoBursts()
    {
        LoadSchedule schedule({/*perSecond=*/4, /*burstFactor=*/1, /*burstEvery=*/10s, /*burstLength=*/2s});
        for (int i = 0; i < 100; ++i)
            QCOMPARE(qint64(schedule.next().count()), qint64(i * 250));
        LoadSchedule never({/*perSecond=*/4, /*burstFactor=*/9, /*burstEvery=*/0s, /*burstLength=*/2s});
        for (int i = 0; i < 100; ++i)
            QCOMPARE(qint64(never.next().count()), qint64(i * 250));
    }
};

QTEST_GUILESS_MAIN(TestLoadProfile)
#include "tst_load_profile.moc"
