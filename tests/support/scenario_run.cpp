// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario_run.h"

#include "nats/scenario/player.h"
#include "tests/support/broker.h"
#include "tests/support/pulse.h"
#include "tests/support/scenario_feed.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait_until.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <tuple>

namespace jetlag::test {

namespace {

using namespace std::chrono;
using scenario::Player;
using scenario::Progress;
using scenario::Scenario;
using Json = nlohmann::ordered_json;

/// One server, or a cluster, and who looks at all that is played on it.
struct Ground
{
    Ground(unsigned nodes, const ScenarioRunOptions& options)
    {
        Result<EmbeddedCluster> started = EmbeddedCluster::start(
            {.folder = folder / "servers", .nodes = nodes, .program = options.program});
        if (!started)
            throw std::runtime_error(started.error().message());
        servers = std::move(*started);
        connection = openPatiently(servers->profile(), {.name = "sampler"});
        version = connection->serverInfo().version.value_or("unknown");
        if (options.judge == ScenarioRunOptions::Judge::Monitor)
            monitor = std::make_unique<ScenarioMonitor>(servers->profile());
    }

    [[nodiscard]] std::unique_ptr<ScenarioFeed> watch(const std::string& stream,
                                                      steady_clock::time_point begin)
    {
        std::string consumer(scenario::Driver::consumer());
        return monitor ? monitor->watch(stream, std::move(consumer))
                       : sampledFeed(*connection, stream, std::move(consumer), begin);
    }

    TempFolder folder;
    std::optional<EmbeddedCluster> servers;
    std::unique_ptr<Connection> connection;
    std::string version;
    std::unique_ptr<ScenarioMonitor> monitor; ///< null: each scenario is sampled for itself
};

/// The causes that were right, as recordings hold them.
Json wantOf(const scenario::Phase& phase)
{
    Json want = Json::array();
    for (const std::optional<Cause>& cause : phase.right)
        want.push_back(cause ? Json(toString(*cause)) : Json(nullptr));
    return want;
}

std::size_t phaseAt(const Progress& progress, steady_clock::time_point at)
{
    std::size_t phase = 0;
    while (phase + 1 < progress.phases.size() && progress.phases[phase + 1] <= at)
        ++phase;
    return phase;
}

/// Looks at a scenario that has begun, until it has shown all.
void follow(Player& player, ScenarioFeed& feed, ScenarioScore& run, std::string& recording)
{
    Progress progress = player.progress();
    const auto begin = progress.phases.front();
    for (bool last = false; !last;) {
        last = progress.ended;
        const std::optional<ScenarioFeed::Look> look = feed.next();
        progress = player.progress();
        if (!progress.problem.empty() || !progress.skipped.empty())
            break;
        if (!look) {
            run.problem = "nothing was said for half a minute";
            return;
        }
        run.seconds.push_back({.at = duration<double>(look->at - begin).count(),
                               .phase = phaseAt(progress, look->at),
                               .judgement = look->judgement,
                               .numbers = look->numbers});
        if (look->sample.empty())
            continue;
        Json line = Json::parse(look->sample);
        line["want"] = wantOf(run.scenario->phases[run.seconds.back().phase]);
        recording += line.dump() + '\n';
    }
    run.skipped = progress.skipped;
    run.problem = progress.problem;
    for (const auto& phase : progress.phases)
        run.phases.push_back(duration<double>(phase - begin).count());
}

void play(Ground& ground, const std::string& stream, ScenarioScore& run, const std::filesystem::path& record)
{
    run.server = ground.version;
    Result<std::unique_ptr<Player>> player = Player::start(*ground.servers, *run.scenario, stream);
    if (!player) {
        run.problem = player.error().message();
        return;
    }
    Progress progress;
    (void)waitUntil(
        [&] {
            progress = (*player)->progress();
            return !progress.phases.empty() || !progress.problem.empty() || !progress.skipped.empty();
        },
        120s);
    if (progress.phases.empty()) {
        run.skipped = progress.skipped;
        run.problem =
            progress.problem.empty() && progress.skipped.empty() ? "it never began" : progress.problem;
        return;
    }
    std::string recording; // JSON lines
    follow(**player, *ground.watch(stream, progress.phases.front()), run, recording);
    if (!run.problem.empty() || !run.skipped.empty())
        return;
    score(run);
    if (!record.empty() && !recording.empty()) {
        std::filesystem::create_directories(record / run.server);
        std::ofstream(record / run.server / (std::string(run.scenario->name) + ".jsonl")) << recording;
    }
}

/// Servers that nobody stops, and what stood still on them and on the machine.
class Grounds final
{
public:
    explicit Grounds(const ScenarioRunOptions& options)
        : m_options(options)
    {
        m_pulses.push_back(std::make_unique<Pulse>());
    }

