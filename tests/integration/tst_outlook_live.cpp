// SPDX-License-Identifier: Apache-2.0
//
// Runway and ETA at constant rates on a real server: what was predicted, look by look, against the moment at
// which it came.

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

constexpr std::size_t kLooks = 26;
/// A rate needs some looks.
constexpr std::size_t kLooksToLearn = 5;
/// What is nearer than some looks is not told in tenths.
constexpr double kNear = 5; ///< seconds: a look a second cannot tell a tenth of less
constexpr int kPredictionsAtLeast = 4;
constexpr double kShare = 0.1;
constexpr double kMomentOfLook = 0.5; // seconds: readers take batches, looks fall anywhere between two

auto rate(double perSecond)
{
    return [perSecond](double t) { return t * perSecond; };
}

struct Case
{
    FlowPlan plan;
    bool isEta = false;
    std::uint64_t maxMessages = 0; ///< the limit of a runway; 0 = max_age
    bool isBytes = false;          ///< the limit is max_bytes: so many messages fit as the stream says
};

std::vector<Case> cases()
{
    std::vector<Case> all;
    all.push_back(
        {.plan = {.stream = "drains",
                  .published = [](double t) { return t < 0.5 ? 3'000 * t : 1'500 + 20 * (t - 0.5); },
                  .answered = rate(110),
                  .batch = 20},
         .isEta = true});
    all.push_back(
        {.plan = {.stream = "drains_filtered",
                  .filters = {"b"},
                  .published = [](double t) { return t < 0.5 ? 3'000 * t : 1'500 + 60 * (t - 0.5); },
                  .token = [](std::uint64_t n) { return n % 3 == 0 ? "b" : "a"; },
                  .answered = rate(50),
                  .batch = 10},
         .isEta = true});
    all.push_back({.plan = {.stream = "age",
                            .streamMembers = R"("max_age":12000000000)",
                            .published = rate(40),
                            .answered = rate(12),
                            .batch = 4,
                            .maxAge = 12}});
    all.push_back({.plan = {.stream = "age_unread",
                            .streamMembers = R"("max_age":15000000000)",
                            .published = rate(10),
                            .batch = 0,
                            .maxAge = 15}});
    all.push_back({.plan = {.stream = "age_filtered",
                            .streamMembers = R"("max_age":12000000000)",
                            .filters = {"b"},
                            .published = rate(60),
                            .token = [](std::uint64_t n) { return n % 3 == 0 ? "b" : "a"; },
                            .answered = rate(6),
                            .batch = 2,
                            .maxAge = 12}});
    all.push_back({.plan = {.stream = "messages",
                            .streamMembers = R"("max_msgs":1000)",
                            .published = rate(80),
                            .answered = rate(20),
                            .batch = 5},
                   .maxMessages = 1'000});
    all.push_back({.plan = {.stream = "messages_filtered",
                            .streamMembers = R"("max_msgs":1000)",
                            .filters = {"b"},
                            .published = rate(80),
                            .token = [](std::uint64_t n) { return n % 4 == 0 ? "b" : "a"; },
                            .answered = rate(5),
                            .batch = 2},
                   .maxMessages = 1'000});
    all.push_back({.plan = {.stream = "bytes",
                            .streamMembers = R"("max_bytes":400000)",
                            .payload = 400,
                            .published = rate(80),
                            .answered = rate(20),
                            .batch = 5},
                   .isBytes = true});
    return all;
}

/// How many of the stream's messages fit into its max_bytes.
std::uint64_t fitting(const MonitorLog::Report& report, const std::string& name)
{
    const StreamSnapshot& stream = findRow(*report, name)->stream;
    return static_cast<std::uint64_t>(stream.maxBytes) * stream.messages / stream.bytes;
}

} // namespace

class TestOutlookLive : public QObject
{
    Q_OBJECT

private slots:
    void runwayAndEtaComeTrueWithinATenth()
    {
        const std::string wrong = tryOnBrokers(tryOnce);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

private:
    /// What did not come true, a line each.
    static std::string tryOnce(const Broker& broker)
    {
        std::deque<KnownFlow> flows;
        const std::vector<Case> all = cases();
        for (const Case& one : all)
            flows.emplace_back(broker.profile(), one.plan);
        const MonitorLog monitor(broker.profile());
        if (!monitor.waitFor(kLooks - 1, 90s))
            return "the monitor did not look often enough";
        const std::vector<MonitorLog::Report> reports = monitor.reports();
        for (KnownFlow& flow : flows)
            flow.stop();
        std::string wrong;
        for (std::size_t i = 0; i < all.size(); ++i)
            wrong += flows[i].problem().empty()
                         ? compare(all[i], flows[i], reports)
                         : fmt::format("{}: {}\n", all[i].plan.stream, flows[i].problem());
        return wrong;
    }

    static std::string compare(const Case& one, const KnownFlow& flow,
                               const std::vector<MonitorLog::Report>& reports)
    {
        const std::string& name = one.plan.stream;
        const std::uint64_t limit = one.isBytes ? fitting(reports.back(), name) : one.maxMessages;
        const std::optional<ServerTime> came = one.isEta ? drainedAt(reports, name) : flow.firstLoss(limit);
        if (!came)
            return name + ": it never came\n";
        std::string wrong;
        int predictions = 0;
        double worst = 0;
        for (std::size_t look = kLooksToLearn; look < reports.size(); ++look) {
            const double left = std::chrono::duration<double>(*came - reports[look]->at).count();
            if (left < kNear)
                break;
            const CollectorReport* row = findRow(*reports[look], name, "c");
            const std::optional<double> told = !row        ? std::nullopt
                                               : one.isEta ? row->etaSeconds
                                                           : row->runwaySeconds;
            ++predictions;
            const double off = told ? std::abs(*told - left) : left;
            worst = std::max(worst, off / left);
            if (off > kShare * left + kMomentOfLook)
                wrong += fmt::format("{} at look {}: {} told, {:.1f} s came\n", name, look,
                                     told ? fmt::format("{:.1f} s", *told) : "nothing", left);
        }
        qInfo("%s", fmt::format("{:>18}: {} predictions, worst {:.1f} % off", name, predictions, 100 * worst)
                        .c_str());
        if (predictions < kPredictionsAtLeast)
            wrong += fmt::format("{}: it came too soon to say, after {} predictions\n", name, predictions);
        return wrong;
    }

    /// The first look at which nothing waited any more, half a look back.
    static std::optional<ServerTime> drainedAt(const std::vector<MonitorLog::Report>& reports,
                                               const std::string& name)
    {
        for (const MonitorLog::Report& report : reports) {
            const CollectorReport* row = findRow(*report, name, "c");
            if (report != reports.front() && row && row->consumer.pending == 0)
                return report->at - 500ms;
        }
        return std::nullopt;
    }
};

QTEST_GUILESS_MAIN(TestOutlookLive)
#include "tst_outlook_live.moc"
