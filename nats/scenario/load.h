#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "nats/client/connection.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace jetlag::scenario {

/// Publishes at a driven rate, round robin over its subjects, from a thread of its own. Core publishes
/// without acks: what a stream refuses is its business. A rate is kept on average, also on a busy machine;
/// messages go out in steps of 50 ms.
///
/// Any thread; the connection must outlive it.
class Load final
{
public:
    Load(Connection& connection, std::vector<std::string> subjects, double perSecond);
    ~Load(); ///< silent from then on
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    void setRate(double perSecond); ///< 0 = silent
    void burst(std::uint64_t count);

private:
    void run(std::stop_token stop);
    void publish(std::uint64_t count);

    Connection& m_connection;
    const std::vector<std::string> m_subjects;
    const std::string m_payload;
    std::uint64_t m_sent = 0; // thread only

    std::mutex m_mutex; // guards the three below
    std::condition_variable_any m_changed;
    double m_rate = 0;
    std::uint64_t m_burst = 0;

    std::jthread m_thread; // last: it uses all of the above
};

} // namespace jetlag::scenario
