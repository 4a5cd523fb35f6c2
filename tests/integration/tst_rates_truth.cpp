// SPDX-License-Identifier: Apache-2.0
//
// Rates of the monitor's rows against what drivers counted: what was stored, first deliveries, redeliveries
// and acks; and no rate that nobody made when consumers, streams, servers and leaders change.

#include "tests/support/known_flow.h"
#include "tests/support/monitor_log.h"
#include "tests/support/pulse.h"

#include <QTest>
#include <fmt/format.h>

#include <cmath>
#include <deque>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kLooks = 20;

auto rate(double perSecond)
{
    return [perSecond](double t) { return t * perSecond; };
}

FlowAnswer nakEveryTenthOnce(std::uint64_t sequence, unsigned deliveries)
{
    return sequence % 10 == 3 && deliveries == 1 ? FlowAnswer::Nak : FlowAnswer::Ack;
}

FlowAnswer forgetEveryTenthOnce(std::uint64_t sequence, unsigned deliveries)
{
    return sequence % 10 == 3 && deliveries == 1 ? FlowAnswer::Hold : FlowAnswer::Ack;
}

std::string everyFifth(std::uint64_t n)
{
    return n % 5 == 2 ? "b" : "a";
}

std::vector<FlowPlan> plans()
{
    std::vector<FlowPlan> all;
    all.push_back({.stream = "steady", .published = rate(80), .answered = rate(300), .batch = 20});
    all.push_back({.stream = "behind", .published = rate(120), .answered = rate(50), .batch = 20});
    all.push_back({.stream = "bursty",
                   .published = [](double t) { return 200 * std::floor(t / 3); },
                   .answered = rate(150),
                   .batch = 40});
    all.push_back({.stream = "naks",
                   .published = rate(80),
                   .answered = rate(300),
                   .answer = nakEveryTenthOnce,
                   .batch = 20});
    all.push_back({.stream = "lapses",
                   .consumerMembers = R"("ack_wait":1000000000)",
                   .published = rate(80),
                   .answered = rate(300),
                   .answer = forgetEveryTenthOnce,
                   .batch = 20});
    all.push_back({.stream = "filtered",
                   .filters = {"b"},
                   .published = rate(150),
                   .token = everyFifth,
                   .answered = rate(300),
                   .batch = 20});
    all.push_back({.stream = "filtered_naks",
                   .filters = {"b"},
                   .published = rate(150),
                   .token = everyFifth,
                   .answered = rate(300),
                   .answer =
                       [](std::uint64_t sequence, unsigned deliveries) {
                           return sequence % 50 == 3 && deliveries < 3 ? FlowAnswer::Nak : FlowAnswer::Ack;
                       },
                   .batch = 20});
    all.push_back({.stream = "none",
                   .consumerMembers = R"("ack_policy":"none")",
                   .published = rate(60),
                   .answered = rate(300),
                   .batch = 20});
    all.push_back({.stream = "all",
                   .consumerMembers = R"("ack_policy":"all")",
                   .published = rate(60),
                   .answered = rate(300),
                   .batch = 20,
                   .ackAll = true});
    all.push_back({.stream = "work_queue",
                   .streamMembers = R"("retention":"workqueue")",
                   .published = rate(60),
                   .answered = rate(300),
                   .batch = 20});
    // The limit removes what was not read: the position moves without a delivery.
    all.push_back({.stream = "evicted",
                   .streamMembers = R"("max_msgs":100)",
                   .published = rate(120),
                   .answered = rate(30),
                   .batch = 5});
    return all;
}

/// A filter lets the position jump, and no advisory tells of an ack_wait that is over: redeliveries hide
/// among first deliveries.
std::vector<FlowPlan> hiddenPlans()
{
    std::vector<FlowPlan> all;
    all.push_back({.stream = "filtered_lapses",
                   .consumerMembers = R"("ack_wait":1000000000)",
                   .filters = {"b"},
                   .published = rate(150),
                   .token = everyFifth,
                   .answered = rate(300),
                   .answer =
                       [](std::uint64_t sequence, unsigned deliveries) {
                           return sequence % 50 == 3 && deliveries == 1 ? FlowAnswer::Hold : FlowAnswer::Ack;
                       },
                   .batch = 20});
    return all;
}

