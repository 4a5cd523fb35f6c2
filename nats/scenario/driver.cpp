// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/driver.h"

#include "nats/client/api_calls.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <condition_variable>
#include <utility>

namespace jetlag::scenario {

namespace {

using namespace std::chrono;
using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

// Servers tell each other every ten seconds what they have room for; a new leader may miss more than one.
constexpr auto kPlacingPatience = 45s;
constexpr auto kLookEvery = 20ms;
constexpr auto kLookPatience = 1s; // while nobody leads nobody answers: ask again soon

Json membersOf(const std::string& members)
{
    return Json::parse('{' + members + '}');
}

} // namespace

Result<std::unique_ptr<Driver>> Driver::create(EmbeddedCluster& servers, const Scenario& scenario,
                                               std::string stream, std::stop_token stop)
{
    std::unique_ptr<Driver> driver(new Driver(servers, scenario, std::move(stream), std::move(stop)));
    // Loads and acks are many small writes: nats.c may gather them.
    Result<std::unique_ptr<Connection>> connection =
        Connection::open(servers.profile(), {.name = "jetlag scenario", .sendAsap = false});
    if (!connection)
        return connection.error();
    driver->m_connection = std::move(*connection);
    return driver;
}

Progress Driver::progress() const
{
    const std::lock_guard lock(m_mutex);
    return m_progress;
}

bool Driver::isOver() const
{
    const std::lock_guard lock(m_mutex);
    return m_stop.stop_requested() || !m_progress.problem.empty() || !m_progress.skipped.empty();
}

void Driver::fail(std::string what)
{
    const std::lock_guard lock(m_mutex);
    if (m_progress.problem.empty() && m_progress.skipped.empty() && !m_stop.stop_requested())
        m_progress.problem = std::move(what);
}

void Driver::skip(std::string why)
{
    const std::lock_guard lock(m_mutex);
    if (m_progress.problem.empty() && m_progress.skipped.empty())
        m_progress.skipped = std::move(why);
}

void Driver::end()
{
    const std::lock_guard lock(m_mutex);
    m_progress.ended = true;
}

std::string Driver::filled(std::string_view text) const
{
    std::string result(text);
    for (std::size_t at = 0; (at = result.find("$S", at)) != std::string::npos; at += m_stream.size())
        result.replace(at, 2, m_stream);
    return result;
}

std::string Driver::onConsumer(std::string_view verb) const
{
    return fmt::format("{}.{}.{}", verb, m_stream, consumer());
}

std::optional<std::string> Driver::ask(const std::string& call, const std::string& body)
{
    if (isOver())
        return std::nullopt;
    std::string last;
    std::optional<std::string> answer;
    // A cluster that has just come up knows its leader before it knows all its peers; a new leader may not
    // answer yet.
    const bool asked = poll(
        [&] {
            Result<std::string> said = m_connection->apiRequest(call, body, 5s, m_stop);
            if (said) {
                answer = std::move(*said);
                return true;
            }
            last = said.error().message();
            const bool passing = said.error().code() == ErrorCode::Timeout ||
                                 said.error().code() == ErrorCode::Unavailable ||
                                 last.find("no suitable peers") != std::string::npos;
            return !passing;
        },
        kPlacingPatience);
    if (!answer)
        fail(fmt::format("{}: {}", call, asked ? last : "no answer in time: " + last));
    return answer;
}

void Driver::createStream(std::string_view members)
{
    Json config = {{"name", m_stream},      {"subjects", Json::array({m_stream + ".>"})},
                   {"retention", "limits"}, {"storage", "file"},
                   {"allow_direct", true},  {"num_replicas", m_scenario.nodes}};
    config.update(membersOf(filled(members)));
    m_streamConfig = config.dump();
    (void)ask("STREAM.CREATE." + m_stream, m_streamConfig);
}

void Driver::editStream(std::string_view members)
{
    if (isOver())
        return;
    Json config = Json::parse(m_streamConfig);
    config.update(membersOf(filled(members)));
    m_streamConfig = config.dump();
    (void)ask("STREAM.UPDATE." + m_stream, m_streamConfig);
}

void Driver::deleteStream()
{
    (void)ask("STREAM.DELETE." + m_stream, "");
}

void Driver::purge(std::string_view token)
{
    (void)ask("STREAM.PURGE." + m_stream,
              token.empty() ? std::string() : fmt::format(R"({{"filter":"{}.{}"}})", m_stream, token));
}

void Driver::createConsumer(std::string_view members)
{
    Json config = {{"durable_name", consumer()}, {"deliver_policy", "all"}, {"ack_policy", "explicit"}};
    config.update(membersOf(filled(members)));
    m_consumerConfig = config.dump();
    sendConsumer();
}

void Driver::editConsumer(std::string_view members)
{
    if (isOver())
        return;
    Json config = Json::parse(m_consumerConfig);
    config.update(membersOf(filled(members)));
    m_consumerConfig = config.dump();
    sendConsumer();
}

void Driver::sendConsumer()
{
    (void)ask(onConsumer("CONSUMER.DURABLE.CREATE"),
              fmt::format(R"({{"stream_name":"{}","config":{}}})", m_stream, m_consumerConfig));
}

void Driver::deleteConsumer()
{
    (void)ask(onConsumer("CONSUMER.DELETE"), "");
}

void Driver::stepDown(std::string_view call)
{
    (void)ask(
        call == "STREAM" ? "STREAM.LEADER.STEPDOWN." + m_stream : onConsumer("CONSUMER.LEADER.STEPDOWN"), "");
}

bool Driver::tryOnConsumer(std::string_view verb, std::string_view body)
{
    // Who does not know the call does not answer.
    return !isOver() && m_connection->apiRequest(onConsumer(verb), filled(body), 2s, m_stop).hasValue();
}

Load& Driver::publish(double perSecond, const std::vector<std::string>& tokens)
{
    std::vector<std::string> subjects;
    for (const std::string& token : tokens)
        subjects.push_back(m_stream + '.' + token);
    m_loads.push_back(std::make_unique<Load>(*m_connection, std::move(subjects), isOver() ? 0 : perSecond));
    return *m_loads.back();
}

void Driver::prefill(std::uint64_t count, const std::vector<std::string>& tokens)
{
    std::optional<StreamSnapshot> before;
    (void)poll([&] { return (before = lookAtStream()).has_value(); });
    if (!before)
        return fail("the stream does not answer");
    publish(0, tokens).burst(count);
    if (!poll([&] {
            const std::optional<StreamSnapshot> now = lookAtStream();
            return now && now->lastSequence.value() >= before->lastSequence.value() + count;
        }))
        fail("the stream did not take its first messages in time");
}

Worker& Driver::pull(Work work, unsigned threads)
{
    const std::string next = fmt::format("{}.{}", m_connection->apiPrefix(), onConsumer("CONSUMER.MSG.NEXT"));
    m_workers.push_back(Worker::pulling(*m_connection, next, std::move(work), isOver() ? 0 : threads));
    return *m_workers.back();
}

Worker& Driver::subscribe(Work work)
{
    m_workers.push_back(Worker::subscribed(*m_connection, "deliver." + m_stream, std::move(work)));
    return *m_workers.back();
}

void Driver::flood(double pullsPerSecond)
{
    if (!isOver())
        m_runaways.push_back(std::make_unique<RunawayPuller>(
            *m_connection, fmt::format("{}.{}", m_connection->apiPrefix(), onConsumer("CONSUMER.MSG.NEXT")),
            pullsPerSecond));
}

void Driver::begin()
{
    if (isOver())
        return;
    m_begin = steady_clock::now();
    next();
}

void Driver::next()
{
    if (isOver())
        return;
    const std::lock_guard lock(m_mutex);
    m_progress.phases.push_back(steady_clock::now());
}

void Driver::until(double second)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    if (!isOver())
        never.wait_until(lock, m_stop,
                         m_begin + duration_cast<steady_clock::duration>(duration<double>(second)),
                         [] { return false; });
}

