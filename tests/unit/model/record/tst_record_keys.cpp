// SPDX-License-Identifier: Apache-2.0
#include "model/base/byte_arena.h"
#include "model/record/record_keys.h"
#include "tests/unit/model/record/record_test_support.h"

#include <QTest>

using namespace jetlag;
using namespace jetlag::test;

namespace {

std::string_view padded(ByteArena& arena, std::string_view text)
{
    return arena.copy(text);
}

} // namespace

class TestRecordKeys : public QObject
{
    Q_OBJECT

private slots:
    void applicationIdsAreKnownByTheirLook()
    {
        for (const char* id :
             {"application_1538416563558_0014", "app-20161116163331-0000", "local-1430917381534",
              "spark-0123456789abcdef0123456789abcdef", "spark-application-1553914137147"})
            QVERIFY2(looksLikeSparkApplicationId(id), id);
        for (const char* other :
             {"", "application_", "application_1", "application_1_", "application_1_2x", "app-1", "local-",
              "local-x", "spark-0123", "eventlog_dsv1", "xlocal-1", "local-1_1"})
            QVERIFY2(!looksLikeSparkApplicationId(other), other);
    }

    void fileNamesTellApplicationAndAttempt_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("plain") << QByteArray("application_1538416563558_0014")
                               << QByteArray("application_1538416563558_0014");
        QTest::newRow("attempt") << QByteArray("application_1656321732247_0006_2")
                                 << QByteArray("application_1656321732247_0006/2");
        QTest::newRow("attempt of a local one")
            << QByteArray("local-1430917381535_1") << QByteArray("local-1430917381535/1");
        QTest::newRow("compressed, in progress")
            << QByteArray("local-1.zstd.inprogress") << QByteArray("local-1");
        QTest::newRow("rotated to gzip") << QByteArray("local-1.gz") << QByteArray("local-1");
        QTest::newRow("rolled directory") << QByteArray("eventlog_v2_local-1_3") << QByteArray("local-1/3");
        QTest::newRow("rolled file") << QByteArray("events_12_local-1.zst") << QByteArray("local-1");
        QTest::newRow("compacted file")
            << QByteArray("events_2_local-1_1.compact") << QByteArray("local-1/1");
        QTest::newRow("some other name") << QByteArray("gpu_oom_eventlog") << QByteArray();
        QTest::newRow("more behind it") << QByteArray("local-1_copy") << QByteArray();
        QTest::newRow("rolled, without number") << QByteArray("events_x_local-1") << QByteArray();
        QTest::newRow("nothing") << QByteArray("") << QByteArray();
    }
    void fileNamesTellApplicationAndAttempt()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, key);
        const std::optional<SparkApplication> found = sparkApplicationFromName(name.toStdString());
        QCOMPARE(found ? found->key() : std::string(), key.toStdString());
    }

    void auditLinesTellTheActingUser_data()
    {
        QTest::addColumn<QByteArray>("ugi");
        QTest::addColumn<QByteArray>("user");
        QTest::newRow("simple") << QByteArray("hbase (auth:SIMPLE)") << QByteArray("hbase");
        QTest::newRow("principal with host")
            << QByteArray("yarn/n1.example.com@REALM (auth:KERBEROS)") << QByteArray("yarn");
        QTest::newRow("principal") << QByteArray("ann@REALM (auth:KERBEROS)") << QByteArray("ann");
        QTest::newRow("proxy") << QByteArray("hdfs (auth:PROXY) via hue/n1@REALM (auth:KERBEROS)")
                               << QByteArray("hdfs");
        QTest::newRow("bare") << QByteArray("hdfs") << QByteArray("hdfs");
        QTest::newRow("empty") << QByteArray("") << QByteArray("");
    }
    void auditLinesTellTheActingUser()
    {
        QFETCH(QByteArray, ugi);
        QFETCH(QByteArray, user);
        const QByteArray line = "2015-07-09 00:37:40,913 INFO FSNamesystem.audit: allowed=true\tugi=" + ugi +
                                "\tip=/10.0.2.15\tcmd=open\tsrc=/a ugi=b\tdst=null\tperm=null";
        QCOMPARE(hdfsAuditUser(line.toStdString()),
                 std::string_view(user.data(), static_cast<std::size_t>(user.size())));
    }

    void otherLinesHaveNoUser()
    {
        for (const char* line : {"", "java.io.IOException: x", "    at a.b.C(D.java:1)", "xugi=a", "ugi=a"})
            QVERIFY2(hdfsAuditUser(line).empty(), line);
    }

    void onlyAnApplicationStartNamesTheApplication()
    {
        ByteArena arena;
        JsonKeyReader reader;
        const auto keyOf = [&](std::string_view line) {
            const std::optional<SparkApplication> found = reader.sparkApplicationStart(padded(arena, line));
            return found ? found->key() : std::string("none");
        };
        QCOMPARE(
            keyOf(json(
                "{'Event':'SparkListenerApplicationStart','App Name':'x','App ID':'local-1','Timestamp':1}")),
            std::string("local-1"));
        QCOMPARE(
            keyOf(json("{'Event':'SparkListenerApplicationStart','App ID':'local-1','App Attempt ID':'2'}")),
            std::string("local-1/2"));
        // Fields in any order, blanks anywhere.
        QCOMPARE(keyOf(json("{ 'App ID' : 'local-1' , 'Event' : 'SparkListenerApplicationStart' }")),
                 std::string("local-1"));
        QCOMPARE(keyOf(json("{'Event':'SparkListenerApplicationStart','App ID':null}")), std::string("none"));
        QCOMPARE(keyOf(json("{'Event':'SparkListenerApplicationStart','App Name':'x'}")),
                 std::string("none"));
        QCOMPARE(keyOf(json("{'Event':'SparkListenerApplicationStart','App ID':'local-1")),
                 std::string("none"));
        QCOMPARE(keyOf(json("{'Event':'SparkListenerApplicationEnd','Timestamp':1}")), std::string("none"));
        // The word alone is not the event.
        QCOMPARE(keyOf(json("{'Event':'SparkListenerEnvironmentUpdate','x':'SparkListenerApplicationStart','"
                            "App ID':'local-1'}")),
                 std::string("none"));
        QCOMPARE(keyOf(json("['SparkListenerApplicationStart']")), std::string("none"));
        QCOMPARE(keyOf(""), std::string("none"));
    }

    void hiveLinesTellQueryAndUser()
    {
        ByteArena arena;
        JsonKeyReader reader;
        const auto namesOf = [&](std::string_view line) {
            const JsonKeyReader::HiveNames names = reader.hiveNames(padded(arena, line));
            return std::string(names.queryId) + '|' + std::string(names.user);
        };
        QCOMPARE(
            namesOf(json(
                "{'eventType':'QUERY_SUBMITTED','hiveQueryId':'hive_1','user':'ann','requestUser':'bob'}")),
            std::string("hive_1|ann"));
        QCOMPARE(namesOf(json("{'user':null,'requestUser':'bob','hiveQueryId':'hive_1'}")),
                 std::string("hive_1|bob"));
        QCOMPARE(namesOf(json(
                     "{'hiveQueryId':'a\\nb\\u0041','otherInfo':{'hiveQueryId':'inner','user':'inner'}}")),
                 std::string("a\nbA|"));
        QCOMPARE(
            namesOf(json("{'typeName':'hive_process','attributes':{'userName':'hive','queryId':'hive_2'}}")),
            std::string("hive_2|hive"));
        QCOMPARE(namesOf(json("{'queryId':'0:0','user':'dummy'}")), std::string("0:0|dummy"));
        QCOMPARE(namesOf(json("{'hiveQueryId':7}")), std::string("|"));
        QCOMPARE(namesOf(json("{'hiveQueryId':'hive_1','user':")), std::string("|"));
        QCOMPARE(namesOf(json("{'hiveQueryId':'hive_1")), std::string("|"));
        QCOMPARE(namesOf("[1]"), std::string("|"));
        QCOMPARE(namesOf("\xff\xfe"), std::string("|"));
        QCOMPARE(namesOf(""), std::string("|"));
    }

    void aHugeLineIsReadAndItsMemoryGivenBack()
    {
        ByteArena arena;
        JsonKeyReader reader;
        const std::string line = json("{'queryPlan':'") + std::string(8'000'000, 'p') +
                                 json("','hiveQueryId':'hive_1','user':'u'}");
        QCOMPARE(reader.hiveNames(padded(arena, line)).queryId, std::string_view("hive_1"));
        QCOMPARE(reader.hiveNames(padded(arena, json("{'hiveQueryId':'hive_2'}"))).queryId,
                 std::string_view("hive_2"));
    }
};

QTEST_GUILESS_MAIN(TestRecordKeys)
#include "tst_record_keys.moc"
