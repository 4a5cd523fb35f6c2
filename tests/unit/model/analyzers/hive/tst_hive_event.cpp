// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hive/hive_event.h"
#include "model/base/byte_arena.h"
#include "model/event/event.h"

#include <QTest>

#include <algorithm>
#include <string>

using namespace jetlag;

namespace {

/// Keeps the bytes that the event's views point into. JSON is written with ' for " and ` for ', because moc
/// stumbles over raw strings.
class Reading
{
public:
    explicit Reading(std::string json, bool padded = true)
        : m_json(std::move(json))
    {
        std::replace(m_json.begin(), m_json.end(), '\'', '"');
        std::replace(m_json.begin(), m_json.end(), '`', '\'');
        const std::size_t size = m_json.size();
        if (padded)
            m_json.append(kPayloadPadding, ',');
        Event from;
        from.payload = std::string_view(m_json).substr(0, size);
        from.padded = padded;
        whole = m_reader.read(from, event);
    }

    bool whole = false;
    HiveEvent event;

private:
    std::string m_json;
    HiveEventReader m_reader;
};

std::string text(std::string_view view)
{
    return std::string(view);
}

} // namespace

class TestHiveEvent : public QObject
{
    Q_OBJECT

private slots:
    void everyFieldOfASubmissionIsRead()
    {
        for (bool padded : {true, false}) {
            const Reading reading(
                "{'eventType':'QUERY_SUBMITTED','hiveQueryId':'q1','timestamp':17,'executionMode':'TEZ',"
                "'requestUser':'r','queue':'etl','user':'u','operationId':'op','operationType':'QUERY',"
                "'tablesWritten':['a.b'],'tablesRead':[],'extra':{'x':[1,2.5,null]},"
                "'otherInfo':{'QUERY':{'queryText':'select \\'é\\'\\n'},'CONF':'{}'}}",
                padded);
            QVERIFY(reading.whole);
            const HiveEvent& event = reading.event;
            QVERIFY(event.phase == HivePhase::Submitted);
            QCOMPARE(text(event.queryId), std::string("q1"));
            QCOMPARE(text(event.executionMode), std::string("TEZ"));
            QCOMPARE(text(event.requestUser), std::string("r"));
            QCOMPARE(text(event.queue), std::string("etl"));
            QCOMPARE(text(event.user), std::string("u"));
            QCOMPARE(text(event.operation), std::string("QUERY"));
            QCOMPARE(text(event.queryText), std::string("select \"é\"\n"));
            QVERIFY(event.startTime == std::optional<std::int64_t>(17));
            QVERIFY(!event.endTime);
            QCOMPARE(event.tablesWritten->size(), std::size_t(1));
            QCOMPARE(text(event.tablesWritten->front()), std::string("a.b"));
            QVERIFY(event.tablesRead && event.tablesRead->empty());
        }
    }

    void queryTextHasManyShapes_data()
    {
        QTest::addColumn<QByteArray>("otherInfo");
        QTest::addColumn<QByteArray>("queryText");
        const auto row = [](const char* name, const char* otherInfo, const char* queryText) {
            QTest::newRow(name) << QByteArray(otherInfo) << QByteArray(queryText);
        };
        row("object", "{'QUERY':{'queryPlan':{},'queryText':'select 1'}}", "select 1");
        row("JSON text in a string", "{'QUERY':'{\\'queryText\\':\\'select \\\\\\'a\\\\\\'\\'}'}",
            "select \"a\"");
        row("list of entries",
            "[{'key':'X','value':'1'},{'key':'QUERY','value':'{\\'queryText\\':\\'select 2\\'}'}]",
            "select 2");
        row("plain text", "{'QUERY':'select 3'}", "select 3");
        row("plain text with a brace", "{'QUERY':'select `{`'}", "select '{'");
        row("text that is cut inside", "{'QUERY':'{\\'queryText\\':\\'sel'}", "{\"queryText\":\"sel");
        row("JSON that is no object", "{'QUERY':'[{}]'}", "[{}]");
        row("masked", "{'QUERY':{'queryText':null}}", "");
        row("a number", "{'QUERY':7}", "");
        row("other info is a string", "'QUERY'", "");
    }
    void queryTextHasManyShapes()
    {
        QFETCH(QByteArray, otherInfo);
        QFETCH(QByteArray, queryText);
        const Reading reading(
            "{'eventType':'QUERY_SUBMITTED','hiveQueryId':'q','otherInfo':" + otherInfo.toStdString() + "}");
        QVERIFY(reading.whole);
        QCOMPARE(text(reading.event.queryText), queryText.toStdString());
    }

