#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/profile/connection_profile.h"
#include "nats/client/connection.h"
#include "nats/server/embedded_cluster.h"
#include "nats/server/embedded_server.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait_until.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Real servers for tests. Everything here throws std::runtime_error when it cannot do its work: a test
/// that has no broker has nothing to say.
namespace jetlag::test {

/// Opens as the product does, but waits for a machine that stands still for some seconds.
[[nodiscard]] std::unique_ptr<Connection> openPatiently(const ConnectionProfile& profile,
                                                        ConnectOptions options = {});

/// A connection with test-side shortcuts to the JetStream API; mutating ones too.
class TestClient final
{
public:
    explicit TestClient(const ConnectionProfile& profile);

    [[nodiscard]] Connection& connection() noexcept { return *m_connection; }
    /// The answer of `$JS.API.<call>`; throws on an API error.
    std::string api(const std::string& call, const std::string& body = {});
    /// The same once, for at most 3 s: for waiting loops (the API of a dead leader answers nobody).
    [[nodiscard]] Result<std::string> tryApi(const std::string& call, const std::string& body = {});
    /// `config` is the stream's JSON config: R"({"name":"S","subjects":["s.>"],"storage":"memory"})".
    std::string createStream(const std::string& config);
    /// `config` is the consumer's JSON config with its durable_name.
    std::string createConsumer(const std::string& stream, const std::string& config);

    using Headers = std::vector<std::pair<std::string, std::string>>;
    /// Publishes and waits for the stream's ack; its sequence.
    std::uint64_t publish(const std::string& subject, const std::string& payload,
                          const Headers& headers = {});
    /// Publishes `count` messages of that payload as fast as the stream takes them, acked at the end.
    void publishMany(const std::string& subject, const std::string& payload, std::uint64_t count);

private:
    std::unique_ptr<Connection> m_connection;
    JetStreamHandle m_jetStream;
};

struct BrokerOptions
{
    std::string extraConfig; ///< users, limits, TLS
    std::string serverName;
    std::filesystem::path program; ///< empty = $NATS_SERVER, or the installed one
};

/// The newest nats-server at hand: $NATS_SERVER where that is set, else the newest that
/// scripts/newer_servers.sh has put into build/servers; empty when there is none but the installed one.
[[nodiscard]] std::filesystem::path newestServer();

/// One broker with JetStream: own port, own folder.
///
///     Broker broker;
///     TestClient client = broker.client();
class Broker final
{
public:
    explicit Broker(const BrokerOptions& options = {});

    [[nodiscard]] const std::string& url() const { return m_server->url(); }
    [[nodiscard]] std::uint16_t port() const { return m_server->port(); }
    [[nodiscard]] ConnectionProfile profile() const { return profileFromUrl(url()); }
    [[nodiscard]] TestClient client() const { return TestClient(profile()); }
    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder.path(); }
    [[nodiscard]] std::string log() const;
    [[nodiscard]] EmbeddedServer& server() { return *m_server; }

    void kill9() { m_server->kill(); }
    void stop() { m_server->stop(); }
    void restart(); ///< same port, same folder
    /// The running server reads its config anew, with this in place of its `extraConfig`.
    void reload(const std::string& extraConfig);

private:
    TempFolder m_folder;
    std::string m_extraConfig;
    std::optional<EmbeddedServer> m_server;
};

/// Three brokers that form a cluster with a meta leader; streams may ask for three replicas.
class BrokerCluster final
{
public:
    static constexpr std::size_t kNodes = 3;

    BrokerCluster();

    [[nodiscard]] std::string url(std::size_t node) const { return m_cluster->server(node).url(); }
    [[nodiscard]] ConnectionProfile profile() const { return m_cluster->profile(); } ///< all nodes
    [[nodiscard]] TestClient client() const { return TestClient(profile()); }

    void kill9(std::size_t node) { m_cluster->server(node).kill(); }
    void stop(std::size_t node) { m_cluster->server(node).stop(); }
    void restart(std::size_t node);

    /// Waits until the API answers through some node and every stream has a leader.
    void waitForLeaders();
    /// Which node leads the stream now; throws when none does within 30 s.
    [[nodiscard]] std::size_t streamLeader(const std::string& stream) const;
    [[nodiscard]] std::size_t consumerLeader(const std::string& stream, const std::string& consumer) const;

private:
    std::size_t leaderFrom(const std::string& call) const;
    TempFolder m_folder;
    std::optional<EmbeddedCluster> m_cluster;
};

} // namespace jetlag::test