void Driver::wait(double seconds)
{
    until(duration<double>(steady_clock::now() - m_begin).count() + seconds);
}

bool Driver::poll(const std::function<bool()>& holds, std::chrono::seconds patience)
{
    const auto deadline = steady_clock::now() + patience;
    while (!isOver() && steady_clock::now() < deadline) {
        if (holds())
            return true;
        wait(duration<double>(kLookEvery).count());
    }
    return isOver(); // what a stop cuts short has not failed
}

void Driver::waitUntil(const std::function<bool(const ConsumerSnapshot&)>& holds)
{
    if (!poll([&] {
            const std::optional<ConsumerSnapshot> now = lookAtConsumer();
            return now && holds(*now);
        }))
        fail("the consumer did not get to where the scenario wants it");
}

void Driver::waitUntilCaughtUp()
{
    waitUntil([](const ConsumerSnapshot& now) { return now.lag() == 0; });
}

std::optional<ConsumerSnapshot> Driver::lookAtConsumer()
{
    if (isOver())
        return std::nullopt;
    const Result<std::string> answer =
        m_connection->apiRequest(onConsumer("CONSUMER.INFO"), "", kLookPatience, m_stop);
    Result<ConsumerSnapshot> parsed = answer ? m_parser.consumer(*answer) : answer.error();
    return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
}

std::optional<StreamSnapshot> Driver::lookAtStream()
{
    if (isOver())
        return std::nullopt;
    const Result<std::string> answer =
        m_connection->apiRequest("STREAM.INFO." + m_stream, "", kLookPatience, m_stop);
    Result<StreamSnapshot> parsed = answer ? m_parser.stream(*answer) : answer.error();
    return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
}

void Driver::kill(std::size_t node)
{
    if (!isOver())
        m_servers.server(node).kill();
}

void Driver::stop(std::size_t node)
{
    if (!isOver())
        m_servers.server(node).stop();
}

void Driver::restart(std::size_t node)
{
    if (isOver())
        return;
    if (const Result<void> again = m_servers.server(node).restart(); !again)
        fail(again.error().message());
}

std::size_t Driver::leader()
{
    std::size_t found = m_servers.size();
    if (m_servers.size() == 1)
        return 0;
    if (!poll([&] {
            const std::optional<StreamSnapshot> stream = lookAtStream();
            for (std::size_t node = 0; stream && node < m_servers.size(); ++node)
                if (stream->placement.leader == EmbeddedCluster::nameOf(node))
                    found = node;
            return found < m_servers.size();
        }))
        fail("the stream has no leader");
    return found % m_servers.size();
}

} // namespace jetlag::scenario
