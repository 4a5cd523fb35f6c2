// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/cluster_monitor.h"
#include "nats/client/read_only_api.h"
#include "nats/monitor/monitor_probe.h"
#include "tests/support/broker.h"

#include <QTest>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

constexpr int kStreams = 300;
constexpr int kConsumersOfOne = 300;
constexpr int kConsumersOfOthers = 300;

/// Many small creations in flight: one after the other would take most of the test's time.
class Bulk final
{
public:
    explicit Bulk(TestClient& client)
        : m_client(client)
        , m_requester(Requester::create(client.connection(), {.window = 64, .timeout = 60s}).value())
    {}

    void api(const std::string& call, const std::string& body)
    {
        while (!m_requester.hasRoom())
            takeOne();
        if (const Result<std::uint64_t> sent = m_requester.send("$JS.API." + call, body); !sent)
            throw std::runtime_error(sent.error().message());
    }
    void createStream(const Json& config)
    {
        api("STREAM.CREATE." + config["name"].get<std::string>(), config.dump());
    }
    void createConsumer(const std::string& stream, const Json& config)
    {
        api("CONSUMER.DURABLE.CREATE." + stream + '.' + config["durable_name"].get<std::string>(),
            Json{{"stream_name", stream}, {"config", config}}.dump());
    }
    void finish()
    {
        while (m_requester.inFlight() > 0)
            takeOne();
    }

private:
    void takeOne()
    {
        const std::optional<RequestAnswer> answer = m_requester.next(60s);
        if (!answer || answer->error || answer->body().find("\"error\"") != std::string_view::npos)
            throw std::runtime_error(!answer         ? "no answer"
                                     : answer->error ? answer->error->message()
                                                     : std::string(answer->body()));
    }

    TestClient& m_client;
    Requester m_requester;
};

std::string streamName(int i)
{
    return fmt::format("S{:03}", i);
}

/// What the server says of the same thing, asked one by one.
void compareStream(const Json& truth, const Json& row)
{
    const Json& state = truth["state"];
    const std::string name = truth["config"]["name"];
    const auto same = [&](const char* what, const Json& expected, const Json& got) {
        QVERIFY2(expected == got,
                 fmt::format("{} of {}: {} instead of {}", what, name, got.dump(), expected.dump()).c_str());
    };
    same("stream", name, row["stream"]);
    same("messages", state["messages"], row["messages"]);
    same("bytes", state["bytes"], row["bytes"]);
    same("first", state["first_seq"], row["first_sequence"]);
    same("last", state["last_seq"], row["last_sequence"]);
    same("deleted", state.value("num_deleted", 0), row["deleted"]);
    same("subject count", state.value("num_subjects", 0), row["subject_count"]);
    same("consumers", state["consumer_count"], row["consumers"]);
    same("subjects", truth["config"]["subjects"], row["subjects"]);
    same("retention", truth["config"]["retention"], row["retention"]);
    same("storage", truth["config"]["storage"], row["storage"]);
    same("created", toMillis(parseRfc3339(truth["created"].get<std::string>()).value()), row["created"]);
    const ServerTime last = parseRfc3339(state["last_ts"].get<std::string>()).value();
    same("last time", last == ServerTime{} ? Json(nullptr) : Json(toMillis(last)), row["last_time"]);
}

