// SPDX-License-Identifier: Apache-2.0
#include "model/base/byte_arena.h"
#include "replay/source/record_time.h"

#include <QTest>

using namespace jetlag;

class TestRecordTime : public QObject
{
    Q_OBJECT

private slots:
    void recordsTellTheirTime_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("record");
        QTest::addColumn<qint64>("millis"); // -1 = none
        const auto row = [](const char* name, RecordKind kind, const char* record, qint64 millis) {
            QTest::newRow(name) << int(kind) << QByteArray(record) << millis;
        };
        row("task end", RecordKind::Spark,
            R"({"Event":"SparkListenerTaskEnd","Stage ID":0,"Task Info":{"Task ID":1,"Launch Time":1000,"Finish Time":2500}})",
            2500);
        row("task start", RecordKind::Spark,
            R"({"Event":"SparkListenerTaskStart","Stage ID":0,"Task Info":{"Task ID":1,"Launch Time":1000,"Finish Time":0}})",
            1000);
        row("stage submitted", RecordKind::Spark,
            R"({"Event":"SparkListenerStageSubmitted","Stage Info":{"Stage ID":1,"Submission Time":77},"Properties":{}})",
            77);
        row("stage completed", RecordKind::Spark,
            R"({"Event":"SparkListenerStageCompleted","Stage Info":{"Stage ID":1,"Submission Time":77,"Completion Time":99}})",
            99);
        row("job start", RecordKind::Spark,
            R"({"Event":"SparkListenerJobStart","Job ID":0,"Submission Time":5})", 5);
        row("application start", RecordKind::Spark,
            R"({"Event":"SparkListenerApplicationStart","App Name":"x","Timestamp":1538416563558})",
            1538416563558);
        row("sql start", RecordKind::Spark,
            R"({"Event":"org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart","executionId":0,"time":1234})",
            1234);
        row("no time", RecordKind::Spark, R"({"Event":"SparkListenerLogStart","Spark Version":"3.1.1"})", -1);
        row("stage without its time", RecordKind::Spark,
            R"({"Event":"SparkListenerStageSubmitted","Stage Info":{"Stage ID":1}})", -1);
        row("malformed", RecordKind::Spark, "{\"Event\":\"Spark", -1);
        row("empty", RecordKind::Spark, "", -1);
        row("audit line, in Berlin", RecordKind::Hdfs,
            "2024-07-01 12:00:00,007 INFO FSNamesystem.audit: "
            "allowed=true\tugi=a (auth:SIMPLE)\tip=/1.1.1.1\tcmd=open\tsrc=/a\tdst=null\tperm=null",
            1719828000007);
        row("stack trace", RecordKind::Hdfs, "java.io.IOException: no", -1);
        row("hive", RecordKind::Hive,
            R"({"eventType":"QUERY_SUBMITTED","hiveQueryId":"q","timestamp":1700000000123})", 1700000000123);
        row("hive without time", RecordKind::Hive, R"({"eventType":"QUERY_SUBMITTED","hiveQueryId":"q"})",
            -1);
        row("line", RecordKind::Lines, "1970-01-01T00:00:01.5Z something", 1500);
        row("line without", RecordKind::Lines, "something", -1);
    }
    void recordsTellTheirTime()
    {
        QFETCH(int, kind);
        QFETCH(QByteArray, record);
        QFETCH(qint64, millis);
        ByteArena arena;
        RecordTimeReader reader(RecordKind(kind), TimeZone::named("Europe/Berlin").value());
        for (int i = 0; i < 2; ++i) { // the parser is used again
            const std::optional<ServerTime> time = reader.timeOf(arena.copy(record.toStdString()));
            QCOMPARE(time ? qint64(toMillis(*time)) : qint64(-1), millis);
        }
    }
};

QTEST_GUILESS_MAIN(TestRecordTime)
#include "tst_record_time.moc"
