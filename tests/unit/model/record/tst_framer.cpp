// SPDX-License-Identifier: Apache-2.0
#include "model/record/framer.h"
#include "model/record/record.h"
#include "tests/support/extra_data.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/model/record/record_test_support.h"

#include <QTest>

#include <fstream>
#include <map>
#include <set>

using namespace jetlag;
using namespace jetlag::test;

namespace {

const std::string kLogStart = json("{'Event':'SparkListenerLogStart','Spark Version':'3.1.1'}");

std::string applicationStart(std::string_view id, std::string_view attempt = {})
{
    std::string line =
        json("{'Event':'SparkListenerApplicationStart','App Name':'x','App ID':'") + std::string(id) + '"';
    if (!attempt.empty())
        line += json(",'App Attempt ID':'") + std::string(attempt) + '"';
    return line + "}";
}

std::string jobStart(int id)
{
    return json("{'Event':'SparkListenerJobStart','Job ID':") + std::to_string(id) + "}";
}

std::string lines(std::initializer_list<std::string> all)
{
    std::string text;
    for (const std::string& line : all)
        text += line + '\n';
    return text;
}

// "source key label subject" of every record; "..." for one like the record before.
QStringList names(const Framed& framed)
{
    if (!framed.error.empty())
        return {QString::fromStdString("error: " + framed.error)};
    QStringList texts;
    for (const FramedRecord& record : framed.batch.records) {
        const QString text =
            QString::fromStdString(std::string(record.source) + ' ' + std::string(record.key) + ' ' +
                                   std::string(record.label) + ' ' + std::string(record.subject));
        if (texts.isEmpty() || texts.back() != text)
            texts += text;
    }
    return texts;
}

FramerOptions optionsFor(RecordKind kind)
{
    FramerOptions options;
    options.kind = kind;
    options.host = "host 1";
    return options;
}

constexpr std::string_view kAudit =
    "2015-07-09 00:37:40,913 INFO FSNamesystem.audit: allowed=true\tugi=hbase "
    "(auth:SIMPLE)\tip=/10.0.2.15\tcmd=open\tsrc=/a\tdst=null\tperm=null\tproto=rpc";

} // namespace

class TestFramer : public QObject
{
    Q_OBJECT

private slots:
    void kindsHaveTheirWords()
    {
        for (RecordKind kind : {RecordKind::Spark, RecordKind::Hdfs, RecordKind::Hive, RecordKind::Lines})
            QVERIFY(recordKindFrom(toString(kind)) == kind);
        QVERIFY(!recordKindFrom("Spark"));
    }

    void sparkLinesBelongToTheirApplicationFromTheFirstOn()
    {
        const TempFolder folder;
        const auto path =
            folder.write("some name", lines({kLogStart, applicationStart("local-1"), jobStart(0)}));
        const Framed framed = frameFile(optionsFor(RecordKind::Spark), path);
        QCOMPARE(names(framed), QStringList({"local-1 local-1 local-1 spark.local-1"}));
        QCOMPARE(framed.batch.records.size(), std::size_t(3));
        QCOMPARE(framed.batch.records[0].payload, kLogStart);
        QCOMPARE(framed.batch.records[0].firstOffset, std::uint64_t(0));
        QCOMPARE(framed.batch.records[1].firstOffset, std::uint64_t(kLogStart.size() + 1));
        QCOMPARE(framed.batch.records[1].lastOffset, framed.batch.records[1].firstOffset);
        QVERIFY(framed.batch.records[2].zone.empty());
        QVERIFY(!framed.partial);
    }

    void anAttemptIsPartOfKeyAndSource()
    {
        const TempFolder folder;
        const auto path = folder.write("local-1_9", lines({applicationStart("local-1", "2")}));
        QCOMPARE(names(frameFile(optionsFor(RecordKind::Spark), path)),
                 QStringList({"local-1/2 local-1/2 local-1 spark.local-1"}));
    }

    void oddApplicationIdsAreEncodedWhereTheyMustBe()
    {
        const TempFolder folder;
        const auto path = folder.write("x", lines({applicationStart("my app.1")}));
        QCOMPARE(names(frameFile(optionsFor(RecordKind::Spark), path)),
                 QStringList({"my%20app.1 my app.1 my%20app%2E1 spark.my%20app%2E1"}));
    }

