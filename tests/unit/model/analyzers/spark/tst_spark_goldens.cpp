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
#include <set>

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
        QStringList cells = line.trimmed().split(QLatin1Char(','));
        // No cell that is looked at holds a comma; some files put every text in quotes.
        cells.replaceInStrings(QStringLiteral("\""), QString());
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

std::vector<std::int64_t> numbers(const Table& table, const Row& row, const QString& column)
{
    const auto* list = std::get_if<std::vector<std::int64_t>>(&row[columnOf(table, column)]);
    return list ? *list : std::vector<std::int64_t>();
}

/// Every attempt of every stage of these jobs, each once.
std::vector<Row> stagesOf(const std::vector<Row>& jobs, const Table& jobTable, const Table& stages)
{
    std::set<std::int64_t> ids;
    for (const Row& job : jobs) {
        for (const std::int64_t id : numbers(jobTable, job, QStringLiteral("stageIds")))
            ids.insert(id);
    }
    std::vector<Row> rows;
    for (const Row& stage : stages.rows()) {
        if (ids.contains(number(stages, stage, QStringLiteral("stageId"))))
            rows.push_back(stage);
    }
    return rows;
}

/// What these stages did together is what rapids-tools says. Their CPU times are whole milliseconds of each
/// stage, added up.
void sumsAgree(const Table& stages, const std::vector<Row>& rows, const QJsonObject& wanted)
{
    const auto sum = [&](const QString& column, qint64 unit) {
        qint64 all = 0;
        for (const Row& row : rows)
            all += number(stages, row, column) / unit;
        return all;
    };
    for (const auto& [their, our] : kSumNames)
        QVERIFY2(wanted[their].toInteger(-1) == sum(our, 1),
                 qPrintable(QStringLiteral("%1 is %2, theirs %3")
                                .arg(our)
                                .arg(sum(our, 1))
                                .arg(wanted[their].toInteger(-1))));
    QCOMPARE(sum(QStringLiteral("executorCpuTime"), kNanosPerMilli),
             wanted[QStringLiteral("executorCPUTimeSum")].toInteger());
    QCOMPARE(sum(QStringLiteral("executorDeserializeCpuTime"), kNanosPerMilli),
             wanted[QStringLiteral("executorDeserializeCpuTimeSum")].toInteger());
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
        QTest::addColumn<QString>("sql");
        const auto row = [](const char* log, const char* stages, const char* jobs, const char* sql) {
            QTest::newRow(log) << QString::fromLatin1(log) << QString::fromLatin1(stages)
                               << QString::fromLatin1(jobs) << QString::fromLatin1(sql);
        };
        row("rapids_join_eventlog.zst", "rapids_join_eventlog_stagemetricsagg_expectation.csv",
            "rapids_join_eventlog_jobmetricsagg_expectation.csv",
            "rapids_join_eventlog_sqlmetricsagg_expectation.csv");
        row("rapids_join_eventlog2.zst", "rapids_join_eventlog_stagemetricsagg2_expectation.csv",
            "rapids_join_eventlog_jobmetricsagg2_expectation.csv",
            "rapids_join_eventlog_sqlmetricsagg2_expectation.csv");
        row("nds_q88_photon_db_13_3.zst", "nds_q88_photon_db_13_3_stage_metrics_agg_expectation.csv",
            "nds_q88_photon_db_13_3_job_metrics_agg_expectation.csv",
            "nds_q88_photon_db_13_3_sql_metrics_agg_expectation.csv");
    }
    void rapidsToolsAgrees()
    {
        QFETCH(QString, log);
        QFETCH(QString, stages);
        QFETCH(QString, jobs);
        QFETCH(QString, sql);
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
        for (const QJsonValue& value : wantedStages) {
            const QJsonObject wanted = value.toObject();
            const qint64 id = wanted[QStringLiteral("id")].toInteger();
            QVERIFY2(stageRows.contains(id), qPrintable(QString::number(id)));
            const Row& row = *stageRows[id];
            sumsAgree(ourStages, {row}, wanted);
            if (QTest::currentTestFailed())
                return;
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
            sumsAgree(ourStages, stagesOf({*job}, ourJobs, ourStages), wanted);
            if (QTest::currentTestFailed())
                return;
        }

        // Per SQL execution: what its jobs' stages did, and how long it took.
        const Table ourSql = run.table("sql");
        const QJsonArray wantedSql = readCsv(folder + sql);
        QVERIFY(!wantedSql.isEmpty());
        for (const QJsonValue& value : wantedSql) {
            const QJsonObject wanted = value.toObject();
            const Row* execution = findRow(ourSql, {QStringLiteral("id")},
                                           {{QStringLiteral("id"), wanted[QStringLiteral("sqlId")]}});
            QVERIFY(execution);
            QCOMPARE(number(ourSql, *execution, QStringLiteral("duration")),
                     wanted[QStringLiteral("duration")].toInteger());
            std::vector<Row> jobRows;
            for (const char* column : {"successJobIds", "failedJobIds", "runningJobIds"}) {
                for (const std::int64_t id : numbers(ourSql, *execution, QString::fromLatin1(column))) {
                    const Row* job =
                        findRow(ourJobs, {QStringLiteral("jobId")}, {{QStringLiteral("jobId"), qint64(id)}});
                    QVERIFY(job);
                    jobRows.push_back(*job);
                }
            }
            QVERIFY(!jobRows.empty());
            sumsAgree(ourStages, stagesOf(jobRows, ourJobs, ourStages), wanted);
            if (QTest::currentTestFailed())
                return;
        }
    }

    void rapidsToolsKnowsTheSameSqlDurations()
    {
        JETLAG_NEED_EXTRA_DATA();
        AnalyzerRun run(sparkAnalyzer());
        run.feedFile(extraData() / "spark/spark-rapids-tools/complex_dec_eventlog");
        const Table sql = run.table("sql");
        const Table applications = run.table("applications");
        const QJsonArray wanted =
            readCsv(path("spark/oracles/rapids-tools/rapids_duration_and_cpu_expectation.csv"));
        QCOMPARE(std::size_t(wanted.size()), sql.rows().size());
        for (const QJsonValue& value : wanted) {
            const Row* row = findRow(sql, {QStringLiteral("id")},
                                     {{QStringLiteral("id"), value[QStringLiteral("sqlID")]}});
            QVERIFY(row);
            QCOMPARE(number(sql, *row, QStringLiteral("duration")),
                     value[QStringLiteral("SQL Duration")].toInteger());
            QCOMPARE(number(applications, applications.rows().front(), QStringLiteral("duration")),
                     value[QStringLiteral("App Duration")].toInteger());
        }
    }

    void rapidsToolsKnowsTheSameDurations_data()
    {
        JETLAG_NEED_EXTRA_DATA();
        QTest::addColumn<QString>("log");
        QTest::addColumn<QString>("summary");
        QTest::newRow("rolled") << "eventlog_v2_local-1623876083964/events_1_local-1623876083964.zst "
                                   "eventlog_v2_local-1623876083964/events_2_local-1623876083964"
                                << "eventlog_rolling.apps_summary.csv";
        QTest::newRow("Databricks") << "nds_q88_photon_db_13_3.zst"
                                    << "photon_db_13_3.apps_summary.csv";
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
        for (const QString& part : log.split(QLatin1Char(' ')))
            run.feedFile(extraData() / "spark/spark-rapids-tools" / part.toStdString());
        const Table applications = run.table("applications");
        QCOMPARE(applications.rows().size(), 1u);
        const Row& row = applications.rows().front();
        const QJsonObject wanted = readCsv(path("spark/oracles/rapids-tools/") + summary).first().toObject();
        const QString completed = shown(row[columnOf(applications, QStringLiteral("completed"))]);
        if (completed == QLatin1String("true"))
            QCOMPARE(number(applications, row, QStringLiteral("duration")),
                     wanted[QStringLiteral("App Duration")].toInteger());
        else // no end in the log: theirs is an estimate, and says so
            QCOMPARE(wanted[QStringLiteral("App Duration Estimated")].toString(), QStringLiteral("true"));
    }
};

QTEST_GUILESS_MAIN(TestSparkGoldens)
#include "tst_spark_goldens.moc"
