// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands/commands.h"
#include "app/cli/commands/scenario_demo.h"
#include "app/cli/interrupt.h"
#include "app/cli/output/report_print.h"
#include "app/cli/output/text_table.h"
#include "app/cli/wait.h"
#include "model/base/number_text.h"
#include "model/service/demo_service.h"
#include "model/service/monitor_service.h"
#include "model/service/replay_service.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <thread>

namespace jetlag {

namespace {

/// "50x20"; zero of both when it is no size.
DemoCrowd crowdOf(const std::string& text)
{
    DemoCrowd size{0, 0};
    const char* end = text.data() + text.size();
    const auto streams = std::from_chars(text.data(), end, size.streams);
    if (streams.ec != std::errc{} || streams.ptr == end || *streams.ptr != 'x')
        return {0, 0};
    const auto collectors = std::from_chars(streams.ptr + 1, end, size.collectors);
    return collectors.ec == std::errc{} && collectors.ptr == end ? size : DemoCrowd{0, 0};
}

std::string checkMany(const std::string& text)
{
    const DemoCrowd size = crowdOf(text);
    if (size.streams > 0 && size.collectors > 0 &&
        std::uint64_t{size.streams} * size.collectors <= kMostCrowd)
        return {};
    return fmt::format("a size looks like 50x20, {} collectors at most", kMostCrowd);
}

struct Compared
{
    DemoCollector collector;
    std::string replayed; ///< digest of the replay, or why there is none
    [[nodiscard]] bool equal() const { return collector.problem.empty() && collector.digest == replayed; }
};

/// `jetlagctl demo`: the whole pipeline on this machine, then the report, and each collector's digest
/// beside that of a replay.
class DemoCommand final : public Command
{
public:
    void declare(CLI::App& app) override
    {
        m_command =
            app.add_subcommand("demo", "Run server, hooks and collectors on this machine and watch them");
        m_command->add_flag("--headless", m_headless, "without a window; this program never opens one");
        m_command->add_option("--seconds", m_seconds, "how long (default: until Ctrl-C)")
            ->type_name("N")
            ->check(CLI::Range(5, 86'400));
        m_command
            ->add_option(
                "--scenario", m_options.scenario,
                "instead: one collector with one known thing wrong, to train on; \"list\" names them")
            ->type_name("NAME");
        m_command
            ->add_option(
                "--many", m_many,
                "instead: so many streams with so many collectors each on one server, most of them well: "
                "what a large installation looks like")
            ->type_name("STREAMSxCOLLECTORS")
            ->check(checkMany)
            ->excludes("--scenario");
        m_command->add_option("--seed", m_options.seed, "of the workload")->capture_default_str();
        m_command->add_option("--folder", m_folder, "keep everything there (default: a temporary folder)")
            ->type_name("DIR");
        m_command->add_option("--format", m_common.format, "how the results look")
            ->check(CLI::IsMember({"table", "json"}))
            ->capture_default_str();
    }

    bool isChosen() const override { return m_command->parsed(); }

    ExitCode run(Services& services) override
    {
        m_options.length = std::chrono::seconds(m_seconds);
        m_options.folder = m_folder;
        if (!m_many.empty())
            return playCrowd(services);
        if (m_options.scenario == "list")
            return listScenarios(services.demos, m_common.json());
        if (!m_options.scenario.empty())
            return playScenario(services, m_common, m_options, m_seconds);
        fmt::print(stderr, "starting nats-server, three hooks and three collectors ...\n");
        Result<std::unique_ptr<DemoRun>> demo = services.demos.start(m_options);
        if (!demo)
            return reportError(demo.error());
        fmt::print(stderr, "running at {}; try: jetlagctl report --server {}\n", (*demo)->url(),
                   (*demo)->url());
        m_common.server = (*demo)->url();
        Result<std::shared_ptr<ServerLink>> server = connect(services, m_common);
        if (!server)
            return reportError(server.error());

        watch(**demo);
        if (std::string problem = (*demo)->problem(); !problem.empty())
            return reportError({ErrorCode::Unavailable, std::move(problem)});
        Result<ClusterReport> report = waitFor(*(*server)->monitor().report({}));
        if (!report)
            return reportError(report.error());
        fmt::print(stderr, "stopping hooks and collectors ...\n");
        const std::vector<Compared> compared = compare(services, *server, (*demo)->stopPipelines());
        show(*report, compared);
        const bool allEqual =
            std::all_of(compared.begin(), compared.end(), [](const Compared& one) { return one.equal(); });
        return allEqual && !compared.empty() ? ExitCode::Fine : ExitCode::Trouble;
    }

private:
    // Until Ctrl-C or the seconds are over: the address is all there is to say.
    ExitCode playCrowd(Services& services)
    {
        m_options.crowd = crowdOf(m_many);
        fmt::print(stderr, "starting nats-server and {} collectors ...\n",
                   m_options.crowd->streams * m_options.crowd->collectors);
        Result<std::unique_ptr<DemoRun>> demo = services.demos.start(m_options);
        if (!demo)
            return reportError(demo.error());
        if (m_common.json())
            fmt::print("{}\n", nlohmann::ordered_json{{"url", (*demo)->url()},
                                                      {"streams", m_options.crowd->streams},
                                                      {"collectors", m_options.crowd->streams *
                                                                         m_options.crowd->collectors}}
                                   .dump());
        else
            fmt::print("running at {0}; try: jetlag --server {0}\n", (*demo)->url());
        std::fflush(stdout);
        watch(**demo);
        if (std::string problem = (*demo)->problem(); !problem.empty())
            return reportError({ErrorCode::Unavailable, std::move(problem)});
        return ExitCode::Fine;
    }

    // Ctrl-C ends the watching; what follows is the same.
    void watch(DemoRun& demo) const
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(m_seconds);
        while (!wasInterrupted() && demo.problem().empty()) {
            for (const DemoMoment& moment : demo.takeMoments())
                fmt::print(stderr, "{:5.1f} s  {}\n", static_cast<double>(moment.at.count()) / 1000,
                           moment.what);
            if (m_seconds > 0 && std::chrono::steady_clock::now() >= end)
                break;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }

    static std::vector<Compared> compare(Services& services, const std::shared_ptr<ServerLink>& server,
                                         std::vector<DemoCollector> collectors)
    {
        std::vector<Compared> compared;
        for (DemoCollector& collector : collectors) {
            Compared one{std::move(collector), {}};
            if (one.collector.problem.empty()) {
                ReplayRequest request;
                request.analyzer = one.collector.analyzer;
                request.source = StreamReplaySource{server, one.collector.stream, std::nullopt};
                request.range.to = one.collector.lastSequence;
                Result<ReplayResult> result = waitFor(*services.replays.start(std::move(request))->job());
                if (!result)
                    one.replayed = result.error().message();
                else
                    one.replayed = result->problem.empty() ? result->engine.digest.toHex() : result->problem;
            }
            compared.push_back(std::move(one));
        }
        return compared;
    }

    void show(const ClusterReport& report, const std::vector<Compared>& compared) const
    {
        if (m_common.json()) {
            auto object = nlohmann::ordered_json::parse(reportJson(report));
            auto& list = object["digests"] = nlohmann::ordered_json::array();
            for (const Compared& one : compared)
                list.push_back({{"stream", one.collector.stream},
                                {"collector", one.collector.name},
                                {"events", one.collector.events},
                                {"last_sequence", one.collector.lastSequence.value()},
                                {"digest", one.collector.digest},
                                {"replay_digest", one.replayed},
                                {"equal", one.equal()}});
            fmt::print("{}\n", object.dump());
            return;
        }
        printReport(report);
        TextTable table({{"COLLECTOR"},
                         {"EVENTS", TextTable::Align::Right},
                         {"UP TO", TextTable::Align::Right},
                         {"ITS DIGEST"},
                         {"DIGEST OF A REPLAY"},
                         {""}});
        for (const Compared& one : compared)
            table.add({one.collector.name, exactCount(one.collector.events),
                       exactCount(one.collector.lastSequence.value()),
                       one.collector.problem.empty() ? one.collector.digest : one.collector.problem,
                       one.replayed, one.equal() ? "verified" : "DIFFERS"});
        fmt::print("\n{}", table.text());
    }

    CLI::App* m_command = nullptr;
    CommonOptions m_common;
    DemoOptions m_options;
    bool m_headless = true;
    int m_seconds = 0;
    std::string m_folder;
    std::string m_many;
};

} // namespace

std::unique_ptr<Command> makeDemoCommand()
{
    return std::make_unique<DemoCommand>();
}

} // namespace jetlag
