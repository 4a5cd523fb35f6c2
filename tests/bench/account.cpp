// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/account.h"

#include "nats/scenario/load.h"
#include "nats/scenario/worker.h"
#include "tests/bench/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <unistd.h>
#include <vector>

namespace jetlag::bench {

namespace {

using namespace std::chrono_literals;

constexpr int kLiveEach = 5;
constexpr int kMostLive = 10;
constexpr double kPerSecond = 50;

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

} // namespace jetlag::bench
