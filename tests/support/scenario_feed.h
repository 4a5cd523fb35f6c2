#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/judge.h"
#include "nats/client/connection.h"
#include "tests/support/monitor_log.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

/// Where what is said of a scenario's collector comes from: the rules over samples that hold everything, or
/// the product's own monitor. Both are scored alike.
namespace jetlag::test {

/// What is said of one collector, look by look. One thread.
class ScenarioFeed
{
public:
    struct Look
    {
        std::chrono::steady_clock::time_point at;
        Judgement judgement;
        std::string numbers; ///< what it was said of, for whoever reads of a failure
        std::string sample;  ///< JSON object that `diagnose --samples` reads; empty = none is kept
    };

    virtual ~ScenarioFeed() = default;
    /// Waits for the next look; nullopt when there is none within half a minute.
    [[nodiscard]] virtual std::optional<Look> next() = 0;
};

/// Asks for everything each second, a little after whole seconds since `begin`, and lets the rules judge. The
/// connection may be shared; it must outlive it.
[[nodiscard]] std::unique_ptr<ScenarioFeed> sampledFeed(Connection& connection, std::string stream,
                                                        std::string consumer,
                                                        std::chrono::steady_clock::time_point begin);

/// The product's monitor over all streams of its servers, as one console that watches them all; it sees a
/// stream only while somebody asks for it, because scenarios are judged from their begin on.
class ScenarioMonitor final
{
public:
    /// Throws std::runtime_error when the servers cannot be reached.
    explicit ScenarioMonitor(const ConnectionProfile& profile);

    /// From the next look on. This must outlive it. Any thread.
    [[nodiscard]] std::unique_ptr<ScenarioFeed> watch(std::string stream, std::string consumer);

private:
    class Feed;
    [[nodiscard]] bool isSeen(std::string_view stream) const;

    mutable std::mutex m_mutex; // guards m_seen
    std::set<std::string, std::less<>> m_seen;
    MonitorLog m_log; // last: its thread asks isSeen()
};

} // namespace jetlag::test
