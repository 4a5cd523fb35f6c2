#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace jetlag {

/// What a NATS server says of itself in the first line it sends, before any login.
struct ServerGreeting
{
    std::string version;
    std::string name;
    std::string cluster; ///< empty when standalone
    std::string id;
    std::string domain; ///< JetStream's, empty when none
    bool jetStream = false;
    bool tlsRequired = false;
    std::int64_t maxPayload = 0;
};

/// Opens a TCP connection, reads the INFO line and closes it again. nats.c keeps the line to itself.
/// Unavailable when nobody listens, Corrupt when it is no NATS server.
[[nodiscard]] Result<ServerGreeting> readServerGreeting(const std::string& host, std::uint16_t port,
                                                        std::chrono::milliseconds patience);

/// Host and port out of `nats://user@host:4222` or `[::1]:4222`; nullopt when it is no such address.
[[nodiscard]] std::optional<std::pair<std::string, std::uint16_t>> hostAndPort(std::string_view url);

} // namespace jetlag
