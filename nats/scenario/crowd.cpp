// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/crowd.h"

#include "model/base/log.h"
#include "model/base/thread_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <condition_variable>
#include <mutex>

namespace jetlag::scenario {

namespace {

using namespace std::chrono;

constexpr auto kPatience = 30s;
constexpr auto kStep = 50ms;
constexpr unsigned kPrefill = 200;
constexpr unsigned kTroubleEach = 41; // prime to usual numbers of collectors: each falls on another stream
constexpr unsigned kFirstTrouble = 2;
constexpr unsigned kSilentEach = 10;
constexpr unsigned kRoomOfLost = kPrefill + 20;
constexpr unsigned kCap = 20;

constexpr std::array<std::string_view, 6> kFamilies{"SPARK", "HDFS", "HIVE", "CLICKS", "ORDERS", "AUDIT"};
constexpr std::array<std::string_view, 20> kRoles{
    "jobs",  "stages", "lineage", "archive", "billing", "alerts", "search", "fraud",  "metrics", "export",
    "cache", "index",  "notify",  "report",  "backup",  "audit",  "enrich", "dedupe", "geo",     "quota"};
constexpr std::array<Trouble, 7> kTroubles{Trouble::NoPulls, Trouble::Slow,        Trouble::Poison,
                                           Trouble::Capped,  Trouble::DeadLetters, Trouble::RedeliveryLoop,
                                           Trouble::Lost};

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](unsigned char one) { return static_cast<char>(std::tolower(one)); });
    return result;
}

std::string bodyOf(unsigned stream, std::uint64_t number)
{
    return fmt::format(
        R"({{"event":"{}","number":{},"host":"node-{:02}.rack-{}","user":"user{}","took_ms":{},"ok":{}}})",
        kRoles[(stream + number) % kRoles.size()], number, number % 24, number % 5, number * 7 % 311,
        number * number % 997, number % 13 != 0);
}

/// Members of the consumer's configuration that its trouble needs.
std::string_view membersOf(Trouble trouble)
{
    switch (trouble) {
    case Trouble::DeadLetters:
        return R"(,"ack_wait":1000000000,"max_deliver":2)";
    case Trouble::Capped:
        return R"(,"ack_wait":3600000000000,"max_ack_pending":20)";
    case Trouble::RedeliveryLoop:
        return R"(,"ack_wait":60000000000,"max_ack_pending":40)";
    case Trouble::None:
    case Trouble::NoPulls:
    case Trouble::Slow:
    case Trouble::Poison:
    case Trouble::Lost:
        break;
    }
    return R"(,"ack_wait":60000000000,"max_ack_pending":5000)";
}

/// How its worker works; nullopt: there is none, or an ordinary one.
std::optional<Work> workOf(Trouble trouble, double perSecond)
{
    const auto nakIt = [](const Delivery&) { return Reply{Reply::Kind::Nak}; };
    switch (trouble) {
    case Trouble::Slow: // half of what comes
        return Work{.batch = 5, .perMessage = microseconds(static_cast<std::int64_t>(2e6 / perSecond))};
    case Trouble::Poison:
        return Work{.answer = [](const Delivery& one) {
            return one.sequence == kPrefill / 2 ? Reply{Reply::Kind::Nak, 2s} : Reply{};
        }};
    case Trouble::Capped:
        return Work{.batch = kCap, .answer = keepIt};
    case Trouble::DeadLetters:
        return Work{.answer = [](const Delivery& one) {
            return one.sequence % 40 == 0 ? Reply{Reply::Kind::Keep} : Reply{};
        }};
    case Trouble::RedeliveryLoop:
        return Work{.batch = 10, .answer = nakIt, .wholeBatch = true, .between = 200ms};
    case Trouble::None:
    case Trouble::NoPulls:
    case Trouble::Lost:
        break;
    }
    return std::nullopt;
}

} // namespace

std::string Crowd::streamName(unsigned stream)
{
    const std::string_view family = kFamilies[stream % kFamilies.size()];
    if (stream == kFamilies.size() + 1)
        return fmt::format("{}-of_the_whole_cluster_in_all_regions-replicated-{:02}", family, stream);
    return fmt::format("{}-{:02}", family, stream);
}

std::string Crowd::collectorName(unsigned stream, unsigned collector)
{
    const std::string family = lower(kFamilies[stream % kFamilies.size()]);
    const std::string_view role = kRoles[collector % kRoles.size()];
    const unsigned round = collector / kRoles.size();
    if (stream == 1 && collector == 1)
        return fmt::format("{}-{}-of-the-department-for-quarterly-reports-and-regulatory-disclosure", family,
                           role);
    return round == 0 ? fmt::format("{}-{}", family, role) : fmt::format("{}-{}-{}", family, role, round + 1);
}

double Crowd::rateOf(unsigned stream)
{
    constexpr std::array<double, 5> kRates{4, 2, 1, 0.5, 3};
    return stream % kSilentEach == kSilentEach - 1 ? 0 : kRates[stream % kRates.size()];
}

