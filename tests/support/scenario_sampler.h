#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "nats/client/connection.h"
#include "nats/client/subscription.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace jetlag::test {

/// Samples one consumer as recordings hold them: STREAM.INFO, then CONSUMER.INFO, word for word, what every
/// targeted read would have answered, and the advisories since the last sample. One thread.
class ScenarioSampler final
{
public:
    /// The connection may be shared; it must outlive this.
    ScenarioSampler(Connection& connection, std::string stream, std::string consumer);

    /// One line, a JSON object without its end: the caller adds to it. Takes under a second.
    struct Sample
    {
        double at = 0;    ///< local clock, seconds since the epoch
        std::string line; ///< JSON object
    };
    [[nodiscard]] Sample take();

private:
    Connection& m_connection;
    const std::string m_stream;
    const std::string m_consumer;
    unsigned m_taken = 0;

    std::mutex m_mutex;                    // guards m_advisories
    std::vector<std::string> m_advisories; // JSON objects
    std::atomic<bool> m_connected{true};   // since the last sample
    ConnectionListener m_listener;
    std::vector<NatsSubscription> m_subscriptions;
};

} // namespace jetlag::test
