// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/scenario.h"

#include "nats/scenario/list.h"

namespace jetlag::scenario {

Cause Scenario::cause() const
{
    for (const std::optional<Cause>& cause : phases.back().right)
        if (cause)
            return *cause;
    return Cause::None;
}

std::span<const Scenario> allScenarios()
{
    static const Scenarios all = [] {
        Scenarios result;
        for (auto* scenarios :
             {&healthyLoads, &healthyKinds, &healthyEvents,  &idle,    &paused,     &capped,    &noPulls,
              &pullFlood,    &noInterest,   &redeliveryLoop, &ackWait, &poison,     &stranded,  &deadLetters,
              &slow,         &catchingUp,   &burst,          &lost,    &limitsNear, &recreated, &cluster}) {
            const Scenarios some = scenarios();
            result.insert(result.end(), some.begin(), some.end());
        }
        return result;
    }();
    return all;
}

const Scenario* findScenario(std::string_view name)
{
    for (const Scenario& scenario : allScenarios())
        if (scenario.name == name)
            return &scenario;
    return nullptr;
}

} // namespace jetlag::scenario
