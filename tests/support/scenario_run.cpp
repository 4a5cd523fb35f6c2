// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario_run.h"

#include "nats/monitor/sample_line.h"
#include "nats/scenario/player.h"
#include "tests/support/scenario_sampler.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait_until.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace jetlag::test {

namespace {

using namespace std::chrono;
using scenario::Player;
using scenario::Progress;
using scenario::Scenario;
using Json = nlohmann::ordered_json;

// Samples come a little behind whole seconds, because that is when scenarios act.
constexpr auto kBehind = 150ms;

/// One server, or a cluster, and the connection that all samplers on it share.
struct Ground
{
    explicit Ground(unsigned nodes, const std::filesystem::path& program)
    {
        Result<EmbeddedCluster> started =
            EmbeddedCluster::start({.folder = folder / "servers", .nodes = nodes, .program = program});
        if (!started)
            throw std::runtime_error(started.error().message());
        servers = std::move(*started);
        Result<std::unique_ptr<Connection>> opened =
            Connection::open(servers->profile(), {.name = "sampler"});
        if (!opened)
            throw std::runtime_error(opened.error().message());
        connection = std::move(*opened);
        version = connection->serverInfo().version.value_or("unknown");
    }

    TempFolder folder;
    std::optional<EmbeddedCluster> servers;
    std::unique_ptr<Connection> connection;
    std::string version;
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

void play(Ground& ground, ScenarioScore& run, const std::filesystem::path& record)
{
    const Scenario& scenario = *run.scenario;
    run.server = ground.version;
    Result<std::unique_ptr<Player>> player =
        Player::start(*ground.servers, scenario, std::string(scenario.name));
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
    ScenarioSampler sampler(*ground.connection, std::string(scenario.name),
                            std::string(scenario::Driver::consumer()));
    SampleLineReader reader;
    VerdictJudge judge;
    std::string recording; // JSON lines
    if (progress.phases.empty()) {
        run.skipped = progress.skipped;
        run.problem =
            progress.problem.empty() && progress.skipped.empty() ? "it never began" : progress.problem;
        return;
    }
    const auto begin = progress.phases.front();
    auto next = begin + kBehind;
    for (bool last = false; !last;) {
        std::this_thread::sleep_until(next);
        // Polls that a slow server made us miss are not made up for.
        while (next <= steady_clock::now())
            next += 1s;
        last = progress.ended;
        const ScenarioSampler::Sample sample = sampler.take();
        progress = (*player)->progress();
        if (!progress.problem.empty() || !progress.skipped.empty())
            break;
        const auto at = steady_clock::now();
        JudgedSecond second{.at = duration<double>(at - begin).count(), .phase = phaseAt(progress, at)};
        Json line = Json::parse(sample.line);
        line["want"] = wantOf(scenario.phases[second.phase]);
        recording += line.dump() + '\n';
        Result<VerdictSample> parsed = reader.read(sample.line);
        if (!parsed) {
            run.problem = parsed.error().message();
            return;
        }
        second.judgement = judge.add(std::move(*parsed));
        run.seconds.push_back(std::move(second));
    }
    run.skipped = progress.skipped;
    run.problem = progress.problem;
    for (const auto& phase : progress.phases)
        run.phases.push_back(duration<double>(phase - begin).count());
    score(run);
    if (!record.empty() && run.skipped.empty() && run.problem.empty()) {
        std::filesystem::create_directories(record / run.server);
        std::ofstream(record / run.server / (std::string(scenario.name) + ".jsonl")) << recording;
    }
}

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

    std::vector<std::jthread> threads;
    std::vector<std::unique_ptr<Ground>> grounds;
    const auto playAll = [&options](Queue& queue, Ground* shared) {
        while (ScenarioScore* run = queue.next()) {
            try {
                if (shared)
                    play(*shared, *run, options.record);
                else {
                    Ground ground(run->scenario->nodes, options.program);
                    play(ground, *run, options.record);
                }
            } catch (const std::exception& exception) {
                run->problem = exception.what();
            }
        }
    };
    Queue ofSingle(single);
    Queue ofThree(three);
    Queue ofOwn(own);
    for (auto* queue : {&ofSingle, &ofThree}) {
        if (queue->size() == 0)
            continue;
        grounds.push_back(std::make_unique<Ground>(queue == &ofThree ? 3 : 1, options.program));
        for (unsigned i = 0; i < std::min<std::size_t>(options.together, queue->size()); ++i)
            threads.emplace_back(playAll, std::ref(*queue), grounds.back().get());
    }
    for (unsigned i = 0; i < std::min<std::size_t>(options.clusters, ofOwn.size()); ++i)
        threads.emplace_back(playAll, std::ref(ofOwn), nullptr);
    threads.clear(); // joins
    return runs;
}

} // namespace jetlag::test