void compareConsumer(const Json& truth, const Json& row)
{
    const Json& config = truth["config"];
    const auto same = [&](const char* what, const Json& expected, const Json& got) {
        QVERIFY2(expected == got,
                 fmt::format("{} of {}/{}: {} instead of {}", what, truth["stream_name"].dump(),
                             truth["name"].dump(), got.dump(), expected.dump())
                     .c_str());
    };
    same("stream", truth["stream_name"], row["stream"]);
    same("collector", truth["name"], row["collector"]);
    same("delivered", truth["delivered"]["stream_seq"], row["delivered"]);
    same("ack floor", truth["ack_floor"]["stream_seq"], row["ack_floor"]);
    same("delivered (consumer)", truth["delivered"]["consumer_seq"], row["delivered_consumer_sequence"]);
    same("ack floor (consumer)", truth["ack_floor"]["consumer_seq"], row["ack_floor_consumer_sequence"]);
    same("pending", truth["num_pending"], row["pending"]);
    same("ack pending", truth["num_ack_pending"], row["ack_pending"]);
    same("redelivered", truth["num_redelivered"], row["redelivered"]);
    same("waiting", truth["num_waiting"], row["waiting"]);
    same("lag", truth["num_pending"].get<std::uint64_t>() + truth["num_ack_pending"].get<std::uint64_t>(),
         row["lag"]);
    same("push", config.contains("deliver_subject"), row["push"]);
    same("push bound", truth.value("push_bound", false), row["push_bound"]);
    same("durable", config.contains("durable_name"), row["durable"]);
    same("ack policy", config["ack_policy"], row["ack_policy"]);
    same("filters",
         config.contains("filter_subject") ? Json::array({config["filter_subject"]}) : Json::array(),
         row["filters"]);
}

} // namespace

class TestReportTruth : public QObject
{
    Q_OBJECT

private slots:
    void everyRowIsThereAndEveryFieldIsTheServersOwn()
    {
        Broker broker;
        TestClient client = broker.client();
        Bulk bulk(client);
        for (int i = 0; i < kStreams; ++i)
            bulk.createStream(
                {{"name", streamName(i)}, {"subjects", {fmt::format("s{:03}.>", i)}}, {"storage", "memory"}});
        bulk.createStream({{"name", "KV_settings"}, {"subjects", {"$KV.settings.>"}}, {"storage", "memory"}});
        bulk.finish();

        // Some messages everywhere, some of them deleted, on two subjects.
        for (int i = 0; i < 40; ++i) {
            client.publishMany(fmt::format("s{:03}.a", i), std::string(static_cast<std::size_t>(10 + i), 'x'),
                               10);
            client.publishMany(fmt::format("s{:03}.b", i), "y", static_cast<std::uint64_t>(i));
        }
        for (int seq : {1, 2, 5, 7})
            client.api("STREAM.MSG.DELETE.S001", fmt::format(R"({{"seq":{}}})", seq));
        client.api("STREAM.PURGE.S002");

        // Half of the consumers on one stream: several pages of both lists.
        for (int i = 0; i < kConsumersOfOne; ++i) {
            Json config{{"durable_name", fmt::format("c{:03}", i)}, {"ack_policy", "explicit"}};
            if (i % 3 == 1)
                config["filter_subject"] = "s010.a";
            if (i % 3 == 2) {
                config["deliver_subject"] = fmt::format("push.{}", i);
                config["ack_wait"] = std::chrono::nanoseconds(1h).count(); // nothing comes again meanwhile
            }
            bulk.createConsumer("S010", config);
        }
        for (int i = 0; i < kConsumersOfOthers; ++i)
            bulk.createConsumer(streamName(i % 100 == 10 ? 110 : i % 100),
                                {{"durable_name", fmt::format("d{:03}", i)},
                                 {"ack_policy", i % 2 ? "all" : "explicit"},
                                 {"filter_subject", fmt::format("s{:03}.{}", i % 100 == 10 ? 110 : i % 100,
                                                                i % 4 ? ">" : "a")}});
        bulk.createConsumer("KV_settings", {{"durable_name", "watcher"}, {"ack_policy", "explicit"}});
        bulk.finish();
        // A push consumer with a listener, an ephemeral one, and one that took messages and acked some.
        const NatsSubscription listener =
            NatsSubscription::polled(client.connection().handle(), "push.5").value();
        client.api(
            "CONSUMER.CREATE.S010",
            R"({"stream_name":"S010","config":{"ack_policy":"none","deliver_subject":"gone","inactive_threshold":600000000000}})");
        takeAndAck(client, "S003", "d003", 5, 3);

        Json truthStreams = Json::object();
        Json truthConsumers = Json::object();
        ReadOnlyApi api(client.connection());
        MonitorProbe probe(api, {});
        ClusterMonitor monitor(probe);
        const auto settled = [&] { // the listener's deliveries are under way
            return Json::parse(client.api("CONSUMER.INFO.S010.c005")).value("num_pending", 1) == 0;
        };
        QVERIFY(waitUntil(settled));

        QVERIFY(monitor.sample(false).hasValue());
        const Result<ClusterReport> report = monitor.sample(false);
        QVERIFY2(report.hasValue(), report ? "" : report.error().message().c_str());
        const Json object = Json::parse(reportJson(*report));

        QCOMPARE(object["problems"].size(), std::size_t(0));
        QCOMPARE(object["streams"].size(), std::size_t(kStreams));
        QCOMPARE(object["collectors"].size(), std::size_t(kConsumersOfOne + kConsumersOfOthers));
        QCOMPARE(object["hidden"]["streams"].get<int>(), 1);
        QCOMPARE(object["hidden"]["consumers"].get<int>(), 2); // the KV's and the ephemeral one
        std::map<std::string, int> seen;
        for (const Json& row : object["streams"]) {
            compareStream(Json::parse(client.api("STREAM.INFO." + row["stream"].get<std::string>())), row);
            ++seen[row["stream"]];
        }
        for (const Json& row : object["collectors"]) {
            compareConsumer(Json::parse(client.api("CONSUMER.INFO." + row["stream"].get<std::string>() + '.' +
                                                   row["collector"].get<std::string>())),
                            row);
            ++seen[row["stream"].get<std::string>() + '/' + row["collector"].get<std::string>()];
        }
        QCOMPARE(seen.size(), std::size_t(kStreams + kConsumersOfOne + kConsumersOfOthers));

        // With everything.
        MonitorProbe all(api, {.includeHidden = true});
        ClusterMonitor allMonitor(all);
        const Result<ClusterReport> whole = allMonitor.sample(true);
        QVERIFY(whole.hasValue());
        QCOMPARE(whole->streams.size(), std::size_t(kStreams + 1));
        QCOMPARE(whole->collectors.size(), std::size_t(kConsumersOfOne + kConsumersOfOthers + 2));
        QCOMPARE(whole->hiddenStreams + whole->hiddenConsumers, std::uint64_t(0));
    }

