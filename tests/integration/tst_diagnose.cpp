// SPDX-License-Identifier: Apache-2.0
//
// `jetlagctl diagnose` and `report --check` as processes, on a real server: a cause is named and proved,
// samples that were kept say the same again, and an account that may not read messages loses only what takes
// a read.

#include "tests/support/broker.h"
#include "tests/support/ctl.h"
#include "tests/support/temp_folder.h"

#include <QFile>
#include <QJsonArray>
#include <QTest>

using namespace jetlag;
using namespace jetlag::test;

namespace {

/// A stream of 50 messages that its consumer never asks for.
void makeUnread(TestClient& client)
{
    client.createStream(R"({"name":"S","subjects":["s.>"],"allow_direct":true})");
    client.createConsumer("S", R"({"durable_name":"all","ack_policy":"explicit"})");
    client.createConsumer("S", R"({"durable_name":"some","ack_policy":"explicit","filter_subject":"s.a"})");
    client.publishMany("s.a", "payload", 50);
}

QStringList diagnose(const QString& server, const QString& consumer, const QStringList& more = {})
{
    return QStringList{QStringLiteral("diagnose"),
                       QStringLiteral("S"),
                       consumer,
                       QStringLiteral("--server"),
                       server,
                       QStringLiteral("--format"),
                       QStringLiteral("json")} +
           more;
}

QJsonObject rowOf(const CtlEnd& report, const QString& collector)
{
    for (const QJsonValue& row : report.json()[QStringLiteral("collectors")].toArray()) {
        if (row[QStringLiteral("collector")] == collector)
            return row.toObject();
    }
    return {};
}

} // namespace

class TestDiagnose : public QObject
{
    Q_OBJECT

private slots:
    void namesProvesAndRecords()
    {
        Broker broker;
        TestClient client = broker.client();
        makeUnread(client);
        const TempFolder folder;
        const Ctl ctl(QString::fromStdString((folder / "state").string()));
        const QString server = QString::fromStdString(broker.url());
        const QString recording = QString::fromStdString((folder / "samples.jsonl").string());
        const CtlEnd end =
            ctl.run(diagnose(server, QStringLiteral("all"), {QStringLiteral("--record"), recording}));
        QVERIFY2(end.exitCode == 1, end.describe());
        const QJsonObject said = end.json();
        QCOMPARE(said[QStringLiteral("verdict")].toString(), QStringLiteral("stopped"));
        QCOMPARE(said[QStringLiteral("cause")].toString(), QStringLiteral("no-pulls"));
        QVERIFY2(!said[QStringLiteral("sentence")].toString().isEmpty(), end.describe());
        QVERIFY2(said[QStringLiteral("since")].toDouble() > 0, end.describe());
        bool pending = false;
        for (const QJsonValue& one : said[QStringLiteral("evidence")].toArray())
            pending = pending || (one[QStringLiteral("what")] == QStringLiteral("num_pending") &&
                                  one[QStringLiteral("value")].toDouble() == 50);
        QVERIFY2(pending, end.describe());
        QCOMPARE(said[QStringLiteral("events")].toArray().first()[QStringLiteral("sequence")].toInt(), 1);
        QCOMPARE(said[QStringLiteral("events")].toArray().first()[QStringLiteral("subject")].toString(),
                 QStringLiteral("s.a"));
        QCOMPARE(said[QStringLiteral("events")].toArray().first()[QStringLiteral("body")].toString(),
                 QStringLiteral("payload"));
        QVERIFY2(!said[QStringLiteral("try")].toArray().isEmpty(), end.describe());

        // A report that ends with 1 says why.
        const CtlEnd report = ctl.run(
            {QStringLiteral("report"), QStringLiteral("--check"), QStringLiteral("--server"), server});
        QVERIFY2(report.exitCode == 1, report.describe());
        QVERIFY2(report.out.contains("trouble (exit code 1):") &&
                     report.out.contains("S › all: stopped (no-pulls)"),
                 report.describe());

        // What was kept says the same again, without a server.
        broker.stop();
        const CtlEnd again = ctl.run({QStringLiteral("diagnose"), QStringLiteral("--samples"), recording,
                                      QStringLiteral("--format"), QStringLiteral("json")});
        QVERIFY2(again.exitCode == 1, again.describe());
        QCOMPARE(again.json()[QStringLiteral("cause")].toString(), QStringLiteral("no-pulls"));

        // And is not overwritten by accident.
        const CtlEnd refused =
            ctl.run(diagnose(server, QStringLiteral("all"), {QStringLiteral("--record"), recording}));
        QVERIFY2(refused.exitCode == 3, refused.describe());
        QVERIFY2(refused.err.contains("--force"), refused.describe());
    }

