// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/account.h"

#include "nats/scenario/load.h"
#include "nats/scenario/worker.h"
#include "tests/bench/figures.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <memory>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace jetlag::bench {

namespace {

using namespace std::chrono_literals;

constexpr int kLiveEach = 5;
constexpr int kMostLive = 10;
constexpr double kPerSecond = 50;

sockaddr_in localAddress(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

std::string httpGet(std::uint16_t port, const std::string& path)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = localAddress(port);
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        giveUp("the server's monitoring port does not answer");
    const std::string request = fmt::format("GET {} HTTP/1.0\r\n\r\n", path);
    if (::write(fd, request.data(), request.size()) != static_cast<ssize_t>(request.size()))
        giveUp("the server's monitoring port takes no request");
    std::string answer;
    std::array<char, 65'536> buffer{};
    for (ssize_t got = 0; (got = ::read(fd, buffer.data(), buffer.size())) > 0;)
        answer.append(buffer.data(), static_cast<std::size_t>(got));
    ::close(fd);
    const std::size_t body = answer.find("\r\n\r\n");
    return body == std::string::npos ? std::string() : answer.substr(body + 4);
}

} // namespace

std::string streamName(int stream)
{
    return fmt::format("STREAM_{:03}", stream);
}

std::string collectorName(int collector)
{
    return fmt::format("collector-{:03}", collector);
}

void makeAccount(Connection& connection, AccountSize size)
{
    const auto api = [&](const std::string& call, const std::string& body) {
        const Result<std::string> answer = connection.apiRequest(call, body, 30s);
        if (!answer)
            giveUp(answer.error().message());
    };
    for (int stream = 0; stream < size.streams; ++stream) {
        const std::string name = streamName(stream);
        api("STREAM.CREATE." + name,
            fmt::format(
                R"({{"name":"{0}","subjects":["{0}.>"],"storage":"memory","allow_direct":true,"max_msgs":100000}})",
                name));
        for (int message = 0; message < 20 + stream; ++message) {
            if (!connection.request(fmt::format("{}.{}", name, message % 4), "some event", 30s))
                giveUp("a message was not stored");
        }
        for (int collector = 0; collector < size.consumers; ++collector) {
            const std::string filter =
                collector % 2 == 0 ? std::string() : fmt::format(R"("filter_subject":"{}.*",)", name);
            api(fmt::format("CONSUMER.DURABLE.CREATE.{}.{}", name, collectorName(collector)),
                fmt::format(
                    R"({{"stream_name":"{}","config":{{"durable_name":"{}",{}"ack_policy":"explicit","mem_storage":true}}}})",
                    name, collectorName(collector), filter));
        }
    }
}

ChildProcess startLoad(const std::string& url, AccountSize size)
{
    Result<ChildProcess> child = ChildProcess::start(
        {.program = "/proc/self/exe",
         .arguments = {kLoadMode, url, std::to_string(size.streams), std::to_string(size.consumers)},
         .extraEnvironment = {},
         .output = {},
         .inheritOutput = true});
    if (!child)
        giveUp(child.error().message());
    return std::move(*child);
}

int runLoad(int count, char** arguments)
{
    if (count < 5)
        giveUp("--load URL STREAMS CONSUMERS");
    const int streams = std::atoi(arguments[3]);
    const int consumers = std::atoi(arguments[4]);
    const auto connection = Connection::open(profileFromUrl(arguments[2]), {.sendAsap = false});
    if (!connection)
        giveUp(connection.error().message());
    std::vector<std::unique_ptr<scenario::Load>> loads;
    std::vector<std::unique_ptr<scenario::Worker>> workers;
    const int step = std::max(kLiveEach, streams / kMostLive);
    for (int stream = 0; stream < streams; stream += step) {
        const std::string name = streamName(stream);
        loads.push_back(std::make_unique<scenario::Load>(
            **connection, std::vector<std::string>{name + ".0", name + ".1"}, kPerSecond));
        for (int collector = 0; collector < std::min(4, consumers); ++collector) {
            const scenario::Work work{.batch = 50, .perMessage = collector == 3 ? 40ms : 0ms};
            workers.push_back(scenario::Worker::pulling(
                **connection, fmt::format("$JS.API.CONSUMER.MSG.NEXT.{}.{}", name, collectorName(collector)),
                work, 1));
        }
    }
    for (;;)
        ::pause(); // until who started us ends us
}

ServerCount countOf(std::uint16_t monitoring, const std::string& clientName)
{
    simdjson::dom::parser parser;
    const simdjson::padded_string answer(httpGet(monitoring, "/connz?limit=1024"));
    simdjson::dom::array connections;
    if (parser.parse(answer)["connections"].get(connections) != simdjson::SUCCESS)
        giveUp("the server does not list its connections");
    for (simdjson::dom::element connection : connections) {
        std::string_view name;
        if (connection["name"].get(name) != simdjson::SUCCESS || name != clientName)
            continue;
        const auto number = [&](const char* key) { return connection[key].get_uint64().value(); };
        // As the server sees it: in is what the client sent.
        return {number("in_msgs"), number("out_msgs"), number("in_bytes"), number("out_bytes")};
    }
    giveUp("the server does not know the client " + clientName);
}

std::uint16_t freePort()
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = localAddress(0);
    socklen_t length = sizeof address;
    if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        giveUp("no free port");
    ::close(fd);
    return ntohs(address.sin_port);
}

} // namespace jetlag::bench
