// SPDX-License-Identifier: Apache-2.0
#include "model/workload/spark_workload.h"
#include "tests/support/extra_data.h"
#include "tests/support/read_log.h"
#include "tests/support/temp_folder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace jetlag;
using test::linesOf;

namespace {

QJsonObject parsed(std::string_view line)
{
    QJsonParseError error;
    const QJsonObject event =
        QJsonDocument::fromJson(QByteArray(line.data(), static_cast<qsizetype>(line.size())), &error)
            .object();
    return error.error == QJsonParseError::NoError ? event : QJsonObject();
}

QString typeOf(const QJsonObject& event)
{
    return event.value(QLatin1String("Event")).toString().section(QLatin1Char('.'), -1);
}

QJsonValue at(const QJsonObject& event, std::initializer_list<const char*> path)
{
    QJsonValue value = event;
    for (const char* name : path)
        value = value.toObject().value(QLatin1String(name));
    return value;
}

/// Follows one log and says what does not fit together; empty = all well.
class Auditor
{
public:
    QString take(const QJsonObject& event)
    {
        static const QStringList kPreamble{QStringLiteral("SparkListenerLogStart"),
                                           QStringLiteral("SparkListenerResourceProfileAdded"),
                                           QStringLiteral("SparkListenerBlockManagerAdded"),
                                           QStringLiteral("SparkListenerEnvironmentUpdate"),
                                           QStringLiteral("SparkListenerApplicationStart")};
        const QString type = typeOf(event);
        ++counts[type];
        if (m_events < kPreamble.size() && type != kPreamble[m_events])
            return QStringLiteral("the preamble is out of order");
        ++m_events;
        if (m_ended)
            return QStringLiteral("something comes after the end");
        const std::int64_t stage = event.value(QLatin1String("Stage ID")).toInteger(-1);
        const std::int64_t task = at(event, {"Task Info", "Task ID"}).toInteger(-1);
        const std::int64_t info = at(event, {"Stage Info", "Stage ID"}).toInteger(-1);
        const std::int64_t job = event.value(QLatin1String("Job ID")).toInteger(-1);
        const std::int64_t sql = event.value(QLatin1String("executionId")).toInteger(-1);
        const QString executor = at(event, {"Task Info", "Executor ID"}).toString();
        if (type == QLatin1String("SparkListenerExecutorAdded"))
            return require(m_executors.insert(event.value(QLatin1String("Executor ID")).toString()).second,
                           "added twice");
        if (type == QLatin1String("SparkListenerExecutorRemoved"))
            return require(m_executors.erase(event.value(QLatin1String("Executor ID")).toString()) == 1,
                           "not there");
        if (type == QLatin1String("SparkListenerJobStart")) {
            const QJsonArray ids = event.value(QLatin1String("Stage IDs")).toArray();
            for (const QJsonValue& id : ids)
                m_known.insert(id.toInteger());
            return require(m_jobs.insert(job).second, "a job starts twice");
        }
        if (type == QLatin1String("SparkListenerJobEnd"))
            return require(m_jobs.erase(job) == 1 && m_stages.empty(),
                           "a job ends that does not run, or too early");
        if (type == QLatin1String("SparkListenerStageSubmitted"))
            return require(m_known.count(info) == 1 && m_stages.insert(info).second,
                           "no job knows the stage");
        if (type == QLatin1String("SparkListenerStageCompleted")) {
            const QString failure = at(event, {"Stage Info", "Failure Reason"}).toString();
            const std::int64_t tasks = at(event, {"Stage Info", "Number of Tasks"}).toInteger();
            const bool whole = std::int64_t(m_done[info].size()) == tasks;
            return require(m_stages.erase(info) == 1 && m_tasks.empty() && whole == failure.isEmpty(),
                           "a stage completes without its tasks");
        }
        if (type == QLatin1String("SparkListenerTaskStart"))
            return require(m_stages.count(stage) == 1 && m_executors.count(executor) == 1 &&
                               m_tasks.insert(task).second,
                           "a task starts nowhere");
        if (type == QLatin1String("SparkListenerTaskEnd")) {
            const QString reason = at(event, {"Task End Reason", "Reason"}).toString();
            ++reasons[reason];
            if (reason == QLatin1String("Success"))
                m_done[stage].insert(at(event, {"Task Info", "Index"}).toInteger());
            const bool measured = event.contains(QLatin1String("Task Metrics"));
            const std::int64_t duration = at(event, {"Task Info", "Finish Time"}).toInteger() -
                                          at(event, {"Task Info", "Launch Time"}).toInteger();
            const bool lost = reason == QLatin1String("ExecutorLostFailure");
            return require(m_tasks.erase(task) == 1 && measured != lost && duration >= 0 &&
                               at(event, {"Task Metrics", "Executor Run Time"}).toInteger() <= duration,
                           "a task ends that does not run, or with the wrong numbers");
        }
        if (type == QLatin1String("SparkListenerSQLExecutionStart"))
            return require(m_sqls.insert(sql).second, "a SQL execution starts twice");
        if (type == QLatin1String("SparkListenerSQLExecutionEnd"))
            return require(m_sqls.erase(sql) == 1 && m_jobs.empty(), "a SQL execution ends too early");
        if (type == QLatin1String("SparkListenerApplicationEnd")) {
            m_ended = true;
            return require(m_jobs.empty() && m_tasks.empty() && m_sqls.empty(),
                           "the application ends too early");
        }
        return {};
    }

