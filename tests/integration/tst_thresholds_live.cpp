// SPDX-License-Identifier: Apache-2.0
//
// Limits that owners write into metadata, on a real server that keeps metadata (2.10 and later): written by
// API calls as `nats consumer edit --metadata` makes them, honoured by monitor, events, report and diagnose.
// Runs on newestServer(); says so and skips where only an older one is at hand.

#include "model/events/event_log.h"
#include "tests/support/broker.h"
#include "tests/support/ctl.h"
#include "tests/support/monitor_log.h"

#include <QJsonArray>
#include <QTest>

#include <algorithm>

using namespace jetlag;
using namespace jetlag::test;

namespace {

constexpr auto kStream = R"({"name":"ORDERS","subjects":["orders.>"],"storage":"memory")";

/// `metadata`: JSON members, without the prefix of their names.
std::string withMetadata(std::string config, const std::vector<std::pair<std::string, std::string>>& metadata)
{
    config += R"(,"metadata":{)";
    for (std::size_t i = 0; i < metadata.size(); ++i)
        config += (i == 0 ? "" : ",") + ("\"io.nats.monitor." + metadata[i].first) + "\":\"" +
                  metadata[i].second + '"';
    return config + "}}";
}

QStringList namesIn(const QJsonValue& thresholds)
{
    QStringList names;
    for (const QJsonValue& one : thresholds.toArray())
        names << one["what"].toString() + QLatin1Char(' ') + one["level"].toString();
    return names;
}

std::vector<std::string> wordsOf(const EventLog& log)
{
    std::vector<std::string> words;
    for (const ClusterEvent& event : log.events())
        if (event.kind == MarkKind::Threshold)
            words.push_back(event.collector + (event.collector.empty() ? "" : " ") + event.word + ' ' +
                            std::string(toString(event.severity)));
    return words;
}

} // namespace

class TestThresholdsLive : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<Broker> m_broker;
    TempFolder m_folder;
    Ctl m_ctl{QString::fromStdString(m_folder.path().string())};

    [[nodiscard]] CtlEnd run(QStringList arguments) const
    {
        arguments << QStringLiteral("--server") << QString::fromStdString(m_broker->url())
                  << QStringLiteral("--format") << QStringLiteral("json");
        return m_ctl.run(arguments);
    }
    void writeConsumer(TestClient& client,
                       const std::vector<std::pair<std::string, std::string>>& limits) const
    {
        client.createConsumer("ORDERS",
                              withMetadata(R"({"durable_name":"billing","ack_policy":"explicit")", limits));
    }