/// A large backlog, read slowly with much in hand; the sixth second something happens to it.
FlowPlan shaken(const char* name, std::function<void(KnownFlow&)> happens, double after = 6)
{
    return {.stream = name,
            .published = [](double t) { return t < 0.5 ? 4'000 * t : 2'000 + 40 * (t - 0.5); },
            .answered = rate(50),
            .batch = 400,
            .act =
                [happens = std::move(happens), after](double t, KnownFlow& flow) {
                    if (t > after && flow.once("shake"))
                        happens(flow);
                }};
}

std::vector<FlowPlan> shakenPlans()
{
    std::vector<FlowPlan> all;
    all.push_back(shaken("recreated", [](KnownFlow& flow) {
        flow.client().api("CONSUMER.DELETE.recreated.c");
        flow.makeConsumer();
    }));
    all.push_back(shaken("purged", [](KnownFlow& flow) { flow.purge(""); }));
    all.push_back(shaken("stream_anew", [](KnownFlow& flow) {
        flow.client().api("STREAM.DELETE.stream_anew");
        flow.makeStream();
        flow.makeConsumer();
    }));
    all.push_back(shaken("edited", [](KnownFlow& flow) {
        flow.client().createConsumer(
            "edited",
            R"({"durable_name":"c","ack_policy":"explicit","max_ack_pending":50000,"description":"x"})");
    }));
    all.push_back(shaken("shrunk", [](KnownFlow& flow) {
        flow.client().api("STREAM.UPDATE.shrunk",
                          R"({"name":"shrunk","subjects":["shrunk.>"],"storage":"file","max_msgs":20})");
    }));
    all.push_back(shaken("skipped", [](KnownFlow& flow) { // made anew at the end of the stream
        flow.client().api("CONSUMER.DELETE.skipped.c");
        flow.client().createConsumer(
            "skipped", R"({"durable_name":"c","ack_policy":"explicit","deliver_policy":"new"})");
    }));
    return all;
}

/// Rates that are less than nothing, or more than was done in the seconds around.
std::string spikesOf(const KnownFlow& flow, const std::vector<MonitorLog::Report>& reports)
{
    constexpr auto kBefore = 1'300ms;
    constexpr auto kAfter = 200ms;
    // What a server gave out just before it was killed may never reach the driver.
    const double slack = 10 + (flow.plan().outlives ? flow.plan().batch : 0);
    std::string spikes;
    for (std::size_t i = 1; i < reports.size(); ++i) {
        const CollectorReport* row = findRow(*reports[i], flow.plan().stream, "c");
        const StreamReport* stream = findRow(*reports[i], flow.plan().stream);
        const auto late = flow.lateBy(reports[i - 1]->at - kBefore, reports[i]->at + kAfter);
        const FlowCounts from = flow.countsAt(reports[i - 1]->at - kBefore - late);
        const FlowCounts to = flow.countsAt(reports[i]->at + kAfter + late);
        const auto check = [&](const char* what, const std::optional<double>& told, std::uint64_t counted) {
            if (told && (*told < 0 || *told > static_cast<double>(counted) + slack))
                spikes +=
                    fmt::format("{}: {} {:.0f}/s at look {}, where {} were counted in the seconds around\n",
                                flow.plan().stream, what, *told, i, counted);
        };
        if (stream)
            check("stored", stream->inPerSecond, to.published - from.published);
        if (!row)
            continue;
        check("first deliveries", row->deliveredPerSecond, to.first - from.first);
        check("redeliveries", row->redeliveredPerSecond, to.redelivered - from.redelivered);
        check("acks", row->ackedPerSecond, to.acked - from.acked);
    }
    return spikes;
}

bool hasRates(const KnownFlow& flow, const ClusterReport& report)
{
    const CollectorReport* row = findRow(report, flow.plan().stream, "c");
    return row && row->deliveredPerSecond && row->ackedPerSecond;
}

int knownRates(const KnownFlow& flow, const std::vector<MonitorLog::Report>& reports, std::size_t from)
{
    int known = 0;
    for (std::size_t i = from; i < reports.size(); ++i)
        known += hasRates(flow, *reports[i]);
    return known;
}

