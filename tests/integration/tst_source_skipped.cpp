// SPDX-License-Identifier: Apache-2.0
//
// What servers do with sources and mirrors of a stream that was deleted and made anew, and what the monitor
// says of it. What was skipped is found by reading every message; versions differ, the monitor must not.

#include "model/cluster/cluster_monitor.h"
#include "nats/monitor/monitor_probe.h"
#include "tests/support/broker.h"

#include <QTest>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <set>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

constexpr std::uint64_t kBefore = 20;

StreamSequence lastOf(TestClient& client, const std::string& stream)
{
    return StreamSequence(
        Json::parse(client.api("STREAM.INFO." + stream))["state"]["last_seq"].get<std::uint64_t>());
}

/// A console that watches from now on.
class Console
{
public:
    explicit Console(const ConnectionProfile& profile)
        : m_connection(openPatiently(profile))
        , m_api(*m_connection)
        , m_probe(m_api, {})
        , m_monitor(m_probe)
    {}

    /// What is said of `copy`, a look later.
    std::string look(const std::string& copy)
    {
        const Result<ClusterReport> report = m_monitor.sample(true);
        if (!report)
            return report.error().message();
        std::string said;
        for (const StreamReport& row : report->streams) {
            for (const StreamFinding& finding : row.findings) {
                if (row.stream.name == copy && finding.kind == "source-skipped")
                    said += finding.sentence;
            }
        }
        return said;
    }
    MonitorProbe& probe() { return m_probe; }

private:
    std::unique_ptr<Connection> m_connection;
    ReadOnlyApi m_api;
    MonitorProbe m_probe;
    ClusterMonitor m_monitor;
};

} // namespace

class TestSourceSkipped : public QObject
{
    Q_OBJECT

private slots:
    void aStreamMadeAnewIsSkippedByItsCopies_data()
    {
        QTest::addColumn<int>("servers");
        QTest::newRow("one server") << 1;
        QTest::newRow("three servers, three replicas") << int(BrokerCluster::kNodes);
    }

    void aStreamMadeAnewIsSkippedByItsCopies()
    {
        QFETCH(int, servers);
        std::optional<Broker> broker;
        std::optional<BrokerCluster> cluster;
        if (servers == 1)
            broker.emplace();
        else
            cluster.emplace();
        const ConnectionProfile profile = broker ? broker->profile() : cluster->profile();
        TestClient client(profile);
        const auto make = [&](const char* name, const char* members) {
            client.createStream(fmt::format(R"({{"name":"{}","num_replicas":{},"storage":"memory",{}}})",
                                            name, servers, members));
        };
        const auto makeOrigin = [&] { make("O", R"("subjects":["o"])"); };
        makeOrigin();
        make("SRC", R"("sources":[{"name":"O"}])");
        make("MIR", R"("mirror":{"name":"O"})");
        client.publishMany("o", "old", kBefore);
        for (const char* copy : {"SRC", "MIR"})
            QVERIFY(waitUntil([&] { return lastOf(client, copy).value() == kBefore; }));

        Console console(profile);
        // Two leaders' clocks may differ by ten seconds: what lies closer together is not told apart.
        const auto apart = servers == 1 ? 0s : 11s;
        const auto copied = std::chrono::steady_clock::now();
        int looks = 0;
        QVERIFY(waitUntil([&] {
            const std::string said = console.look("SRC") + console.look("MIR");
            return !said.empty() || (++looks >= 5 && std::chrono::steady_clock::now() > copied + apart);
        }));
        QCOMPARE(console.look("SRC") + console.look("MIR"), std::string());
        client.api("STREAM.DELETE.O");
        makeOrigin();
        client.publishMany("o", "new", 8);
        // The mirror reaches beyond its stream's end, and its lag is 0. (2.10 takes its sequences back.)
        QVERIFY2(waitUntil([&] { return console.look("MIR").find("made anew") != std::string::npos; }, 60s),
                 console.look("MIR").c_str());
        // Until copies go on, which takes a server some ten seconds.
        const std::uint64_t before = lastOf(client, "SRC").value();
        QVERIFY(waitUntil(
            [&] {
                client.publish("o", "more");
                return lastOf(client, "SRC").value() > before + 30 &&
                       lastOf(client, "MIR").value() > kBefore + 30;
            },
            60s));

        // The truth about the source: every message of the copy that is of the new stream.
        std::set<std::uint64_t> fromNew;
        for (std::uint64_t seq = 1; seq <= lastOf(client, "SRC").value(); ++seq) {
            const CopyQuery query{"SRC", StreamSequence(seq)};
            std::optional<CopiedMessage> message;
            QVERIFY(waitUntil([&] {
                message = console.probe().copies({&query, 1}, {}).front();
                return message.has_value();
            }));
            QCOMPARE(message->origin, std::string("O"));
            if (seq > kBefore)
                fromNew.insert(message->originSequence.value());
        }
        const std::uint64_t firstCopied = *fromNew.begin();
        qInfo("the copies of the new stream begin with %llu", static_cast<unsigned long long>(firstCopied));

        // Whoever watched and whoever opens now are told the same.
        Console later(profile);
        for (Console* who : {&console, &later}) {
            const std::string words = firstCopied == 2
                                          ? "message 1 of the new one was not copied"
                                          : fmt::format("(1 to {}) were not copied", firstCopied - 1);
            if (firstCopied > 1)
                QVERIFY2(waitUntil([&] { return who->look("SRC").find(words) != std::string::npos; }, 60s),
                         (words + " / " + who->look("SRC")).c_str());
            else
                for (int i = 0; i < 30; ++i)
                    QCOMPARE(who->look("SRC"), std::string());
            QVERIFY2(
                waitUntil([&] { return who->look("MIR").find("its message 1 is of") != std::string::npos; },
                          60s),
                who->look("MIR").c_str());
        }
    }

    void purgedAndEvictedSourcesAreNotCalledSkipped()
    {
        Broker broker;
        TestClient client = broker.client();
        client.createStream(R"({"name":"O","subjects":["o"],"storage":"memory","max_msgs":50})");
        client.createStream(R"({"name":"SRC","storage":"memory","sources":[{"name":"O"}]})");
        client.createStream(R"({"name":"MIR","storage":"memory","mirror":{"name":"O"}})");
        std::uint64_t published = 0;
        const auto publishAndLook = [&](Console& console, std::uint64_t count) {
            for (std::uint64_t i = 0; i < count; i += 10) {
                client.publishMany("o", "x", 10);
                published += 10;
                if (!waitUntil([&] {
                        return lastOf(client, "SRC").value() == published &&
                               lastOf(client, "MIR").value() == published;
                    }))
                    return std::string("nothing is copied");
            }
            std::string said;
            for (int look = 0; look < 15; ++look)
                said += console.look("SRC") + console.look("MIR");
            return said;
        };
        Console console(broker.profile());
        QCOMPARE(publishAndLook(console, 200), std::string()); // both keep what is gone from O
        client.api("STREAM.PURGE.O");
        QCOMPARE(publishAndLook(console, 30), std::string());
        broker.stop();
        broker.restart(); // memory streams begin anew, copies too
        Console later(broker.profile());
        for (int look = 0; look < 10; ++look)
            QCOMPARE(later.look("SRC") + later.look("MIR"), std::string());
    }
};

QTEST_GUILESS_MAIN(TestSourceSkipped)
#include "tst_source_skipped.moc"
