// SPDX-License-Identifier: Apache-2.0
//
// Real event logs against a second, independent reading of them and against Spark's own History Server.

#include "model/analyzers/spark/spark_analyzer.h"
#include "tests/support/analyzer_run.h"
#include "tests/support/extra_data.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/model/analyzers/spark/table_compare.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace jetlag;
using namespace jetlag::test;

namespace {

std::vector<std::filesystem::path> logsOf(const QJsonObject& oracle)
{
    std::vector<std::filesystem::path> logs;
    const QJsonValue file = oracle[QStringLiteral("file")];
    const QJsonArray files = file.isArray() ? file.toArray() : QJsonArray{file};
    for (const QJsonValue& one : files)
        logs.push_back(extraData() / one.toString().toStdString());
    return logs;
}

const QStringList kJobFields{
    QStringLiteral("status"),          QStringLiteral("numTasks"),       QStringLiteral("numCompletedTasks"),
    QStringLiteral("numFailedTasks"),  QStringLiteral("numKilledTasks"), QStringLiteral("numCompletedStages"),
    QStringLiteral("numFailedStages"), QStringLiteral("submissionTime"), QStringLiteral("completionTime")};
const QStringList kStageFields{
    QStringLiteral("status"),           QStringLiteral("name"),           QStringLiteral("numTasks"),
    QStringLiteral("numCompleteTasks"), QStringLiteral("numFailedTasks"), QStringLiteral("numKilledTasks"),
    QStringLiteral("submissionTime"),   QStringLiteral("completionTime"), QStringLiteral("failureReason")};
const QStringList kExecutorFields{QStringLiteral("hostPort"),          QStringLiteral("isActive"),
                                  QStringLiteral("totalCores"),        QStringLiteral("completedTasks"),
                                  QStringLiteral("failedTasks"),       QStringLiteral("totalTasks"),
                                  QStringLiteral("totalDuration"),     QStringLiteral("totalGCTime"),
                                  QStringLiteral("totalInputBytes"),   QStringLiteral("totalShuffleRead"),
                                  QStringLiteral("totalShuffleWrite"), QStringLiteral("maxMemory")};

/// Task 12418, of stage 34, is killed after its job 32 has ended. The second reading gives a task to the jobs
/// that still run; Spark's own listener keeps a stage's jobs with the stage, so its live page counts this
/// task, and so do we. (Its History Server writes the job again only once no task of the stage is left, and
/// some of this one never end.) It is the one such task in all logs.
QJsonArray withLateTasks(const QString& oracle, QJsonArray jobs)
{
    if (!oracle.endsWith(QLatin1String("gpu_oom_eventlog.json")))
        return jobs;
    for (auto&& value : jobs) {
        QJsonObject job = value.toObject();
        if (job[QStringLiteral("jobId")] == 32)
            job[QStringLiteral("numKilledTasks")] = job[QStringLiteral("numKilledTasks")].toInt() + 1;
        value = job;
    }
    return jobs;
}

} // namespace

class TestSparkOracles : public QObject
{
    Q_OBJECT

private slots:
    void everyLogAgreesWithASecondReading_data()
    {
        JETLAG_NEED_EXTRA_DATA();
        QTest::addColumn<QString>("oracle");
        const QDir folder(QString::fromStdString((extraData() / "spark/oracles/recomputed").string()));
        const QStringList files = folder.entryList({QStringLiteral("*.json")});
        QVERIFY(!files.isEmpty());
        for (const QString& file : files)
            QTest::newRow(qPrintable(file)) << folder.filePath(file);
    }
    void everyLogAgreesWithASecondReading()
    {
        QFETCH(QString, oracle);
        const QJsonObject wanted = readJson(oracle.toStdString()).object();
        AnalyzerRun run(sparkAnalyzer());
        for (const std::filesystem::path& log : logsOf(wanted))
            run.feedFile(log);
        QCOMPARE(run.count(AnalyzerRun::Outcome::Malformed),
                 std::uint64_t(wanted[QStringLiteral("unparsableLines")].toInteger()));
        compare(run.table("jobs"), {QStringLiteral("jobId")}, kJobFields,
                withLateTasks(oracle, wanted[QStringLiteral("jobs")].toArray()));
        if (QTest::currentTestFailed())
            return;
        const Table stages = run.table("stages");
        const QJsonArray wantedStages = wanted[QStringLiteral("stages")].toArray();
        const QStringList stageKey{QStringLiteral("stageId"), QStringLiteral("attemptId")};
        compare(stages, stageKey, kStageFields, wantedStages);
        for (const QJsonValue& stage : wantedStages) {
            if (QTest::currentTestFailed())
                return;
            QJsonObject sums = stage[QStringLiteral("sums")].toObject();
            const QStringList names = sums.keys();
            for (const QString& key : stageKey)
                sums[key] = stage[key];
            compare(stages, stageKey, names, {sums});
        }
        if (QTest::currentTestFailed())
            return;
        compare(run.table("executors"), {QStringLiteral("id")}, kExecutorFields,
                wanted[QStringLiteral("executors")].toArray());
    }

