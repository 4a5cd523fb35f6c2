// SPDX-License-Identifier: Apache-2.0
#include "tests/support/broker.h"

#include "nats/client/status.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <arpa/inet.h>
#include <array>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace jetlag::test {

namespace {

using namespace std::chrono;
using Json = nlohmann::json;

constexpr auto kPatience = 30s;

[[noreturn]] void giveUp(const std::string& what)
{
    throw std::runtime_error(what);
}

template <typename T>
T orThrow(Result<T> result)
{
    if (!result)
        giveUp(result.error().message());
    if constexpr (!std::is_void_v<T>)
        return std::move(result).value();
}

void orThrow(natsStatus status, std::string_view doing)
{
    if (status != NATS_OK)
        giveUp(errorFromStatus(status, doing).message());
}

// Ports that were free a moment ago. Another process may take one before the server does; the cluster then
// starts over with others.
std::vector<std::uint16_t> freePorts(std::size_t count)
{
    std::vector<int> sockets;
    std::vector<std::uint16_t> ports;
    for (std::size_t i = 0; i < count; ++i) {
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* raw = reinterpret_cast<sockaddr*>(&address);
        if (fd < 0 || ::bind(fd, raw, size) != 0 || ::getsockname(fd, raw, &size) != 0)
            giveUp("no free port");
        sockets.push_back(fd);
        ports.push_back(ntohs(address.sin_port));
    }
    for (int fd : sockets)
        ::close(fd);
    return ports;
}

} // namespace

TestClient::TestClient(const ConnectionProfile& profile)
    : m_connection(orThrow(Connection::open(profile, {.name = "jetlag test"})))
    , m_jetStream(orThrow(m_connection->jetStream([](jsOptions& options) {
        options.Wait = duration_cast<milliseconds>(kPatience).count();
        options.PublishAsync.MaxPending = 4'000;
        options.PublishAsync.StallWait = duration_cast<milliseconds>(kPatience).count();
    })))
{}

Result<std::string> TestClient::tryApi(const std::string& call, const std::string& body)
{
    return m_connection->apiRequest(call, body, 3s);
}

std::string TestClient::api(const std::string& call, const std::string& body)
{
    Result<std::string> answer = m_connection->apiRequest(call, body, kPatience);
    if (!answer)
        giveUp(call + ": " + answer.error().message());
    return std::move(*answer);
}

std::string TestClient::createStream(const std::string& config)
{
    const std::string call = "STREAM.CREATE." + Json::parse(config).at("name").get<std::string>();
    // A cluster that has just come up knows its leader before it knows all its peers.
    std::optional<Result<std::string>> answer;
    const bool placed = waitUntil([&] {
        answer = m_connection->apiRequest(call, config, kPatience);
        return *answer || answer->error().message().find("no suitable peers") == std::string::npos;
    });
    if (!placed || !*answer)
        giveUp(call + ": " + answer->error().message());
    return std::move(**answer);
}

std::string TestClient::createConsumer(const std::string& stream, const std::string& config)
{
    const Json request = {{"stream_name", stream}, {"config", Json::parse(config)}};
    return api("CONSUMER.DURABLE.CREATE." + stream + '.' +
                   request["config"].at("durable_name").get<std::string>(),
               request.dump());
}

std::uint64_t TestClient::publish(const std::string& subject, const std::string& payload,
                                  const Headers& headers)
{
    natsMsg* raw = nullptr;
    orThrow(natsMsg_Create(&raw, subject.c_str(), nullptr, payload.data(), static_cast<int>(payload.size())),
            "making a message");
    const MessageHandle message(raw);
    for (const auto& [name, value] : headers)
        orThrow(natsMsgHeader_Add(raw, name.c_str(), value.c_str()), "adding a header");
    jsPubAck* ack = nullptr;
    jsErrCode errorCode{};
    orThrow(js_PublishMsg(&ack, m_jetStream.get(), raw, nullptr, &errorCode), "publishing to " + subject);
    const std::unique_ptr<jsPubAck, NatsDeleter<&jsPubAck_Destroy>> owned(ack);
    return ack->Sequence;
}

