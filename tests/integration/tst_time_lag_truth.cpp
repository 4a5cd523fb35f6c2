// SPDX-License-Identifier: Apache-2.0
//
// Time lags of the monitor against drivers that know when each of their messages was published, delivered
// and acked: all kinds of streams side by side on one real server, looked at each second.

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

constexpr std::size_t kLooks = 22;
constexpr double kPoll = 1; ///< seconds: how wrong a time lag may be
/// A report is dated when it is ready; its numbers were told within this before.
constexpr auto kLook = 250ms;

auto rate(double perSecond)
{
    return [perSecond](double t) { return t * perSecond; };
}

/// `count` at once each `every` seconds.
auto bursts(double count, double every)
{
    return [count, every](double t) { return count * (1 + std::floor(t / every)); };
}

std::string everyTenth(std::uint64_t n)
{
    return n % 10 == 3 ? "b" : "a";
}

std::vector<FlowPlan> plans()
{
    std::vector<FlowPlan> all;
    all.push_back({.stream = "steady", .published = rate(100), .answered = rate(60)});
    all.push_back({.stream = "steady_ahead", .published = rate(50), .answered = rate(200), .batch = 10});
    // Not one message a second: the stream's own times are too far apart to tell.
    all.push_back({.stream = "rare", .published = rate(0.4), .answered = rate(0.25), .batch = 1});
    all.push_back({.stream = "bursty", .published = bursts(150, 3), .answered = rate(45), .batch = 20});
    // A time between two bursts must not be made up from the times around them.
    all.push_back({.stream = "bursty_fast", .published = bursts(120, 1.9), .answered = rate(50), .batch = 5});
    all.push_back({.stream = "filtered",
                   .filters = {"b"},
                   .published = rate(60),
                   .token = everyTenth,
                   .answered = rate(3),
                   .batch = 4});
    all.push_back({.stream = "filtered_ahead",
                   .filters = {"b"},
                   .published = rate(60),
                   .token = everyTenth,
                   .answered = rate(100)});
    // A third is deleted one by one, and one subject is purged while it is read.
    all.push_back({.stream = "gaps",
                   .published = [](double t) { return 300 + 30 * t; },
                   .token = [](std::uint64_t n) { return n % 4 == 1 ? "gone" : "a"; },
                   .answered = rate(25),
                   .batch = 10,
                   .act =
                       [](double t, KnownFlow& flow) {
                           if (flow.once("delete"))
                               for (std::uint64_t sequence = 3; sequence < 300; sequence += 3)
                                   flow.deleteMessage(sequence);
                           if (t > 8 && flow.once("purge"))
                               flow.purge("gone");
                       }});
    // The same for a collector that does not want what is purged.
    all.push_back({.stream = "gaps_filtered",
                   .filters = {"a"},
                   .published = [](double t) { return 300 + 30 * t; },
                   .token = [](std::uint64_t n) { return n % 4 == 1 ? "gone" : "a"; },
                   .answered = rate(25),
                   .batch = 10,
                   .act =
                       [](double t, KnownFlow& flow) {
                           if (t > 8 && flow.once("purge"))
                               flow.purge("gone");
                       }});
    // Holes at the very place where the collector stands.
    all.push_back({.stream = "gaps_standing",
                   .published = [](double t) { return 50 + 10 * t; },
                   .answered = [](double t) { return t < 12 ? 0.0 : 20 * (t - 12); },
                   .batch = 10,
                   .act =
                       [](double t, KnownFlow& flow) {
                           if (t > 6 && flow.once("delete"))
                               for (std::uint64_t sequence = 11; sequence < 61; ++sequence)
                                   flow.deleteMessage(sequence);
                       }});
    all.push_back({.stream = "purged",
                   .published = rate(50),
                   .answered = rate(10),
                   .batch = 5,
                   .act = [](double t, KnownFlow& flow) {
                       if (t > 10 && flow.once("purge"))
                           flow.purge("");
                   }});
    // Nobody reads for a while, then all is read and nothing comes any more.
    all.push_back({.stream = "idle",
                   .published = [](double t) { return t < 1 ? 20.0 * t : 20.0; },
                   .answered = [](double t) { return t < 14 ? 5.0 : 1'000.0; },
                   .batch = 5});
    all.push_back({.stream = "empty"});
    all.push_back({.stream = "unread", .published = [](double) { return 1.0; }, .batch = 0});
    // One is held in hand for good, the others flow.
    all.push_back({.stream = "held",
                   .consumerMembers = R"("ack_wait":60000000000)",
                   .published = rate(40),
                   .answered = rate(100),
                   .answer = [](std::uint64_t sequence, unsigned) {
                       return sequence == 7 ? FlowAnswer::Hold : FlowAnswer::Ack;
                   }});
    all.push_back({.stream = "held_filtered",
                   .consumerMembers = R"("ack_wait":60000000000)",
                   .filters = {"b"},
                   .published = rate(60),
                   .token = everyTenth,
                   .answered = rate(100),
                   .answer = [](std::uint64_t sequence, unsigned) {
                       return sequence == 24 ? FlowAnswer::Hold : FlowAnswer::Ack;
                   }});
    all.push_back({.stream = "none",
                   .consumerMembers = R"("ack_policy":"none")",
                   .published = rate(40),
                   .answered = rate(20),
                   .batch = 10});
    all.push_back({.stream = "all",
                   .consumerMembers = R"("ack_policy":"all")",
                   .published = rate(40),
                   .answered = rate(20),
                   .batch = 10,
                   .ackAll = true});
    all.push_back({.stream = "work_queue",
                   .streamMembers = R"("retention":"workqueue")",
                   .published = rate(40),
                   .answered = rate(30),
                   .batch = 10});
    all.push_back({.stream = "aged",
                   .streamMembers = R"("max_age":5000000000)",
                   .published = rate(40),
                   .answered = rate(10),
                   .batch = 5,
                   .maxAge = 5});
    all.push_back({.stream = "many_filters",
                   .filters = {"b", "c"},
                   .published = rate(60),
                   .token = [](std::uint64_t n) { return n % 10 == 3   ? "b"
                                                         : n % 10 == 7 ? "c"
                                                                       : "a"; },
                   .answered = rate(5),
                   .batch = 4});
    return all;
}

/// When the row's numbers were asked for, or shortly before.
ServerTime beginOf(const CollectorReport& row, ServerTime at)
{
    const AskedAt& when = row.consumer.askedAt;
    if (!when.isNoted())
        return at - kLook;
    return std::min(at - kLook, systemClock().now() - (std::chrono::steady_clock::now() - when.asked));
}

/// The smallest distance from what was true at some moment of the look, as far as the flow can date it.
double errorOf(const KnownFlow& flow, double told, ServerTime begin, ServerTime at, bool undelivered)
{
    double least = 1e9;
    const ServerTime end = at + flow.lateBy(begin, at);
    for (ServerTime moment = begin; moment <= end; moment += 10ms) {
        const double since = told > 0 ? std::chrono::duration<double>(moment - at).count() : 0;
        const FlowAge age = flow.oldestAge(moment, undelivered);
        least = std::min(least, std::max({age.least - told - since, told + since - age.most, 0.0}));
    }
    return least;
}

/// nats-server 2.9 strands unread messages when a subject is purged under a wider consumer: they never come,
/// and its counters leave them out. Then the verdict has to say so, from the look after next on and to the
/// end. The index from which on the counters are not asked for the truth.
std::size_t strandedToTheEndFrom(const std::vector<MonitorLog::Report>& reports, const std::string& stream)
{
    constexpr std::size_t kLooksToNotice = 2;
    std::size_t from = reports.size();
    while (from > 0 && findRow(*reports[from - 1], stream, "c")->cause == "stranded")
        --from;
    return from == reports.size() ? from : from - std::min(from, kLooksToNotice);
}

struct Outcome
{
    int looks = 0;
    int unknown = 0; ///< no number was given
    double worst = 0;
    double worstAt = 0; ///< seconds since the first report
    double worstTold = 0;
    double greatest = 0; ///< the largest true lag

    void see(const KnownFlow& flow, const CollectorReport& row, ServerTime at, ServerTime first,
             bool undelivered)
    {
        const std::optional<double> told = undelivered ? row.deliveryLagSeconds : row.timeLagSeconds;
        ++looks;
        greatest = std::max(greatest, flow.oldestAge(at, undelivered).most);
        if (!told) {
            ++unknown;
            return;
        }
        const double error = errorOf(flow, *told, beginOf(row, at), at, undelivered);
        if (error <= worst)
            return;
        worst = error;
        worstAt = std::chrono::duration<double>(at - first).count();
        worstTold = *told;
    }
};

} // namespace