    void sparksOwnHistoryServerAgrees()
    {
        JETLAG_NEED_EXTRA_DATA();
        AnalyzerRun run(sparkAnalyzer());
        run.feedFile(extraData() / "spark/apache-spark/local-1422981780767");
        const std::filesystem::path golden = extraData() / "spark/oracles/history-server/local-1422981780767";
        QStringList jobFields = kJobFields;
        jobFields.removeAll(QStringLiteral("submissionTime"));
        jobFields.removeAll(QStringLiteral("completionTime"));
        jobFields << QStringLiteral("name") << QStringLiteral("numCompletedIndices")
                  << QStringLiteral("numSkippedStages") << QStringLiteral("numSkippedTasks");
        compare(run.table("jobs"), {QStringLiteral("jobId")}, jobFields,
                readJson(golden / "job_list_json_expectation.json").array());
        if (QTest::currentTestFailed())
            return;
        compare(run.table("stages"), {QStringLiteral("stageId"), QStringLiteral("attemptId")},
                {QStringLiteral("status"), QStringLiteral("name"), QStringLiteral("numTasks"),
                 QStringLiteral("numCompleteTasks"), QStringLiteral("numFailedTasks"),
                 QStringLiteral("numKilledTasks"), QStringLiteral("numCompletedIndices"),
                 QStringLiteral("executorRunTime"), QStringLiteral("resultSize"),
                 QStringLiteral("inputBytes"), QStringLiteral("shuffleReadBytes"),
                 QStringLiteral("shuffleWriteBytes"), QStringLiteral("failureReason")},
                readJson(golden / "stage_list_json_expectation.json").array());
        if (QTest::currentTestFailed())
            return;
        const Table applications = run.table("applications");
        QCOMPARE(applications.rows().size(), 1u);
        const Row& row = applications.rows().front();
        QCOMPARE(shown(row[columnOf(applications, QStringLiteral("duration"))]), QStringLiteral("9011"));
        QCOMPARE(shown(row[columnOf(applications, QStringLiteral("sparkUser"))]), QStringLiteral("irashid"));
    }

    void aStateThatWasSavedInTheMiddleGoesOnTheSame()
    {
        JETLAG_NEED_EXTRA_DATA();
        const std::string log = readFile(extraData() / "spark/apache-spark/application_1538416563558_0014");
        AnalyzerRun whole(sparkAnalyzer());
        whole.feedLines(log);
        for (std::size_t cut = log.find('\n'); cut != std::string::npos;
             cut = log.find('\n', cut + 1 + log.size() / 20)) {
            AnalyzerRun before(sparkAnalyzer());
            before.feedLines(log.substr(0, cut + 1));
            AnalyzerRun after(sparkAnalyzer());
            QVERIFY(after.restore(before.snapshots()).hasValue());
            after.feedLines(log.substr(cut + 1));
            QVERIFY(after.allText() == whole.allText());
        }
    }

    void whatIsNotWellFormedIsRefused_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("cut word") << QByteArray(R"({"a": tru)");
        QTest::newRow("comma at the end") << QByteArray("[1,]");
        QTest::newRow("over 64 bits") << QByteArray(R"({"Event":"x","n":18446744073709551616})");
        QTest::newRow("number too large") << QByteArray(R"({"Event":"x","n":1e400})");
        QTest::newRow("lone surrogate") << QByteArray(R"({"Event":"\ud800"})");
        QTest::newRow("bare NaN") << QByteArray(R"({"Event":NaN})");
        QTest::newRow("too deep") << QByteArray(2'000, '[') + QByteArray(2'000, ']');
        QTest::newRow("two values") << QByteArray("{} {}");
    }
    void whatIsNotWellFormedIsRefused()
    {
        QFETCH(QByteArray, line);
        for (const bool padded : {true, false}) {
            AnalyzerRun run(sparkAnalyzer());
            if (!padded)
                run.withoutPadding();
            QVERIFY(run.feed(line.toStdString(), "spark.-", "app") == AnalyzerRun::Outcome::Malformed);
            QVERIFY(run.feed(R"({"Event":"Unknown"})", "spark.-", "app") == AnalyzerRun::Outcome::Applied);
        }
    }

