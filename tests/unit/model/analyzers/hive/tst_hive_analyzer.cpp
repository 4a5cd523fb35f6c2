// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hive/hive_analyzer.h"
#include "model/base/byte_arena.h"
#include "tests/support/analyzer_run.h"
#include "tests/support/extra_data.h"
#include "tests/support/temp_folder.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <map>

using namespace jetlag;
using test::AnalyzerRun;

namespace {

std::string handWrittenLog()
{
    return test::readFile(test::testData() / "hive" / "query-events.jsonl");
}

std::string idOf(int n)
{
    return "hive_2024030510150" + std::to_string(n - 1) + "_00000000-0000-4000-8000-00000000000" +
           std::to_string(n);
}

std::string submitted(const std::string& id, std::int64_t time)
{
    return R"({"eventType":"QUERY_SUBMITTED","hiveQueryId":")" + id + R"(","timestamp":)" +
           std::to_string(time) + "}";
}

std::string completed(const std::string& id, std::int64_t time)
{
    return R"({"eventType":"QUERY_COMPLETED","hiveQueryId":")" + id + R"(","timestamp":)" +
           std::to_string(time) + R"(,"otherInfo":{"STATUS":true}})";
}

std::map<std::string, std::int64_t> countsBy(const Table& table, std::size_t column)
{
    std::map<std::string, std::int64_t> counts;
    for (const Row& row : table.rows())
        ++counts[test::toText(row[column])];
    return counts;
}

QJsonObject oracle(const char* name)
{
    return QJsonDocument::fromJson(
               QByteArray::fromStdString(test::readFile(test::extraData() / "hive" / "oracles" / name)))
        .object();
}

std::map<std::string, std::int64_t> countsOf(const QJsonObject& object)
{
    std::map<std::string, std::int64_t> counts;
    for (auto it = object.begin(); it != object.end(); ++it)
        counts[it.key().toStdString()] = it.value().toInteger();
    return counts;
}

enum Column {
    User = 1,
    Operation = 5,
    Status = 6,
    StartTime = 7,
    EndTime = 8,
    Duration = 9,
    TablesRead = 10,
    QueryText = 13
};

} // namespace

class TestHiveAnalyzer : public QObject
{
    Q_OBJECT

private slots:
    void handWrittenLogGivesTheAnswersWorkedOutByHand()
    {
        AnalyzerRun run(hiveAnalyzer());
        run.feedLines(handWrittenLog());
        QCOMPARE(run.count(AnalyzerRun::Outcome::Applied), std::uint64_t(9));
        QCOMPARE(run.count(AnalyzerRun::Outcome::Malformed), std::uint64_t(1));
        QCOMPARE(
            run.text("queries"),
            idOf(1) +
                " | hive | alice | etl | TEZ | null | SUCCEEDED | 1709633700000 | 1709633760500 | 60500 | "
                "[sales.orders,sales.items] | [sales.daily] | null | insert into sales.daily select "
                "\"x\"\nfrom "
                "sales.orders\n" +
                idOf(2) +
                " | hive | bob | adhoc | LLAP | QUERY | FAILED | 1709633701000 | 1709633701750 | 750 | "
                "[hr.staff] | [] | FAILED: HiveAccessControlException Permission denied: user [bob] | select "
                "* "
                "from hr.staff\n" +
                idOf(3) +
                " | hive | carol | etl | TEZ | CREATETABLE_AS_SELECT | SUCCEEDED | 1709633702000 | "
                "1709633702900 | 900 | [t.old] | [t.new] | null | create table t.new as select * from "
                "t.old\n" +
                idOf(4) +
                " | hive | dave | null | NONE | null | RUNNING | 1709633703000 | null | null | null | null | "
                "null | show tables\n");
        QCOMPARE(run.text("withoutQueryId"),
                 std::string("COMPILE_FAILED | SemanticException Line 1:14 Table not found 'nope' | 2 | "
                             "1709633703500 | 1709633704000\n"));
    }

    void timeOutsAreWorkedOutWhenTablesAreRead()
    {
        constexpr std::int64_t kDay = 24 * 3'600'000;
        // Two shards: the newest time belongs to another query than the one that timed out.
        AnalyzerRun run(hiveAnalyzer(), 7);
        run.feed(submitted("early", 0), "hive.-");
        run.feed(submitted("later", 1), "hive.-");
        run.feed(submitted("done", 0), "hive.-");
        run.feed(completed("done", kDay), "hive.-");
        QCOMPARE(countsBy(run.table("queries"), Status)["RUNNING"], std::int64_t(2)); // a day, not more
        const std::map<std::string, std::string> before = run.snapshots();
        run.feed(completed("other", kDay + 1), "hive.-");
        QVERIFY(run.text("queries").find("early | null | null | null | null | null | UNKNOWN | 0 | null") !=
                std::string::npos);
        QVERIFY(run.text("queries").find("later | null | null | null | null | null | RUNNING") !=
                std::string::npos);
        QCOMPARE(run.snapshots().at("early"), before.at("early"));
        // It was only late.
        run.feed(completed("early", kDay + 2), "hive.-");
        QVERIFY(run.text("queries").find("early | null | null | null | null | null | SUCCEEDED") !=
                std::string::npos);
    }

