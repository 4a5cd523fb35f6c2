// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hdfs/audit_line.h"

#include <QTest>

using namespace jetlag;

namespace {

// Blanks would be easier to miss than bars.
QByteArray tabbed(QByteArray line)
{
    return line.replace('|', '\t');
}

} // namespace

class TestAuditLine : public QObject
{
    Q_OBJECT

private slots:
    void goodLinesAreRead_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<qint64>("millis");
        QTest::addColumn<bool>("denied");
        QTest::addColumn<QByteArray>("command");
        QTest::addColumn<QByteArray>("source");
        const auto row = [](const char* name, const char* line, qint64 millis, bool denied,
                            const char* command, const char* source) {
            QTest::newRow(name) << QByteArray(line) << millis << denied << QByteArray(command)
                                << QByteArray(source);
        };
        row("plain",
            "1970-01-01 00:00:01,500 INFO FSNamesystem.audit: "
            "allowed=true|ugi=a (auth:SIMPLE)|ip=/1.2.3.4|cmd=open|src=/x|dst=null|perm=null|proto=rpc",
            1'500, false, "open", "/x");
        row("denied, T, long logger, no proto",
            "2000-02-29T23:59:59,999 INFO org.apache.hadoop.hdfs.server.namenode.FSNamesystem.audit: "
            "allowed=false|ugi=a|ip=/1|cmd=open|src=/x|dst=null|perm=null",
            951'868'799'999, true, "open", "/x");
        row("options are dropped",
            "1970-01-01 00:00:00,000 INFO FSNamesystem.audit: "
            "allowed=true|ugi=a|ip=/1|cmd=rename (options=[TO_TRASH])|src=/x|dst=/y|perm=a:b:rwx------",
            0, false, "rename", "/x");
        row("unknown fields anywhere, fields without a value, fields without =",
            "1970-01-01 00:00:00,000 INFO audit: "
            "allowed=true|ugi=a|invokeType=rpc|ip=/1|odd|cmd=open|=|src=/"
            "x|dst=null|trackingId=|perm=null|k=v=w",
            0, false, "open", "/x");
        row("a path with blanks and =",
            "1970-01-01 00:00:00,000 INFO audit: allowed=true|ugi=a|ip=/1|cmd=open|src=/x y=z "
            "(1)|dst=null|perm=null",
            0, false, "open", "/x y=z (1)");
        row("what a path holds is no field",
            "1970-01-01 00:00:00,000 INFO audit: "
            "allowed=true|ugi=a|ip=/1|cmd=open|src=/x|cmd=delete|src=/y|dst=null|perm=null",
            0, false, "open", "/x");
        row("no path at all",
            "1970-01-01 00:00:00,000 INFO audit: allowed=true|ugi=a|ip=/1|cmd=m|src=|dst=null|perm=null", 0,
            false, "m", "");
        row("ends as on Windows",
            "1970-01-01 00:00:00,000 INFO audit: "
            "allowed=true|ugi=a|ip=/1|cmd=m|dst=null|perm=null|src=/x\r\n",
            0, false, "m", "/x");
        row("before 1970",
            "1969-12-31 23:59:59,999 INFO audit: allowed=true|ugi=a|ip=/1|cmd=m|src=|dst=|perm=", -1, false,
            "m", "");
    }
    void goodLinesAreRead()
    {
        QFETCH(QByteArray, line);
        QFETCH(qint64, millis);
        QFETCH(bool, denied);
        QFETCH(QByteArray, command);
        QFETCH(QByteArray, source);
        const std::string text = tabbed(line).toStdString();
        const std::optional<AuditLine> parsed = parseAuditLine(text);
        QVERIFY(parsed.has_value());
        QCOMPARE(qint64(parsed->localSeconds * 1000 + parsed->milliseconds), millis);
        QCOMPARE(parsed->denied, denied);
        QCOMPARE(std::string(parsed->command), command.toStdString());
        QCOMPARE(std::string(parsed->source), source.toStdString());
    }

    void otherLinesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("line");
        const auto row = [](const char* name, const char* line) { QTest::newRow(name) << QByteArray(line); };
        row("empty", "");
        row("stack trace", "\tat org.apache.hadoop.ipc.Server$Handler.run(Server.java:2213)");
        row("another logger", "2024-03-05 10:15:00,120 INFO BlockStateChange: BLOCK* allocate blk_1");
        row("only a time", "2024-03-05 10:15:00,120");
        row("a month 13",
            "2024-13-05 10:15:00,120 INFO audit: allowed=true|ugi=a|ip=/1|cmd=m|src=/x|dst=null|perm=null");
        row("a 30th of February",
            "2024-02-30 10:15:00,120 INFO audit: allowed=true|ugi=a|ip=/1|cmd=m|src=/x|dst=null|perm=null");
        row("an hour 24",
            "2024-02-01 24:15:00,120 INFO audit: allowed=true|ugi=a|ip=/1|cmd=m|src=/x|dst=null|perm=null");
        row("no milliseconds",
            "2024-02-01 10:15:00 INFO audit: allowed=true|ugi=a|ip=/1|cmd=m|src=/x|dst=null|perm=null");
        row("letters in the time",
            "2024-02-01 1o:15:00,120 INFO audit: allowed=true|ugi=a|ip=/1|cmd=m|src=/x|dst=null|perm=null");
        row("allowed=maybe",
            "2024-02-01 10:15:00,120 INFO audit: allowed=maybe|ugi=a|ip=/1|cmd=m|src=/x|dst=null|perm=null");
        row("disallowed=true", "2024-02-01 10:15:00,120 INFO audit: "
                               "disallowed=true|ugi=a|ip=/1|cmd=m|src=/x|dst=null|perm=null");
        row("blanks where tabs belong",
            "2024-02-01 10:15:00,120 INFO audit: allowed=true ugi=a ip=/1 cmd=m src=/x dst=null perm=null");
        row("a command that is empty",
            "2024-02-01 10:15:00,120 INFO audit: allowed=true|ugi=a|ip=/1|cmd=|src=/x|dst=null|perm=null");
        row("two lines in one", "2024-02-01 10:15:00,120 INFO audit: "
                                "allowed=true|ugi=a|ip=/1|cmd=m|src=/x|dst=null|perm=null\nmore");
    }
    void otherLinesAreRefused()
    {
        QFETCH(QByteArray, line);
        QVERIFY(!parseAuditLine(tabbed(line).toStdString()));
    }

    void aLineThatWasCutIsRefusedWhereverItWasCut()
    {
        const std::string line =
            tabbed("2024-02-01 10:15:00,120 INFO FSNamesystem.audit: allowed=false|ugi=a "
                   "(auth:SIMPLE)|ip=/1|cmd=open|src=/x|dst=null|perm=n")
                .toStdString();
        QVERIFY(parseAuditLine(line).has_value());
        const std::size_t lastField = line.find("perm=") + 5;
        for (std::size_t length = 0; length < lastField; ++length)
            QVERIFY2(!parseAuditLine(line.substr(0, length)), line.substr(0, length).c_str());
    }
};

QTEST_GUILESS_MAIN(TestAuditLine)
#include "tst_audit_line.moc"
