// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hdfs/hdfs_analyzer.h"
#include "model/analyzers/hive/hive_analyzer.h"
#include "model/base/hash.h"
#include "model/workload/workload.h"
#include "tests/support/analyzer_run.h"
#include "tests/support/extra_data.h"
#include "tests/support/read_log.h"
#include "tests/support/temp_folder.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace jetlag;
using test::AnalyzerRun;
using test::linesOf;

namespace {

constexpr const char* kKinds[] = {"spark", "hdfs", "hive"};

std::unique_ptr<Workload> workload(const char* kind, std::uint64_t seed)
{
    WorkloadOptions options;
    options.seed = seed;
    return std::move(makeWorkload(kind, options)).value();
}

std::string digestOf(const char* kind, std::uint64_t seed, int records)
{
    const std::unique_ptr<Workload> source = workload(kind, seed);
    Hasher128 hasher;
    for (int i = 0; i < records; ++i) {
        const WorkloadRecord record = source->next();
        hasher.add(record.file);
        hasher.add(record.line);
        hasher.add(std::to_string(record.due.count()));
    }
    return hasher.result().toHex();
}

std::vector<std::filesystem::path> filesIn(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

/// The names of a line's fields, in their order.
std::vector<std::string> auditFields(const std::string& line)
{
    std::vector<std::string> names;
    for (std::size_t at = line.find("allowed="); at != std::string::npos; at = line.find('\t', at)) {
        at += line[at] == '\t' ? 1 : 0;
        names.push_back(line.substr(at, line.find('=', at) - at));
    }
    return names;
}

} // namespace

class TestWorkload : public QObject
{
    Q_OBJECT

private slots:
    void theSameSeedGivesTheSameBytes()
    {
        for (const char* kind : kKinds) {
            QCOMPARE(digestOf(kind, 7, 3'000), digestOf(kind, 7, 3'000));
            QVERIFY(digestOf(kind, 7, 3'000) != digestOf(kind, 8, 3'000));
        }
    }

