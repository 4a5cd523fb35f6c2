// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hdfs/hdfs_analyzer.h"
#include "tests/support/analyzer_run.h"
#include "tests/support/extra_data.h"
#include "tests/support/temp_folder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <map>

using namespace jetlag;
using test::AnalyzerRun;

namespace {

std::string handWrittenLog()
{
    return test::readFile(test::testData() / "hdfs" / "audit.log");
}

std::string auditLine(const std::string& time, const std::string& user, const std::string& path = "/x")
{
    return time + " INFO FSNamesystem.audit: allowed=false\tugi=" + user + "\tip=/1\tcmd=open\tsrc=" + path +
           "\tdst=null\tperm=null";
}

std::map<std::string, std::int64_t> countsOf(const QJsonObject& object)
{
    std::map<std::string, std::int64_t> counts;
    for (auto it = object.begin(); it != object.end(); ++it)
        counts[it.key().section(QStringLiteral(" (options="), 0, 0).toStdString()] += it.value().toInteger();
    return counts;
}

// What stands in columns 0 and 1 of a table.
std::map<std::string, std::int64_t> countsOf(const Table& table)
{
    std::map<std::string, std::int64_t> counts;
    for (const Row& row : table.rows())
        counts[test::toText(row[0])] = static_cast<std::int64_t>(std::get<std::uint64_t>(row[1]));
    return counts;
}

std::uint64_t sumOf(const Table& table, std::size_t column)
{
    std::uint64_t sum = 0;
    for (const Row& row : table.rows())
        sum += std::get<std::uint64_t>(row[column]);
    return sum;
}

std::int64_t hourOfMinute(const QString& minute)
{
    const QDateTime time = QDateTime::fromString(minute.left(13), QStringLiteral("yyyy-MM-dd HH"));
    return QDateTime(time.date(), time.time(), Qt::UTC).toMSecsSinceEpoch();
}

} // namespace

class TestHdfsAnalyzer : public QObject
{
    Q_OBJECT

private slots:
    void handWrittenLogGivesTheAnswersWorkedOutByHand()
    {
        AnalyzerRun run(hdfsAnalyzer());
        run.feedLines(handWrittenLog());
        QCOMPARE(run.count(AnalyzerRun::Outcome::Applied), std::uint64_t(10));
        QCOMPARE(run.count(AnalyzerRun::Outcome::Malformed), std::uint64_t(3));
        // 2024-03-05 10:00 UTC is 1709632800000.
        QCOMPARE(run.text("operations"),
                 std::string("create | 1 | 0 | 1709633701000 | 1709633701000\n"
                             "delete | 1 | 1 | 1709636401500 | 1709636401500\n"
                             "getfileinfo | 2 | 0 | 1709633700120 | 1709636399990\n"
                             "listStatus | 1 | 0 | 1709633700250 | 1709633700250\n"
                             "open | 2 | 2 | 1709633702400 | 1709633703001\n"
                             "rename | 2 | 0 | 1709636399999 | 1709636400000\n"
                             "renewDelegationToken | 1 | 0 | 1709636402000 | 1709636402000\n"));
        QCOMPARE(run.text("users"), std::string("alice | 5 | 0 | 1709633700120 | 1709636400000\n"
                                                "bob | 3 | 3 | 1709633702400 | 1709636401500\n"
                                                "hdfs | 1 | 0 | 1709633701000 | 1709633701000\n"
                                                "yarn | 1 | 0 | 1709636402000 | 1709636402000\n"));
        QCOMPARE(run.text("hours"), std::string("1709632800000 | 7 | 2\n1709636400000 | 3 | 1\n"));
        QCOMPARE(run.text("denied"),
                 std::string("bob | delete | /data/in | 1 | 1709636401500 | 1709636401500\n"
                             "bob | open | /secure/pay.csv | 2 | 1709633702400 | 1709633703001\n"));
    }

