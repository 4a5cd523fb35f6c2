// SPDX-License-Identifier: Apache-2.0
//
// Real event logs against golden answers of others: Spark's own History Server (REST v1), and the metrics of
// NVIDIA's spark-rapids-tools.

#include "model/analyzers/spark/spark_analyzer.h"
#include "tests/support/analyzer_run.h"
#include "tests/support/extra_data.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/model/analyzers/spark/table_compare.h"

#include <QDir>
#include <QJsonObject>
#include <QTest>

#include <map>

using namespace jetlag;
using namespace jetlag::test;

namespace {

QString path(const char* below)
{
    return QString::fromStdString((extraData() / below).string());
}

/// Which of our tables answers a golden file, by its name; empty = it is about something that we don't tell.
struct Answer
{
    const char* nameHas;
    const char* table;
    QStringList key;
};
const QList<Answer> kAnswers{
    {"stage_task_list", "tasks", {QStringLiteral("taskId")}},
    {"job", "jobs", {QStringLiteral("jobId")}},
    {"stage_task_summary", "", {}},
    {"with_details", "stages", {QStringLiteral("stageId"), QStringLiteral("attemptId")}},
    {"stage", "stages", {QStringLiteral("stageId"), QStringLiteral("attemptId")}},
    {"executor", "executors", {QStringLiteral("id")}},
};

// Golden fields that are another's estimate or that the log cannot give.
const QStringList kNotCompared{
    QStringLiteral("details"),
    // Spark 1.x logs name no launch time of the first task; the server takes it from elsewhere.
    QStringLiteral("description"),
};

QJsonArray objectsOf(const QJsonDocument& document)
{
    return document.isArray() ? document.array() : QJsonArray{document.object()};
}

/// All fields that both have.
QStringList sharedFields(const Table& table, const QJsonArray& wanted)
{
    QStringList fields;
    for (const QJsonValue& value : wanted) {
        for (const QString& field : value.toObject().keys()) {
            if (hasColumn(table, field) && !fields.contains(field) && !kNotCompared.contains(field))
                fields << field;
        }
    }
    return fields;
}

/// Rows of a CSV file as objects of numbers and texts.
QJsonArray readCsv(const QString& file)
{
    const QStringList lines =
        QString::fromStdString(readFile(file.toStdString())).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    const QStringList header = lines.first().trimmed().split(QLatin1Char(','));
    QJsonArray rows;
    for (const QString& line : lines.mid(1)) {
        const QStringList cells = line.trimmed().split(QLatin1Char(','));
        QJsonObject row;
        for (qsizetype at = 0; at < std::min(header.size(), cells.size()); ++at) {
            bool isNumber = false;
            const qint64 number = cells[at].toLongLong(&isNumber);
            row[header[at]] = isNumber ? QJsonValue(number) : QJsonValue(cells[at]);
        }
        rows << row;
    }
    return rows;
}

// Their name → ours, for sums over a stage's tasks. CPU times are milliseconds there, nanoseconds here.
const std::map<QString, QString> kSumNames{
    {QStringLiteral("numTasks"), QStringLiteral("numCompleteTasks")},
    {QStringLiteral("diskBytesSpilledSum"), QStringLiteral("diskBytesSpilled")},
    {QStringLiteral("memoryBytesSpilledSum"), QStringLiteral("memoryBytesSpilled")},
    {QStringLiteral("executorRunTimeSum"), QStringLiteral("executorRunTime")},
    {QStringLiteral("executorDeserializeTimeSum"), QStringLiteral("executorDeserializeTime")},
    {QStringLiteral("inputBytesReadSum"), QStringLiteral("inputBytes")},
    {QStringLiteral("inputRecordsReadSum"), QStringLiteral("inputRecords")},
    {QStringLiteral("jvmGCTimeSum"), QStringLiteral("jvmGcTime")},
    {QStringLiteral("outputBytesWrittenSum"), QStringLiteral("outputBytes")},
    {QStringLiteral("outputRecordsWrittenSum"), QStringLiteral("outputRecords")},
    {QStringLiteral("resultSerializationTimeSum"), QStringLiteral("resultSerializationTime")},
    {QStringLiteral("srFetchWaitTimeSum"), QStringLiteral("shuffleFetchWaitTime")},
    {QStringLiteral("srLocalBlocksFetchedSum"), QStringLiteral("shuffleLocalBlocksFetched")},
    {QStringLiteral("srcLocalBytesReadSum"), QStringLiteral("shuffleLocalBytesRead")},
    {QStringLiteral("srRemoteBlocksFetchSum"), QStringLiteral("shuffleRemoteBlocksFetched")},
    {QStringLiteral("srRemoteBytesReadSum"), QStringLiteral("shuffleRemoteBytesRead")},
    {QStringLiteral("srRemoteBytesReadToDiskSum"), QStringLiteral("shuffleRemoteBytesReadToDisk")},
    {QStringLiteral("srTotalBytesReadSum"), QStringLiteral("shuffleReadBytes")},
    {QStringLiteral("swBytesWrittenSum"), QStringLiteral("shuffleWriteBytes")},
    {QStringLiteral("swRecordsWrittenSum"), QStringLiteral("shuffleWriteRecords")},
};
constexpr qint64 kNanosPerMilli = 1'000'000;

qint64 number(const Table& table, const Row& row, const QString& column)
{
    return shown(row[columnOf(table, column)]).toLongLong();
}

} // namespace

