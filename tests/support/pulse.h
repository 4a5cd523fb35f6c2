#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "nats/client/connection.h"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace jetlag::test {

class Broker;

/// Notices when a machine stands still: a thread that wakes five times a second and, where it was given
/// servers, asks them for their list of streams. It knows nothing of what is tested, so a test
/// that failed while nothing moved can say so and be tried again, and what fails otherwise has failed.
class Pulse final
{
public:
    using Time = std::chrono::steady_clock::time_point;

    /// How long a beat may take. What takes longer is told.
    static constexpr std::chrono::milliseconds kBearable{1'000};

    struct Stall
    {
        Time from;
        std::chrono::milliseconds length{};
        std::string who; ///< "the machine", "the server"
    };

    Pulse()
        : Pulse(nullptr)
    {} ///< of the machine only
    /// Servers that nobody stops meanwhile. Throws std::runtime_error when they cannot be reached.
    explicit Pulse(const ConnectionProfile& profile);

    /// The longest stall that touches these; nullopt: there was none.
    [[nodiscard]] std::optional<Stall> longestIn(Time from, Time to) const;

private:
    explicit Pulse(std::unique_ptr<Connection> connection);
    void run(const std::stop_token& stop);
    void begin(Time from, std::string who);
    void end();

    std::unique_ptr<Connection> m_connection; ///< null = no servers
    mutable std::mutex m_mutex;               // guards the two below
    std::vector<Stall> m_stalls;
    std::optional<Stall> m_open; ///< what is waited for now; its length is not known yet
    std::jthread m_thread;       // last
};

/// One try of something that takes its time.
struct Tried
{
    std::string wrong; ///< what there is to complain of; empty = nothing
    std::string stall; ///< what stood still meanwhile; empty = nothing
};

/// How often something is tried while machine or server stand still.
inline constexpr int kTriesAtMost = 3;

/// Tries until nothing is wrong, or nothing stood still, or often enough; `tell` hears of each try that did
/// not count. What is wrong in the end; empty = nothing.
[[nodiscard]] std::string tryUntilItCounts(const std::function<Tried()>& once,
                                           const std::function<void(const std::string& why)>& tell);

/// The same with a broker for each try, whose pulse is felt meanwhile; `once` says what is wrong.
[[nodiscard]] std::string tryOnBrokers(const std::function<std::string(const Broker&)>& once);

/// "the server stood still for 4.1 s"
[[nodiscard]] std::string describe(const Pulse::Stall& stall);

} // namespace jetlag::test