/// What the rows' rates come to, against what was counted, between answered looks: from one that was not to
/// the next there is no rate.
struct Totals
{
    int pieces = 0; ///< so many rows of answered looks, one behind the other
    double stored = 0;
    double first = 0;
    double redelivered = 0;
    double acked = 0;
    FlowCounts counted;
    int unknown = 0;
};

Totals totalsOf(const KnownFlow& flow, const std::vector<MonitorLog::Report>& reports)
{
    Totals totals;
    for (std::size_t i = 1; i < reports.size(); ++i) {
        if (!isAnswered(*reports[i]) || !isAnswered(*reports[i - 1]))
            continue;
        totals.pieces += i == 1 || !isAnswered(*reports[i - 2]);
        const FlowCounts begin = flow.countsAt(reports[i - 1]->at);
        const FlowCounts end = flow.countsAt(reports[i]->at);
        totals.counted.published += end.published - begin.published;
        totals.counted.first += end.first - begin.first;
        totals.counted.redelivered += end.redelivered - begin.redelivered;
        totals.counted.acked += end.acked - begin.acked;
        const CollectorReport* row = findRow(*reports[i], flow.plan().stream, "c");
        const StreamReport* stream = findRow(*reports[i], flow.plan().stream);
        const double seconds = std::chrono::duration<double>(reports[i]->at - reports[i - 1]->at).count();
        if (!row || !stream || !row->deliveredPerSecond || !stream->inPerSecond) {
            ++totals.unknown;
            continue;
        }
        totals.stored += *stream->inPerSecond * seconds;
        totals.first += *row->deliveredPerSecond * seconds;
        totals.redelivered += row->redeliveredPerSecond.value_or(0) * seconds;
        totals.acked += row->ackedPerSecond.value_or(0) * seconds;
    }
    return totals;
}

std::string lineOf(const KnownFlow& flow, const Totals& totals)
{
    const FlowCounts& counted = totals.counted;
    return fmt::format(
        "{:>14}: stored {:.0f} (counted {}), first deliveries {:.0f} ({}), redeliveries {:.0f} ({}), "
        "acks {:.0f} ({}), unknown looks {}",
        flow.plan().stream, totals.stored, counted.published, totals.first, counted.first, totals.redelivered,
        counted.redelivered, totals.acked, counted.acked, totals.unknown);
}

/// Three of a hundred, and what a look at another moment than the count may miss.
double slackOf(double truth, int pieces)
{
    return 0.03 * truth + 8 * pieces;
}

bool areRight(const Totals& totals)
{
    const auto isNear = [&](double told, std::uint64_t counted) {
        const auto truth = static_cast<double>(counted);
        return std::abs(told - truth) <= slackOf(truth, totals.pieces);
    };
    return isNear(totals.stored, totals.counted.published) && isNear(totals.first, totals.counted.first) &&
           isNear(totals.redelivered, totals.counted.redelivered) &&
           isNear(totals.acked, totals.counted.acked) && totals.unknown == 0;
}

/// What is told is true as it is worded: at most so many first ones and acks, at least so many further ones,
/// and all deliveries together.
bool areRightWhereRedeliveriesHide(const Totals& totals)
{
    const auto first = static_cast<double>(totals.counted.first);
    const auto redelivered = static_cast<double>(totals.counted.redelivered);
    const auto isAtLeast = [&](double more, double less) {
        return more >= less - slackOf(less, totals.pieces);
    };
    return redelivered >= 20 &&
           std::abs(totals.first + totals.redelivered - first - redelivered) <=
               slackOf(first + redelivered, totals.pieces) &&
           isAtLeast(totals.first, first) && isAtLeast(redelivered, totals.redelivered) &&
           isAtLeast(totals.acked, static_cast<double>(totals.counted.acked));
}

} // namespace