    void withoutAStartTheNameTellsThenTheOption()
    {
        const TempFolder folder;
        const std::string text = lines({kLogStart, jobStart(0), "{\"broken"});
        FramerOptions options = optionsFor(RecordKind::Spark);
        options.application = "given/3";
        QCOMPARE(
            names(frameFile(options, folder.write("application_1_0002_1.gz", gzipped(text)))),
            QStringList(
                {"application_1_0002/1 application_1_0002/1 application_1_0002 spark.application_1_0002"}));
        QCOMPARE(names(frameFile(options, folder.write("driver.log", text))),
                 QStringList({"given/3 given/3 given spark.given"}));
    }

    void withoutAnyNameTheLinesThemselvesName()
    {
        const TempFolder folder;
        const std::string text = lines({kLogStart, jobStart(0)});
        const Framed framed = frameFile(optionsFor(RecordKind::Spark), folder.write("driver.log", text));
        const QString hash = QString::fromStdString(hashHex(text));
        QCOMPARE(names(framed), QStringList({"unknown:" + hash + " unknown:" + hash + " unknown%3A" + hash +
                                             " spark.unknown%3A" + hash}));
        QVERIFY(framed.partial && framed.state.partial);
        QCOMPARE(framed.batch.records.size(), std::size_t(2));
        // Another log that begins alike is another source.
        const Framed other = frameFile(optionsFor(RecordKind::Spark),
                                       folder.write("other.log", lines({kLogStart, jobStart(1)})));
        QVERIFY(names(other) != names(framed));
    }

    void aThousandRecordsWaitForTheStart_data()
    {
        QTest::addColumn<int>("before");
        QTest::addColumn<int>("lineBytes");
        QTest::addColumn<bool>("found");
        QTest::newRow("1,000 before it") << 1000 << 10 << true;
        QTest::newRow("1,001 before it") << 1001 << 10 << false;
        QTest::newRow("4 MB before it") << 4 << 1024 * 1024 << true;
        QTest::newRow("more than 4 MB before it") << 5 << 1024 * 1024 << false;
    }
    void aThousandRecordsWaitForTheStart()
    {
        QFETCH(int, before);
        QFETCH(int, lineBytes);
        QFETCH(bool, found);
        const TempFolder folder;
        std::string text;
        for (int i = 0; i < before; ++i)
            text += std::string(static_cast<std::size_t>(lineBytes), 'x') + '\n';
        text += applicationStart("local-1") + '\n' + jobStart(0) + '\n';
        const Framed framed = frameFile(optionsFor(RecordKind::Spark), folder.write("driver.log", text));
        QCOMPARE(framed.batch.records.size(), static_cast<std::size_t>(before) + 2);
        QCOMPARE(names(framed).size(), 1); // one name for all, also when the start came too late
        QCOMPARE(framed.batch.records.back().key == "local-1", found);
        QCOMPARE(framed.partial, !found);
        std::uint64_t offset = 0;
        for (const FramedRecord& record : framed.batch.records) {
            QCOMPARE(record.firstOffset, offset);
            offset += record.payload.size() + 1;
        }
    }

    void waitingRecordsAreHeldBackUntilTheStartComes()
    {
        RecordFramer framer(optionsFor(RecordKind::Spark));
        const TempFolder folder;
        QVERIFY(framer.begin({folder / "driver.log.inprogress", {}}).hasValue());
        auto owned = std::make_unique<MemoryStream>(lines({kLogStart}));
        MemoryStream& file = *owned;
        LineReader reader(std::move(owned), LastLine::MayGrow);
        LineBlock block;
        FramedBatch batch;
        QVERIFY(*reader.next(block) == LineOutcome::Lines);
        framer.add(block, batch);
        QVERIFY(batch.records.empty());
        QCOMPARE(framer.waiting(), std::size_t(1));
        QVERIFY(!framer.state().decided());
        file.grow(lines({applicationStart("local-1")}));
        QVERIFY(*reader.next(block) == LineOutcome::Lines);
        framer.add(block, batch);
        block.clear();
        QCOMPARE(batch.records.size(), std::size_t(2));
        QCOMPARE(batch.records[0].payload, kLogStart);
        QCOMPARE(framer.waiting(), std::size_t(0));
        QVERIFY(framer.state().decided() && framer.state().fromStart);
    }