    /// Before scenarios are played.
    Ground& share(unsigned nodes)
    {
        m_shared.push_back(std::make_unique<Ground>(nodes, m_options));
        m_pulses.push_back(std::make_unique<Pulse>(m_shared.back()->servers->profile()));
        return *m_shared.back();
    }

    /// On `shared`, or on servers of its own. Any thread.
    void play(Ground* shared, ScenarioScore& run) const
    {
        playUntilItCounts(
            run,
            [&](ScenarioScore& once, std::size_t number) {
                std::string stream(once.scenario->name);
                if (number > 1) // the one before is still there
                    stream += fmt::format("_{}", number);
                playOnce(shared, stream, once);
            },
            [&](steady_clock::time_point from) {
                // Nothing was said yet, so nothing is hidden; new servers may place its stream.
                const bool neverBegan = run.phases.empty() && !run.problem.empty();
                return neverBegan && !shared ? std::string("it never began") : longestSince(from);
            });
    }

private:
    void playOnce(Ground* shared, const std::string& stream, ScenarioScore& run) const
    {
        try {
            if (shared)
                return test::play(*shared, stream, run, m_options.record);
            Ground own(run.scenario->nodes, m_options);
            test::play(own, stream, run, m_options.record);
        } catch (const std::exception& exception) {
            run.problem = exception.what();
        }
    }
    [[nodiscard]] std::string longestSince(steady_clock::time_point from) const
    {
        std::optional<Pulse::Stall> longest;
        for (const std::unique_ptr<Pulse>& pulse : m_pulses)
            if (auto stall = pulse->longestIn(from, steady_clock::now());
                stall && (!longest || stall->length > longest->length))
                longest = std::move(stall);
        return longest ? describe(*longest) : std::string();
    }

    const ScenarioRunOptions& m_options;
    std::vector<std::unique_ptr<Ground>> m_shared;
    std::vector<std::unique_ptr<Pulse>> m_pulses; // after the servers they ask
};

/// Takes the runs in order, from several threads.
class Queue final
{
public:
    explicit Queue(std::vector<ScenarioScore*> runs)
        : m_runs(std::move(runs))
    {}
    ScenarioScore* next()
    {
        const std::lock_guard lock(m_mutex);
        return m_at < m_runs.size() ? m_runs[m_at++] : nullptr;
    }
    [[nodiscard]] std::size_t size() const { return m_runs.size(); }

private:
    std::mutex m_mutex;
    std::vector<ScenarioScore*> m_runs;
    std::size_t m_at = 0;
};

} // namespace

void playUntilItCounts(ScenarioScore& run,
                       const std::function<void(ScenarioScore& once, std::size_t number)>& playOnce,
                       const std::function<std::string(steady_clock::time_point from)>& stoodStill)
{
    std::vector<std::string> startedOver;
    (void)tryUntilItCounts(
        [&] {
            run = {.scenario = run.scenario};
            const auto from = steady_clock::now();
            playOnce(run, startedOver.size() + 1);
            return run.isFine() ? Tried() : Tried{run.complaint(), stoodStill(from)};
        },
        [&](const std::string& why) { startedOver.push_back(why); });
    run.startedOver = std::move(startedOver);
}

std::vector<ScenarioScore> runScenarios(const std::vector<const Scenario*>& scenarios,
                                        const ScenarioRunOptions& options)
{
    std::vector<ScenarioScore> runs(scenarios.size());
    std::vector<ScenarioScore*> single;
    std::vector<ScenarioScore*> three;
    std::vector<ScenarioScore*> own;
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        runs[i].scenario = scenarios[i];
        (scenarios[i]->ownServers ? own : scenarios[i]->nodes > 1 ? three : single).push_back(&runs[i]);
    }
    // The longest first: they would make all wait at the end.
    for (auto* list : {&single, &three, &own})
        std::stable_sort(list->begin(), list->end(), [](const ScenarioScore* a, const ScenarioScore* b) {
            return a->scenario->length > b->scenario->length;
        });

    Grounds grounds(options);
    std::vector<std::jthread> threads;
    const auto playAll = [&grounds](Queue& queue, Ground* shared) {
        while (ScenarioScore* run = queue.next())
            grounds.play(shared, *run);
    };
    Queue ofSingle(single);
    Queue ofThree(three);
    Queue ofOwn(own);
    Ground* const one = ofSingle.size() > 0 ? &grounds.share(1) : nullptr;
    Ground* const cluster = ofThree.size() > 0 ? &grounds.share(3) : nullptr;
    for (const auto& [queue, ground, together] :
         {std::tuple{&ofSingle, one, options.together}, std::tuple{&ofThree, cluster, options.together},
          std::tuple{&ofOwn, static_cast<Ground*>(nullptr), options.clusters}})
        for (unsigned i = 0; i < std::min<std::size_t>(together, queue->size()); ++i)
            threads.emplace_back(playAll, std::ref(*queue), ground);
    threads.clear(); // joins
    return runs;
}

} // namespace jetlag::test
