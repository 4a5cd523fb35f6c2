// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/cluster_monitor.h"
#include "nats/client/connection.h"
#include "nats/client/subscription.h"
#include "nats/monitor/monitor_probe.h"
#include "nats/server/embedded_server.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

/// One refresh of 50 streams with 20 consumers each: our probe beside a bare loop that sends the same paged
/// LIST requests through nats.c, as deep in flight, and parses the answers with simdjson. Both see the same
/// server in turns; medians of time and of this process's CPU. Usage: bench_monitor [rounds]
namespace jetlag {

namespace {

using namespace std::chrono;

constexpr int kStreams = 50;
constexpr int kConsumers = 20;
constexpr unsigned kWindow = 32;

[[noreturn]] void giveUp(const std::string& what)
{
    fmt::print(stderr, "{}\n", what);
    std::exit(3);
}

template <typename T>
T orGiveUp(Result<T> result)
{
    if (!result)
        giveUp(result.error().message());
    return std::move(result).value();
}

double cpuMicros()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto micros = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    };
    return micros(usage.ru_utime) + micros(usage.ru_stime);
}

/// What both must find.
struct Found
{
    std::size_t streams = 0;
    std::size_t consumers = 0;
    std::uint64_t pending = 0;
    bool operator==(const Found&) const = default;
};

/// The bare loop. Lists here fit one page each, so it needs no paging.
class RawLister final
{
public:
    explicit RawLister(Connection& connection)
        : m_connection(connection)
        , m_inbox(connection.newInbox())
        , m_answers(orGiveUp(NatsSubscription::polled(connection.handle(), m_inbox)))
    {}

    Found refresh()
    {
        Found found;
        std::vector<std::string> todo;
        ask("$JS.API.STREAM.LIST");
        simdjson::dom::element first = parse(orGiveUp(m_answers.next(10s)));
        for (simdjson::dom::element stream : first["streams"]) {
            todo.push_back("$JS.API.CONSUMER.LIST." +
                           std::string(stream["config"]["name"].get_string().value()));
            ++found.streams;
        }
        std::size_t next = 0;
        std::size_t inFlight = 0;
        while (next < todo.size() || inFlight > 0) {
            while (next < todo.size() && inFlight < kWindow) {
                ask(todo[next++]);
                ++inFlight;
            }
            simdjson::dom::element answer = parse(orGiveUp(m_answers.next(10s)));
            --inFlight;
            for (simdjson::dom::element consumer : answer["consumers"]) {
                ++found.consumers;
                found.pending += consumer["num_pending"].get_uint64().value();
            }
        }
        return found;
    }

private:
    void ask(const std::string& subject)
    {
        static constexpr std::string_view kBody = R"({"offset":0})";
        natsConnection_PublishRequest(m_connection.handle(), subject.c_str(), m_inbox.c_str(), kBody.data(),
                                      static_cast<int>(kBody.size()));
    }
    simdjson::dom::element parse(const MessageHandle& message)
    {
        if (!message)
            giveUp("no answer");
        return m_parser
            .parse(natsMsg_GetData(message.get()),
                   static_cast<std::size_t>(natsMsg_GetDataLength(message.get())))
            .value();
    }

    Connection& m_connection;
    std::string m_inbox;
    NatsSubscription m_answers;
    simdjson::dom::parser m_parser;
};

Found refreshOurs(MonitorProbe& probe)
{
    const ClusterSnapshot snapshot = orGiveUp(probe.look({}));
    Found found{snapshot.streams.size(), snapshot.consumers.size(), 0};
    for (const ConsumerSnapshot& consumer : snapshot.consumers)
        found.pending += consumer.pending;
    return found;
}

void fill(Connection& connection)
{
    const auto api = [&](const std::string& call, const std::string& body) {
        (void)orGiveUp(connection.apiRequest(call, body, 30s));
    };
    for (int s = 0; s < kStreams; ++s) {
        api(fmt::format("STREAM.CREATE.STREAM_{:02}", s),
            fmt::format(R"({{"name":"STREAM_{0:02}","subjects":["events.{0:02}.>"],"storage":"memory"}})",
                        s));
        for (int i = 0; i <= s; ++i)
            (void)orGiveUp(connection.request(fmt::format("events.{:02}.a", s), "some event", 30s));
        for (int c = 0; c < kConsumers; ++c)
            api(fmt::format("CONSUMER.DURABLE.CREATE.STREAM_{:02}.collector-{:02}", s, c),
                fmt::format(
                    R"({{"stream_name":"STREAM_{0:02}","config":{{"durable_name":"collector-{1:02}","ack_policy":"explicit",)"
                    R"("filter_subject":"events.{0:02}.>"}}}})",
                    s, c));
    }
}

struct Cost
{
    std::vector<double> micros;
    std::vector<double> cpu;

    template <typename Refresh>
    void measure(Refresh refresh, const Found& expected)
    {
        const double cpuBefore = cpuMicros();
        const auto before = steady_clock::now();
        const Found found = refresh();
        micros.push_back(duration<double, std::micro>(steady_clock::now() - before).count());
        cpu.push_back(cpuMicros() - cpuBefore);
        if (!(found == expected))
            giveUp("the two do not find the same");
    }
};

double median(std::vector<double> values)
{
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                     values.end());
    return values[values.size() / 2];
}

int run(int rounds)
{
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / fmt::format("jetlag-bench-{}", ::getpid());
    {
        const EmbeddedServer server = orGiveUp(EmbeddedServer::start({.store = folder}));
        const auto connection = orGiveUp(Connection::open(profileFromUrl(server.url())));
        fill(*connection);
        std::uint64_t pending = 0;
        for (int s = 0; s < kStreams; ++s)
            pending += static_cast<std::uint64_t>(s + 1) * kConsumers;
        const Found expected{kStreams, kStreams * kConsumers, pending};

        ReadOnlyApi api(*connection);
        MonitorProbe probe(api, {.window = kWindow});
        RawLister raw(*connection);
        Cost ours;
        Cost peer;
        for (int i = 0; i < rounds; ++i) {
            peer.measure([&] { return raw.refresh(); }, expected);
            ours.measure([&] { return refreshOurs(probe); }, expected);
        }
        fmt::print("one refresh of {} streams x {} consumers, medians of {} rounds\n", kStreams, kConsumers,
                   rounds);
        fmt::print("{:<28}{:>12}{:>14}\n", "", "time us", "client CPU us");
        fmt::print("{:<28}{:>12.0f}{:>14.0f}\n", "raw LIST, parsed", median(peer.micros), median(peer.cpu));
        fmt::print("{:<28}{:>12.0f}{:>14.0f}\n", "jetlag probe", median(ours.micros), median(ours.cpu));
        fmt::print("{:<28}{:>12.2f}{:>14.2f}   (goal: at most 1.20)\n", "ours / raw",
                   median(ours.micros) / median(peer.micros), median(ours.cpu) / median(peer.cpu));
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return 0;
}

} // namespace

} // namespace jetlag

int main(int count, char** arguments)
{
    const int rounds = count > 1 ? std::atoi(arguments[1]) : 101;
    return jetlag::run(rounds > 0 ? rounds : 1);
}