    void zoneOfTheEventDatesTheLine()
    {
        AnalyzerRun run(hdfsAnalyzer());
        const auto feed = [&run](const char* time, const char* zone) {
            return run.feed(auditLine(time, "u"), "hdfs.u", {}, zone);
        };
        feed("2024-07-01 12:00:00,001", "Europe/Berlin"); // 10:00 UTC
        feed("2024-07-01 12:00:59,000", "Europe/Berlin"); // the same minute, from the cache
        feed("2024-07-01 12:00:00,000", "");
        feed("2024-01-01 12:00:00,000", "Europe/Berlin"); // 11:00 UTC
        feed("2024-07-01 12:00:00,000", "Asia/Kolkata");  // 06:30 UTC
        QCOMPARE(run.text("hours"),
                 std::string("1704106800000 | 1 | 1\n1719813600000 | 1 | 1\n1719828000000 | 2 | 2\n"
                             "1719835200000 | 1 | 1\n"));
        QCOMPARE(run.text("users"), std::string("u | 5 | 5 | 1704106800000 | 1719835200000\n"));
        const std::map<std::string, std::string> before = run.snapshots();
        QVERIFY(feed("2024-07-01 12:00:00,000", "Mars/Olympus") == AnalyzerRun::Outcome::Refused);
        QVERIFY(run.snapshots() == before);
        QVERIFY(feed("2024-07-01 12:00:00,000", "Etc/UTC") == AnalyzerRun::Outcome::Applied);
    }