    void timeLagIsTheAgeOfTheOldestUnprocessedMessage()
    {
        Broker broker;
        TestClient client = broker.client();
        client.createStream(R"({"name":"S","subjects":["s.>"],"storage":"memory"})");
        client.publishMany("s.other", "x", 5);
        client.createConsumer("S", R"({"durable_name":"all","ack_policy":"explicit"})");
        client.createConsumer(
            "S", R"({"durable_name":"filtered","ack_policy":"explicit","filter_subject":"s.mine"})");
        client.createConsumer("S",
                              R"({"durable_name":"new","ack_policy":"explicit","deliver_policy":"new"})");
        client.createConsumer("S", R"({"durable_name":"hand","ack_policy":"explicit"})");
        client.publish("s.mine", "y");
        client.publish("s.mine", "z");
        takeAndAck(client, "S", "hand", 4, 2);

        ReadOnlyApi api(client.connection());
        MonitorProbe probe(api, {});
        ClusterMonitor monitor(probe);
        const auto ageOf = [&](const ClusterReport& report, std::uint64_t sequence) {
            const Json message =
                Json::parse(client.api("STREAM.MSG.GET.S", fmt::format(R"({{"seq":{}}})", sequence)));
            const ServerTime stored = parseRfc3339(message["message"]["time"].get<std::string>()).value();
            return std::chrono::duration<double>(report.at - stored).count();
        };
        const auto lagOf = [](const ClusterReport& report, const std::string& name) {
            for (const CollectorReport& row : report.collectors)
                if (row.consumer.name == name)
                    return row.timeLagSeconds.value_or(-1);
            return -2.0;
        };
        for (int round = 0; round < 3; ++round) {
            const std::uint64_t before = api.footprint().requests;
            const ClusterReport report = monitor.sample(false).value();
            QCOMPARE(lagOf(report, "all"), ageOf(report, 1));
            QCOMPARE(lagOf(report, "filtered"), ageOf(report, 6));
            QCOMPARE(lagOf(report, "new"), ageOf(report, 6));
            QCOMPARE(lagOf(report, "hand"), ageOf(report, 3));
            // Four reads of one stream and a count of what the filter matches at first; the fifth read waits
            // for its turn. What was read is still the oldest and costs nothing more.
            QCOMPARE(api.footprint().requests - before, std::uint64_t(round == 0   ? 2 + 4 + 1
                                                                      : round == 1 ? 2 + 1
                                                                                   : 2));
        }
    }

