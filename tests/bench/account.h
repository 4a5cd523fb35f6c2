#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/child_process.h"
#include "nats/client/connection.h"

#include <cstdint>
#include <string>

namespace jetlag::bench {

/// An account of many streams with many collectors each, on a server of the benchmark's own.
struct AccountSize
{
    int streams = 50;
    int consumers = 20; ///< of each stream

    [[nodiscard]] int collectors() const { return streams * consumers; }
};

[[nodiscard]] std::string streamName(int stream);
[[nodiscard]] std::string collectorName(int collector);

/// Streams with 20 messages and more; every second collector is filtered. Ends the program when it can't.
void makeAccount(Connection& connection, AccountSize size);

/// Publishers and collectors on every fifth stream, in a process of their own, so that their CPU is not
/// counted as ours: 50 messages a second on each of at most ten of them, read by three collectors that keep
/// up and one that is too slow; the others are read by nobody. It dies with the object.
[[nodiscard]] ChildProcess startLoad(const std::string& url, AccountSize size);
/// What the other process does: `main` of the benchmark calls this when its first argument is kLoadMode.
inline constexpr const char* kLoadMode = "--load";
int runLoad(int count, char** arguments);

/// What a server counted of one client.
struct ServerCount
{
    std::uint64_t received = 0; ///< messages from the client
    std::uint64_t sent = 0;     ///< to it
    std::uint64_t bytesReceived = 0;
    std::uint64_t bytesSent = 0;
};
/// `monitoring` is the port of the server's HTTP monitoring. Ends the program when there is no such client.
[[nodiscard]] ServerCount countOf(std::uint16_t monitoring, const std::string& clientName);
/// A port that was free a moment ago.
[[nodiscard]] std::uint16_t freePort();

} // namespace jetlag::bench