    [[nodiscard]] bool ended() const { return m_ended; }

    std::map<QString, int> counts;
    std::map<QString, int> reasons;

private:
    static QString require(bool holds, const char* otherwise)
    {
        return holds ? QString() : QString::fromLatin1(otherwise);
    }

    qsizetype m_events = 0;
    bool m_ended = false;
    std::set<QString> m_executors;
    std::set<std::int64_t> m_known, m_jobs, m_stages, m_tasks, m_sqls;
    std::map<std::int64_t, std::set<std::int64_t>> m_done;
};

// Objects whose names are data.
bool isMap(const QString& name)
{
    static const QStringList kMaps{QStringLiteral("Properties"),
                                   QStringLiteral("Spark Properties"),
                                   QStringLiteral("Hadoop Properties"),
                                   QStringLiteral("System Properties"),
                                   QStringLiteral("Metrics Properties"),
                                   QStringLiteral("Classpath Entries"),
                                   QStringLiteral("Attributes"),
                                   QStringLiteral("Resources"),
                                   QStringLiteral("metadata"),
                                   QStringLiteral("modifiedConfigs"),
                                   QStringLiteral("Log Urls")};
    return kMaps.contains(name);
}

// `Task Info/Accumulables/ID`; what is below `sparkPlanInfo/children` counts as the plan's root.
void collectPaths(const QJsonValue& value, const QString& path, std::set<QString>& paths)
{
    if (value.isArray()) {
        const QJsonArray list = value.toArray();
        for (const QJsonValue& each : list)
            collectPaths(each, path, paths);
        return;
    }
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it.key() == QLatin1String("children")) {
            paths.insert(path + QLatin1String("/children"));
            collectPaths(it.value(), path, paths);
            continue;
        }
        const QString inner = path + QLatin1Char('/') + it.key();
        paths.insert(inner);
        if (!isMap(it.key()))
            collectPaths(it.value(), inner, paths);
    }
}

} // namespace

class TestSparkWorkload : public QObject
{
    Q_OBJECT

private slots:
    void applicationsHoldTogether()
    {
        WorkloadOptions options;
        options.seed = 11;
        SparkWorkload workload(options);
        std::map<std::string, Auditor> logs;
        std::int64_t taskEnds = 0;
        std::int64_t taskEndBytes = 0;
        for (int i = 0; i < 20'000; ++i) {
            const WorkloadRecord record = workload.next();
            const QJsonObject event = parsed(record.line);
            QVERIFY2(!event.isEmpty(), std::string(record.line).c_str());
            const QString problem = logs[std::string(record.file)].take(event);
            QVERIFY2(problem.isEmpty(), qPrintable(problem + QLatin1String(": ") +
                                                   QString::fromStdString(std::string(record.line))));
            if (typeOf(event) == QLatin1String("SparkListenerTaskEnd")) {
                ++taskEnds;
                taskEndBytes += static_cast<std::int64_t>(record.line.size());
            }
        }
        int ended = 0;
        std::map<QString, int> reasons;
        std::map<QString, int> counts;
        for (const auto& [name, log] : logs) {
            ended += log.ended();
            for (const auto& [reason, count] : log.reasons)
                reasons[reason] += count;
            for (const auto& [type, count] : log.counts)
                counts[type] += count;
        }
        QVERIFY(ended > 5);
        QVERIFY(reasons[QStringLiteral("Success")] > 7'000);
        for (const char* reason : {"ExceptionFailure", "ExecutorLostFailure", "TaskKilled"})
            QVERIFY2(reasons[QString::fromLatin1(reason)] > 10, reason);
        QVERIFY(counts[QStringLiteral("SparkListenerExecutorRemoved")] > 3);
        QVERIFY(counts[QStringLiteral("SparkListenerSQLExecutionEnd")] > 10);
        // Half of the real ones have less than 2.6 KB, on average they have 4.9.
        QVERIFY2(taskEndBytes / taskEnds > 2'500 && taskEndBytes / taskEnds < 4'500,
                 QByteArray::number(qint64(taskEndBytes / taskEnds)).constData());
    }

    void logsOfAnyLengthEndWell_data()
    {
        QTest::addColumn<int>("events");
        for (int events : {1,  4,  5,  12, 13, 14, 15,  16,    17,    18,    19,
                           20, 25, 50, 51, 52, 53, 200, 1'000, 1'001, 1'002, 1'003})
            QTest::addRow("%d events", events) << events;
    }
    void logsOfAnyLengthEndWell()
    {
        QFETCH(int, events);
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            const test::TempFolder folder;
            QVERIFY(writeWorkload("spark", folder.path(), static_cast<std::uint64_t>(events), 1, seed)
                        .hasValue());
            const std::vector<std::string> lines =
                linesOf(std::filesystem::directory_iterator(folder.path())->path());
            QCOMPARE(int(lines.size()), events);
            Auditor auditor;
            for (const std::string& line : lines) {
                const QString problem = auditor.take(parsed(line));
                QVERIFY2(problem.isEmpty(), qPrintable(problem));
            }
            constexpr int kLongestPreamble = 5 + 2 * 5;
            if (events > kLongestPreamble)
                QVERIFY(auditor.ended());
        }
    }

