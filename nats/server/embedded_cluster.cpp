// SPDX-License-Identifier: Apache-2.0
#include "nats/server/embedded_cluster.h"

#include "nats/client/connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <random>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace jetlag {

namespace {

using namespace std::chrono;

bool isFree(std::uint16_t port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const bool free = fd >= 0 && ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    if (fd >= 0)
        ::close(fd);
    return free;
}

// Ports for routes must be known before any server runs. They come from below the system's own range, so that
// no client and no server that asks for any free port takes one meanwhile. Another cluster may: then this
// one starts over with others.
Result<std::vector<std::uint16_t>> freePorts(std::size_t count)
{
    constexpr std::uint16_t kFirst = 15'000;
    constexpr std::uint16_t kLast = 31'999;
    constexpr int kTries = 1'000;
    std::random_device chance;
    std::uniform_int_distribution<int> port(kFirst, kLast);
    std::vector<std::uint16_t> ports;
    for (int attempt = 0; attempt < kTries && ports.size() < count; ++attempt) {
        const auto one = static_cast<std::uint16_t>(port(chance));
        if (std::find(ports.begin(), ports.end(), one) == ports.end() && isFree(one))
            ports.push_back(one);
    }
    if (ports.size() < count)
        return Error(ErrorCode::Unavailable, "no free port on 127.0.0.1 for a cluster");
    return ports;
}

// Two clusters whose ports cross must not become one.
std::string newClusterName()
{
    return fmt::format("embedded-{:08x}{:08x}", std::random_device()(), std::random_device()());
}

} // namespace

Result<EmbeddedCluster> EmbeddedCluster::start(const Options& options)
{
    constexpr int kTries = 5; // a port may be snatched away
    for (int attempt = 1;; ++attempt) {
        EmbeddedCluster cluster(options.folder);
        Result<void> ready = cluster.launch(options);
        if (ready)
            ready = cluster.waitForLeader();
        if (ready)
            return cluster;
        if (attempt == kTries || ready.error().code() != ErrorCode::Conflict)
            return ready.error();
    }
}

std::string EmbeddedCluster::nameOf(std::size_t node)
{
    return fmt::format("node{}", node);
}

std::filesystem::path EmbeddedCluster::storeOf(std::size_t node) const
{
    return m_folder / nameOf(node);
}

Result<void> EmbeddedCluster::launch(const Options& options)
{
    const Result<std::vector<std::uint16_t>> ports = freePorts(options.nodes);
    if (!ports)
        return ports.error();
    const std::string name = newClusterName();
    std::string routes;
    for (std::uint16_t port : *ports)
        routes += fmt::format("{}\"nats://127.0.0.1:{}\"", routes.empty() ? "" : ", ", port);
    for (std::size_t node = 0; node < options.nodes; ++node) {
        EmbeddedServerOptions one;
        one.store = storeOf(node);
        one.serverName = nameOf(node);
        one.program = options.program;
        if (options.nodes > 1)
            one.extraConfig =
                fmt::format("cluster {{ name: \"{}\", listen: \"127.0.0.1:{}\", routes: [{}] }}", name,
                            (*ports)[node], routes);
        Result<EmbeddedServer> server = EmbeddedServer::start(std::move(one));
        if (!server)
            return server.error();
        m_servers.push_back(std::move(*server));
    }
    return {};
}

Result<void> EmbeddedCluster::waitForLeader()
{
    const auto deadline = steady_clock::now() + 60s;
    while (steady_clock::now() < deadline) {
        for (EmbeddedServer& server : m_servers)
            if (!server.isRunning()) // it found its route's port taken
                return Error(ErrorCode::Conflict, "a server of the cluster ended at once");
        const Result<std::unique_ptr<Connection>> connection =
            Connection::open(profile(), {.name = "jetlag server"});
        if (connection && (*connection)->apiRequest("INFO", "", 2s))
            return {};
        std::this_thread::sleep_for(50ms);
    }
    return Error(ErrorCode::Timeout, "the cluster's servers found no leader within a minute");
}

ConnectionProfile EmbeddedCluster::profile() const
{
    ConnectionProfile profile;
    profile.urls.clear();
    for (const EmbeddedServer& server : m_servers)
        profile.urls.push_back(server.url());
    return profile;
}

} // namespace jetlag
