// SPDX-License-Identifier: Apache-2.0
//
// tests/data/spark: one application, written by hand, with every answer worked out by hand. Times count from
// 1709633700000 (T), when it starts.
//
//   job 0 (SQL 0)   stage 0.0: task 1 fails and is tried again as task 2. Stage 1.0: executor 2 is lost with
//   task 4,
//                   so task 3 cannot fetch what task 0 left there; the stage fails. Stages 0.1 (one task) and
//                   1.1 repeat what is missing, the job succeeds.
//   a line cut in the middle
//   job 1           cancelled while stage 2 runs: task 9 is killed after the job's end, stage 3 never begins.
//   job 2 (SQL 1)   still running when the log ends: task 11 has no end, nor has the application.

#include "model/analyzers/spark/spark_analyzer.h"
#include "tests/support/analyzer_run.h"
#include "tests/support/extra_data.h"
#include "tests/support/read_log.h"

#include <QTest>

using namespace jetlag;
using namespace jetlag::test;

namespace {

constexpr const char* kApplication = "app-20240305101500-0001";

/// A row a line, without the two columns of the application, which are the same in each.
QByteArray rowsOf(const AnalyzerRun& run, const char* table)
{
    QByteArray text;
    const QByteArray key = QByteArray(kApplication) + " | null | ";
    for (QByteArray line : QByteArray::fromStdString(run.text(table)).split('\n')) {
        if (line.startsWith(key))
            line = line.mid(key.size());
        // Times as seconds and milliseconds after the start.
        text += line.replace("17096337", "T+") + '\n';
    }
    text.chop(1);
    return text;
}

void feed(AnalyzerRun& run, const std::string& line)
{
    run.feed(line, std::string("spark.") + kApplication, kApplication);
}

std::vector<std::string> lines()
{
    return linesOf(testData() / "spark" / kApplication);
}

} // namespace