    void eventsHaveTheFieldsOfRealOnes()
    {
        JETLAG_NEED_EXTRA_DATA();
        const std::filesystem::path spark = test::extraData() / "spark" / "spark-rapids-tools";
        std::map<QString, std::set<QString>> anywhere;
        std::map<QString, std::set<QString>> always; // in each event of a log of Spark 3.5
        for (const auto& entry : std::filesystem::directory_iterator(spark)) {
            if (!entry.is_regular_file() || entry.path().extension() == ".zst")
                continue;
            const bool newest = entry.path().filename() == "python_udf_eventlog";
            for (const std::string& line : linesOf(entry.path())) {
                const QJsonObject event = parsed(line);
                const QString type = typeOf(event);
                std::set<QString> paths;
                collectPaths(event, QString(), paths);
                anywhere[type].insert(paths.begin(), paths.end());
                if (!newest)
                    continue;
                const auto known = always.find(type);
                if (known == always.end()) {
                    always[type] = paths;
                    continue;
                }
                std::set<QString> common;
                std::set_intersection(known->second.begin(), known->second.end(), paths.begin(), paths.end(),
                                      std::inserter(common, common.end()));
                known->second = common;
            }
        }
        // Logs with executors that were lost, with failures and with an attempt.
        for (const char* log : {"application_1538416563558_0014", "app-20161116163331-0000",
                                "local-1422981780767", "local-1430917381535_1"}) {
            for (const std::string& line : linesOf(test::extraData() / "spark" / "apache-spark" / log)) {
                const QJsonObject event = parsed(line);
                collectPaths(event, QString(), anywhere[typeOf(event)]);
            }
        }
        for (const std::string& line : linesOf(spark / "gpu_oom_eventlog.zst")) {
            if (line.find("TaskKilled") != std::string::npos) // the only log that tells why
                collectPaths(parsed(line), QString(), anywhere[QStringLiteral("SparkListenerTaskEnd")]);
        }

        WorkloadOptions options;
        options.seed = 5;
        SparkWorkload workload(options);
        std::map<QString, std::set<QString>> ours;
        for (int i = 0; i < 8'000; ++i) {
            const QJsonObject event = parsed(workload.next().line);
            collectPaths(event, QString(), ours[typeOf(event)]);
        }
        for (const auto& [type, paths] : ours) {
            for (const QString& path : paths)
                QVERIFY2(anywhere[type].count(path) == 1,
                         qPrintable(QLatin1String("no real ") + type + QLatin1String(" has ") + path));
        }
        for (const auto& [type, paths] : always) {
            QVERIFY2(ours.count(type) == 1, qPrintable(QLatin1String("we never write ") + type));
            for (const QString& path : paths)
                QVERIFY2(ours[type].count(path) == 1,
                         qPrintable(QLatin1String("our ") + type + QLatin1String(" lacks ") + path));
        }
    }
};

QTEST_GUILESS_MAIN(TestSparkWorkload)
#include "tst_spark_workload.moc"