    void eventsThatCannotBeJoinedAreCounted()
    {
        AnalyzerRun run(hiveAnalyzer());
        run.feed(R"({"some":"json"})", "orders.x");
        run.feed(R"([1])", "orders.x");
        run.feed(submitted("-", 5), "hive.-");                    // its key means "none"
        run.feed(submitted("q1", 6), "hive.-", "somebody's key"); // keyed by something else
        run.feed(submitted("q2", 7), "hive.-", "q2");
        QCOMPARE(run.text("queries"),
                 std::string("q2 | null | null | null | null | null | RUNNING | 7 | null | null | "
                             "null | null | null | null\n"));
        QCOMPARE(run.text("withoutQueryId"), std::string("null | null | 2 | null | null\n"
                                                         "QUERY_SUBMITTED | null | 2 | 5 | 6\n"));
        AnalyzerRun another(hiveAnalyzer(), 3);
        QVERIFY(another.restore(run.snapshots()).hasValue());
        QCOMPARE(another.allText(), run.allText());
    }

    void keysOfForeignEvents()
    {
        for (bool padded : {true, false}) {
            const auto keyOf = [padded](std::string line) {
                Event event;
                const std::size_t size = line.size();
                if (padded)
                    line.append(kPayloadPadding, ' ');
                event.payload = std::string_view(line).substr(0, size);
                event.padded = padded;
                const std::string_view key = hiveAnalyzer().key(event);
                const std::string copy(key);
                hiveAnalyzer().key(event); // what the first call gave must outlive the second
                return copy == key ? copy : std::string("gone");
            };
            QCOMPARE(keyOf(submitted("q1", 5)), std::string("q1"));
            QCOMPARE(keyOf(R"({"typeName":"hive_process","attributes":{"queryId":"q2"}})"),
                     std::string("q2"));
            QCOMPARE(keyOf(R"({"hiveQueryId":null})"), std::string("-"));
            QCOMPARE(keyOf(R"({"hiveQueryId":"a\u0062"})"), std::string("-"));
            QCOMPARE(keyOf(R"({"hiveQueryId":")" + std::string(2'000, 'q') + R"("})"), std::string("-"));
            QCOMPARE(keyOf("broken"), std::string("-"));
            QCOMPARE(keyOf(""), std::string("-"));
        }
    }

    void subjectsOfOtherKindsAreNotAccepted()
    {
        QVERIFY(hiveAnalyzer().accepts("hive.alice"));
        QVERIFY(hiveAnalyzer().accepts("queries.prod"));
        QVERIFY(!hiveAnalyzer().accepts("hdfs.alice"));
    }

    void restartingAfterEveryEventChangesNothing()
    {
        AnalyzerRun whole(hiveAnalyzer());
        whole.feedLines(handWrittenLog());
        std::map<std::string, std::string> state;
        const std::string log = handWrittenLog();
        for (std::size_t at = 0; at < log.size();) {
            const std::size_t end = log.find('\n', at);
            AnalyzerRun process(hiveAnalyzer(), 3);
            process.withoutPadding();
            QVERIFY(process.restore(state).hasValue());
            process.feedLines(log.substr(at, end - at));
            state = process.snapshots();
            at = end + 1;
        }
        AnalyzerRun last(hiveAnalyzer());
        QVERIFY(last.restore(state).hasValue());
        QVERIFY(state == whole.snapshots());
        QCOMPARE(last.allText(), whole.allText());
        QVERIFY(!last.restore({{"q", "not ours"}}));
    }

    void decodingAloneChangesNothing()
    {
        const std::unique_ptr<AnalyzerShard> shard = hiveAnalyzer().makeShard({});
        const std::string line = submitted("q", 1);
        Event event;
        event.key = "q";
        event.payload = line;
        QVERIFY(shard->decode(event));
        std::vector<KeySnapshot> changed;
        shard->takeChanged(changed);
        QVERIFY(changed.empty());
    }

