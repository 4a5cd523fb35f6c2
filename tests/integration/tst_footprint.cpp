// SPDX-License-Identifier: Apache-2.0
//
// What Jetlag says it costs a server, beside what the server counted of its connection: requests, bytes both
// ways, consumers created. Compared while nothing is on its way, so the two must be equal to the byte.

#include "app/runtime/runtime.h"
#include "model/service/connection_service.h"
#include "model/service/monitor_service.h"
#include "nats/client/subscription.h"
#include "tests/support/broker.h"
#include "tests/support/server_count.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait_until.h"

#include <QTest>
#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <thread>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kClientName = "jetlag"; // of the console's connections
constexpr int kStreams = 5;
constexpr int kCollectors = 6;

bool equal(const Footprint& one, const Footprint& other)
{
    return one.requests == other.requests && one.bytesSent == other.bytesSent &&
           one.bytesReceived == other.bytesReceived;
}

} // namespace

class TestFootprint final : public QObject
{
    Q_OBJECT

private:
    struct Both
    {
        Footprint ours;
        ServerCount server;
    };
    /// Between two looks: nothing changed on either side while both were asked, twice.
    [[nodiscard]] Both settled(const ServerLink& link) const
    {
        for (const auto limit = std::chrono::steady_clock::now() + 60s;;) {
            const Footprint before = link.footprint();
            const std::optional<ServerCount> server = countOf(m_monitoring, kClientName);
            std::this_thread::sleep_for(20ms);
            const std::optional<ServerCount> again = countOf(m_monitoring, kClientName);
            if (server && server == again && equal(before, link.footprint()))
                return {before, *server};
            if (std::chrono::steady_clock::now() > limit)
                throw std::runtime_error("the connection never rests");
        }
    }
    void fill(TestClient& client) const
    {
        for (int stream = 0; stream < kStreams; ++stream) {
            const std::string name = fmt::format("S{}", stream);
            client.createStream(fmt::format(
                R"({{"name":"{0}","subjects":["{0}.>"],"storage":"memory","allow_direct":true}})", name));
            client.publishMany(name + ".a", std::string(700, 'x'), 50); // those that stand are read
            for (int collector = 0; collector < kCollectors; ++collector)
                client.createConsumer(
                    name, fmt::format(R"({{"durable_name":"c{}","ack_policy":"explicit"}})", collector));
        }
    }
    [[nodiscard]] std::shared_ptr<ServerLink> connect(Runtime& runtime) const
    {
        const auto opening = runtime.services().connections.open({.context = {}, .server = m_broker->url()});
        if (!opening->wait(30s))
            throw std::runtime_error("no connection within 30 s");
        return opening->takeResult().value();
    }

    std::uint16_t m_monitoring = 0;
    std::optional<Broker> m_broker;
    OwnDataHome m_dataHome;

private slots:
    void init()
    {
        m_monitoring = freePort();
        m_broker.emplace(BrokerOptions{.extraConfig = fmt::format("http: \"127.0.0.1:{}\"\n", m_monitoring)});
    }
    void cleanup() { m_broker.reset(); }