Trouble Crowd::troubleOf(unsigned stream, unsigned collector, CrowdSize size)
{
    const unsigned at = stream * size.collectors + collector;
    if (at % kTroubleEach != kFirstTrouble || rateOf(stream) == 0)
        return Trouble::None;
    return kTroubles[at / kTroubleEach % kTroubles.size()];
}

bool Crowd::holdsLost(unsigned stream) const
{
    for (unsigned collector = 0; collector < m_size.collectors; ++collector) {
        if (troubleOf(stream, collector, m_size) == Trouble::Lost)
            return true;
    }
    return false;
}

Result<std::unique_ptr<Crowd>> Crowd::start(EmbeddedCluster& servers, CrowdSize size)
{
    std::unique_ptr<Crowd> crowd(new Crowd(size));
    if (Result<void> begun = crowd->begin(servers); !begun)
        return begun.error();
    return crowd;
}

Crowd::~Crowd() = default;

Result<void> Crowd::begin(EmbeddedCluster& servers)
{
    // Loads and acks are many small writes: nats.c may gather them.
    Result<std::unique_ptr<Connection>> connection =
        Connection::open(servers.profile(), {.name = "jetlag crowd", .sendAsap = false});
    if (!connection)
        return connection.error();
    m_connection = std::move(*connection);
    m_published.resize(m_size.streams);
    for (unsigned stream = 0; stream < m_size.streams; ++stream) {
        if (Result<void> made = makeStream(stream); !made)
            return made;
        for (unsigned collector = 0; collector < m_size.collectors; ++collector) {
            if (Result<void> made = makeCollector(stream, collector); !made)
                return made;
        }
    }
    if (Result<void> started = startWorkers(); !started)
        return started;
    m_publisher = std::jthread([this](std::stop_token stop) { publish(std::move(stop)); });
    return {};
}

Result<void> Crowd::makeStream(unsigned stream)
{
    const std::string name = streamName(stream);
    const Result<std::string> made = m_connection->apiRequest(
        "STREAM.CREATE." + name,
        fmt::format(
            R"({{"name":"{0}","subjects":["{0}.>"],"storage":"memory","allow_direct":true,"max_msgs":{1}}})",
            name, holdsLost(stream) ? kRoomOfLost : 50'000U),
        kPatience);
    if (!made)
        return made.error();
    for (unsigned message = 0; message < kPrefill; ++message) {
        if (Result<void> sent = publishTo(stream); !sent)
            return sent;
    }
    return {};
}

Result<void> Crowd::makeCollector(unsigned stream, unsigned collector)
{
    const std::string streamName = Crowd::streamName(stream);
    const std::string name = collectorName(stream, collector);
    const Trouble trouble = troubleOf(stream, collector, m_size);
    const std::string filter = collector % 2 == 0 || trouble != Trouble::None
                                   ? std::string()
                                   : fmt::format(R"("filter_subject":"{}.*",)", streamName);
    const Result<std::string> made = m_connection->apiRequest(
        fmt::format("CONSUMER.DURABLE.CREATE.{}.{}", streamName, name),
        fmt::format(
            R"({{"stream_name":"{}","config":{{"durable_name":"{}",{}"ack_policy":"explicit","mem_storage":true{}}}}})",
            streamName, name, filter, membersOf(trouble)),
        kPatience);
    if (!made)
        return made.error();
    return {};
}

Result<void> Crowd::startWorkers()
{
    std::vector<std::string> keepUp;
    for (unsigned stream = 0; stream < m_size.streams; ++stream) {
        for (unsigned collector = 0; collector < m_size.collectors; ++collector) {
            std::string next = fmt::format("$JS.API.CONSUMER.MSG.NEXT.{}.{}", streamName(stream),
                                           collectorName(stream, collector));
            const Trouble trouble = troubleOf(stream, collector, m_size);
            if (std::optional<Work> work = workOf(trouble, rateOf(stream)))
                m_workers.push_back(Worker::pulling(*m_connection, std::move(next), std::move(*work), 1));
            else if (trouble == Trouble::None)
                keepUp.push_back(std::move(next));
        }
    }
    Result<std::unique_ptr<SteadyReaders>> readers = SteadyReaders::start(*m_connection, std::move(keepUp));
    if (!readers)
        return readers.error();
    m_readers = std::move(*readers);
    return {};
}

Result<void> Crowd::publishTo(unsigned stream)
{
    const std::uint64_t number = ++m_published[stream];
    return m_connection->publish(fmt::format("{}.{}", streamName(stream), number % 4),
                                 bodyOf(stream, number));
}

void Crowd::publish(std::stop_token stop)
{
    setCurrentThreadName("crowd");
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    const auto begin = steady_clock::now();
    while (!never.wait_for(lock, stop, kStep, [&] { return stop.stop_requested(); })) {
        const double passed = duration<double>(steady_clock::now() - begin).count();
        for (unsigned stream = 0; stream < m_size.streams; ++stream) {
            const double due = kPrefill + rateOf(stream) * passed;
            while (static_cast<double>(m_published[stream]) < due && rateOf(stream) > 0) {
                if (const Result<void> sent = publishTo(stream); !sent) {
                    log().debug("the crowd's load: {}", sent.error().message()); // a full buffer
                    break;
                }
            }
        }
    }
}

} // namespace jetlag::scenario