class TestSparkByHand : public QObject
{
    Q_OBJECT

private slots:
    void everyTable_data()
    {
        QTest::addColumn<QByteArray>("rows");
        QTest::newRow("applications")
            << QByteArray("nightly sales | T+00000 | null | null | alice | false | 3.5.1\n");
        // status, submitted, completed, stages | tasks: all active completed skipped failed killed indices |
        // stages: active completed skipped failed
        QTest::newRow("jobs") << QByteArray(
            "0 | reduce at Sales.scala:44 | insert into sales.daily | null | SUCCEEDED | T+03100 | "
            "T+06760 | [0,1] | 4 | 0 | 5 | 0 | 3 | 0 | 4 | 0 | 2 | 0 | 1\n"
            "1 | count at Returns.scala:13 | count the returns | nightly | FAILED | T+08000 | "
            "T+09001 | [2,3] | 7 | 0 | 1 | 4 | 0 | 1 | 1 | 0 | 0 | 1 | 1\n"
            "2 | collect at Top.scala:7 | select count(*) | null | RUNNING | T+10000 | null | [4] | "
            "2 | 1 | 1 | 0 | 0 | 0 | 1 | 1 | 0 | 0 | 0\n");
        // tasks: all active complete failed killed indices | submitted, first launch, completed | failure |
        // deserialize ms, its cpu ns | run ms, its cpu ns | result bytes | gc | serialization | spill memory
        // disk | peak | input bytes records | output bytes records | shuffle read: blocks remote local, wait,
        // bytes remote disk local, records | write: bytes time records | read in all
        QTest::newRow("stages") << QByteArray(
            "0 | 0 | COMPLETE | map at Sales.scala:41 | 2 | 0 | 2 | 1 | 0 | 2 | T+03110 | T+03200 | T+04560 "
            "| "
            "null | 15 | 15000000 | 2000 | 1500000000 | 3600 | 60 | 3 | 4096 | 1024 | 131072 | 2100000 | "
            "10500 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 3800 | 380000 | 78 | 0\n"
            "0 | 1 | COMPLETE | map at Sales.scala:41 | 1 | 0 | 1 | 0 | 0 | 1 | T+05200 | T+05210 | T+06120 "
            "| "
            "null | 5 | 5000000 | 850 | 650000000 | 1800 | 25 | 1 | 0 | 0 | 65536 | 1000000 | 5000 | 0 | 0 | "
            "0 | 0 | 0 | 0 | 0 | 0 | 0 | 2000 | 200000 | 40 | 0\n"
            "1 | 0 | FAILED | reduce at Sales.scala:44 | 2 | 0 | 0 | 2 | 0 | 0 | T+04570 | T+04600 | T+05110 "
            "| "
            "org.apache.spark.shuffle.FetchFailedException: Connection refused | 0 | 0 | 0 | 0 | 0 | 0 | 0 | "
            "0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0\n"
            "1 | 1 | COMPLETE | reduce at Sales.scala:44 | 2 | 0 | 2 | 0 | 0 | 2 | T+06130 | T+06140 | "
            "T+06750 | null | 10 | 10000000 | 1000 | 710000000 | 5100 | 11 | 2 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | "
            "1 | 3 | 2 | 1000 | 0 | 2800 | 78 | 0 | 0 | 0 | 3800\n"
            "2 | 0 | FAILED | count at Returns.scala:12 | 3 | 0 | 1 | 0 | 1 | 1 | T+08010 | T+08020 | "
            "T+09000 | "
            "Job 1 cancelled part of cancelled job group nightly | 10 | 10000000 | 1380 | 400000000 | 1500 | "
            "7 "
            "| 2 | 0 | 0 | 0 | 5700 | 57 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 300 | 30000 | 3 | 0\n"
            "3 | 0 | SKIPPED | count at Returns.scala:13 | 4 | 0 | 0 | 0 | 0 | 0 | null | null | null | null "
            "| "
            "0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | "
            "0\n"
            "4 | 0 | ACTIVE | collect at Top.scala:7 | 2 | 1 | 1 | 0 | 0 | 1 | T+10010 | T+10020 | null | "
            "null "
            "| 5 | 5000000 | 90 | 80000000 | 900 | 0 | 1 | 0 | 0 | 0 | 10 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | "
            "0 "
            "| 0 | 0 | 0 | 0 | 0\n");
        // address, active, cores | tasks: active completed failed started | ms, gc | input, shuffle read,
        // written | memory | added, removed, why
        QTest::newRow("executors") << QByteArray(
            "1 | node1.example.org:40000 | true | 2 | 1 | 6 | 2 | 10 | 5400 | 73 | 2105710 | 3800 | "
            "4100 | 384093388 | T+02000 | null | null\n"
            "2 | node2.example.org:40001 | false | 2 | 0 | 1 | 1 | 2 | 1400 | 30 | 1000000 | 0 | 2000 | "
            "384093388 | T+02001 | T+05000 | Command exited with code 137\n"
            "driver | driver.example.org:7079 | true | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | "
            "455501414 | T+00010 | null | null\n");
        QTest::newRow("sql") << QByteArray(
            "0 | COMPLETED | insert into sales.daily\nselect day, sum(amount) \xe2\x80\xa6 | T+03000 | 3800 "
            "| [] | [0] "
            "| [] | null\n"
            "1 | RUNNING | select count(*) | T+09900 | null | [2] | [] | [] | null\n");
        // stage, attempt | index, attempt | launched, ms | where | outcome | locality, speculative | why
        const QByteArray local = " | PROCESS_LOCAL | false | ";
        QTest::newRow("tasks") << QByteArray(
            "0 | 0 | 0 | 0 | 0 | T+03200 | 1000 | 2 | node2.example.org | SUCCESS" + local + "null\n" +
            "1 | 0 | 0 | 1 | 0 | T+03201 | 500 | 1 | node1.example.org | FAILED" + local +
            "ExceptionFailure\n" + "2 | 0 | 0 | 1 | 1 | T+03750 | 800 | 1 | node1.example.org | SUCCESS" +
            local + "null\n" + "3 | 1 | 0 | 0 | 0 | T+04600 | 500 | 1 | node1.example.org | FAILED" + local +
            "FetchFailed\n" + "4 | 1 | 0 | 1 | 0 | T+04601 | 400 | 2 | node2.example.org | FAILED" + local +
            "ExecutorLostFailure\n" + "5 | 0 | 1 | 0 | 0 | T+05210 | 900 | 1 | node1.example.org | SUCCESS" +
            local + "null\n" + "6 | 1 | 1 | 0 | 0 | T+06140 | 500 | 1 | node1.example.org | SUCCESS" + local +
            "null\n" + "7 | 1 | 1 | 1 | 0 | T+06141 | 600 | 1 | node1.example.org | SUCCESS" + local +
            "null\n" + "8 | 2 | 0 | 0 | 0 | T+08020 | 500 | 1 | node1.example.org | SUCCESS" + local +
            "null\n" + "9 | 2 | 0 | 1 | 0 | T+08021 | 1000 | 1 | node1.example.org | KILLED" + local +
            "TaskKilled\n" + "10 | 4 | 0 | 0 | 0 | T+10020 | 100 | 1 | node1.example.org | SUCCESS" + local +
            "null\n" + "11 | 4 | 0 | 1 | 0 | T+10021 | null | 1 | node1.example.org | RUNNING" + local +
            "null\n");
    }
    void everyTable()
    {
        QFETCH(QByteArray, rows);
        AnalyzerRun run(sparkAnalyzer(), 1, {.onDemandTables = {"tasks"}});
        for (const std::string& line : lines())
            feed(run, line);
        QCOMPARE(run.count(AnalyzerRun::Outcome::Malformed), std::uint64_t(1));
        QCOMPARE(run.count(AnalyzerRun::Outcome::Applied), std::uint64_t(53));
        QCOMPARE(rowsOf(run, QTest::currentDataTag()), rows);
    }