    void isWhatTheServerCounts()
    {
        TestClient client = m_broker->client();
        fill(client);
        std::atomic<int> consumersMade = 0;
        NatsSubscription made = NatsSubscription::calledBack(client.connection().handle(),
                                                             "$JS.EVENT.ADVISORY.CONSUMER.CREATED.>",
                                                             [&](MessageHandle) { ++consumersMade; })
                                    .value();
        (void)client.api("INFO"); // behind the subscription: it stands

        Runtime runtime;
        const std::shared_ptr<ServerLink> link = connect(runtime);
        std::atomic<int> reports = 0;
        const Subscription watching =
            link->monitor().watch({.interval = 300ms}, [&](const auto&) { ++reports; });
        QTRY_VERIFY_WITH_TIMEOUT(reports >= 2, 60'000);
        const Both first = settled(*link);
        const int from = reports;
        // What the server tells of its own accord is paid for too.
        for (int round = 0; round < 5; ++round) {
            client.createConsumer("S0", R"({"durable_name":"passing","ack_policy":"explicit"})");
            client.publish("S0.a", "one more");
            (void)client.api("CONSUMER.DELETE.S0.passing");
        }
        QTRY_VERIFY_WITH_TIMEOUT(reports >= from + 8, 60'000);
        const Both last = settled(*link);

        QCOMPARE(last.ours.requests - first.ours.requests, last.server.received - first.server.received);
        QCOMPARE(last.ours.bytesSent - first.ours.bytesSent,
                 last.server.bytesReceived - first.server.bytesReceived);
        QCOMPARE(last.ours.bytesReceived - first.ours.bytesReceived,
                 last.server.bytesSent - first.server.bytesSent);
        QVERIFY(last.ours.requests >= first.ours.requests + 8 * (1 + kStreams)); // the lists of eight looks
        QVERIFY(last.ours.bytesReceived > first.ours.bytesReceived + 8 * 10'000);
        // Nothing went before anybody counted.
        QCOMPARE(last.ours.requests, last.server.received);
        QCOMPARE(last.ours.bytesReceived, last.server.bytesSent);
        QTRY_COMPARE_WITH_TIMEOUT(consumersMade.load(), 5, 30'000); // the test's own
        QCOMPARE(last.ours.consumersCreated, std::uint64_t{0});
    }

    void anOutageQueuesNothing()
    {
        TestClient client = m_broker->client();
        fill(client);
        Runtime runtime;
        const std::shared_ptr<ServerLink> link = connect(runtime);
        std::mutex mutex;
        int answered = 0;
        int failed = 0;
        const Subscription watching = link->monitor().watch({.interval = 100ms}, [&](const auto& report) {
            const std::lock_guard lock(mutex);
            ++(report->problems.empty() ? answered : failed);
        });
        const auto seen = [&](const int& count) {
            const std::lock_guard lock(mutex);
            return count;
        };
        QVERIFY(waitUntil([&] { return seen(answered) >= 3; }));
        m_broker->stop();
        QVERIFY(waitUntil([&] { return !link->isConnected(); }));
        const int failedBefore = seen(failed);
        QVERIFY(waitUntil([&] { return seen(failed) >= failedBefore + 2; }));
        const Footprint down = link->footprint();
        QVERIFY(waitUntil([&] { return seen(failed) >= failedBefore + 6; }));
        QVERIFY(equal(link->footprint(), down));

        m_broker->restart();
        const int answeredBefore = seen(answered);
        QVERIFY(waitUntil([&] { return seen(answered) >= answeredBefore + 2; }));
        const Both back = settled(*link);
        // What was on its way when the connection broke may come once more: a look at most.
        constexpr std::uint64_t kOneLook = 1 + kStreams + kStreams * (1 + kCollectors);
        QVERIFY2(back.server.received <= back.ours.requests - down.requests + kOneLook,
                 qPrintable(QString("%1 messages came, %2 were counted")
                                .arg(back.server.received)
                                .arg(back.ours.requests - down.requests)));
    }

    void reportsAreCountedToo()
    {
        TestClient client = m_broker->client();
        fill(client);
        Runtime runtime;
        const std::shared_ptr<ServerLink> link = connect(runtime);
        const auto job = link->monitor().report({.all = true, .interval = 200ms});
        QVERIFY(job->wait(60s) && job->takeResult());
        const Both both = settled(*link);
        QCOMPARE(both.ours.requests, both.server.received);
        QCOMPARE(both.ours.bytesSent, both.server.bytesReceived);
        QCOMPARE(both.ours.bytesReceived, both.server.bytesSent);
    }
};

QTEST_GUILESS_MAIN(TestFootprint)
#include "tst_footprint.moc"