class TestRatesTruth : public QObject
{
    Q_OBJECT

private slots:
    void ratesAreWhatWasCountedAndChangesMakeNoSpike()
    {
        const std::string wrong = tryOnBrokers(tryOnce);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

    void restartsAndOtherLeadersMakeNoSpike()
    {
        // Both at once: most of it is waiting.
        Broker broker;
        BrokerCluster cluster;
        const auto plan = [](const char* name, const char* members) {
            FlowPlan one = shaken(name, [](KnownFlow&) {});
            one.streamMembers = members;
            one.outlives = true;
            one.batch = 100;
            return one;
        };
        std::deque<KnownFlow> single;
        std::deque<KnownFlow> three;
        single.emplace_back(broker.profile(), plan("single", ""));
        three.emplace_back(cluster.profile(), plan("three", R"("num_replicas":3)"));
        MonitorLog ofSingle(broker.profile());
        MonitorLog ofThree(cluster.profile());
        const auto looks = [](const MonitorLog& log, std::size_t more) {
            const std::size_t wanted = log.reports().size() + more;
            return waitUntil([&] { return log.reports().size() >= wanted; }, 60s);
        };
        TestClient operatorOfThree = cluster.client();
        constexpr std::size_t kBetween = 4;
        QVERIFY(looks(ofThree, kBetween));
        broker.stop();
        broker.restart();
        (void)operatorOfThree.tryApi("STREAM.LEADER.STEPDOWN.three");
        QVERIFY(looks(ofThree, kBetween));
        broker.kill9();
        (void)operatorOfThree.tryApi("CONSUMER.LEADER.STEPDOWN.three.c");
        broker.restart();
        QVERIFY(looks(ofThree, kBetween));
        const std::size_t leader = cluster.streamLeader("three");
        cluster.kill9(leader);
        QVERIFY(looks(ofThree, kBetween));
        cluster.restart(leader);
        QVERIFY(looks(ofThree, kBetween));

        std::string wrong;
        for (auto [flow, log] :
             {std::pair{&single.front(), &ofSingle}, std::pair{&three.front(), &ofThree}}) {
            // After a server was lost there is no rate for some looks; it must come back.
            QVERIFY2(waitUntil([&] { return hasRates(*flow, *log->latest()); }, 60s),
                     flow->plan().stream.c_str());
            const std::vector<MonitorLog::Report> reports = log->reports();
            flow->stop();
            QVERIFY2(flow->problem().empty(), flow->problem().c_str());
            const int known = knownRates(*flow, reports, 0);
            qInfo("%s: %zu looks, %d with rates", flow->plan().stream.c_str(), reports.size(), known);
            QVERIFY(known >= 8);
            wrong += spikesOf(*flow, reports);
        }
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

private:
    using Flows = std::deque<KnownFlow>;

    /// What was wrong, a line each.
    static std::string tryOnce(const Broker& broker)
    {
        const auto begin = [&](Flows& flows, std::vector<FlowPlan> all) {
            for (FlowPlan& plan : all)
                flows.emplace_back(broker.profile(), std::move(plan));
        };
        Flows flows;
        Flows hiddenFlows;
        Flows shakenFlows;
        begin(flows, plans());
        begin(hiddenFlows, hiddenPlans());
        begin(shakenFlows, shakenPlans());
        const MonitorLog monitor(broker.profile());
        if (!monitor.waitForAnswered(kLooks, 90s))
            return "the monitor was not answered often enough";
        const std::vector<MonitorLog::Report> reports = monitor.reports();
        std::string wrong;
        for (Flows* some : {&flows, &hiddenFlows, &shakenFlows}) {
            for (KnownFlow& flow : *some) {
                flow.stop();
                if (!flow.problem().empty())
                    wrong += fmt::format("{}: {}\n", flow.plan().stream, flow.problem());
            }
        }
        wrong += wrongTotals(flows, reports, areRight) +
                 wrongTotals(hiddenFlows, reports, areRightWhereRedeliveriesHide);
        for (const KnownFlow& flow : shakenFlows) {
            wrong += spikesOf(flow, reports);
            // And they are told again soon.
            if (knownRates(flow, reports, kLooks - 8) < 6)
                wrong += flow.plan().stream + ": no rates any more\n";
        }
        return wrong;
    }

    static std::string wrongTotals(const Flows& flows, const std::vector<MonitorLog::Report>& reports,
                                   bool (*areFine)(const Totals&))
    {
        std::string wrong;
        for (const KnownFlow& flow : flows) {
            const Totals totals = totalsOf(flow, reports);
            const std::string line = lineOf(flow, totals);
            qInfo("%s", line.c_str());
            if (!areFine(totals))
                wrong += line + '\n';
        }
        return wrong;
    }
};

QTEST_GUILESS_MAIN(TestRatesTruth)
#include "tst_rates_truth.moc"