    void aStateSavedAfterAnyLineGoesOnTheSame()
    {
        const std::vector<std::string> all = lines();
        AnalyzerRun whole(sparkAnalyzer());
        for (const std::string& line : all)
            feed(whole, line);
        for (std::size_t cut = 1; cut < all.size(); ++cut) {
            AnalyzerRun before(sparkAnalyzer());
            for (std::size_t i = 0; i < cut; ++i)
                feed(before, all[i]);
            AnalyzerRun after(sparkAnalyzer());
            QVERIFY(after.restore(before.snapshots()).hasValue());
            for (std::size_t i = cut; i < all.size(); ++i)
                feed(after, all[i]);
            QVERIFY2(after.allText() == whole.allText(), qPrintable(QString::number(cut)));
            QVERIFY(after.snapshots() == whole.snapshots());
        }
    }

    void aStageThatAnotherJobHasRunIsSkipped()
    {
        // The second job finds the output of stage 0 there and runs stage 2 alone; the third is ended before
        // it submits anything.
        AnalyzerRun run(sparkAnalyzer());
        const auto stage = [](const char* event, int id, const char* more = "") {
            return QStringLiteral(
                       R"({"Event":"SparkListener%1","Stage Info":{"Stage ID":%2,"Stage Attempt ID":0,)"
                       R"("Stage Name":"s%2","Number of Tasks":3,"Submission Time":10%3}})")
                .arg(QLatin1String(event))
                .arg(id)
                .arg(QLatin1String(more))
                .toStdString();
        };
        const auto job = [](int id, int first, int second, bool firstIsDone) {
            return QStringLiteral(
                       R"({"Event":"SparkListenerJobStart","Job ID":%1,"Submission Time":5,"Stage IDs":[%2,%3],)"
                       R"("Stage Infos":[{"Stage ID":%2,"Stage Attempt ID":0,"Number of Tasks":3%4},)"
                       R"({"Stage ID":%3,"Stage Attempt ID":0,"Number of Tasks":4}]})")
                .arg(id)
                .arg(first)
                .arg(second)
                .arg(firstIsDone ? QStringLiteral(R"(,"Completion Time":20)") : QString())
                .toStdString();
        };
        const auto end = [](int id, const char* result) {
            return QStringLiteral(R"({"Event":"SparkListenerJobEnd","Job ID":%1,"Completion Time":30,)"
                                  R"("Job Result":{"Result":"%2"}})")
                .arg(id)
                .arg(QLatin1String(result))
                .toStdString();
        };
        const char* const done = R"(,"Completion Time":20)";
        feed(run, job(0, 0, 1, false));
        for (const int id : {0, 1}) {
            feed(run, stage("StageSubmitted", id));
            feed(run, stage("StageCompleted", id, done));
        }
        feed(run, end(0, "JobSucceeded"));
        feed(run, job(1, 0, 2, true));
        feed(run, stage("StageSubmitted", 2));
        feed(run, stage("StageCompleted", 2, done));
        feed(run, end(1, "JobSucceeded"));
        feed(run, job(2, 0, 3, true));
        feed(run, end(2, "JobFailed"));

        QCOMPARE(rowsOf(run, "jobs"),
                 QByteArray("0 | null | null | null | SUCCEEDED | 5 | 30 | [0,1] | 7 | 0 "
                            "| 0 | 0 | 0 | 0 | 0 | 0 | 2 | 0 | 0\n"
                            "1 | null | null | null | SUCCEEDED | 5 | 30 | [0,2] | 4 | "
                            "0 | 0 | 3 | 0 | 0 | 0 | 0 | 1 | 1 | 0\n"
                            "2 | null | null | null | FAILED | 5 | 30 | [0,3] | 4 | 0 | "
                            "0 | 7 | 0 | 0 | 0 | 0 | 0 | 2 | 0\n"));
        // What stage 0 did is not forgotten because somebody skipped it later.
        QVERIFY(rowsOf(run, "stages").startsWith("0 | 0 | COMPLETE | s0 | 3"));
        QVERIFY(rowsOf(run, "stages").contains("\n3 | 0 | SKIPPED | null | 4"));
    }
};

QTEST_GUILESS_MAIN(TestSparkByHand)
#include "tst_spark_by_hand.moc"
