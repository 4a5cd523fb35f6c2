// SPDX-License-Identifier: Apache-2.0
//
// The hand-written application in tests/data/spark, with answers worked out by hand: job 0 has a task that
// fails and is tried again and an executor that is killed in its second stage; job 1 is cancelled; one line
// is cut.

#include "model/analyzers/spark/spark_analyzer.h"
#include "tests/support/analyzer_run.h"
#include "tests/support/extra_data.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/model/analyzers/spark/table_compare.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

using namespace jetlag;
using namespace jetlag::test;

namespace {

constexpr qint64 kStart = 1'709'632'800'000;

QJsonArray rows(const char* json)
{
    return QJsonDocument::fromJson(QByteArray(json)).array();
}

/// Times in `json` are milliseconds after the application's start.
QJsonArray rowsAfterStart(const char* json, const QStringList& times)
{
    QJsonArray moved;
    for (const QJsonValue& value : rows(json)) {
        QJsonObject row = value.toObject();
        for (const QString& time : times) {
            if (row.contains(time))
                row[time] = kStart + row[time].toInteger();
        }
        moved << row;
    }
    return moved;
}

QStringList fieldsOf(const QJsonArray& wanted)
{
    QStringList fields;
    for (const QJsonValue& value : wanted) {
        for (const QString& field : value.toObject().keys()) {
            if (!fields.contains(field))
                fields << field;
        }
    }
    return fields;
}

} // namespace

class TestSparkLog : public QObject
{
    Q_OBJECT

private:
    static void check(const AnalyzerRun& run, const char* name, const QStringList& key,
                      const QJsonArray& wanted)
    {
        const Table table = run.table(name);
        QCOMPARE(table.rows().size(), static_cast<std::size_t>(wanted.size()));
        compare(table, key, fieldsOf(wanted), wanted);
    }

private slots:
    void answersByHand()
    {
        AnalyzerRun run(sparkAnalyzer(), 1, {.onDemandTables = {"tasks"}});
        run.feedFile(testData() / "spark" / "application_1709632800000_0007_1");
        QCOMPARE(run.count(AnalyzerRun::Outcome::Malformed), 1u);

        check(run, "applications", {},
              rowsAfterStart(R"([
            {"name": "nightly etl", "startTime": 0, "endTime": 8000, "duration": 8000, "sparkUser": "etl",
             "completed": true, "appSparkVersion": "3.5.1"}])",
                             {QStringLiteral("startTime"), QStringLiteral("endTime")}));
        check(run, "jobs", {QStringLiteral("jobId")}, rows(R"([
            {"jobId": 0, "name": "save at Etl.scala:97", "status": "SUCCEEDED", "stageIds": [0, 1], "numTasks": 3,
             "numActiveTasks": 0, "numCompletedTasks": 3, "numFailedTasks": 2, "numKilledTasks": 0,
             "numCompletedIndices": 3, "numCompletedStages": 2, "numFailedStages": 0, "numSkippedStages": 0},
            {"jobId": 1, "name": "count at Etl.scala:120", "status": "FAILED", "stageIds": [2], "numTasks": 1,
             "numActiveTasks": 0, "numCompletedTasks": 0, "numFailedTasks": 0, "numKilledTasks": 1,
             "numCompletedIndices": 0, "numCompletedStages": 0, "numFailedStages": 1, "numSkippedStages": 0}])"));
        check(run, "stages", {QStringLiteral("stageId")},
              rowsAfterStart(R"([
            {"stageId": 0, "attemptId": 0, "status": "COMPLETE", "numTasks": 2, "numCompleteTasks": 2,
             "numFailedTasks": 1, "numKilledTasks": 0, "submissionTime": 2200, "firstTaskLaunchedTime": 2300,
             "completionTime": 4000, "executorRunTime": 2250, "jvmGcTime": 10, "inputBytes": 8292,
             "inputRecords": 81, "shuffleWriteBytes": 1024, "shuffleWriteRecords": 8, "resultSize": 3000},
            {"stageId": 1, "attemptId": 0, "status": "COMPLETE", "numTasks": 1, "numCompleteTasks": 1,
             "numFailedTasks": 1, "numKilledTasks": 0, "submissionTime": 4100, "firstTaskLaunchedTime": 4200,
             "completionTime": 5700, "executorRunTime": 990, "shuffleReadBytes": 1024,
             "shuffleRemoteBytesRead": 300, "shuffleLocalBytesRead": 724, "shuffleReadRecords": 8},
            {"stageId": 2, "attemptId": 0, "status": "FAILED", "numTasks": 1, "numCompleteTasks": 0,
             "numFailedTasks": 0, "numKilledTasks": 1, "submissionTime": 6100, "completionTime": 6950,
             "failureReason": "Job 1 cancelled by user", "executorRunTime": 600}])",
                             {QStringLiteral("submissionTime"), QStringLiteral("firstTaskLaunchedTime"),
                              QStringLiteral("completionTime")}));
        check(run, "executors", {QStringLiteral("id")},
              rowsAfterStart(R"([
            {"id": "1", "isActive": true, "totalCores": 2, "completedTasks": 3, "failedTasks": 0, "totalTasks": 4,
             "totalDuration": 3700, "totalGCTime": 10, "totalInputBytes": 8192, "totalShuffleRead": 1024,
             "totalShuffleWrite": 1024, "addTime": 1000},
            {"id": "2", "isActive": false, "totalCores": 2, "completedTasks": 0, "failedTasks": 2, "totalTasks": 2,
             "totalDuration": 800, "totalInputBytes": 100, "addTime": 1200, "removeTime": 4500,
             "removeReason": "Container killed on request. Exit code is 137"}])",
                             {QStringLiteral("addTime"), QStringLiteral("removeTime")}));
        check(run, "sql", {QStringLiteral("id")}, rows(R"([
            {"id": 0, "status": "COMPLETED", "description": "insert into clean", "duration": 3900,
             "successJobIds": [0], "failedJobIds": []}])"));
        check(run, "tasks", {QStringLiteral("taskId")}, rows(R"([
            {"taskId": 0, "stageId": 0, "index": 0, "attempt": 0, "duration": 1000, "status": "SUCCESS"},
            {"taskId": 1, "stageId": 0, "index": 1, "attempt": 0, "duration": 500, "status": "FAILED"},
            {"taskId": 2, "stageId": 0, "index": 1, "attempt": 1, "duration": 1000, "status": "SUCCESS"},
            {"taskId": 3, "stageId": 1, "index": 0, "attempt": 0, "duration": 300, "status": "FAILED"},
            {"taskId": 4, "stageId": 1, "index": 0, "attempt": 1, "duration": 1000, "status": "SUCCESS"},
            {"taskId": 5, "stageId": 2, "index": 0, "attempt": 0, "duration": 700, "status": "KILLED"}])"));
    }

    // Whoever looks in the middle sees what is running.
    void beforeItsEndTheApplicationIsRunning()
    {
        const std::string log = readFile(testData() / "spark" / "application_1709632800000_0007_1");
        AnalyzerRun run(sparkAnalyzer());
        run.feedLines(log.substr(0, log.find("SparkListenerStageCompleted") - 10));
        check(run, "applications", {}, rows(R"([{"completed": false, "duration": null}])"));
        check(run, "jobs", {QStringLiteral("jobId")},
              rows(R"([{"jobId": 0, "status": "RUNNING", "numCompletedTasks": 2, "numActiveStages": 1}])"));
    }
};

QTEST_GUILESS_MAIN(TestSparkLog)
#include "tst_spark_log.moc"
