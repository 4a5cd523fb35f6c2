#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "nats/client/connection.h"
#include "nats/client/subscription.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace jetlag {

/// Asks a pull consumer for messages, two or three requests ahead so that none is waited for, and receives
/// them on one inbox. Everything not yet received is forgotten by reset(). One thread.
class PullRequests final
{
public:
    [[nodiscard]] static Result<PullRequests> create(Connection& connection, std::string stream,
                                                     std::string durable);

    /// Keeps about `most` messages on order.
    [[nodiscard]] Result<void> order(std::size_t most);
    /// The next delivery; null when nothing came within `wait`. Status messages are taken in here.
    [[nodiscard]] Result<MessageHandle> next(std::chrono::milliseconds wait);
    /// Drops what is on order or on its way: a new inbox, deliveries to the old one are never seen.
    [[nodiscard]] Result<void> reset();
    [[nodiscard]] std::size_t onOrder() const noexcept { return m_onOrder; }

private:
    using Steady = std::chrono::steady_clock;
    PullRequests(Connection& connection, std::string stream, std::string durable);
    [[nodiscard]] Result<void> takeStatus(natsMsg* message);

    Connection* m_connection;
    std::string m_stream;
    std::string m_durable;
    std::string m_subject; ///< of requests
    std::string m_inbox;
    NatsSubscription m_subscription;
    std::size_t m_onOrder = 0;        ///< requested and not yet received, as far as we can know
    Steady::time_point m_ordersEnd{}; ///< by then the server has let go of every request
};

} // namespace jetlag
