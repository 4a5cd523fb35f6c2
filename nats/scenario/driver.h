#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "nats/client/connection.h"
#include "nats/monitor/info_parser.h"
#include "nats/scenario/load.h"
#include "nats/scenario/scenario.h"
#include "nats/scenario/worker.h"
#include "nats/server/embedded_cluster.h"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag::scenario {

/// How far a scenario is. A copy, taken under the driver's lock.
struct Progress
{
    using Time = std::chrono::steady_clock::time_point;
    std::vector<Time> phases; ///< when each began; empty = still being set up
    bool ended = false;       ///< everything it has to show was shown; its parts go on
    std::string skipped;      ///< why this server cannot show it; empty = it can
    std::string problem;      ///< what went wrong; empty = nothing
};

/// What a scenario is played with: loads, workers and the acts of an operator, on one stream and one
/// consumer. It writes, so it takes servers that belong to us and nothing else: there is no way to give it
/// an address.
///
/// A scenario reads as a plain list of steps: the first step that fails, a stop, or skip() makes all later
/// ones return at once. Times are seconds since begin(). One thread, but for progress().
///
/// In JSON given to it `$S` stands for the stream's name; the stream's subjects are `$S.>`.
class Driver final
{
public:
    /// `stop` ends waits. The servers must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<Driver>>
    create(EmbeddedCluster& servers, const Scenario& scenario, std::string stream, std::stop_token stop);

    [[nodiscard]] const std::string& stream() const noexcept { return m_stream; }
    [[nodiscard]] static std::string_view consumer() noexcept { return "collector"; }
    [[nodiscard]] Progress progress() const;

    // What an operator does. `members`: JSON members on top of name and subjects, "\"max_msgs\":300".
    void createStream(std::string_view members = {});
    void editStream(std::string_view members);
    void deleteStream();
    void purge(std::string_view token = {}); ///< all, or the subject `$S.<token>`
    void createConsumer(std::string_view members = {});
    void editConsumer(std::string_view members); ///< changes these
    void deleteConsumer();
    void stepDown(std::string_view call); ///< "STREAM" or "CONSUMER": its leader
    /// Any API call about the consumer, "CONSUMER.PAUSE": false when the server does not know it.
    [[nodiscard]] bool tryOnConsumer(std::string_view verb, std::string_view body);

    // Parts; they live as long as the driver. A token is what follows `$S.` in a subject.
    Load& publish(double perSecond, const std::vector<std::string>& tokens = {"a"});
    /// `count` now, and waits until the stream has them.
    void prefill(std::uint64_t count, const std::vector<std::string>& tokens = {"a"});
    Worker& pull(Work work, unsigned threads = 1);
    Worker& subscribe(Work work);      ///< to `deliver.$S`
    void flood(double pullsPerSecond); ///< a runaway puller

    // Time.
    void begin();              ///< second 0, and the first phase
    void until(double second); ///< waits
    void wait(double seconds);
    void next(); ///< the next phase begins
    void nextAt(double second)
    {
        until(second);
        next();
    }
    /// Waits until the consumer is as `holds` wants it, half a minute at most: a scenario that does not get
    /// there has failed.
    void waitUntil(const std::function<bool(const ConsumerSnapshot&)>& holds);
    void waitUntilCaughtUp(); ///< nothing pending, nothing in hand
    /// Once, for a second at most; nullopt: no answer.
    [[nodiscard]] std::optional<ConsumerSnapshot> lookAtConsumer();
    [[nodiscard]] std::optional<StreamSnapshot> lookAtStream();

    // Servers.
    void kill(std::size_t node);
    void stop(std::size_t node);
    void restart(std::size_t node);
    [[nodiscard]] std::size_t leader(); ///< of the stream; 0 when there is one server
    /// Stops the server, puts the stream's messages back to what they were at rememberStore(), starts it.
    void rememberStore();
    void putStoreBack();

    /// This server cannot show it.
    void skip(std::string why);
    void end(); ///< everything was shown; said by the player

    /// Nothing more is to be done: stopped, skipped or failed.
    [[nodiscard]] bool isOver() const;

private:
    Driver(EmbeddedCluster& servers, const Scenario& scenario, std::string stream, std::stop_token stop)
        : m_servers(servers)
        , m_scenario(scenario)
        , m_stream(std::move(stream))
        , m_stop(std::move(stop))
    {}
    void fail(std::string what);
    [[nodiscard]] std::string filled(std::string_view text) const;
    [[nodiscard]] std::string onConsumer(std::string_view verb) const;
    std::optional<std::string> ask(const std::string& call, const std::string& body);
    void sendConsumer();
    /// Until it holds; false: it never did.
    [[nodiscard]] bool poll(const std::function<bool()>& holds,
                            std::chrono::seconds patience = std::chrono::seconds(30));

    EmbeddedCluster& m_servers;
    const Scenario& m_scenario;
    const std::string m_stream;
    const std::stop_token m_stop;
    std::unique_ptr<Connection> m_connection;
    InfoParser m_parser;
    std::string m_streamConfig;   // JSON objects
    std::string m_consumerConfig; //
    std::chrono::steady_clock::time_point m_begin{};

    mutable std::mutex m_mutex; // guards m_progress
    Progress m_progress;

    // Destroyed first: they use the connection.
    std::vector<std::unique_ptr<Load>> m_loads;
    std::vector<std::unique_ptr<Worker>> m_workers;
    std::vector<std::unique_ptr<RunawayPuller>> m_runaways;
};

} // namespace jetlag::scenario
