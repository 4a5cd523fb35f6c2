// SPDX-License-Identifier: Apache-2.0
#include "tests/support/broker.h"

#include "nats/client/status.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

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

} // namespace

std::unique_ptr<Connection> openPatiently(const ConnectionProfile& profile, ConnectOptions options)
{
    options.timeout = kPatience;
    return orThrow(Connection::open(profile, options));
}

TestClient::TestClient(const ConnectionProfile& profile)
    : m_connection(openPatiently(profile, {.name = "jetlag test"}))
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
    // A cluster that has just come up knows its leader before it knows all its peers; 2.10 may take a minute
    // and more for it.
    std::optional<Result<std::string>> answer;
    const bool placed = waitUntil(
        [&] {
            answer = m_connection->apiRequest(call, config, kPatience);
            return *answer || answer->error().message().find("no suitable peers") == std::string::npos;
        },
        std::chrono::minutes(2));
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

std::filesystem::path newestServer()
{
    if (const char* chosen = std::getenv("NATS_SERVER"))
        return chosen;
    constexpr std::string_view kName = "nats-server-";
    std::filesystem::path newest;
    std::array<int, 3> version{};
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(JETLAG_NEWER_SERVERS, none)) {
        const std::string name = entry.path().filename().string();
        std::array<int, 3> found{};
        if (name.starts_with(kName) &&
            std::sscanf(name.c_str() + kName.size(), "%d.%d.%d", &found[0], &found[1], &found[2]) == 3 &&
            found > version) {
            version = found;
            newest = entry.path();
        }
    }
    return newest;
}

Broker::Broker(const BrokerOptions& options)
{
    EmbeddedServerOptions server;
    server.store = m_folder / "server";
    server.extraConfig = options.extraConfig;
    server.serverName = options.serverName;
    m_extraConfig = options.extraConfig;
    server.program = options.program;
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

void Broker::reload(const std::string& extraConfig)
{
    const std::filesystem::path file = m_folder / "server/nats-server.conf";
    std::string text = readFile(file);
    const std::size_t at = text.find(m_extraConfig);
    if (m_extraConfig.empty() || at == std::string::npos)
        giveUp("the server's config holds no part that can be exchanged");
    text.replace(at, m_extraConfig.size(), extraConfig);
    std::ofstream(file, std::ios::trunc) << text;
    m_extraConfig = extraConfig;
    const std::size_t before = log().size();
    ::kill(m_server->pid(), SIGHUP);
    if (!waitUntil([&] { return log().find("Reloaded server configuration", before) != std::string::npos; }))
        giveUp("the server did not read its config anew: " + log().substr(before));
}

BrokerCluster::BrokerCluster()
    : m_cluster(orThrow(EmbeddedCluster::start({.folder = m_folder / "servers", .nodes = kNodes})))
{
    waitForLeaders();
}

void BrokerCluster::restart(std::size_t node)
{
    if (const Result<void> again = m_cluster->server(node).restart(); !again)
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
            if (answer["cluster"].value("leader", "") == EmbeddedCluster::nameOf(i))
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
