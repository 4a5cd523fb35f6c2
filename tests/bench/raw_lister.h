#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "nats/client/connection.h"
#include "nats/client/subscription.h"

#include <simdjson.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace jetlag::bench {

/// num_pending by stream and consumer.
using Pendings = std::map<std::pair<std::string, std::string>, std::uint64_t>;

/// The peer of the monitor: a bare loop that sends the same paged LIST requests through nats.c, as deep in
/// flight, and parses the answers with simdjson. Its accounts fit one page each, so it needs no paging.
class RawLister final
{
public:
    RawLister(Connection& connection, unsigned window);

    /// The number of consumers; `into`, where given, gets their num_pending.
    std::size_t refresh(Pendings* into = nullptr);

private:
    void ask(const std::string& subject);
    simdjson::dom::element next();

    Connection& m_connection;
    unsigned m_window;
    std::string m_inbox;
    NatsSubscription m_answers;
    MessageHandle m_message; // what the newest element lies in
    simdjson::dom::parser m_parser;
    std::uint64_t m_sum = 0; // so that no read is left out
};

} // namespace jetlag::bench
