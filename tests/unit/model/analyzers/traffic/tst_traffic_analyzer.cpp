// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/traffic/traffic_analyzer.h"
#include "tests/support/analyzer_run.h"
#include "tests/support/extra_data.h"
#include "tests/support/read_log.h"

#include <QTest>

using namespace jetlag;
using test::AnalyzerRun;

namespace {

void feedSome(AnalyzerRun& run)
{
    run.feed("12345", "lines.-");
    run.feed("", "lines.-");
    run.feed("{broken \x01\xff", "spark.app-1", "app-1/2");
    run.feed("1", "spark.app-1", "another key");
    run.feed("123", "orders.\xff", "", "Mars/Olympus");
}

} // namespace

class TestTrafficAnalyzer : public QObject
{
    Q_OBJECT

private slots:
    void everythingIsCountedBySubject()
    {
        AnalyzerRun run(trafficAnalyzer());
        feedSome(run);
        QCOMPARE(run.count(AnalyzerRun::Outcome::Applied), std::uint64_t(5));
        QCOMPARE(run.text("subjects"), std::string("lines.- | 2 | 5 | 0 | 5\n"
                                                   "orders.\xff | 1 | 3 | 3 | 3\n"
                                                   "spark.app-1 | 2 | 11 | 1 | 10\n"));
    }

    void linesOfALogAreCountedAsTheyStand()
    {
        AnalyzerRun run(trafficAnalyzer());
        const std::vector<std::string> lines = test::linesOf(test::testData() / "lines" / "app.log");
        for (const std::string& line : lines)
            run.feed(line, "lines.-");
        // 37, 54, 0, 35 and 37 bytes: the third is empty, the fourth has two letters of two bytes.
        QCOMPARE(run.text("subjects"), std::string("lines.- | 5 | 163 | 0 | 54\n"));
    }

    void shardsAndRestartsLeaveNoTrace()
    {
        AnalyzerRun whole(trafficAnalyzer());
        feedSome(whole);
        feedSome(whole);
        for (unsigned shards : {2u, 7u}) {
            AnalyzerRun before(trafficAnalyzer(), shards);
            feedSome(before);
            AnalyzerRun after(trafficAnalyzer(), shards + 1);
            QVERIFY(after.restore(before.snapshots()).hasValue());
            feedSome(after);
            QCOMPARE(after.allText(), whole.allText());
            QVERIFY(after.snapshots() == whole.snapshots());
        }
        QVERIFY(!whole.restore({{"x", std::string(31, '\0')}}));
    }
};

QTEST_GUILESS_MAIN(TestTrafficAnalyzer)
#include "tst_traffic_analyzer.moc"