    void whatIsNotThereIsSaid()
    {
        Broker broker;
        TestClient client = broker.client();
        makeUnread(client);
        const TempFolder folder;
        const Ctl ctl(QString::fromStdString((folder / "state").string()));
        const QString server = QString::fromStdString(broker.url());
        const QString recording = QString::fromStdString((folder / "samples.jsonl").string());
        const CtlEnd nobody =
            ctl.run(diagnose(server, QStringLiteral("nobody"), {QStringLiteral("--record"), recording}));
        QVERIFY2(nobody.exitCode == 3, nobody.describe());
        QVERIFY2(nobody.err.contains("no consumer nobody"), nobody.describe());
        QVERIFY2(!QFile::exists(recording), "an empty recording would be in the way of the next try");
        // One that was there before stays: here was nothing to replace it with.
        QFile old(recording);
        QVERIFY(old.open(QIODevice::WriteOnly) && old.write("the old one\n") > 0);
        old.close();
        const CtlEnd forced =
            ctl.run(diagnose(server, QStringLiteral("nobody"),
                             {QStringLiteral("--record"), recording, QStringLiteral("--force")}));
        QVERIFY2(forced.exitCode == 3, forced.describe());
        QVERIFY(old.open(QIODevice::ReadOnly));
        QCOMPARE(old.readAll(), QByteArray("the old one\n"));
        old.close();
        // With samples to replace it, it goes.
        const CtlEnd replaced =
            ctl.run(diagnose(server, QStringLiteral("all"),
                             {QStringLiteral("--record"), recording, QStringLiteral("--force"),
                              QStringLiteral("--for"), QStringLiteral("1")}));
        QVERIFY(old.open(QIODevice::ReadOnly));
        const QByteArray samples = old.readAll();
        QVERIFY2(samples.startsWith('{') && !samples.contains("the old one"), replaced.describe());
        const CtlEnd noStream = ctl.run({QStringLiteral("diagnose"), QStringLiteral("NOPE"),
                                         QStringLiteral("c"), QStringLiteral("--server"), server});
        QVERIFY2(noStream.exitCode == 3 && noStream.err.contains("no stream NOPE"), noStream.describe());
        // Samples are judged without a stream; none are said to be none.
        const QString empty = QString::fromStdString((folder / "empty.jsonl").string());
        QVERIFY(QFile(empty).open(QIODevice::WriteOnly));
        const CtlEnd noSample = ctl.run({QStringLiteral("diagnose"), QStringLiteral("--samples"), empty});
        QVERIFY2(noSample.exitCode == 3 && noSample.err.contains("holds no sample"), noSample.describe());
        const CtlEnd both = ctl.run({QStringLiteral("diagnose"), QStringLiteral("S"), QStringLiteral("all"),
                                     QStringLiteral("--samples"), recording});
        QVERIFY2(both.exitCode == 2, both.describe());
        const CtlEnd nothing = ctl.run({QStringLiteral("diagnose")});
        QVERIFY2(nothing.exitCode == 2, nothing.describe());
        const CtlEnd unwritable =
            ctl.run(diagnose(server, QStringLiteral("all"),
                             {QStringLiteral("--record"), QStringLiteral("/nowhere/at/all.jsonl")}));
        QVERIFY2(unwritable.exitCode == 3, unwritable.describe());
        QVERIFY2(unwritable.err.contains("/nowhere/at/all.jsonl"), unwritable.describe());
    }