    void aRolledLogIsOneApplication()
    {
        const TempFolder folder;
        const auto first = folder.write("eventlog_v2_local-1/events_1_local-1",
                                        lines({kLogStart, applicationStart("local-1", "4")}));
        const auto second = folder.write("eventlog_v2_local-1/events_2_local-1", lines({jobStart(1)}));
        const std::vector<std::filesystem::path> paths{folder.path() / "eventlog_v2_local-1"};
        RecordFramer framer(optionsFor(RecordKind::Spark));
        const auto files = expandLogPaths(paths);
        QCOMPARE(names(frameFile(framer, files->at(0))),
                 QStringList({"local-1/4/1 local-1/4 local-1 spark.local-1"}));
        // The second part has no start: it goes with the first, or, read alone, with its name.
        QCOMPARE(names(frameFile(framer, files->at(1))),
                 QStringList({"local-1/4/2 local-1/4 local-1 spark.local-1"}));
        QCOMPARE(names(frameFile(optionsFor(RecordKind::Spark), second)),
                 QStringList({"local-1/2 local-1 local-1 spark.local-1"}));
        // A file of another log does not.
        const auto other = folder.write("eventlog_v2_local-2/events_2_local-2", lines({jobStart(1)}));
        QCOMPARE(names(frameFile(framer, {other, "2"})),
                 QStringList({"local-2/2 local-2 local-2 spark.local-2"}));
    }

    void aLaterPartDoesNotWaitForAStart()
    {
        RecordFramer framer(optionsFor(RecordKind::Spark));
        QVERIFY(framer.begin({"eventlog_v2_local-1/events_2_local-1", "2"}).hasValue());
        LineReader reader(std::make_unique<MemoryStream>(lines({jobStart(1)})), LastLine::MayGrow);
        LineBlock block;
        FramedBatch batch;
        QVERIFY(*reader.next(block) == LineOutcome::Lines);
        framer.add(block, batch);
        QCOMPARE(batch.records.size(), std::size_t(1));
    }

    void severalLogsInOneFileKeepTheirApplications()
    {
        const TempFolder folder;
        const auto path = folder.write("all", lines({kLogStart, applicationStart("local-1"), jobStart(0),
                                                     kLogStart, applicationStart("local-2"), jobStart(0)}));
        // One source: offsets are the file's.
        QCOMPARE(
            names(frameFile(optionsFor(RecordKind::Spark), path)),
            QStringList({"local-1 local-1 local-1 spark.local-1", "local-1 local-2 local-2 spark.local-2"}));
    }

    void framingGoesOnInTheMiddleWithWhatWasDecided()
    {
        const TempFolder folder;
        const auto path =
            folder.write("some name", lines({kLogStart, applicationStart("local-1", "1"), jobStart(0)}));
        const Framed whole = frameFile(optionsFor(RecordKind::Spark), path);
        RecordFramer framer(optionsFor(RecordKind::Spark));
        QVERIFY(framer.begin({path, {}}, whole.state).hasValue());
        const std::uint64_t offset = whole.batch.records[2].firstOffset;
        auto stream = openLogBytes(path, offset);
        LineReader reader(std::move(*stream), LastLine::IsRecord, offset);
        LineBlock block;
        FramedBatch batch;
        QVERIFY(*reader.next(block) == LineOutcome::Lines);
        framer.add(block, batch);
        QCOMPARE(batch.records.size(), std::size_t(1));
        QCOMPARE(batch.records[0].source, whole.batch.records[2].source);
        QCOMPARE(batch.records[0].key, whole.batch.records[2].key);
        QCOMPARE(batch.records[0].firstOffset, offset);
    }

    void auditLinesAreKeyedByUser()
    {
        const TempFolder folder;
        const std::string odd = "x\tugi=a.b%c (auth:SIMPLE)\tcmd=open";
        const auto path =
            folder.write("hdfs-audit.log", std::string(kAudit) + '\n' + odd + "\n\tat java.lang.X\n");
        const QString hash = QString::fromStdString(hashHex(kAudit));
        FramerOptions options = optionsFor(RecordKind::Hdfs);
        options.zone = "Europe/Berlin";
        const Framed framed = frameFile(options, path);
        QCOMPARE(names(framed),
                 QStringList({hash + " hbase hbase hdfs.hbase", hash + " a.b%c a%2Eb%25c hdfs.a%2Eb%25c",
                              hash + " - - hdfs.-"}));
        for (const FramedRecord& record : framed.batch.records)
            QCOMPARE(record.zone, std::string_view("Europe/Berlin"));
        QCOMPARE(framed.batch.records[2].payload, std::string_view("\tat java.lang.X"));
        // The name survives renaming, rotation to gzip and copying.
        QCOMPARE(names(frameFile(options, folder.write("hdfs-audit.log.1.gz", gzipped(readFile(path))))),
                 names(framed));
    }

