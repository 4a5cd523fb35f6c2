// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/demo/scenario_demo.h"

#include "app/runtime/demo/demo_folder.h"
#include "model/base/text.h"
#include "nats/scenario/player.h"

#include <fmt/format.h>

#include <algorithm>

namespace jetlag {

namespace {

using scenario::Phase;
using scenario::Player;
using scenario::Progress;
using scenario::Scenario;

std::vector<std::string> wordsOf(const Phase& phase)
{
    std::vector<std::string> words;
    for (const std::optional<Cause>& cause : phase.right)
        words.emplace_back(cause ? toString(*cause) : std::string_view());
    return words;
}

/// "the worker stops: no-pulls, within 6 s"
std::string sentenceOf(const Phase& phase)
{
    std::string right;
    for (const std::string& word : wordsOf(phase))
        right += (right.empty() ? "" : " or ") + (word.empty() ? std::string("nothing") : word);
    if (phase.within)
        return fmt::format("{}: {}, within {:g} s", phase.happens, right, *phase.within);
    return fmt::format("{}: {}, if anything is said", phase.happens, right);
}

class ScenarioDemo final : public DemoRun
{
public:
    ScenarioDemo(DemoFolder folder, EmbeddedCluster servers, const Scenario& scenario)
        : m_folder(std::move(folder))
        , m_servers(std::move(servers))
        , m_scenario(scenario)
    {
        for (const std::string& url : m_servers.profile().urls)
            m_url += (m_url.empty() ? "" : ",") + url;
    }

    Result<void> begin()
    {
        Result<std::unique_ptr<Player>> player =
            Player::start(m_servers, m_scenario, std::string(m_scenario.name));
        if (!player)
            return player.error();
        m_player = std::move(*player);
        return {};
    }

    std::string url() const override { return m_url; }

    std::vector<DemoMoment> takeMoments() override
    {
        const Progress progress = m_player->progress();
        std::vector<DemoMoment> moments;
        const auto since = [&](Progress::Time time) {
            return std::chrono::duration_cast<std::chrono::milliseconds>(time - progress.phases.front());
        };
        for (; m_told < progress.phases.size(); ++m_told)
            moments.push_back({since(progress.phases[m_told]), sentenceOf(m_scenario.phases[m_told])});
        if (progress.ended && !std::exchange(m_toldEnd, true) && !progress.phases.empty())
            moments.push_back(
                {since(std::chrono::steady_clock::now()), "all is shown; nothing more is done to it"});
        return moments;
    }

    std::vector<std::string> rightCauses() override
    {
        const std::size_t begun = m_player->progress().phases.size();
        return begun == 0 ? std::vector<std::string>() : wordsOf(m_scenario.phases[begun - 1]);
    }

    std::string problem() override
    {
        const Progress progress = m_player->progress();
        return progress.problem.empty() ? progress.skipped : progress.problem;
    }

    std::vector<DemoCollector> stopPipelines() override { return {}; }

private:
    // Destroyed from below: loads and workers, then the servers, then their files.
    DemoFolder m_folder;
    EmbeddedCluster m_servers;
    const Scenario& m_scenario;
    std::string m_url;
    std::unique_ptr<Player> m_player;
    std::size_t m_told = 0; ///< phases
    bool m_toldEnd = false;
};

} // namespace

Result<std::unique_ptr<DemoRun>> startScenarioDemo(const DemoOptions& options)
{
    const Scenario* scenario = scenario::findScenario(options.scenario);
    if (!scenario)
        return Error(ErrorCode::InvalidArgument,
                     fmt::format("there is no scenario {}; see: jetlagctl demo --scenario list",
                                 safeForDisplay(options.scenario)));
    Result<DemoFolder> folder = DemoFolder::make(options.folder);
    if (!folder)
        return folder.error();
    Result<EmbeddedCluster> servers =
        EmbeddedCluster::start({.folder = folder->path() / "store", .nodes = scenario->nodes});
    if (!servers)
        return servers.error();
    auto run = std::make_unique<ScenarioDemo>(std::move(*folder), std::move(*servers), *scenario);
    if (Result<void> begun = run->begin(); !begun)
        return begun.error();
    return std::unique_ptr<DemoRun>(std::move(run));
}

std::vector<DemoScenario> demoScenarios()
{
    std::vector<DemoScenario> result;
    for (const Scenario& one : scenario::allScenarios())
        result.push_back({.name = std::string(one.name),
                          .shows = std::string(one.shows),
                          .cause = std::string(toString(one.cause())),
                          .seconds = one.length,
                          .servers = one.nodes});
    return result;
}

} // namespace jetlag
