// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/demo/demo_pipeline.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>

namespace jetlag {

namespace {

// A collector checkpoints and acks within a second; a busy machine gets more.
constexpr std::chrono::seconds kStopPatience{20};

std::optional<nlohmann::json> lastJsonLine(const std::filesystem::path& path)
{
    std::ifstream stream(path);
    std::optional<nlohmann::json> found;
    for (std::string line; std::getline(stream, line);) {
        if (!line.starts_with('{'))
            continue;
        nlohmann::json parsed = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
        if (parsed.is_object())
            found = std::move(parsed);
    }
    return found;
}

std::string lastLine(const std::filesystem::path& path)
{
    std::ifstream stream(path);
    std::string last;
    for (std::string line; std::getline(stream, line);) {
        if (!line.empty())
            last = line;
    }
    return last;
}

} // namespace

DemoPipeline::DemoPipeline(DemoPipelineSpec spec, std::filesystem::path program, std::filesystem::path folder,
                           std::string url)
    : m_spec(std::move(spec))
    , m_program(std::move(program))
    , m_folder(std::move(folder))
    , m_url(std::move(url))
{}

Result<void> DemoPipeline::startHook()
{
    Result<ChildProcess> hook = start({"hook", m_spec.kind, (m_folder / "logs" / m_spec.kind).string(),
                                       "--stream", m_spec.stream, "--follow"},
                                      m_folder / (m_spec.kind + "-hook.out"));
    if (!hook)
        return std::move(hook).error().whileDoing("starting the hook");
    m_hook = std::move(*hook);
    m_hookWanted = true;
    return {};
}

Result<void> DemoPipeline::startCollector()
{
    std::vector<std::string> arguments{"collector", m_spec.kind,
                                       "--stream",  m_spec.stream,
                                       "--name",    m_spec.collector,
                                       "--state",   (m_folder / "state" / m_spec.collector).string(),
                                       "--format",  "json"};
    if (m_spec.collectorRate > 0) {
        arguments.push_back("--max-rate");
        arguments.push_back(fmt::to_string(m_spec.collectorRate));
    }
    ++m_collectorRuns;
    Result<ChildProcess> collector =
        start(arguments, m_folder / fmt::format("{}-{}.out", m_spec.collector, m_collectorRuns));
    if (!collector)
        return std::move(collector).error().whileDoing("starting the collector");
    m_collector = std::move(*collector);
    m_collectorWanted = true;
    return {};
}

void DemoPipeline::stopCollector()
{
    if (!m_collectorWanted)
        return;
    m_collectorWanted = false;
    m_collector.signal(SIGINT);
    std::optional<ChildExit> end = m_collector.waitFor(kStopPatience);
    if (!end)
        end = m_collector.kill();
    m_collectorEnd = end->code == 0 ? "" : end->describe();
}

void DemoPipeline::stopHook()
{
    if (!m_hookWanted)
        return;
    m_hookWanted = false;
    m_hook.signal(SIGINT);
    if (!m_hook.waitFor(kStopPatience))
        m_hook.kill();
}

std::string DemoPipeline::problem()
{
    if (m_hookWanted && !m_hook.isRunning())
        return fmt::format("the hook of {} ended by itself: {}", m_spec.stream,
                           lastLine(m_folder / (m_spec.kind + "-hook.out")));
    if (m_collectorWanted && !m_collector.isRunning())
        return fmt::format("collector {} ended by itself: {}", m_spec.collector,
                           lastLine(m_folder / fmt::format("{}-{}.out", m_spec.collector, m_collectorRuns)));
    return {};
}

DemoCollector DemoPipeline::result() const
{
    DemoCollector result{.stream = m_spec.stream,
                         .name = m_spec.collector,
                         .analyzer = m_spec.kind,
                         .problem = m_collectorEnd};
    const std::filesystem::path output =
        m_folder / fmt::format("{}-{}.out", m_spec.collector, m_collectorRuns);
    const std::optional<nlohmann::json> json = lastJsonLine(output);
    if (!json || !json->contains("digest")) {
        if (result.problem.empty())
            result.problem = "gave no result";
        result.problem += ": " + lastLine(output);
        return result;
    }
    result.events = json->value("events", std::uint64_t(0));
    result.lastSequence = StreamSequence(json->value("last_sequence", std::uint64_t(0)));
    result.digest = json->value("digest", std::string());
    return result;
}

Result<ChildProcess> DemoPipeline::start(const std::vector<std::string>& arguments,
                                         const std::filesystem::path& output)
{
    ChildSpec spec;
    spec.program = m_program;
    spec.arguments = arguments;
    spec.arguments.insert(spec.arguments.end(), {"--server", m_url});
    // Positions and states of the demo never mix with the user's own.
    spec.extraEnvironment = {{"XDG_STATE_HOME", (m_folder / "xdg-state").string()}};
    spec.output = output;
    return ChildProcess::start(spec);
}

} // namespace jetlag