class TestSparkGoldens : public QObject
{
    Q_OBJECT

private slots:
    void theHistoryServerAgrees_data()
    {
        JETLAG_NEED_EXTRA_DATA();
        QTest::addColumn<QString>("application");
        const QDir goldens(path("spark/oracles/history-server"));
        for (const QString& application : goldens.entryList(QDir::Dirs | QDir::NoDotAndDotDot))
            QTest::newRow(qPrintable(application)) << application;
    }
    void theHistoryServerAgrees()
    {
        QFETCH(QString, application);
        AnalyzerRun run(sparkAnalyzer(), 1, {.onDemandTables = {"tasks"}});
        run.feedFile(extraData() / "spark/apache-spark" / application.toStdString());
        const QDir goldens(path("spark/oracles/history-server") + QLatin1Char('/') + application);
        for (const QString& file : goldens.entryList({QStringLiteral("*.json")})) {
            const auto answer = std::find_if(kAnswers.begin(), kAnswers.end(), [&](const Answer& one) {
                return file.contains(QLatin1String(one.nameHas));
            });
            // Storage, environment and profiles of resources are not told by this analyzer.
            if (answer == kAnswers.end() || *answer->table == '\0' || file.contains(QLatin1String("rdd")))
                continue;
            QJsonArray wanted = objectsOf(readJson(goldens.filePath(file).toStdString()));
            const Table table = run.table(answer->table);
            for (auto&& value : wanted) {
                QJsonObject object = value.toObject();
                // Today's server overwrites these of the driver with what it knows of itself.
                if (object[QStringLiteral("id")] == QLatin1String("driver")) {
                    object.remove(QStringLiteral("totalDuration"));
                    object.remove(QStringLiteral("totalGCTime"));
                }
                value = object;
            }
            const QStringList fields = sharedFields(table, wanted);
            const int compared = compare(table, answer->key, fields, wanted);
            if (QTest::currentTestFailed()) {
                qInfo("while comparing %s", qPrintable(file));
                return;
            }
            QVERIFY2(wanted.isEmpty() || compared > 5, qPrintable(file));
        }
    }

    void theHistoryServersListOfApplicationsAgrees()
    {
        JETLAG_NEED_EXTRA_DATA();
        const QJsonArray applications =
            readJson(extraData() /
                     "spark/oracles/history-server/application_list_json_expectation.filtered.json")
                .array();
        QVERIFY(!applications.isEmpty());
        int compared = 0;
        for (const QJsonValue& value : applications) {
            const QString id = value[QStringLiteral("id")].toString();
            for (const QJsonValue& attempt : value[QStringLiteral("attempts")].toArray()) {
                const QString attemptId = attempt[QStringLiteral("attemptId")].toString();
                QString log = path("spark/apache-spark/") + id;
                if (!attemptId.isEmpty())
                    log += QLatin1Char('_') + attemptId;
                QVERIFY2(QFile::exists(log), qPrintable(log));
                AnalyzerRun run(sparkAnalyzer());
                run.feedFile(log.toStdString());
                QJsonObject wanted = attempt.toObject();
                wanted[QStringLiteral("startTime")] = wanted[QStringLiteral("startTimeEpoch")];
                wanted[QStringLiteral("endTime")] = wanted[QStringLiteral("endTimeEpoch")];
                wanted[QStringLiteral("name")] = value[QStringLiteral("name")];
                compared +=
                    compare(run.table("applications"), {},
                            {QStringLiteral("name"), QStringLiteral("startTime"), QStringLiteral("endTime"),
                             QStringLiteral("duration"), QStringLiteral("sparkUser"),
                             QStringLiteral("completed"), QStringLiteral("appSparkVersion")},
                            {wanted});
                if (QTest::currentTestFailed())
                    return;
            }
        }
        QVERIFY(compared >= 7 * 10);
    }

