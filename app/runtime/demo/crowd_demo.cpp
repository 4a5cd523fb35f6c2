// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/demo/crowd_demo.h"

#include "app/runtime/demo/demo_folder.h"
#include "nats/scenario/crowd.h"

#include <fmt/format.h>

namespace jetlag {

namespace {

class CrowdDemo final : public DemoRun
{
public:
    CrowdDemo(DemoFolder folder, EmbeddedCluster servers)
        : m_folder(std::move(folder))
        , m_servers(std::move(servers))
        , m_url(m_servers.server(0).url())
    {}

    Result<void> begin(const DemoCrowd& size)
    {
        Result<std::unique_ptr<scenario::Crowd>> crowd =
            scenario::Crowd::start(m_servers, {.streams = size.streams, .collectors = size.collectors});
        if (!crowd)
            return crowd.error();
        m_crowd = std::move(*crowd);
        m_moments.push_back(
            {{},
             fmt::format("{} streams with {} collectors each; most keep up, every 41st has a trouble",
                         size.streams, size.collectors)});
        return {};
    }

    std::string url() const override { return m_url; }
    std::vector<DemoMoment> takeMoments() override { return std::exchange(m_moments, {}); }
    std::string problem() override
    {
        return m_servers.server(0).isRunning() ? std::string() : "nats-server ended by itself";
    }
    std::vector<DemoCollector> stopPipelines() override { return {}; }

private:
    // Destroyed from below: the crowd, then its server, then the files.
    DemoFolder m_folder;
    EmbeddedCluster m_servers;
    std::string m_url;
    std::vector<DemoMoment> m_moments;
    std::unique_ptr<scenario::Crowd> m_crowd;
};

} // namespace

Result<std::unique_ptr<DemoRun>> startCrowdDemo(const DemoOptions& options)
{
    const DemoCrowd& size = *options.crowd;
    if (size.streams == 0 || size.collectors == 0 ||
        std::uint64_t{size.streams} * size.collectors > kMostCrowd)
        return Error(ErrorCode::InvalidArgument,
                     fmt::format("a demo of many needs streams and collectors, at most {} of these together",
                                 kMostCrowd));
    Result<DemoFolder> folder = DemoFolder::make(options.folder);
    if (!folder)
        return folder.error();
    Result<EmbeddedCluster> servers =
        EmbeddedCluster::start({.folder = folder->path() / "store", .nodes = 1});
    if (!servers)
        return servers.error();
    auto run = std::make_unique<CrowdDemo>(std::move(*folder), std::move(*servers));
    if (Result<void> begun = run->begin(size); !begun)
        return begun.error();
    return std::unique_ptr<DemoRun>(std::move(run));
}

} // namespace jetlag
