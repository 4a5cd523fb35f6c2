#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"

#include <chrono>
#include <string>

namespace jetlag {

/// What differs between two configurations of one stream or collector, by the server's own names:
/// "ack_wait 30 s → 1 m, max_deliver -1 → 5"; empty when nothing does. What the server keeps in metadata
/// for itself (`_nats.…`) does not count. Pure.
[[nodiscard]] std::string configChange(const StreamSnapshot& before, const StreamSnapshot& now);
[[nodiscard]] std::string configChange(const ConsumerSnapshot& before, const ConsumerSnapshot& now);

/// "250 ms", "30 s", "1 h 30 m", "7 d".
[[nodiscard]] std::string durationWords(std::chrono::nanoseconds duration);

} // namespace jetlag
