#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/rules.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace jetlag::scenario {

class Driver;

/// A stretch of a scenario in which the same causes are right.
struct Phase
{
    double from = 0; ///< seconds; the plan: the driver says when it really begins
    /// What may be said. nullopt: nothing needs to be said (nobody answers, too early to know).
    std::vector<std::optional<Cause>> right;
    /// Seconds until one of `right` must be said; nullopt = it need not be.
    std::optional<double> within;
    std::string_view happens; ///< what begins it, in words
};

/// A situation made on a server of one's own, with the causes that are right at every second.
struct Scenario
{
    std::string_view name;
    std::string_view shows; ///< one sentence
    double length = 0;      ///< seconds after which it has shown it
    std::vector<Phase> phases;
    void (*play)(Driver&) = nullptr;
    unsigned nodes = 1;      ///< servers it needs
    bool ownServers = false; ///< it kills or restarts them: nothing else may live there

    /// The one that it ends with.
    [[nodiscard]] Cause cause() const;
};

/// All of them, causes together.
[[nodiscard]] std::span<const Scenario> allScenarios();
[[nodiscard]] const Scenario* findScenario(std::string_view name);

} // namespace jetlag::scenario
