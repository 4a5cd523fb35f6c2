// SPDX-License-Identifier: Apache-2.0
#include "nats/server/embedded_cluster.h"

#include "nats/client/connection.h"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <chrono>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace jetlag {

namespace {

using namespace std::chrono;

// Ports that were free a moment ago. Another process may take one before the server does; the cluster then
// starts over with others.
Result<std::vector<std::uint16_t>> freePorts(std::size_t count)
{
    std::vector<int> sockets;
    std::vector<std::uint16_t> ports;
    for (std::size_t i = 0; i < count; ++i) {
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
            break;
        sockets.push_back(fd);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* raw = reinterpret_cast<sockaddr*>(&address);
        if (::bind(fd, raw, size) != 0 || ::getsockname(fd, raw, &size) != 0)
            break;
        ports.push_back(ntohs(address.sin_port));
    }
    for (int fd : sockets)
        ::close(fd);
    if (ports.size() < count)
        return Error(ErrorCode::Unavailable, "no free port on 127.0.0.1 for a cluster");
    return ports;
}

} // namespace

Result<EmbeddedCluster> EmbeddedCluster::start(const Options& options)
{
    constexpr int kTries = 5; // a port may be snatched away
    for (int attempt = 1;; ++attempt) {
        EmbeddedCluster cluster(options.folder);
        const Result<void> launched = cluster.launch(options);
        if (!launched) {
            if (attempt == kTries || launched.error().code() != ErrorCode::Conflict)
                return launched.error();
            continue;
        }
        if (Result<void> led = cluster.waitForLeader(); !led)
            return led.error();
        return cluster;
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
                fmt::format("cluster {{ name: embedded, listen: \"127.0.0.1:{}\", routes: [{}] }}",
                            (*ports)[node], routes);
        Result<EmbeddedServer> server = EmbeddedServer::start(std::move(one));
        if (!server)
            return server.error();
        m_servers.push_back(std::move(*server));
    }
    return {};
}

Result<void> EmbeddedCluster::waitForLeader() const
{
    const auto deadline = steady_clock::now() + 60s;
    while (steady_clock::now() < deadline) {
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