    void rapidsToolsAgrees_data()
    {
        JETLAG_NEED_EXTRA_DATA();
        QTest::addColumn<QString>("log");
        QTest::addColumn<QString>("stages");
        QTest::addColumn<QString>("jobs");
        const auto row = [](const char* log, const char* stages, const char* jobs) {
            QTest::newRow(log) << QString::fromLatin1(log) << QString::fromLatin1(stages)
                               << QString::fromLatin1(jobs);
        };
        row("rapids_join_eventlog.zst", "rapids_join_eventlog_stagemetricsagg_expectation.csv",
            "rapids_join_eventlog_jobmetricsagg_expectation.csv");
        row("rapids_join_eventlog2.zst", "rapids_join_eventlog_stagemetricsagg2_expectation.csv",
            "rapids_join_eventlog_jobmetricsagg2_expectation.csv");
        row("nds_q88_photon_db_13_3.zst", "nds_q88_photon_db_13_3_stage_metrics_agg_expectation.csv",
            "nds_q88_photon_db_13_3_job_metrics_agg_expectation.csv");
    }
    void rapidsToolsAgrees()
    {
        QFETCH(QString, log);
        QFETCH(QString, stages);
        QFETCH(QString, jobs);
        AnalyzerRun run(sparkAnalyzer());
        run.feedFile(extraData() / "spark/spark-rapids-tools" / log.toStdString());
        const QString folder = path("spark/oracles/rapids-tools/");
        const Table ourStages = run.table("stages");
        const Table ourJobs = run.table("jobs");

        // Per stage: their sums are ours.
        std::map<qint64, const Row*> stageRows;
        for (const Row& row : ourStages.rows())
            stageRows[number(ourStages, row, QStringLiteral("stageId"))] = &row;
        const QJsonArray wantedStages = readCsv(folder + stages);
        QVERIFY(!wantedStages.isEmpty());
        std::map<qint64, QJsonObject> theirs;
        for (const QJsonValue& value : wantedStages) {
            const QJsonObject wanted = value.toObject();
            const qint64 id = wanted[QStringLiteral("id")].toInteger();
            theirs[id] = wanted;
            QVERIFY2(stageRows.contains(id), qPrintable(QString::number(id)));
            const Row& row = *stageRows[id];
            for (const auto& [their, our] : kSumNames)
                QVERIFY2(wanted[their].toInteger(-1) == number(ourStages, row, our),
                         qPrintable(QStringLiteral("stage %1, %2").arg(id).arg(their)));
            QCOMPARE(number(ourStages, row, QStringLiteral("executorCpuTime")) / kNanosPerMilli,
                     wanted[QStringLiteral("executorCPUTimeSum")].toInteger());
            QCOMPARE(number(ourStages, row, QStringLiteral("executorDeserializeCpuTime")) / kNanosPerMilli,
                     wanted[QStringLiteral("executorDeserializeCpuTimeSum")].toInteger());
            QCOMPARE(number(ourStages, row, QStringLiteral("completionTime")) -
                         number(ourStages, row, QStringLiteral("submissionTime")),
                     wanted[QStringLiteral("duration")].toInteger());
        }

        // Per job: the same stages belong to it, so its tasks and sums are those of its stages.
        const QJsonArray wantedJobs = readCsv(folder + jobs);
        QVERIFY(!wantedJobs.isEmpty());
        for (const QJsonValue& value : wantedJobs) {
            const QJsonObject wanted = value.toObject();
            const Row* job = findRow(ourJobs, {QStringLiteral("jobId")},
                                     {{QStringLiteral("jobId"), wanted[QStringLiteral("id")]}});
            QVERIFY(job);
            QCOMPARE(number(ourJobs, *job, QStringLiteral("numCompletedTasks")),
                     wanted[QStringLiteral("numTasks")].toInteger());
            QCOMPARE(number(ourJobs, *job, QStringLiteral("completionTime")) -
                         number(ourJobs, *job, QStringLiteral("submissionTime")),
                     wanted[QStringLiteral("duration")].toInteger());
        }
    }

    void rapidsToolsKnowsTheSameDurations_data()
    {
        JETLAG_NEED_EXTRA_DATA();
        QTest::addColumn<QString>("log");
        QTest::addColumn<QString>("summary");
        QTest::newRow("dsv2") << "eventlog_dsv2"
                              << "read_dsv2.apps_summary.csv";
        QTest::newRow("jdbc") << "jdbc_eventlog"
                              << "jdbc_eventlog.apps_summary.csv";
        QTest::newRow("missing SQL end") << "join_missing_sql_end"
                                         << "missing_sql_end.apps_summary.csv";
        QTest::newRow("Spark 2") << "spark2-eventlog"
                                 << "spark_2.apps_summary.csv";
        QTest::newRow("truncated") << "truncated_eventlog"
                                   << "truncated_1_end.apps_summary.csv";
    }
    void rapidsToolsKnowsTheSameDurations()
    {
        QFETCH(QString, log);
        QFETCH(QString, summary);
        AnalyzerRun run(sparkAnalyzer());
        run.feedFile(extraData() / "spark/spark-rapids-tools" / log.toStdString());
        const Table applications = run.table("applications");
        QCOMPARE(applications.rows().size(), 1u);
        const Row& row = applications.rows().front();
        const QJsonObject wanted = readCsv(path("spark/oracles/rapids-tools/") + summary).first().toObject();
        const QString completed = shown(row[columnOf(applications, QStringLiteral("completed"))]);
        if (completed == QLatin1String("true"))
            QCOMPARE(number(applications, row, QStringLiteral("duration")),
                     wanted[QStringLiteral("App Duration")].toInteger());
        else
            QVERIFY(log == QLatin1String("truncated_eventlog"));
    }
};

QTEST_GUILESS_MAIN(TestSparkGoldens)
#include "tst_spark_goldens.moc"
