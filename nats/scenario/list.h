#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "nats/scenario/driver.h"
#include "nats/scenario/scenario.h"

#include <vector>

/// The scenarios of each cause, each in a file of its own; scenario.cpp puts them together.
namespace jetlag::scenario {

inline constexpr std::nullopt_t kNothing = std::nullopt; ///< nothing needs to be said

using Scenarios = std::vector<Scenario>;

[[nodiscard]] Scenarios healthyLoads();
[[nodiscard]] Scenarios healthyKinds();
[[nodiscard]] Scenarios healthyEvents();
[[nodiscard]] Scenarios idle();
[[nodiscard]] Scenarios paused();
[[nodiscard]] Scenarios capped();
[[nodiscard]] Scenarios noPulls();
[[nodiscard]] Scenarios pullFlood();
[[nodiscard]] Scenarios noInterest();
[[nodiscard]] Scenarios redeliveryLoop();
[[nodiscard]] Scenarios ackWait();
[[nodiscard]] Scenarios poison();
[[nodiscard]] Scenarios stranded();
[[nodiscard]] Scenarios deadLetters();
[[nodiscard]] Scenarios slow();
[[nodiscard]] Scenarios catchingUp();
[[nodiscard]] Scenarios burst();
[[nodiscard]] Scenarios lost();
[[nodiscard]] Scenarios limitsNear();
[[nodiscard]] Scenarios recreated();
[[nodiscard]] Scenarios cluster();

} // namespace jetlag::scenario
