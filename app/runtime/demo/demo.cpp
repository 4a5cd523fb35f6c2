// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/demo/demo.h"

#include "app/runtime/demo/crowd_demo.h"
#include "app/runtime/demo/demo_folder.h"
#include "app/runtime/demo/demo_load.h"
#include "app/runtime/demo/demo_pipeline.h"
#include "app/runtime/demo/scenario_demo.h"
#include "model/service/monitor_service.h"

#include <fmt/format.h>

#include <condition_variable>
#include <thread>

namespace jetlag {

namespace {

using namespace std::chrono_literals;

// The story repeats each minute when nobody says how long it has.
constexpr std::chrono::seconds kStoryLength{60};

constexpr std::chrono::seconds kStartPatience{30};

// Loads a laptop carries beside everything else; the HDFS collector is given two thirds of its load.
constexpr double kSparkLoad = 400;
constexpr double kHdfsLoad = 600;
constexpr double kHdfsCollectorRate = 400;
constexpr double kHiveLoad = 60;

// The command line program: ours, or the window's neighbour.
Result<std::filesystem::path> findJetlagctl()
{
    std::error_code failure;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", failure);
    const std::filesystem::path program = self.parent_path() / "jetlagctl";
    if (failure || !std::filesystem::exists(program, failure))
        return Error(ErrorCode::NotFound, "the demo needs the program jetlagctl beside this one");
    return program;
}

class RealDemoRun final : public DemoRun
{
public:
    RealDemoRun(DemoFolder folder, std::unique_ptr<LocalServer> server,
                std::vector<std::unique_ptr<DemoPipeline>> pipelines, DemoOptions options)
        : m_folder(std::move(folder))
        , m_server(std::move(server))
        , m_pipelines(std::move(pipelines))
        , m_options(std::move(options))
    {}

    ~RealDemoRun() override
    {
        m_story.request_stop();
        if (m_story.joinable())
            m_story.join();
        for (std::jthread& load : m_loads)
            load.request_stop();
    }

    Result<void> begin(ConnectionService& connections)
    {
        std::uint64_t seed = m_options.seed;
        for (const std::unique_ptr<DemoPipeline>& pipeline : m_pipelines)
            startLoad(pipeline->spec().kind, seed++);
        for (const std::unique_ptr<DemoPipeline>& pipeline : m_pipelines) {
            if (Result<void> hook = pipeline->startHook(); !hook)
                return hook;
        }
        if (Result<void> made = waitForStreams(connections); !made)
            return made;
        for (const std::unique_ptr<DemoPipeline>& pipeline : m_pipelines) {
            if (Result<void> collector = pipeline->startCollector(); !collector)
                return collector;
        }
        m_begin = std::chrono::steady_clock::now();
        say("hooks publish, collectors collect; hdfs-activity is given less than its load");
        m_story = std::jthread([this](std::stop_token stop) { tell(stop); });
        return {};
    }

    std::string url() const override { return m_server->url(); }

    std::vector<DemoMoment> takeMoments() override
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_moments, {});
    }

    std::string problem() override
    {
        const std::lock_guard lock(m_mutex);
        return m_problem;
    }

    std::vector<DemoCollector> stopPipelines() override
    {
        m_story.request_stop();
        if (m_story.joinable())
            m_story.join();
        for (std::jthread& load : m_loads)
            load.request_stop();
        m_loads.clear();
        for (const std::unique_ptr<DemoPipeline>& pipeline : m_pipelines)
            pipeline->stopHook();
        std::vector<DemoCollector> results;
        for (const std::unique_ptr<DemoPipeline>& pipeline : m_pipelines) {
            pipeline->stopCollector();
            results.push_back(pipeline->result());
        }
        return results;
    }

private:
    // Hooks make their streams; a collector of a stream that is not there yet would refuse.
    Result<void> waitForStreams(ConnectionService& connections)
    {
        const JobPtr<std::shared_ptr<ServerLink>> connecting =
            connections.open({.context = {}, .server = url()});
        connecting->wait(kStartPatience);
        Result<std::shared_ptr<ServerLink>> server = connecting->takeResult();
        if (!server)
            return server.error();
        const auto deadline = std::chrono::steady_clock::now() + kStartPatience;
        while (std::chrono::steady_clock::now() < deadline) {
            const JobPtr<ClusterReport> asking =
                (*server)->monitor().report({.all = false, .interval = 100ms});
            asking->wait(kStartPatience);
            const Result<ClusterReport> report = asking->takeResult();
            if (report && report->streams.size() == m_pipelines.size())
                return {};
            for (const std::unique_ptr<DemoPipeline>& pipeline : m_pipelines) {
                if (std::string problem = pipeline->problem(); !problem.empty())
                    return Error(ErrorCode::Unavailable, std::move(problem));
            }
        }
        return Error(ErrorCode::Timeout, "the hooks made no streams in time");
    }

