// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/carry_over.h"
#include "model/cluster/report.h"
#include "model/cluster/visibility.h"

#include <QTest>
#include <nlohmann/json.hpp>

using namespace jetlag;
using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

namespace {

StreamSnapshot stream(const std::string& name, std::uint32_t consumers = 0)
{
    StreamSnapshot snapshot;
    snapshot.name = name;
    snapshot.consumerCount = consumers;
    return snapshot;
}

ConsumerSnapshot consumer(const std::string& streamName, const std::string& name, std::uint64_t pending = 0,
                          bool durable = true)
{
    ConsumerSnapshot snapshot;
    snapshot.stream = streamName;
    snapshot.name = name;
    snapshot.durable = durable ? name : "";
    snapshot.pending = pending;
    return snapshot;
}

std::vector<std::string> namesOf(const ClusterReport& report)
{
    std::vector<std::string> names;
    for (const CollectorReport& row : report.collectors)
        names.push_back(row.consumer.stream + '/' + row.consumer.name);
    return names;
}

} // namespace

class TestClusterReport : public QObject
{
    Q_OBJECT

private slots:
    void anAnswerThatTookLongMakesNoSpike()
    {
        const auto at = [](std::chrono::milliseconds time) {
            return std::chrono::steady_clock::time_point(time);
        };
        const auto look = [&](std::uint64_t last, std::chrono::milliseconds asked,
                              std::chrono::milliseconds told) {
            ClusterSnapshot snapshot;
            snapshot.sampled = at(asked);
            snapshot.streams = {stream("S")};
            snapshot.streams[0].lastSequence = StreamSequence(last);
            snapshot.streams[0].askedAt = {at(asked), at(told)};
            return snapshot;
        };
        // 100 a second. An answer that took 4 s is of its end here, of its beginning below.
        const ClusterSnapshot quick = look(1'000, 10'000ms, 10'000ms);
        const ClusterSnapshot slow = look(1'500, 11'000ms, 15'000ms);
        const ClusterSnapshot after = look(1'501, 15'000ms, 15'010ms);
        QCOMPARE(makeReport(&quick, slow, false).streams[0].inPerSecond.value(), 100.0);
        QVERIFY(makeReport(&slow, after, false).streams[0].inPerSecond.value() < 100);
        const ClusterSnapshot early = look(1'100, 11'000ms, 15'000ms);
        const ClusterSnapshot then = look(1'500, 15'000ms, 15'010ms);
        QVERIFY(makeReport(&quick, early, false).streams[0].inPerSecond.value() < 100);
        QVERIFY(makeReport(&early, then, false).streams[0].inPerSecond.value() <= 101);
        // Where servers tell the time of their answer it is as exact as that.
        ClusterSnapshot dated = early;
        ClusterSnapshot datedThen = then;
        dated.streams[0].answered = ServerTime(11'000ms);
        datedThen.streams[0].answered = ServerTime(15'000ms);
        QCOMPARE(makeReport(&dated, datedThen, false).streams[0].inPerSecond.value(), 100.0);
    }

    void aNakIsARedeliveryToCome()
    {
        const auto look = [](std::chrono::seconds at, std::uint64_t deliveries, std::uint64_t position) {
            ClusterSnapshot snapshot;
            snapshot.sampled = std::chrono::steady_clock::time_point(at);
            snapshot.consumers = {consumer("S", "c")};
            snapshot.consumers[0].delivered = {ConsumerSequence(deliveries), StreamSequence(position)};
            snapshot.consumers[0].maxDeliver = 3;
            return snapshot;
        };
        const ClusterSnapshot before = look(1s, 100, 1'000);
        const ClusterSnapshot now = look(2s, 120, 1'500);
        std::vector<Advisory> heard(3);
        for (Advisory& advisory : heard)
            advisory = {.kind = "nak", .stream = "S", .consumer = "c", .deliveries = 1};
        heard[0].deliveries = 3; // its last delivery: it comes no more
        heard[1].consumer = "another";
        const ClusterReport report = makeReport(&before, now, false, heard);
        QCOMPARE(report.collectors[0].redeliveredPerSecond.value(), 1.0);
        QCOMPARE(report.collectors[0].deliveredPerSecond.value(), 19.0);
    }

    void crossedThresholdsStandInTheirRow()
    {
        CollectorReport row;
        row.consumer = consumer("S", "c", 500);
        row.consumer.answered = ServerTime(1000s);
        row.consumer.metadata = {{"io.nats.monitor.unprocessed-critical", "500"}};
        const Json crossed = Json::parse(collectorRowJson(row))["thresholds"];
        QCOMPARE(crossed.size(), std::size_t(1));
        QCOMPARE(crossed[0]["what"].get<std::string>(), std::string("unprocessed-critical"));
        QCOMPARE(crossed[0]["level"].get<std::string>(), std::string("critical"));
        QCOMPARE(crossed[0]["value"].get<double>(), 500.0);
        row.consumer.pending = 499;
        QVERIFY(Json::parse(collectorRowJson(row))["thresholds"].empty());
    }

    void machineryIsHiddenAndCounted()
    {
        ClusterSnapshot now;
        now.streams = {stream("$SYS_X", 1), stream("KV_a", 4), stream("OBJ_b", 0), stream("ORDERS", 3)};
        now.consumers = {consumer("ORDERS", "a", 5), consumer("ORDERS", "b", 9),
                         consumer("ORDERS", "c", 5, false)};
        const ClusterReport report = makeReport(nullptr, now, /*all=*/false);
        QCOMPARE(report.streams.size(), std::size_t(1));
        QCOMPARE(namesOf(report), (std::vector<std::string>{"ORDERS/b", "ORDERS/a"}));
        QCOMPARE(report.hiddenStreams, std::uint64_t(3));
        QCOMPARE(report.hiddenConsumers, std::uint64_t(6)); // five of hidden streams, one ephemeral
        const ClusterReport all = makeReport(nullptr, now, /*all=*/true);
        QCOMPARE(all.streams.size(), std::size_t(4));
        QCOMPARE(all.collectors.size(), std::size_t(3));
        QCOMPARE(all.hiddenStreams + all.hiddenConsumers, std::uint64_t(0));
        QVERIFY(!isHiddenStreamName("KVA") && !isHiddenStreamName("A$"));
    }

    void ratesComeWithTheSecondSample()
    {
        ClusterSnapshot before;
        before.streams = {stream("S")};
        before.consumers = {consumer("S", "c")};
        ClusterSnapshot now = before;
        now.sampled = before.sampled + 2s;
        now.streams[0].lastSequence = StreamSequence(10);
        now.streams[0].messages = 10;
        now.consumers.push_back(consumer("S", "fresh"));
        QVERIFY(!makeReport(nullptr, now, false).streams[0].inPerSecond);
        const ClusterReport report = makeReport(&before, now, false);
        QCOMPARE(report.streams[0].inPerSecond.value(), 5.0);
        QCOMPARE(report.collectors[0].deliveredPerSecond.value(), 0.0);
        QVERIFY(!report.collectors[1].deliveredPerSecond);
    }

    void jsonHoldsTheContract()
    {
        ClusterSnapshot now;
        now.at = ServerTime(1'700'000'000'123ms);
        now.server = "nats://a:1";
        now.streams = {stream("S")};
        now.streams[0].messages = UINT64_MAX;
        now.consumers = {consumer("S", "bad \xff name", 7)};
        now.consumers[0].delivered = {ConsumerSequence(3), StreamSequence(40)};
        now.consumers[0].placement.replicas = {{"n2", true, false, 500ms, 3}};
        now.problems = {"one"};
        const Json object = Json::parse(reportJson(makeReport(nullptr, now, false)));
        QCOMPARE(object["at"].get<std::int64_t>(), std::int64_t(1'700'000'000'123));
        QCOMPARE(object["server"].get<std::string>(), std::string("nats://a:1"));
        QCOMPARE(object["streams"][0]["messages"].get<std::uint64_t>(), UINT64_MAX);
        for (const char* field : {"stream", "messages", "bytes", "first_sequence", "last_sequence",
                                  "in_per_second", "in_bytes_per_second"})
            QVERIFY2(object["streams"][0].contains(field), field);
        const Json& row = object["collectors"][0];
        for (const char* field :
             {"stream", "collector", "delivered", "ack_floor", "pending", "ack_pending", "redelivered",
              "waiting", "lag", "delivered_per_second", "acked_per_second", "redelivered_per_second",
              "time_lag_seconds", "runway_seconds", "eta_seconds", "verdict", "cause", "leader", "replicas"})
            QVERIFY2(row.contains(field), field);
        for (const char* unknown :
             {"delivered_per_second", "time_lag_seconds", "runway_seconds", "verdict", "cause", "leader"})
            QVERIFY2(row[unknown].is_null(), unknown);
        QCOMPARE(row["delivered"].get<int>(), 40);
        QCOMPARE(row["lag"].get<int>(), 7);
        QCOMPARE(row["replicas"][0]["active_seconds"].get<double>(), 0.5);
        QCOMPARE(object["hidden"].dump(), std::string("{\"streams\":0,\"consumers\":0}"));
        QCOMPARE(object["problems"][0].get<std::string>(), std::string("one"));
    }

    void rowsThatDidNotAnswerStayAsTheyWere()
    {
        ClusterSnapshot before;
        before.streams = {stream("A"), stream("B"), stream("C")};
        before.streams[1].messages = 77;
        before.consumers = {consumer("A", "a", 5), consumer("B", "b", 6), consumer("C", "c", 7)};
        ClusterSnapshot now;
        now.streams = {stream("A"), stream("C")};
        now.missingStreams = {"B", "NEW"};
        now.consumers = {consumer("A", "x", 1)};
        now.missingConsumers = {{"A", "a"}, {"A", "unknown"}, {"A", "x"}};
        now.unlistedConsumersOf = {"C"};
        carryOver(&before, now);
        QCOMPARE(now.streams.size(), std::size_t(4));
        QVERIFY(now.streams[1].name == "B" && now.streams[1].stale && now.streams[1].messages == 77);
        QVERIFY(now.streams[3].name == "NEW" && now.streams[3].stale);
        QVERIFY(!now.streams[0].stale);
        const ClusterReport report = makeReport(&before, now, false);
        QCOMPARE(namesOf(report), (std::vector<std::string>{"C/c", "B/b", "A/a", "A/x", "A/unknown"}));
        for (const CollectorReport& row : report.collectors)
            QCOMPARE(row.consumer.stale, row.consumer.name != "x");
        QVERIFY(!report.collectors[0].deliveredPerSecond);

        ClusterSnapshot first; // nothing known from before
        first.missingStreams = {"B"};
        carryOver(nullptr, first);
        QVERIFY(first.streams.at(0).stale);
    }

    void whoIsNotListedOnceIsMissingAndTwiceIsGone()
    {
        LackedOnce lacked;
        ClusterSnapshot before;
        before.streams = {stream("A"), stream("B")};
        before.consumers = {consumer("A", "a", 5), consumer("A", "b", 5), consumer("B", "b", 6)};
        ClusterSnapshot once;
        once.streams = {stream("A")};
        once.consumers = {consumer("A", "b", 5)};
        lacked.hold(&before, once);
        carryOver(&before, once);
        QCOMPARE(once.streams.size(), std::size_t(2));
        QCOMPARE(once.consumers.size(), std::size_t(3));
        QVERIFY(once.streams[1].stale && once.consumers[0].stale && !once.consumers[1].stale);

        ClusterSnapshot back = before; // one of them is listed again, and lacked anew later
        back.streams.pop_back();
        back.consumers.pop_back();
        lacked.hold(&once, back);
        carryOver(&once, back);
        QCOMPARE(back.streams.size(), std::size_t(1)); // lacked twice
        QCOMPARE(back.consumers.size(), std::size_t(2));
        ClusterSnapshot again = back;
        again.consumers.erase(again.consumers.begin());
        lacked.hold(&back, again);
        carryOver(&back, again);
        QVERIFY(again.consumers.size() == 2 && again.consumers[0].stale);
    }
};

QTEST_GUILESS_MAIN(TestClusterReport)
#include "tst_cluster_report.moc"