    void jobsStagesAndTasksByHand()
    {
        // One stage of two tasks: one succeeds, one fails, is lost again by Resubmitted, and is killed; the
        // stage fails, the second stage never begins.
        AnalyzerRun run(sparkAnalyzer(), 1, {.onDemandTables = {"tasks"}});
        const auto feed = [&run](std::string_view json) {
            QVERIFY(run.feed(json, "spark.app-1", "app-1/2") == AnalyzerRun::Outcome::Applied);
        };
        const auto end = [&feed](int task, int index, const char* reason) {
            feed(
                QByteArray(
                    R"({"Event":"SparkListenerTaskEnd","Stage ID":0,"Stage Attempt ID":0,"Task End Reason":{"Reason":")" +
                    QByteArray(reason) + R"("},"Task Info":{"Task ID":)" + QByteArray::number(task) +
                    R"(,"Index":)" + QByteArray::number(index) +
                    R"(,"Attempt":0,"Launch Time":1000,"Finish Time":1500,"Executor ID":"1"},"Task Metrics":{"Executor Run Time":400}})")
                    .toStdString());
        };
        feed(
            R"({"Event":"SparkListenerExecutorAdded","Timestamp":900,"Executor ID":"1","Executor Info":{"Host":"h","Total Cores":4}})");
        feed(
            R"({"Event":"SparkListenerJobStart","Job ID":7,"Submission Time":950,"Stage IDs":[0,1],"Stage Infos":[)"
            R"({"Stage ID":0,"Stage Attempt ID":0,"Stage Name":"map","Number of Tasks":2},)"
            R"({"Stage ID":1,"Stage Attempt ID":0,"Stage Name":"reduce","Number of Tasks":3}]})");
        feed(
            R"({"Event":"SparkListenerStageSubmitted","Stage Info":{"Stage ID":0,"Stage Attempt ID":0,"Stage Name":"map","Number of Tasks":2,"Submission Time":960}})");
        for (int task = 0; task < 3; ++task)
            feed(
                R"({"Event":"SparkListenerTaskStart","Stage ID":0,"Stage Attempt ID":0,"Task Info":{"Task ID":)" +
                std::to_string(task) + R"(,"Index":)" + std::to_string(task % 2) +
                R"(,"Launch Time":1000,"Executor ID":"1"}})");
        end(0, 0, "Success");
        end(1, 1, "ExceptionFailure");
        end(0, 0, "Resubmitted");
        end(2, 0, "TaskKilled");
        feed(
            R"({"Event":"SparkListenerStageCompleted","Stage Info":{"Stage ID":0,"Stage Attempt ID":0,"Stage Name":"map","Number of Tasks":2,)"
            R"("Submission Time":960,"Completion Time":1600,"Failure Reason":"boom"}})");
        feed(
            R"({"Event":"SparkListenerJobEnd","Job ID":7,"Completion Time":1700,"Job Result":{"Result":"JobFailed"}})");

        compare(run.table("jobs"), {QStringLiteral("jobId")},
                {QStringLiteral("appId"), QStringLiteral("appAttemptId"), QStringLiteral("status"),
                 QStringLiteral("name"), QStringLiteral("numTasks"), QStringLiteral("numActiveTasks"),
                 QStringLiteral("numCompletedTasks"), QStringLiteral("numFailedTasks"),
                 QStringLiteral("numKilledTasks"), QStringLiteral("numSkippedTasks"),
                 QStringLiteral("numFailedStages"), QStringLiteral("numSkippedStages"),
                 QStringLiteral("numCompletedIndices")},
                {QJsonObject{{QStringLiteral("jobId"), 7},
                             {QStringLiteral("appId"), QStringLiteral("app-1")},
                             {QStringLiteral("appAttemptId"), QStringLiteral("2")},
                             {QStringLiteral("status"), QStringLiteral("FAILED")},
                             {QStringLiteral("name"), QStringLiteral("reduce")},
                             {QStringLiteral("numTasks"), 5},
                             {QStringLiteral("numActiveTasks"), 0},
                             {QStringLiteral("numCompletedTasks"), 1},
                             {QStringLiteral("numFailedTasks"), 2},
                             {QStringLiteral("numKilledTasks"), 1},
                             {QStringLiteral("numSkippedTasks"), 3},
                             {QStringLiteral("numFailedStages"), 1},
                             {QStringLiteral("numSkippedStages"), 1},
                             {QStringLiteral("numCompletedIndices"), 1}}});
        if (QTest::currentTestFailed())
            return;
        compare(
            run.table("stages"), {QStringLiteral("stageId")},
            {QStringLiteral("status"), QStringLiteral("executorRunTime"), QStringLiteral("failureReason")},
            {QJsonObject{{QStringLiteral("stageId"), 0},
                         {QStringLiteral("status"), QStringLiteral("FAILED")},
                         {QStringLiteral("executorRunTime"), 1'600},
                         {QStringLiteral("failureReason"), QStringLiteral("boom")}},
             QJsonObject{{QStringLiteral("stageId"), 1},
                         {QStringLiteral("status"), QStringLiteral("SKIPPED")}}});
        QCOMPARE(run.table("tasks").rows().size(), 3u);
    }
};

QTEST_GUILESS_MAIN(TestSparkOracles)
#include "tst_spark_oracles.moc"