private slots:
    void init()
    {
        m_broker = std::make_unique<Broker>(BrokerOptions{.program = newestServer()});
        TestClient client = m_broker->client();
        client.createStream(withMetadata(kStream, {{"msgs-warn", "10"}, {"subjects-critical", "3"}}));
        if (client.api("STREAM.INFO.ORDERS").find("io.nats.monitor.msgs-warn") == std::string::npos)
            QSKIP(("nats-server " + client.connection().serverInfo().version.value_or("?") +
                   " keeps no metadata: set NATS_SERVER to a newer one, or run scripts/newer_servers.sh")
                      .c_str());
        qInfo("nats-server %s", client.connection().serverInfo().version.value_or("?").c_str());
    }
    void cleanup() { m_broker.reset(); }

    void reportAndDiagnoseTellThem()
    {
        TestClient client = m_broker->client();
        writeConsumer(client, {{"unprocessed-critical", "5"},
                               {"outstanding-ack-critical", "5"},
                               {"last-ack-critical", "100ms"},
                               {"waiting-critical", "many"}});
        for (int i = 0; i < 5; ++i)
            client.publish("orders.a", "x");

        const CtlEnd report = run({QStringLiteral("report")});
        QVERIFY2(report.exitCode == 0, report.describe());
        const QJsonObject told = report.json();
        QCOMPARE(namesIn(told["streams"][0]["thresholds"]), QStringList{QStringLiteral("msgs-warn warn")});
        const QStringList ofConsumer{QStringLiteral("unprocessed-critical critical"),
                                     QStringLiteral("last-ack-critical critical"),
                                     QStringLiteral("waiting-critical unreadable")};
        QCOMPARE(namesIn(told["collectors"][0]["thresholds"]), ofConsumer);

        const CtlEnd diagnose =
            run({QStringLiteral("diagnose"), QStringLiteral("ORDERS"), QStringLiteral("billing")});
        const QJsonObject why = diagnose.json();
        // Beside the windowed verdict, which is its own.
        QVERIFY2(why["cause"].toString() == QStringLiteral("no-pulls"), diagnose.describe());
        QCOMPARE(namesIn(why["thresholds"]), ofConsumer + QStringList{QStringLiteral("msgs-warn warn")});
    }

    void aCheckGoesByThemAndByTheirEdits()
    {
        TestClient client = m_broker->client();
        for (int i = 0; i < 5; ++i)
            client.publish("orders." + std::to_string(i), "x");
        // Nobody is to complain of it: it wants only what comes from now on, which is nothing.
        client.createConsumer("ORDERS",
                              R"({"durable_name":"billing","ack_policy":"explicit","deliver_policy":"new"})");
        // Five subjects are more than its owner allows.
        CtlEnd end = run({QStringLiteral("report"), QStringLiteral("--check")});
        QVERIFY2(end.exitCode == 1, end.describe());
        QCOMPARE(
            namesIn(end.json()["streams"][0]["thresholds"]),
            (QStringList{QStringLiteral("subjects-critical critical"), QStringLiteral("msgs-warn warn")}));

        client.api("STREAM.UPDATE.ORDERS",
                   withMetadata(kStream, {{"msgs-warn", "10"}, {"subjects-critical", "6"}}));
        end = run({QStringLiteral("report"), QStringLiteral("--check")});
        QVERIFY2(end.exitCode == 0, end.describe()); // a warning wakes nobody
        QCOMPARE(namesIn(end.json()["streams"][0]["thresholds"]),
                 QStringList{QStringLiteral("msgs-warn warn")});

        client.api("STREAM.UPDATE.ORDERS",
                   withMetadata(kStream, {{"msgs-critical", "5"}, {"enabled", "false"}}));
        end = run({QStringLiteral("report"), QStringLiteral("--check")});
        QVERIFY2(end.exitCode == 0, end.describe());
        QVERIFY2(end.json()["streams"][0]["thresholds"].toArray().isEmpty(), end.describe());
    }

    void eventsTellWhenTheyAreCrossedAndKeptAgain()
    {
        TestClient client = m_broker->client();
        writeConsumer(client, {{"unprocessed-critical", "3"}});
        MonitorLog monitor(m_broker->profile());
        EventLog log;
        std::size_t next = 0;
        const auto becomes = [&](const std::vector<std::string>& words) {
            const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
            while (wordsOf(log) != words && std::chrono::steady_clock::now() < deadline)
                if (const MonitorLog::Report report = monitor.waitFor(next, std::chrono::seconds(5))) {
                    log.add(*report, report->advisories);
                    ++next;
                }
            return wordsOf(log) == words;
        };
        QVERIFY(becomes({"msgs-warn warning"}));
        for (int i = 0; i < 3; ++i)
            client.publish("orders.a", "x");
        QVERIFY(becomes({"msgs-warn warning", "billing unprocessed-critical bad"}));
        // Its owner allows more: kept again, so soon that the entry itself says it.
        writeConsumer(client, {{"unprocessed-critical", "4"}});
        QVERIFY(becomes({"msgs-warn warning", "billing unprocessed-critical warning"}));
    }
};

QTEST_GUILESS_MAIN(TestThresholdsLive)
#include "tst_thresholds_live.moc"
