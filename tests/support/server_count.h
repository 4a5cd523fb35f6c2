#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <optional>
#include <string_view>

namespace jetlag::test {

/// What a server counted of one client: messages with their headers, without the protocol around them.
struct ServerCount
{
    std::uint64_t received = 0; ///< messages from the client
    std::uint64_t sent = 0;     ///< to it
    std::uint64_t bytesReceived = 0;
    std::uint64_t bytesSent = 0;

    bool operator==(const ServerCount&) const = default;
};

/// `monitoring` is the port of the server's HTTP monitoring; nullopt: it has no such client. Throws
/// std::runtime_error when it does not answer.
[[nodiscard]] std::optional<ServerCount> countOf(std::uint16_t monitoring, std::string_view clientName);

/// A port that was free a moment ago.
[[nodiscard]] std::uint16_t freePort();

} // namespace jetlag::test
