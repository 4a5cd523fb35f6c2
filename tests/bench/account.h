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

} // namespace jetlag::bench