class TestTimeLagTruth : public QObject
{
    Q_OBJECT

private slots:
    void deliveryAndProcessingLagAreTheTruthOnEveryKindOfStream()
    {
        const std::string wrong = tryOnBrokers(tryOnce);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

private:
    /// What was not the truth, a line each.
    static std::string tryOnce(const Broker& broker)
    {
        std::deque<KnownFlow> flows;
        for (FlowPlan& plan : plans()) {
            const bool isNew = plan.filters.size() > 1;
            try {
                flows.emplace_back(broker.profile(), std::move(plan));
            } catch (const std::exception& refused) {
                if (!isNew)
                    return refused.what();
                qInfo("several filters: this server (before 2.10) cannot: %s", refused.what());
            }
        }
        MonitorLog monitor(broker.profile());
        if (!monitor.waitForAnswered(kLooks, 90s))
            return "the monitor was not answered often enough";
        std::vector<MonitorLog::Report> reports = monitor.reports();
        // What is true at a report's time must be known by now.
        for (KnownFlow& flow : flows)
            flow.stop();

        std::string wrong = unansweredInSilence(reports);
        std::erase_if(reports, [](const MonitorLog::Report& report) { return !isAnswered(*report); });
        for (const KnownFlow& flow : flows)
            wrong += flow.problem().empty() ? compare(flow, reports)
                                            : fmt::format("{}: {}\n", flow.plan().stream, flow.problem());
        return wrong;
    }

    /// A look that nobody answered has no lags of its own, and says so.
    static std::string unansweredInSilence(const std::vector<MonitorLog::Report>& reports)
    {
        std::string wrong;
        for (std::size_t i = 0; i < reports.size(); ++i)
            if (!isAnswered(*reports[i]) && reports[i]->problems.empty())
                wrong += fmt::format("look {} was not answered and does not say so\n", i);
        return wrong;
    }

    /// `reports`: the answered ones.
    static std::string compare(const KnownFlow& flow, const std::vector<MonitorLog::Report>& reports)
    {
        const std::string& name = flow.plan().stream;
        Outcome processing;
        Outcome delivery;
        const std::size_t strandedFrom = strandedToTheEndFrom(reports, name);
        for (std::size_t i = 0; i < strandedFrom; ++i) {
            const MonitorLog::Report& report = reports[i];
            const CollectorReport* row = findRow(*report, name, "c");
            if (!row)
                return fmt::format("{}: not in look {}\n", name, i);
            processing.see(flow, *row, report->at, reports.front()->at, false);
            delivery.see(flow, *row, report->at, reports.front()->at, true);
        }
        std::string wrong;
        for (const auto& [what, outcome] :
             {std::pair{"processing", processing}, std::pair{"delivery", delivery}}) {
            const std::string line =
                fmt::format("{:>15} {:>10}: {} looks, unknown {}, worst error {:.3f} s (at {:.1f} s, "
                            "told {:.3f}), lag up to {:.1f} s",
                            name, what, outcome.looks, outcome.unknown, outcome.worst, outcome.worstAt,
                            outcome.worstTold, outcome.greatest);
            qInfo("%s", line.c_str());
            if (outcome.worst > kPoll || outcome.unknown > 0)
                wrong += line + '\n';
        }
        return wrong;
    }
};

QTEST_GUILESS_MAIN(TestTimeLagTruth)
#include "tst_time_lag_truth.moc"