    void outcomes_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<int>("phase");
        QTest::addColumn<int>("outcome");
        const auto row = [](const char* json, HivePhase phase, HiveOutcome outcome) {
            QTest::newRow(json) << QByteArray(json) << int(phase) << int(outcome);
        };
        using enum HiveOutcome;
        row("{'eventType':'QUERY_COMPLETED','otherInfo':{'STATUS':true}}", HivePhase::Completed, Succeeded);
        row("{'eventType':'QUERY_COMPLETED','otherInfo':{'STATUS':'true'}}", HivePhase::Completed, Succeeded);
        row("{'eventType':'QUERY_COMPLETED','otherInfo':{'STATUS':'false'}}", HivePhase::Completed, Failed);
        row("{'eventType':'QUERY_COMPLETED','otherInfo':{'STATUS':'maybe'}}", HivePhase::Completed, Unknown);
        row("{'eventType':'QUERY_COMPLETED','otherInfo':{'STATUS':1}}", HivePhase::Completed, Unknown);
        row("{'eventType':'QUERY_COMPLETED'}", HivePhase::Completed, Unknown);
        row("{'eventType':'COMPILE_FAILED'}", HivePhase::Completed, Failed);
        row("{'eventType':'QUERY_PAUSED','otherInfo':{'STATUS':true}}", HivePhase::Other, Succeeded);
        row("{'eventType':3}", HivePhase::Other, Unknown);
        row("{}", HivePhase::Other, Unknown);
        row("[1,2]", HivePhase::Other, Unknown);
        row("'text'", HivePhase::Other, Unknown);
        row("17", HivePhase::Other, Unknown);
        row("{'typeName':'hive_process'}", HivePhase::Other, Unknown);
        row("{'typeName':'hive_table','attributes':{'queryId':'q'}}", HivePhase::Other, Unknown);
        row("{'attributes':{'queryId':'q'},'typeName':'hive_process'}", HivePhase::Completed, Succeeded);
    }
    void outcomes()
    {
        QFETCH(QByteArray, json);
        const Reading reading(json.toStdString());
        QVERIFY(reading.whole);
        QTEST(int(reading.event.phase), "phase");
        QTEST(int(reading.event.outcome), "outcome");
    }

    void atlasEntitiesHoldAWholeQuery()
    {
        const Reading reading(
            "{'typeName':'hive_process','attributes':{'queryId':'q','userName':'hive',"
            "'operationType':'CREATEVIEW','queryText':'create view v','startTime':5,'endTime':9}}");
        QVERIFY(reading.whole);
        QCOMPARE(text(reading.event.queryId), std::string("q"));
        QCOMPARE(text(reading.event.user), std::string("hive"));
        QVERIFY(reading.event.startTime == std::optional<std::int64_t>(5));
        QVERIFY(reading.event.endTime == std::optional<std::int64_t>(9));
        QVERIFY(!reading.event.tablesRead);
    }

    void onlyTimesOfACalendarAreTimes_data()
    {
        QTest::addColumn<QByteArray>("timestamp");
        QTest::addColumn<qint64>("millis");
        QTest::newRow("number") << QByteArray("1709633700000") << qint64(1'709'633'700'000);
        QTest::newRow("text") << QByteArray("\"1709633700000\"") << qint64(1'709'633'700'000);
        QTest::newRow("zero") << QByteArray("0") << qint64(0);
        for (const char* none : {"-1", "253402300800000", "9223372036854775807", "18446744073709551615",
                                 "1.5", "\"\"", "\"12x\"", "null", "true", "\"99999999999999999999\""})
            QTest::newRow(none) << QByteArray(none) << qint64(-1);
    }
    void onlyTimesOfACalendarAreTimes()
    {
        QFETCH(QByteArray, timestamp);
        QFETCH(qint64, millis);
        const Reading reading("{'eventType':'QUERY_SUBMITTED','timestamp':" + timestamp.toStdString() + "}");
        QVERIFY(reading.whole);
        QCOMPARE(qint64(reading.event.startTime.value_or(-1)), millis);
    }

    void whatIsNotWellFormedAsAWholeIsRefused_data()
    {
        QTest::addColumn<QByteArray>("json");
        for (const char* bad :
             {"", " ", "{", "{'eventType':'QUERY_SUBMITTED'", "{'a':tru}", "{'a':1,}", "[1,]",
              "{'a':18446744073709551616}", "{'a':1e400}", "{'a':'\\ud800'}", "{'a':NaN}", "{} {}", "{`a`:1}",
              "{\"a\":\"\xff\"}", "{\"a\":\"\n\"}", "Exception in thread"})
            QTest::newRow(bad) << QByteArray(bad);
        QTest::newRow("2,000 levels") << QByteArray(2'000, '[') + QByteArray(2'000, ']');
    }
    void whatIsNotWellFormedAsAWholeIsRefused()
    {
        QFETCH(QByteArray, json);
        QVERIFY(!Reading(json.toStdString(), true).whole);
        QVERIFY(!Reading(json.toStdString(), false).whole);
    }

    void aHugeRecordDoesNotSpoilTheNext()
    {
        HiveEventReader reader;
        HiveEvent event;
        Event from;
        const std::string huge = "{\"hiveQueryId\":\"big\",\"otherInfo\":{\"QUERY\":\"" +
                                 std::string(8 * 1024 * 1024, 'x') + "\"}}";
        from.payload = huge;
        QVERIFY(reader.read(from, event));
        QCOMPARE(event.queryText.size(), std::size_t(8 * 1024 * 1024));
        const std::string small = "{\"hiveQueryId\":\"small\"}";
        from.payload = small;
        QVERIFY(reader.read(from, event));
        QCOMPARE(text(event.queryId), std::string("small"));
        QVERIFY(event.queryText.empty());
    }
};

QTEST_GUILESS_MAIN(TestHiveEvent)
#include "tst_hive_event.moc"