    // These stand for every machine, compiler and standard library. They change with the generator: then
    // take the new ones over.
    void theBytesAreTheSameOnEveryMachine()
    {
        QCOMPARE(QString::fromStdString(digestOf("spark", 1, 2'000)),
                 QStringLiteral("30b7a00ddc6b10a29f3469873bbcf5c7"));
        QCOMPARE(QString::fromStdString(digestOf("hdfs", 1, 2'000)),
                 QStringLiteral("df1fc10a8dc2642d025bf00623f02029"));
        QCOMPARE(QString::fromStdString(digestOf("hive", 1, 2'000)),
                 QStringLiteral("8989f608f7632b68077480edfa455f91"));
    }

    void auditLinesAreTrueToTheField()
    {
        AnalyzerRun run(hdfsAnalyzer());
        const std::unique_ptr<Workload> source = workload("hdfs", 3);
        std::uint64_t proxies = 0;
        std::uint64_t trashed = 0;
        std::int64_t bytes = 0;
        constexpr int kLines = 20'000;
        for (int i = 0; i < kLines; ++i) {
            const std::string_view line = source->next().line;
            run.feed(line, "hdfs.-");
            proxies += line.find("(auth:PROXY) via ") != std::string_view::npos;
            trashed += line.find("cmd=rename (options=[TO_TRASH])") != std::string_view::npos;
            bytes += static_cast<std::int64_t>(line.size());
        }
        QCOMPARE(run.count(AnalyzerRun::Outcome::Applied), std::uint64_t(kLines));
        QVERIFY(proxies > kLines / 50);
        QVERIFY(trashed > 0);
        // Real ones have 170 to 230 bytes.
        QVERIFY2(bytes / kLines > 150 && bytes / kLines < 280,
                 QByteArray::number(qint64(bytes / kLines)).constData());
        std::map<std::string, std::uint64_t> commands;
        std::uint64_t denied = 0;
        const Table operations = run.table("operations");
        for (const Row& row : operations.rows()) {
            commands[test::toText(row[0])] = std::get<std::uint64_t>(row[1]);
            denied += std::get<std::uint64_t>(row[2]);
        }
        QVERIFY(commands["getfileinfo"] + commands["listStatus"] > kLines * 8 / 10);
        QVERIFY(commands.size() > 12);
        QVERIFY(denied > 20 && denied < kLines / 50);
        QVERIFY(run.table("users").rows().size() > 8);
    }

    void auditLinesHaveTheFieldsOfRealOnes()
    {
        JETLAG_NEED_EXTRA_DATA();
        std::set<std::vector<std::string>> real;
        for (const char* log : {"ambari-logsearch/hdfs-audit.log", "guardium/filter-test-generator.lines.log",
                                "apache-eagle/hdfs-audit.log"}) {
            for (const std::string& line : linesOf(test::extraData() / "hdfs" / log))
                real.insert(auditFields(line));
        }
        QVERIFY(real.size() >= 2);
        const std::unique_ptr<Workload> source = workload("hdfs", 3);
        for (int i = 0; i < 2'000; ++i) {
            const std::string line(source->next().line);
            QVERIFY2(real.count(auditFields(line)) == 1, line.c_str());
        }
    }

    void hiveEventsAreTrueToTheField()
    {
        AnalyzerRun run(hiveAnalyzer());
        const std::unique_ptr<Workload> source = workload("hive", 3);
        constexpr int kEvents = 10'000;
        const std::vector<std::string> submitted{
            "eventType", "hiveQueryId", "timestamp",     "executionMode", "requestUser", "queue",
            "user",      "operationId", "operationType", "tablesWritten", "tablesRead",  "otherInfo"};
        const std::vector<std::string> completed{"eventType", "hiveQueryId", "timestamp", "requestUser",
                                                 "user",      "operationId", "otherInfo"};
        for (int i = 0; i < kEvents; ++i) {
            const std::string line(source->next().line);
            run.feed(line, "hive.-");
            const QJsonObject event = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
            std::vector<std::string> names;
            for (const QString& name : event.keys())
                names.push_back(name.toStdString());
            const bool starts = event.value(QLatin1String("eventType")) == QLatin1String("QUERY_SUBMITTED");
            std::vector<std::string> expected = starts ? submitted : completed;
            std::sort(expected.begin(), expected.end()); // QJsonObject sorts
            QVERIFY2(names == expected, line.c_str());
        }
        QCOMPARE(run.count(AnalyzerRun::Outcome::Applied), std::uint64_t(kEvents));
        std::map<std::string, int> status;
        const Table queries = run.table("queries");
        for (const Row& row : queries.rows()) {
            ++status[test::toText(row[6])];
            QVERIFY(row[7].index() != 0); // every completion had its submission
        }
        QVERIFY(status["SUCCEEDED"] > kEvents / 3);
        QVERIFY(status["FAILED"] > kEvents / 100);
        QVERIFY(status["RUNNING"] > 5);
        QCOMPARE(status["UNKNOWN"], 0);
        QVERIFY(run.table("withoutQueryId").rows().empty());
    }

    void filesHoldExactlyWhatWasAskedFor()
    {
        for (const char* kind : kKinds) {
            const test::TempFolder folder;
            const Result<void> written = writeWorkload(kind, folder / "logs", 1'001, 3, 5);
            QVERIFY2(written.hasValue(), written ? "" : written.error().message().c_str());
            std::set<std::string> firstLines;
            std::vector<std::size_t> counts;
            const std::vector<std::filesystem::path> files = filesIn(folder / "logs");
            for (const std::filesystem::path& file : files) {
                const std::vector<std::string> lines = linesOf(file);
                counts.push_back(lines.size());
                firstLines.insert(lines.front());
            }
            QVERIFY((counts == std::vector<std::size_t>{334, 334, 333}));
            if (qstrcmp(kind, "spark") != 0) // these name their source in the fifth line
                QCOMPARE(firstLines.size(), std::size_t(3));

            const test::TempFolder again;
            QVERIFY(writeWorkload(kind, again / "logs", 1'001, 3, 5).hasValue());
            for (const std::filesystem::path& file : files)
                QCOMPARE(test::readFile((again / "logs") / file.filename()), test::readFile(file));
        }
    }

    void whatCannotBeWrittenIsSaid()
    {
        const test::TempFolder folder;
        const auto code = [](const Result<void>& result) {
            return result ? ErrorCode::Internal : result.error().code();
        };
        QVERIFY(code(writeWorkload("kafka", folder.path(), 10, 1, 1)) == ErrorCode::InvalidArgument);
        QVERIFY(code(writeWorkload("hdfs", folder.path(), 10, 0, 1)) == ErrorCode::InvalidArgument);
        QVERIFY(writeWorkload("hdfs", folder.path(), 10, 1, 1).hasValue());
        QVERIFY(code(writeWorkload("hdfs", folder.path(), 10, 1, 1)) == ErrorCode::Exists);
        folder.write("file", "in the way");
        QVERIFY(code(writeWorkload("hive", folder / "file", 10, 1, 1)) == ErrorCode::Io);
        WorkloadOptions options;
        options.load.perSecond = 0;
        QVERIFY(!makeWorkload("hdfs", options));
    }
};

QTEST_GUILESS_MAIN(TestWorkload)
#include "tst_workload.moc"
