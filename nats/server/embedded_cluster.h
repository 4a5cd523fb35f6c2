#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/profile/connection_profile.h"
#include "nats/server/embedded_server.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace jetlag {

/// One server, or several that form a cluster: child processes of ours on 127.0.0.1, each with a folder of
/// its own below one that is given. They end with this object. One thread at a time.
class EmbeddedCluster final
{
public:
    struct Options
    {
        std::filesystem::path folder; ///< made if missing; node0, node1, ... below it
        std::size_t nodes = 3;
        std::filesystem::path program; ///< as EmbeddedServerOptions::program
    };

    /// Returns when each server answers and the cluster's API has a leader. Errors as EmbeddedServer's;
    /// Timeout when no leader is found within a minute.
    [[nodiscard]] static Result<EmbeddedCluster> start(const Options& options);

    [[nodiscard]] std::size_t size() const noexcept { return m_servers.size(); }
    [[nodiscard]] EmbeddedServer& server(std::size_t node) { return m_servers[node]; }
    [[nodiscard]] const EmbeddedServer& server(std::size_t node) const { return m_servers[node]; }
    /// The server_name that leaders and replicas are told by: "node0".
    [[nodiscard]] static std::string nameOf(std::size_t node);
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return m_folder; }
    [[nodiscard]] std::filesystem::path storeOf(std::size_t node) const;
    [[nodiscard]] ConnectionProfile profile() const; ///< all nodes

private:
    explicit EmbeddedCluster(std::filesystem::path folder)
        : m_folder(std::move(folder))
    {}
    [[nodiscard]] Result<void> launch(const Options& options);
    [[nodiscard]] Result<void> waitForLeader();

    std::filesystem::path m_folder;
    std::vector<EmbeddedServer> m_servers;
};

} // namespace jetlag