    // Given up before anybody listened for advisories: they are named all the same.
    void deadLettersThatNobodyHeardOfAreNamed()
    {
        Broker broker;
        TestClient client = broker.client();
        client.createStream(R"({"name":"S","subjects":["s.>"],"retention":"workqueue"})");
        client.createConsumer(
            "S", R"({"durable_name":"all","ack_policy":"explicit","ack_wait":200000000,"max_deliver":1})");
        for (int number = 1; number <= 5; ++number)
            (void)client.publish("s." + std::to_string(number), "payload");
        QVERIFY(waitUntil([&] {
            // All go to the inbox of this request, under their own subjects so that none is its answer, and
            // nobody acks them; attempts are given up only while somebody pulls.
            (void)client.connection().request("$JS.API.CONSUMER.MSG.NEXT.S.all",
                                              R"({"batch":5,"expires":100000000})",
                                              std::chrono::milliseconds(200));
            const std::string info = client.api("CONSUMER.INFO.S.all");
            return info.find(R"("num_ack_pending":0)") != std::string::npos &&
                   info.find(R"("num_pending":0)") != std::string::npos;
        }));
        const TempFolder folder;
        const Ctl ctl(QString::fromStdString((folder / "state").string()));
        const CtlEnd end = ctl.run(diagnose(QString::fromStdString(broker.url()), QStringLiteral("all")));
        QVERIFY2(end.exitCode == 1, end.describe());
        QCOMPARE(end.json()[QStringLiteral("cause")].toString(), QStringLiteral("dead-letters"));
        const QJsonArray events = end.json()[QStringLiteral("events")].toArray();
        QVERIFY2(events.size() == 5, end.describe());
        for (int number = 1; number <= 5; ++number) {
            const QJsonValue one = events[number - 1];
            QCOMPARE(one[QStringLiteral("sequence")].toInt(), number);
            QCOMPARE(one[QStringLiteral("subject")].toString(), QStringLiteral("s.%1").arg(number));
            QVERIFY2(one[QStringLiteral("time")].toDouble() > 0, end.describe());
        }
    }

    void withoutMessageGetVerdictsComeAllTheSame()
    {
        Broker broker({.extraConfig = R"(
authorization { users: [
  { user: admin, password: admin }
  { user: monitor, password: monitor, permissions: {
      publish: { deny: [ "$JS.API.STREAM.MSG.GET.*", "$JS.API.DIRECT.GET.*" ] }
      subscribe: { deny: [ "$JS.EVENT.ADVISORY.>" ] } } } ] }
)"});
        const auto addressOf = [&](const char* user) {
            return QStringLiteral("nats://%1:%1@127.0.0.1:%2").arg(QLatin1String(user)).arg(broker.port());
        };
        TestClient client(profileFromUrl(addressOf("admin").toStdString()));
        makeUnread(client);
        const TempFolder folder;
        const Ctl ctl(QString::fromStdString((folder / "state").string()));
        const CtlEnd report =
            ctl.run({QStringLiteral("report"), QStringLiteral("--check"), QStringLiteral("--format"),
                     QStringLiteral("json"), QStringLiteral("--server"), addressOf("monitor")});
        QVERIFY2(report.exitCode == 1, report.describe());
        // Of an unfiltered one the stream's own times tell the age of what is unread; only the filtered one's
        // is missing. A refusal is no broken connection: rates and verdicts go on.
        QCOMPARE(rowOf(report, QStringLiteral("all"))[QStringLiteral("cause")].toString(),
                 QStringLiteral("no-pulls"));
        QVERIFY2(rowOf(report, QStringLiteral("all"))[QStringLiteral("time_lag_seconds")].isDouble(),
                 report.describe());
        QVERIFY2(rowOf(report, QStringLiteral("some"))[QStringLiteral("time_lag_seconds")].isNull(),
                 report.describe());
        QVERIFY2(rowOf(report, QStringLiteral("some"))[QStringLiteral("delivered_per_second")].isDouble(),
                 report.describe());
        QVERIFY2(report.out.contains("$JS.API.STREAM.MSG.GET.S"),
                 report.describe()); // the permission to ask for
        // Asked once, not with every look.
        const std::string log = broker.log();
        std::size_t refusals = 0;
        for (std::size_t at = log.find("MSG.GET"); at != std::string::npos; at = log.find("MSG.GET", at + 1))
            ++refusals;
        QVERIFY2(refusals >= 1 && refusals <= 4, log.c_str());
    }
};

QTEST_GUILESS_MAIN(TestDiagnose)
#include "tst_diagnose.moc"