void TestClient::publishMany(const std::string& subject, const std::string& payload, std::uint64_t count)
{
    for (std::uint64_t i = 0; i < count; ++i)
        orThrow(js_PublishAsync(m_jetStream.get(), subject.c_str(), payload.data(),
                                static_cast<int>(payload.size()), nullptr),
                "publishing to " + subject);
    orThrow(js_PublishAsyncComplete(m_jetStream.get(), nullptr), "waiting for acks of " + subject);
    natsMsgList failed{};
    if (js_PublishAsyncGetPendingList(&failed, m_jetStream.get()) == NATS_OK) {
        natsMsgList_Destroy(&failed);
        giveUp("some publishes to " + subject + " were not acked");
    }
}

Broker::Broker(const BrokerOptions& options)
{
    EmbeddedServerOptions server;
    server.store = m_folder / "server";
    server.extraConfig = options.extraConfig;
    server.serverName = options.serverName;
    m_server = orThrow(EmbeddedServer::start(server));
}

std::string Broker::log() const
{
    return readFile(m_server->logFile());
}

void Broker::restart()
{
    if (const Result<void> again = m_server->restart(); !again)
        giveUp(again.error().message());
}

BrokerCluster::BrokerCluster()
{
    constexpr int kTries = 5; // a port may be snatched away
    for (int attempt = 1;; ++attempt) {
        m_nodes = std::vector<Node>(kNodes);
        const Result<void> started = startAll();
        if (started)
            break;
        if (attempt == kTries || started.error().code() != ErrorCode::Conflict)
            giveUp(started.error().message());
    }
    waitForLeaders();
}

Result<void> BrokerCluster::startAll()
{
    const std::vector<std::uint16_t> ports = freePorts(kNodes);
    std::string routes;
    for (std::uint16_t port : ports)
        routes += fmt::format("{}\"nats://127.0.0.1:{}\"", routes.empty() ? "" : ", ", port);
    for (std::size_t i = 0; i < kNodes; ++i) {
        m_nodes[i].name = fmt::format("node{}", i);
        EmbeddedServerOptions options;
        options.store = *m_nodes[i].folder / "server";
        options.serverName = m_nodes[i].name;
        options.extraConfig =
            fmt::format("cluster {{ name: test, listen: \"127.0.0.1:{}\", routes: [{}] }}", ports[i], routes);
        Result<EmbeddedServer> server = EmbeddedServer::start(options);
        if (!server)
            return std::move(server).error();
        m_nodes[i].server = std::move(*server);
    }
    return {};
}

ConnectionProfile BrokerCluster::profile() const
{
    ConnectionProfile profile;
    profile.urls.clear();
    for (const Node& node : m_nodes)
        profile.urls.push_back(node.server->url());
    return profile;
}

void BrokerCluster::restart(std::size_t node)
{
    if (const Result<void> again = m_nodes[node].server->restart(); !again)
        giveUp(again.error().message());
}

void BrokerCluster::waitForLeaders()
{
    TestClient client = this->client();
    const bool ready = waitUntil(
        [&] {
            if (!client.connection().apiRequest("INFO", "", 2s))
                return false;
            const Result<std::string> list = client.connection().apiRequest("STREAM.LIST", "", 5s);
            if (!list)
                return false;
            const Json answer = Json::parse(*list);
            if (answer.contains("missing") && !answer["missing"].empty())
                return false;
            for (const Json& stream : answer["streams"])
                if (stream["cluster"].value("leader", "").empty())
                    return false;
            return true;
        },
        60s);
    if (!ready)
        giveUp("the cluster found no leader");
}

std::size_t BrokerCluster::leaderFrom(const std::string& call) const
{
    std::size_t leader = kNodes;
    TestClient client = this->client();
    const bool found = waitUntil([&] {
        const Result<std::string> info = client.connection().apiRequest(call, "", 2s);
        if (!info)
            return false;
        const Json answer = Json::parse(*info);
        for (std::size_t i = 0; i < kNodes; ++i)
            if (answer["cluster"].value("leader", "") == m_nodes[i].name)
                leader = i;
        return leader < kNodes;
    });
    if (!found)
        giveUp("nobody leads " + call);
    return leader;
}

std::size_t BrokerCluster::streamLeader(const std::string& stream) const
{
    return leaderFrom("STREAM.INFO." + stream);
}

std::size_t BrokerCluster::consumerLeader(const std::string& stream, const std::string& consumer) const
{
    return leaderFrom("CONSUMER.INFO." + stream + '.' + consumer);
}

} // namespace jetlag::test
