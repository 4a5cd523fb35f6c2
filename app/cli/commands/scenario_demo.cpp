// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands/scenario_demo.h"

#include "app/cli/interrupt.h"
#include "app/cli/output/text_table.h"
#include "model/service/monitor_service.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <mutex>
#include <thread>

namespace jetlag {

namespace {

using Json = nlohmann::ordered_json;
using std::chrono::steady_clock;

/// Prints what happens and what is said of it, as it comes.
class Teller final
{
public:
    Teller(DemoRun& demo, bool json)
        : m_demo(demo)
        , m_json(json)
    {}

    void tellMoments()
    {
        for (const DemoMoment& moment : m_demo.takeMoments()) {
            const double at = static_cast<double>(moment.at.count()) / 1000;
            if (!m_begin)
                m_begin = steady_clock::now() - moment.at;
            if (m_json)
                print({{"t", at}, {"what", moment.what}, {"right", m_demo.rightCauses()}});
            else
                fmt::print("{:6.1f} s  {}\n", at, moment.what);
        }
        std::fflush(stdout);
    }

    void tellVerdict(const ClusterReport& report)
    {
        if (!m_begin)
            return;
        const bool isThere = !report.collectors.empty();
        const CollectorReport row = isThere ? report.collectors.front() : CollectorReport();
        if (m_saidOnce && row.cause == m_said && isThere == m_wasThere)
            return;
        m_said = row.cause;
        m_wasThere = isThere;
        m_saidOnce = true;
        const double at = std::chrono::duration<double>(steady_clock::now() - *m_begin).count();
        if (m_json)
            print({{"t", at}, {"verdict", orNull(row.verdict)}, {"cause", orNull(row.cause)}});
        else if (row.cause)
            fmt::print("{:6.1f} s      -> {} ({}){}\n", at, *row.cause, row.verdict.value_or("?"),
                       isRight() ? "" : ", not yet what it will be");
        else
            fmt::print("{:6.1f} s      -> {}\n", at, isThere ? "looking ..." : "no such collector");
        std::fflush(stdout);
    }

    [[nodiscard]] bool isRight() const
    {
        const std::vector<std::string> right = m_demo.rightCauses();
        return m_saidOnce && std::find(right.begin(), right.end(), m_said.value_or("")) != right.end();
    }

private:
    static Json orNull(const std::optional<std::string>& word) { return word ? Json(*word) : Json(nullptr); }
    static void print(const Json& line) { fmt::print("{}\n", line.dump()); }

    DemoRun& m_demo;
    const bool m_json;
    std::optional<steady_clock::time_point> m_begin;
    std::optional<std::string> m_said;
    bool m_wasThere = false;
    bool m_saidOnce = false;
};

} // namespace

ExitCode listScenarios(const DemoService& demos, bool json)
{
    if (json) {
        Json list = Json::array();
        for (const DemoScenario& one : demos.scenarios())
            list.push_back({{"name", one.name},
                            {"cause", one.cause},
                            {"shows", one.shows},
                            {"seconds", one.seconds},
                            {"servers", one.servers}});
        fmt::print("{}\n", list.dump());
        return ExitCode::Fine;
    }
    TextTable table({{"SCENARIO"}, {"CAUSE"}, {"SECONDS", TextTable::Align::Right}, {"SHOWS"}});
    for (const DemoScenario& one : demos.scenarios())
        table.add({one.name, one.cause, fmt::format("{:g}", one.seconds), one.shows});
    fmt::print("{}", table.text());
    return ExitCode::Fine;
}

ExitCode playScenario(Services& services, CommonOptions common, const DemoOptions& options, int seconds)
{
    Result<std::unique_ptr<DemoRun>> demo = services.demos.start(options);
    if (!demo)
        return reportError(demo.error());
    common.server = (*demo)->url();
    fmt::print(stderr, "{} runs at {}{}; the same in the window: jetlag --server {}\n", options.scenario,
               common.server, seconds > 0 ? "" : " until Ctrl-C", common.server);
    Result<std::shared_ptr<ServerLink>> server = connect(services, common);
    if (!server)
        return reportError(server.error());

    std::mutex mutex;
    std::shared_ptr<const ClusterReport> latest;
    const Subscription subscription =
        (*server)->monitor().watch({}, [&](std::shared_ptr<const ClusterReport> report) {
            const std::lock_guard lock(mutex);
            latest = std::move(report);
        });
    Teller teller(**demo, common.json());
    const auto end = steady_clock::now() + std::chrono::seconds(seconds);
    const auto isDone = [&] { return seconds > 0 && steady_clock::now() >= end; };
    while (!wasInterrupted() && (*demo)->problem().empty() && !isDone()) {
        teller.tellMoments();
        std::shared_ptr<const ClusterReport> report;
        {
            const std::lock_guard lock(mutex);
            report = std::exchange(latest, nullptr);
        }
        if (report)
            teller.tellVerdict(*report);
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    teller.tellMoments();
    if (std::string problem = (*demo)->problem(); !problem.empty())
        return reportError({ErrorCode::Unavailable, std::move(problem)});
    return teller.isRight() || wasInterrupted() ? ExitCode::Fine : ExitCode::Trouble;
}

} // namespace jetlag