    void startLoad(const std::string& kind, std::uint64_t seed)
    {
        DemoLoadSpec spec{.kind = kind, .folder = m_folder.path() / "logs" / kind, .seed = seed};
        spec.recordsPerSecond = kind == "spark" ? kSparkLoad : kind == "hdfs" ? kHdfsLoad : kHiveLoad;
        std::error_code ignored;
        std::filesystem::create_directories(spec.folder, ignored);
        m_loads.emplace_back([this, spec](std::stop_token stop) {
            if (Result<void> grown = growDemoLog(spec, stop); !grown)
                fail(grown.error().message());
        });
    }

    // hive-queries is away for the second quarter or so of each round.
    void tell(std::stop_token stop)
    {
        const std::chrono::milliseconds round =
            m_options.length.count() > 0 ? m_options.length : kStoryLength;
        DemoPipeline& restless = *m_pipelines.back();
        while (!stop.stop_requested()) {
            if (!pause(round / 4, stop))
                return;
            say(fmt::format("{} is stopped", restless.spec().collector));
            restless.stopCollector();
            if (!pause(round / 4, stop))
                return restart(restless);
            restart(restless);
            if (!pause(round / 2, stop))
                return;
        }
    }

    void restart(DemoPipeline& pipeline)
    {
        if (Result<void> started = pipeline.startCollector(); !started)
            fail(started.error().message());
        else
            say(fmt::format("{} comes back and goes on from its checkpoint", pipeline.spec().collector));
    }

    // False when the demo ends. Looks after the processes meanwhile.
    bool pause(std::chrono::milliseconds length, std::stop_token stop)
    {
        const auto until = std::chrono::steady_clock::now() + length;
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        while (std::chrono::steady_clock::now() < until) {
            never.wait_for(lock, stop, 100ms, [] { return false; });
            if (stop.stop_requested())
                return false;
            for (const std::unique_ptr<DemoPipeline>& pipeline : m_pipelines) {
                if (std::string problem = pipeline->problem(); !problem.empty())
                    fail(std::move(problem));
            }
            if (!m_server->isRunning())
                fail("nats-server ended by itself");
        }
        return true;
    }

    void say(std::string what)
    {
        const std::lock_guard lock(m_mutex);
        m_moments.push_back({std::chrono::duration_cast<std::chrono::milliseconds>(
                                 std::chrono::steady_clock::now() - m_begin),
                             std::move(what)});
    }

    void fail(std::string problem)
    {
        const std::lock_guard lock(m_mutex);
        if (m_problem.empty())
            m_problem = std::move(problem);
    }

    // Destroyed from below: threads first, then the processes, the server, and at last the folder.
    DemoFolder m_folder;
    std::unique_ptr<LocalServer> m_server;
    std::vector<std::unique_ptr<DemoPipeline>> m_pipelines;
    const DemoOptions m_options;
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
    std::mutex m_mutex;
    std::vector<DemoMoment> m_moments;
    std::string m_problem;
    std::vector<std::jthread> m_loads;
    std::jthread m_story;
};

} // namespace

Result<std::unique_ptr<DemoRun>> RealDemoService::start(DemoOptions options)
{
    if (options.crowd)
        return startCrowdDemo(options);
    if (!options.scenario.empty())
        return startScenarioDemo(options);
    Result<std::filesystem::path> program = findJetlagctl();
    if (!program)
        return program.error();
    Result<DemoFolder> folder = DemoFolder::make(options.folder);
    if (!folder)
        return folder.error();
    Result<std::unique_ptr<LocalServer>> server =
        m_servers.start({.port = 0, .storeFolder = folder->path() / "store"});
    if (!server)
        return server.error();
    // The restless one comes last.
    std::vector<std::unique_ptr<DemoPipeline>> pipelines;
    for (const DemoPipelineSpec& spec :
         {DemoPipelineSpec{"spark", "SPARK", "spark-jobs", 0},
          DemoPipelineSpec{"hdfs", "HDFS", "hdfs-activity", kHdfsCollectorRate},
          DemoPipelineSpec{"hive", "HIVE", "hive-queries", 0}})
        pipelines.push_back(std::make_unique<DemoPipeline>(spec, *program, folder->path(), (*server)->url()));
    auto run = std::make_unique<RealDemoRun>(std::move(*folder), std::move(*server), std::move(pipelines),
                                             std::move(options));
    if (Result<void> begun = run->begin(m_connections); !begun)
        return begun.error();
    return std::unique_ptr<DemoRun>(std::move(run));
}

std::vector<DemoScenario> RealDemoService::scenarios() const
{
    return demoScenarios();
}

} // namespace jetlag
