// SPDX-License-Identifier: Apache-2.0
//
// A hook and a collector, as processes, on a nats-server that is killed and comes back twice under both.

#include "model/workload/workload.h"
#include "tests/support/broker.h"
#include "tests/support/ctl.h"
#include "tests/support/temp_folder.h"

#include <QTest>
#include <nlohmann/json.hpp>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

using Json = nlohmann::json;

constexpr int kEvents = 6'000;
constexpr int kKills = 2;

QString text(const std::string& bytes)
{
    return QString::fromStdString(bytes);
}

struct Standing
{
    std::uint64_t last = 0;
    std::uint64_t acked = 0; ///< messages; the floor of an explicit consumer stays where it was after a kill
};

} // namespace

class TestBrokerRestart : public QObject
{
    Q_OBJECT

private:
    // What the server says now; zeros while it has nothing to say.
    static Standing standing(TestClient& client)
    {
        const Result<std::string> stream = client.tryApi("STREAM.INFO.HDFS");
        const Result<std::string> consumer = client.tryApi("CONSUMER.INFO.HDFS.c");
        if (!stream || !consumer)
            return {};
        const std::uint64_t last = Json::parse(*stream)["state"]["last_seq"];
        const Json info = Json::parse(*consumer);
        const std::uint64_t lag =
            info["num_pending"].get<std::uint64_t>() + info["num_ack_pending"].get<std::uint64_t>();
        return {.last = last, .acked = last - std::min(lag, last)};
    }

private slots:
    void bothGoOnAfterTheServerIsKilledTwice_data()
    {
        QTest::addColumn<QByteArray>("retention");
        QTest::newRow("limits") << QByteArray("limits");
        QTest::newRow("interest") << QByteArray("interest");
        QTest::newRow("work queue") << QByteArray("workqueue");
    }
    void bothGoOnAfterTheServerIsKilledTwice()
    {
        QFETCH(QByteArray, retention);
        const TempFolder folder;
        const Ctl ctl(text((folder / "xdg").string()));
        Broker broker;
        const QString logs = text((folder / "logs").string());
        QVERIFY(writeWorkload("hdfs", folder / "logs", kEvents, 1, /*seed=*/11).hasValue());
        const auto words = [&](const char* line) {
            return QString::fromLatin1(line).split(QLatin1Char(' '), Qt::SkipEmptyParts) +
                   QStringList{QStringLiteral("--server"), text(broker.url())};
        };
        const QStringList state{QStringLiteral("--state"), text((folder / "state").string())};
        broker.client().createStream(
            R"({"name":"HDFS","subjects":["hdfs.>"],"storage":"file","retention":")" +
            retention.toStdString() + R"(","duplicate_window":120000000000,"allow_direct":true})");

        // A server that comes back with an older state has forgotten acks of work queues: it delivers those
        // again after ack_wait, which is short here.
        const QStringList collectorLine =
            words("collector hdfs --stream HDFS --name c --format json --ack-wait 5s") + state;
        const std::unique_ptr<QProcess> collector = ctl.start(collectorLine);
        TestClient client = broker.client();
        // An interest stream keeps only what comes after its consumer.
        QTRY_VERIFY_WITH_TIMEOUT(client.tryApi("CONSUMER.INFO.HDFS.c").hasValue(), 60'000);
        const std::unique_ptr<QProcess> hook =
            ctl.start(words("hook hdfs --stream HDFS --format json --rate 600") + QStringList{logs});
        std::uint64_t before = 0;
        for (int kill = 0; kill < kKills; ++kill) {
            Standing there;
            // Once is enough, and it is asked once more when it was true: the two answers that it is made of
            // are not of one moment.
            QTRY_VERIFY_WITH_TIMEOUT(there.acked > before || (there = standing(client)).acked > before,
                                     60'000);
            QVERIFY2(there.last < kEvents, "killed while the hook still has events to send");
            QVERIFY(hook->state() == QProcess::Running && collector->state() == QProcess::Running);
            before = there.acked;
            broker.kill9();
            broker.restart();
        }
        const CtlEnd published = Ctl::wait(*hook);
        QVERIFY2(published.exitCode == 0, published.describe().constData());
        QCOMPARE(published.json()[QStringLiteral("records")].toInt(), kEvents);
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                const Standing now = standing(client);
                return now.last >= kEvents && now.acked == now.last;
            }(),
            60'000);
        const CtlEnd end = Ctl::interrupt(*collector);
        QVERIFY2(end.exitCode == 0, end.describe().constData());

        const CtlEnd logsReplayed =
            ctl.run({QStringLiteral("replay"), QStringLiteral("hdfs"), QStringLiteral("--format"),
                     QStringLiteral("json"), QStringLiteral("--log"), logs});
        const auto number = [&end](const char* name) { return end.json()[QLatin1String(name)].toInt(-1); };
        qInfo("%s: read again %d, redelivered %d, duplicates %d, lost %d, hook's duplicates %d",
              retention.constData(), number("read_again"), number("redelivered"), number("duplicates"),
              number("lost"), published.json()[QStringLiteral("duplicates")].toInt(-1));
        QCOMPARE(number("events"), kEvents);
        QCOMPARE(number("lost"), 0);
        QCOMPARE(number("quarantined"), 0);
        QVERIFY(!end.json()[QStringLiteral("partial")].toBool(true));
        QCOMPARE(end.json()[QStringLiteral("digest")].toString(),
                 logsReplayed.json()[QStringLiteral("digest")].toString());
        // A stream that drops what is acked forgets its message ids with it when it starts again: what the
        // hook sends twice is then stored twice, and the collector drops it.
        if (retention == "limits")
            QCOMPARE(number("duplicates"), 0);
    }
};

QTEST_GUILESS_MAIN(TestBrokerRestart)
#include "tst_broker_restart.moc"
