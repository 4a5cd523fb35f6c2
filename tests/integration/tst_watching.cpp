// SPDX-License-Identifier: Apache-2.0
//
// Watch, don't touch: an account that may only read is enough for report, events, replay and capture, the
// server refuses it nothing, and streams and consumers are afterwards what they were, to the last field.

#include "tests/support/broker.h"
#include "tests/support/ctl.h"
#include "tests/support/temp_folder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace jetlag;
using namespace jetlag::test;

namespace {

/// Everything that watching asks for, and nothing else.
constexpr auto kUsers = R"(
authorization { users: [
  { user: admin, password: admin }
  { user: monitor, password: monitor, permissions: {
      publish: { allow: [ "$JS.API.INFO", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.LIST", "$JS.API.STREAM.INFO.*",
                          "$JS.API.CONSUMER.NAMES.*", "$JS.API.CONSUMER.LIST.*", "$JS.API.CONSUMER.INFO.*.*",
                          "$JS.API.DIRECT.GET.*", "$JS.API.STREAM.MSG.GET.*" ] }
      subscribe: { allow: [ "_INBOX.>", "$JS.EVENT.ADVISORY.CONSUMER.>", "$JS.EVENT.ADVISORY.STREAM.>" ] } } }
] }
)";

constexpr std::array kStreams = {"LIMITS", "INTEREST", "QUEUE", "NODIRECT"};

QString as(const Broker& broker, const char* user)
{
    return QStringLiteral("nats://%1:%1@127.0.0.1:%2").arg(QLatin1String(user)).arg(broker.port());
}

/// Answers without the moment they were given at.
QByteArray whatIs(TestClient& client)
{
    QByteArray all;
    for (const std::string stream : kStreams) {
        for (const std::string& call : {"STREAM.INFO." + stream, "CONSUMER.LIST." + stream}) {
            QJsonObject answer =
                QJsonDocument::fromJson(QByteArray::fromStdString(client.api(call))).object();
            answer.remove(QStringLiteral("ts"));
            QJsonArray consumers = answer[QStringLiteral("consumers")].toArray();
            for (auto&& consumer : consumers) {
                QJsonObject row = consumer.toObject();
                row.remove(QStringLiteral("ts"));
                consumer = row;
            }
            if (!consumers.isEmpty())
                answer[QStringLiteral("consumers")] = consumers;
            all += QJsonDocument(answer).toJson();
        }
    }
    return all;
}

} // namespace

class TestWatching : public QObject
{
    Q_OBJECT

private slots:
    void readingIsEnoughAndChangesNothing()
    {
        Broker broker({.extraConfig = kUsers});
        TestClient client(profileFromUrl(as(broker, "admin").toStdString()));
        const auto make = [&client](const std::string& name, const std::string& more) {
            client.createStream(R"({"name":")" + name + R"(","subjects":[")" + name + R"(.>"],)" + more +
                                "}");
            client.createConsumer(
                name,
                R"({"durable_name":"c","ack_policy":"explicit","deliver_policy":"all","ack_wait":600000000000})");
            client.publishMany(name + ".a", "payload", 300);
            // Some delivered and not acked, so that there is something that could be moved.
            (void)client.tryApi("CONSUMER.MSG.NEXT." + name + ".c", R"({"batch":1,"no_wait":true})");
        };
        make("LIMITS", R"("allow_direct":true)");
        make("INTEREST", R"("retention":"interest","allow_direct":true)");
        make("QUEUE", R"("retention":"workqueue","allow_direct":true)");
        make("NODIRECT", R"("retention":"limits")");

        const TempFolder folder;
        const Ctl ctl(QString::fromStdString((folder / "state").string()));
        const QByteArray before = whatIs(client);
        const QStringList server{QStringLiteral("--server"), as(broker, "monitor")};
        const auto run = [&](const QString& line) {
            const CtlEnd end = ctl.run(line.split(QLatin1Char(' ')) + server);
            QVERIFY2(end.exitCode == 0, end.describe().prepend(line.toUtf8() + ": "));
        };
        run(QStringLiteral("report --format json"));
        run(QStringLiteral("report --all"));
        for (const char* name : kStreams) {
            const QString stream = QLatin1String(name);
            run(QStringLiteral("events %1 --count 5").arg(stream));
            run(QStringLiteral("replay traffic --stream %1").arg(stream));
            run(QStringLiteral("replay traffic --like c --stream %1").arg(stream));
            run(QStringLiteral("capture record %1 -o %2/%1.jetlag")
                    .arg(stream, QString::fromStdString(folder.path().string())));
            if (QTest::currentTestFailed())
                return;
        }
        const QByteArray after = whatIs(client);
        QVERIFY2(before == after, "watching has changed a stream or a consumer:\n" + before + "\n" + after);
        QVERIFY2(broker.log().find("Violation") == std::string::npos, broker.log().c_str());
    }

    // The console's part: its test of what an account may see asks for no more than it may.
    void whatIsMissingIsSaidAndCostsNothingElse()
    {
        Broker broker({.extraConfig = R"(
authorization { users: [
  { user: admin, password: admin }
  { user: monitor, password: monitor, permissions: {
      publish: { deny: [ "$JS.API.STREAM.MSG.GET.*", "$JS.API.DIRECT.GET.*" ] } } } ] }
)"});
        TestClient client(profileFromUrl(as(broker, "admin").toStdString()));
        client.createStream(R"({"name":"LIMITS","subjects":["LIMITS.>"],"allow_direct":true})");
        client.createConsumer("LIMITS", R"({"durable_name":"c","ack_policy":"explicit"})");
        client.publishMany("LIMITS.a", "payload", 30);
        const TempFolder folder;
        const Ctl ctl(QString::fromStdString((folder / "state").string()));
        const CtlEnd report =
            ctl.run({QStringLiteral("report"), QStringLiteral("--format"), QStringLiteral("json"),
                     QStringLiteral("--server"), as(broker, "monitor")});
        QVERIFY2(report.exitCode == 0, report.describe());
        const QJsonObject row = report.json()[QStringLiteral("collectors")].toArray().first().toObject();
        QCOMPARE(row[QStringLiteral("lag")].toInteger(), 30);
        QVERIFY2(row[QStringLiteral("time_lag_seconds")].isNull(), report.describe());
        const CtlEnd replay =
            ctl.run({QStringLiteral("replay"), QStringLiteral("traffic"), QStringLiteral("--stream"),
                     QStringLiteral("LIMITS"), QStringLiteral("--server"), as(broker, "monitor")});
        QVERIFY2(replay.exitCode == 3, replay.describe());
        QVERIFY2(replay.err.contains("GET"), replay.describe());
        // And the server's log is where refusals show: the test above would see one.
        QVERIFY(broker.log().find("Violation") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestWatching)
#include "tst_watching.moc"
