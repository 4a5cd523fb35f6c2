#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <string_view>

namespace jetlag {

/// The one mechanism that explains a collector's state. The words are a contract.
enum class Cause {
    None,
    Paused,
    Capped,
    NoPulls,
    PullFlood,
    RedeliveryLoop,
    Poison,
    Slow,
    CatchingUp,
    Burst,
    Idle,
    Lost,
    LimitsNear,
    Cluster,
    Recreated,
    NoInterest,
    AckWait,
    Stranded,
    DeadLetters,
};

[[nodiscard]] std::string_view toString(Cause cause) noexcept;
/// stopped, slow, stuck, lost, catching-up, paused, keeping-up, idle or stale.
[[nodiscard]] std::string_view verdictOf(Cause cause) noexcept;

} // namespace jetlag