    void aDeadNodeOfAClusterTakesNoRowAway()
    {
        BrokerCluster cluster;
        TestClient client = cluster.client();
        constexpr std::size_t kSingles = 6;
        client.createStream(R"({"name":"R3","subjects":["r"],"num_replicas":3})");
        for (std::size_t i = 0; i < kSingles; ++i) {
            const std::string name = fmt::format("R1_{}", i);
            client.createStream(fmt::format(R"({{"name":"{0}","subjects":["{0}"]}})", name));
            client.createConsumer(name, R"({"durable_name":"c","ack_policy":"explicit"})");
            client.publish(name, "x");
        }
        client.createConsumer("R3", R"({"durable_name":"c","ack_policy":"explicit"})");
        client.publish("r", "x");

        ReadOnlyApi api(client.connection());
        MonitorProbe probe(api, {.timeout = 10s});
        ClusterMonitor monitor(probe);
        const auto counts = [](const ClusterReport& report, bool stale) {
            return std::count_if(report.collectors.begin(), report.collectors.end(),
                                 [&](const CollectorReport& row) { return row.consumer.stale == stale; });
        };
        const auto complete = [&](const Result<ClusterReport>& report) {
            return report && report->streams.size() == kSingles + 1 &&
                   report->collectors.size() == kSingles + 1;
        };
        QVERIFY(waitUntil([&] {
            const Result<ClusterReport> report = monitor.sample(false);
            return complete(report) && counts(*report, true) == 0 && report->collectors[0].lag == 1;
        }));

        // The node of a stream without replicas: its rows have nobody to answer for them any more.
        cluster.kill9(cluster.streamLeader("R1_0"));
        QVERIFY(waitUntil(
            [&] {
                const Result<ClusterReport> report = monitor.sample(false);
                if (!report) // while a new meta leader is elected
                    return false;
                if (!complete(report))
                    throw std::runtime_error("a row dropped out");
                const auto dead =
                    std::find_if(report->collectors.begin(), report->collectors.end(),
                                 [](const CollectorReport& row) { return row.consumer.stream == "R1_0"; });
                // Last known, marked, without rates; the others are answered for.
                return dead->consumer.stale && dead->lag == 1 && !dead->deliveredPerSecond &&
                       counts(*report, false) > 0;
            },
            90s));
    }

private:
    static void takeAndAck(TestClient& client, const std::string& stream, const std::string& durable,
                           int take, int ack)
    {
        const std::string inbox = client.connection().newInbox();
        NatsSubscription subscription = NatsSubscription::polled(client.connection().handle(), inbox).value();
        natsConnection_PublishRequestString(client.connection().handle(),
                                            ("$JS.API.CONSUMER.MSG.NEXT." + stream + '.' + durable).c_str(),
                                            inbox.c_str(), fmt::format(R"({{"batch":{}}})", take).c_str());
        for (int i = 0; i < take; ++i) {
            const MessageHandle message = subscription.next(30s).value();
            QVERIFY(message != nullptr);
            if (i < ack)
                QVERIFY(client.connection().request(natsMsg_GetReply(message.get()), "+ACK", 30s).hasValue());
        }
    }
};

QTEST_GUILESS_MAIN(TestReportTruth)
#include "tst_report_truth.moc"