    void hivesOwnTestsGiveTheCountsOfTheirOracle()
    {
        JETLAG_NEED_EXTRA_DATA();
        const QJsonObject expected = oracle("hive-hook-events.derived.summary.json");
        const std::filesystem::path log =
            test::extraData() / "hive" / "apache-hive" / "hive-hook-events.derived.jsonl.zst";
        AnalyzerRun run(hiveAnalyzer());
        run.feedFile(log);
        QCOMPARE(qint64(run.count(AnalyzerRun::Outcome::Applied)),
                 expected.value(QLatin1String("lines")).toInteger());
        QCOMPARE(run.count(AnalyzerRun::Outcome::Applied), std::uint64_t(91'899));

        const Table queries = run.table("queries");
        const QJsonObject byEvent = expected.value(QLatin1String("byEvent")).toObject();
        QCOMPARE(qint64(queries.rows().size()), byEvent.value(QLatin1String("QUERY_SUBMITTED")).toInteger());
        std::map<std::string, std::int64_t> status = countsBy(queries, Status);
        QCOMPARE(qint64(status["FAILED"]), byEvent.value(QLatin1String("QUERY_COMPLETED/False")).toInteger());
        QCOMPARE(qint64(status["RUNNING"]), expected.value(QLatin1String("neverCompleted")).toInteger());
        // Three completions have no id, one query completes twice.
        QCOMPARE(qint64(status["SUCCEEDED"]),
                 byEvent.value(QLatin1String("QUERY_COMPLETED/True")).toInteger() - 4);
        QVERIFY(countsBy(queries, Operation) ==
                countsOf(expected.value(QLatin1String("submittedByOperation")).toObject()));

        std::map<std::string, std::int64_t> read;
        for (const Row& row : queries.rows()) {
            if (const auto* names = std::get_if<std::vector<std::string>>(&row[TablesRead])) {
                for (const std::string& name : *names)
                    ++read[name];
            }
        }
        const std::map<std::string, std::int64_t> top =
            countsOf(expected.value(QLatin1String("topTablesRead")).toObject());
        QVERIFY(!top.empty());
        for (const auto& [name, count] : top)
            QCOMPARE(read[name], count);

        std::map<std::string, std::int64_t> without;
        const Table withoutId = run.table("withoutQueryId");
        for (const Row& row : withoutId.rows())
            without[test::toText(row[0])] += static_cast<std::int64_t>(std::get<std::uint64_t>(row[2]));
        QCOMPARE(qint64(without["COMPILE_FAILED"]),
                 byEvent.value(QLatin1String("COMPILE_FAILED/False")).toInteger());
        QCOMPARE(qint64(without["QUERY_COMPLETED"]),
                 expected.value(QLatin1String("completedWithoutId")).toInteger());

        AnalyzerRun split(hiveAnalyzer(), 7);
        split.feedFile(log);
        QCOMPARE(split.allText(), run.allText());
        QVERIFY(split.snapshots() == run.snapshots());
    }

    void queriesOfAtlasGiveTheNumbersOfTheirOracle()
    {
        JETLAG_NEED_EXTRA_DATA();
        const QJsonObject expected = oracle("DefaultDB-3-New.hive_process.expected.json");
        for (unsigned shards : {1u, 2u, 7u}) {
            AnalyzerRun run(hiveAnalyzer(), shards);
            run.feedFile(test::extraData() / "hive" / "apache-atlas" / "DefaultDB-3-New.hive_process.jsonl");
            const Table queries = run.table("queries");
            QCOMPARE(qint64(queries.rows().size()),
                     expected.value(QLatin1String("distinctQueryIds")).toInteger());
            QVERIFY(countsBy(queries, User) == countsOf(expected.value(QLatin1String("byUser")).toObject()));
            QVERIFY(countsBy(queries, Operation) ==
                    countsOf(expected.value(QLatin1String("byOperation")).toObject()));
            std::vector<std::int64_t> durations;
            std::int64_t firstStart = INT64_MAX;
            std::int64_t lastEnd = 0;
            for (const Row& row : queries.rows()) {
                QCOMPARE(test::toText(row[Status]), std::string("SUCCEEDED"));
                QVERIFY(!test::toText(row[QueryText]).empty());
                durations.push_back(std::get<std::int64_t>(row[Duration]));
                firstStart = std::min(firstStart, std::get<std::int64_t>(row[StartTime]));
                lastEnd = std::max(lastEnd, std::get<std::int64_t>(row[EndTime]));
            }
            std::sort(durations.begin(), durations.end());
            QCOMPARE(qint64(firstStart), expected.value(QLatin1String("firstStart")).toInteger());
            QCOMPARE(qint64(lastEnd), expected.value(QLatin1String("lastEnd")).toInteger());
            const QJsonObject millis = expected.value(QLatin1String("durationMs")).toObject();
            QCOMPARE(qint64(durations.front()), millis.value(QLatin1String("min")).toInteger());
            QCOMPARE(qint64(durations.back()), millis.value(QLatin1String("max")).toInteger());
            const auto quantile = [&durations](std::size_t percent) {
                return qint64(durations[std::min(durations.size() * percent / 100, durations.size() - 1)]);
            };
            QCOMPARE(quantile(50), millis.value(QLatin1String("p50")).toInteger());
            QCOMPARE(quantile(90), millis.value(QLatin1String("p90")).toInteger());
            QCOMPARE(quantile(99), millis.value(QLatin1String("p99")).toInteger());
        }
    }
};

QTEST_GUILESS_MAIN(TestHiveAnalyzer)
#include "tst_hive_analyzer.moc"