    void aFirstLineThatTellsNothingDoesNotNameTheSourceAlone()
    {
        const TempFolder folder;
        const auto path = folder.write("hdfs-audit.log", "\n" + std::string(kAudit) + '\n');
        const auto other = folder.write("other.log", "\n" + std::string(kAudit) + '\n');
        const Framed framed = frameFile(optionsFor(RecordKind::Hdfs), path);
        const std::string source(framed.batch.records[0].source);
        QCOMPARE(source, placeOf(path, "host%201") + ':' + hashHex(""));
        QVERIFY(frameFile(optionsFor(RecordKind::Hdfs), other).batch.records[0].source != source);
        QCOMPARE(framed.batch.records[1].key, std::string_view("hbase"));
        QCOMPARE(framed.batch.records[1].source, std::string_view(source));
    }

    void hiveLinesAreKeyedByQuery()
    {
        const TempFolder folder;
        const std::string first = json("{'hiveQueryId':'hive_1','user':'ann@x'}");
        const std::string longId(2'000, 'q');
        const auto path =
            folder.write("hive.log", lines({first, json("{'hiveQueryId':'a\\nb'}"), "broken",
                                            json("{'hiveQueryId':'") + longId + json("','user':'u'}")}));
        const QString hash = QString::fromStdString(hashHex(first));
        const QString longKey = QString::fromStdString('#' + hashHex(longId));
        QCOMPARE(names(frameFile(optionsFor(RecordKind::Hive), path)),
                 QStringList({hash + " hive_1 ann%40x hive.ann%40x", hash + " a\nb - hive.-",
                              hash + " - - hive.-", hash + ' ' + longKey + " u hive.u"}));
    }

    void plainLinesAreNamedByFileAndFirstLine()
    {
        const TempFolder folder;
        const auto path = folder.write("any.log", "first\nsecond\n");
        FramerOptions options = optionsFor(RecordKind::Lines);
        options.prefix = "site.a";
        QCOMPARE(names(frameFile(options, path)),
                 QStringList({QString::fromStdString(placeOf(path, "host%201") + ':' + hashHex("first")) +
                              " - - site.a.-"}));
        RecordFramer framer(options);
        QVERIFY(framer.begin({folder / "gone", {}}).error().code() == ErrorCode::NotFound);
    }

    void aSourceCanBeGiven()
    {
        const TempFolder folder;
        const auto path = folder.write("x", lines({applicationStart("local-1")}));
        FramerOptions options = optionsFor(RecordKind::Spark);
        options.source = "my source";
        QCOMPARE(names(frameFile(options, path)), QStringList({"my%20source local-1 local-1 spark.local-1"}));
        // Files must not share offsets.
        options.severalFiles = true;
        QCOMPARE(names(frameFile(options, path)),
                 QStringList({"my%20source/local-1 local-1 local-1 spark.local-1"}));
    }

    void labelsAreCutBetweenBytes()
    {
        const TempFolder folder;
        const auto path = folder.write("x", lines({applicationStart(std::string(127, 'a') + "."),
                                                   applicationStart(std::string(300, 'b'))}));
        const Framed framed = frameFile(optionsFor(RecordKind::Spark), path);
        QCOMPARE(framed.batch.records[0].label, std::string_view(std::string(127, 'a')));
        QCOMPARE(framed.batch.records[1].label, std::string_view(std::string(128, 'b')));
    }

    void anEmptyFileHasNoRecords()
    {
        const TempFolder folder;
        for (RecordKind kind : {RecordKind::Spark, RecordKind::Hdfs, RecordKind::Hive, RecordKind::Lines}) {
            const Framed framed = frameFile(optionsFor(kind), folder.write("empty", ""));
            QCOMPARE(framed.error, std::string());
            QVERIFY(framed.batch.records.empty());
            QVERIFY(!framed.partial);
        }
    }

    void aRecordAboveTheLimitIsFramedCut()
    {
        RecordFramer framer(optionsFor(RecordKind::Spark));
        QVERIFY(framer.begin({"local-1", {}}).hasValue());
        LineReader reader(std::make_unique<LongStream>("{", kMaxRecordBytes, ' ', "}\n"), LastLine::IsRecord);
        LineBlock block;
        FramedBatch batch;
        QVERIFY(*reader.next(block) == LineOutcome::Lines);
        framer.add(block, batch);
        framer.end(batch);
        QCOMPARE(batch.records.size(), std::size_t(1));
        QVERIFY(batch.records[0].oversize());
        QCOMPARE(batch.records[0].fullLength, std::uint64_t(kMaxRecordBytes + 2));
        QCOMPARE(batch.records[0].payload.size(), kOversizeKeptBytes);
        QCOMPARE(batch.records[0].key, std::string_view("local-1"));
    }

    void realSparkLogsNameTheirApplications()
    {
        JETLAG_NEED_EXTRA_DATA();
        // The table of the data's README: | file | Spark | app id / attempt | events | ...
        std::ifstream readme(extraData() / "README.md");
        std::string line;
        bool inSpark = false;
        int checked = 0;
        while (std::getline(readme, line)) {
            if (line.starts_with("## "))
                inSpark = line.starts_with("## Spark");
            const QStringList cells = QString::fromStdString(line).split('|');
            if (!inSpark || cells.size() < 6 || !cells[1].contains('/'))
                continue;
            const std::string name = cells[1].trimmed().toStdString();
            std::string key = cells[3].trimmed().remove(' ').toStdString();
            // A later roll holds no ApplicationStart; its name tells the application.
            if (key == "-" && name.find("eventlog_v2_") != std::string::npos)
                key = name.substr(name.rfind("local-"));
            bool isCount = false;
            const int events = cells[4].trimmed().toInt(&isCount);
            if (!isCount || events == 0)
                continue;
            const Framed framed = frameFile(optionsFor(RecordKind::Spark), extraData() / "spark" / name);
            QCOMPARE(framed.error, std::string());
            const QByteArray shown = QByteArray::fromStdString(name);
            QVERIFY2(!framed.partial, shown);
            // The table counts events: a line that is cut is a record, but none.
            const int records = static_cast<int>(framed.batch.records.size());
            QVERIFY2(records == events ||
                         (name.ends_with("malformed_json_eventlog") && records == events + 1),
                     shown);
            for (const FramedRecord& record : framed.batch.records)
                QVERIFY2(record.key == key, shown);
            ++checked;
        }
        QVERIFY(checked >= 35);
    }

    void realAuditLogsNameTheirUsers()
    {
        JETLAG_NEED_EXTRA_DATA();
        const Framed framed =
            frameFile(optionsFor(RecordKind::Hdfs), extraData() / "hdfs/apache-eagle/hdfs-audit.log");
        QCOMPARE(framed.batch.records.size(), std::size_t(1920));
        std::set<std::string> users;
        for (const FramedRecord& record : framed.batch.records)
            users.emplace(record.key);
        QCOMPARE(users.size(), std::size_t(7));
        QVERIFY(!users.contains("-"));
        const Framed principals = frameFile(optionsFor(RecordKind::Hdfs),
                                            extraData() / "hdfs/guardium/filter-test-generator.lines.log");
        QCOMPARE(principals.batch.records.size(), std::size_t(21));
        for (const FramedRecord& record : principals.batch.records)
            QVERIFY(record.key.find_first_of("/@ ") == std::string_view::npos && record.key != "-");
    }

    void realHiveLogsNameTheirQueries()
    {
        JETLAG_NEED_EXTRA_DATA();
        const Framed framed = frameFile(optionsFor(RecordKind::Hive),
                                        extraData() / "hive/apache-hive/hive-hook-events.derived.jsonl.zst");
        QCOMPARE(framed.batch.records.size(), std::size_t(91899));
        std::map<std::string, int> events;
        for (const FramedRecord& record : framed.batch.records)
            ++events[std::string(record.key)];
        // As grep counts `"hiveQueryId": null`: queries that did not compile, and three more.
        QCOMPARE(events["-"], 512);
        const Framed atlas = frameFile(optionsFor(RecordKind::Hive),
                                       extraData() / "hive/apache-atlas/DefaultDB-3-New.hive_process.jsonl");
        QVERIFY(atlas.batch.records.size() >= 115);
        QVERIFY(atlas.batch.records[0].key.starts_with("hive_"));
        QCOMPARE(atlas.batch.records[0].label, std::string_view("hive"));
    }
};

QTEST_GUILESS_MAIN(TestFramer)
#include "tst_framer.moc"