    void whatDidNotFitStandsInRowsWithoutAName()
    {
        AnalyzerRun run(hdfsAnalyzer(), 2);
        for (int i = 0; i < 1'002; ++i) {
            for (const char* user : {"a", "b"})
                run.feed(auditLine("2024-07-01 12:00:00,000", user, "/p" + std::to_string(i)), "hdfs.-");
        }
        const Table denied = run.table("denied");
        QCOMPARE(denied.rows().size(), std::size_t(2 * 1'001));
        QCOMPARE(run.text("denied").substr(0, 60),
                 std::string("a | null | null | 2 | 1719835200000 | 1719835200000\na | open"));
        QCOMPARE(sumOf(denied, 3), std::uint64_t(2'004));
    }

    void keysOfForeignEvents()
    {
        const auto keyOf = [](std::string_view line) {
            Event event;
            event.payload = line;
            return std::string(hdfsAnalyzer().key(event));
        };
        QCOMPARE(
            keyOf(auditLine("2024-07-01 12:00:00,000", "hue/h@R (auth:PROXY) via hive/h@R (auth:KERBEROS)")),
            std::string("hue"));
        QCOMPARE(keyOf(auditLine("2024-07-01 12:00:00,000", "bob@R")), std::string("bob"));
        QCOMPARE(keyOf(auditLine("2024-07-01 12:00:00,000", "al (auth:SIMPLE)")), std::string("al"));
        QCOMPARE(keyOf(auditLine("2024-07-01 12:00:00,000", "")), std::string("-"));
        QCOMPARE(keyOf(auditLine("2024-07-01 12:00:00,000", std::string(5'000, 'u'))),
                 std::string(1'024, 'u'));
        QCOMPARE(keyOf("\tat java.lang.Thread.run"), std::string("-"));
        QCOMPARE(keyOf(""), std::string("-"));
    }

    void subjectsOfOtherKindsAreNotAccepted()
    {
        QVERIFY(hdfsAnalyzer().accepts("hdfs.alice"));
        QVERIFY(hdfsAnalyzer().accepts("audit.prod.alice"));
        QVERIFY(!hdfsAnalyzer().accepts("hive.alice"));
        QVERIFY(!hdfsAnalyzer().accepts("spark.x"));
    }

    void restartingAfterEveryEventChangesNothing()
    {
        AnalyzerRun whole(hdfsAnalyzer());
        whole.feedLines(handWrittenLog());
        std::map<std::string, std::string> state;
        const std::string log = handWrittenLog();
        for (std::size_t at = 0; at < log.size();) {
            const std::size_t end = log.find('\n', at);
            AnalyzerRun process(hdfsAnalyzer(), 3);
            QVERIFY(process.restore(state).hasValue());
            process.feedLines(log.substr(at, end - at));
            state = process.snapshots();
            at = end + 1;
        }
        AnalyzerRun last(hdfsAnalyzer());
        QVERIFY(last.restore(state).hasValue());
        QVERIFY(state == whole.snapshots());
        QCOMPARE(last.allText(), whole.allText());
        QVERIFY(!last.restore({{"alice", "not ours"}}));
    }

    void decodingAloneChangesNothing()
    {
        const std::unique_ptr<AnalyzerShard> shard = hdfsAnalyzer().makeShard({});
        Event event;
        event.key = "alice";
        const std::string line = auditLine("2024-07-01 12:00:00,000", "alice");
        event.payload = line;
        QVERIFY(shard->decode(event));
        std::vector<KeySnapshot> changed;
        shard->takeChanged(changed);
        QVERIFY(changed.empty());
    }

    void realLogsGiveTheCountsOfTheirOracles_data()
    {
        QTest::addColumn<QString>("log");
        for (const char* name :
             {"apache-eagle/hdfs-audit.log", "apache-eagle/user1.hdfs-audit.2015-10-11-00.txt",
              "ambari-logsearch/hdfs-audit.log", "guardium/filter-test-generator.lines.log"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void realLogsGiveTheCountsOfTheirOracles()
    {
        JETLAG_NEED_EXTRA_DATA();
        QFETCH(QString, log);
        const std::filesystem::path folder = test::extraData() / "hdfs";
        const QString oracleName =
            QString(log).replace(QLatin1Char('/'), QLatin1String("__")) + QLatin1String(".counts.json");
        const QJsonObject oracle =
            QJsonDocument::fromJson(
                QByteArray::fromStdString(test::readFile(folder / "oracles" / oracleName.toStdString())))
                .object();
        const qint64 lines = oracle.value(QLatin1String("lines")).toInteger();
        QVERIFY(lines > 0);

        AnalyzerRun run(hdfsAnalyzer());
        run.feedFile(folder / log.toStdString());
        QCOMPARE(qint64(run.count(AnalyzerRun::Outcome::Applied)), lines);
        QCOMPARE(run.count(AnalyzerRun::Outcome::Malformed), std::uint64_t(0));
        QVERIFY(countsOf(run.table("operations")) ==
                countsOf(oracle.value(QLatin1String("byCmd")).toObject()));
        QVERIFY(countsOf(run.table("users")) == countsOf(oracle.value(QLatin1String("byUser")).toObject()));

        std::map<std::string, std::int64_t> hours;
        const QJsonObject minutes = oracle.value(QLatin1String("perMinute")).toObject();
        for (auto it = minutes.begin(); it != minutes.end(); ++it)
            hours[std::to_string(hourOfMinute(it.key()))] += it.value().toInteger();
        QVERIFY(countsOf(run.table("hours")) == hours);

        const QJsonValue denied =
            oracle.value(QLatin1String("allowed")).toObject().value(QLatin1String("false"));
        QCOMPARE(qint64(sumOf(run.table("denied"), 3)), denied.toInteger(0));
        QCOMPARE(qint64(sumOf(run.table("users"), 2)), denied.toInteger(0));

        for (unsigned shards : {2u, 7u}) {
            AnalyzerRun split(hdfsAnalyzer(), shards);
            split.feedFile(folder / log.toStdString());
            QCOMPARE(split.allText(), run.allText());
            QVERIFY(split.snapshots() == run.snapshots());
        }
    }
};

QTEST_GUILESS_MAIN(TestHdfsAnalyzer)
#include "tst_hdfs_analyzer.moc"
