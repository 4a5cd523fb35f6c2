// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

bool isIdle(const Window& window, Memory& memory)
{
    if (window.lag() > 0 || window.readings().size() < 2 || seemsStranded(window, memory) ||
        clusterSeemsInTrouble(memory))
        return false;
    const StreamSnapshot& stream = window.stream();
    double gap = 5;
    if (stream.messages > 1) {
        const std::chrono::duration<double> span = stream.lastTime - stream.firstTime;
        gap = std::clamp(6 * span.count() / (count(stream.messages) - 1), 5.0, 600.0);
    }
    const std::span<const Reading> recent = window.within(2);
    const bool flat = std::all_of(recent.begin(), recent.end(), [&](const Reading& reading) {
        return reading.last == stream.lastSequence;
    });
    const bool silent = stream.lastTime == ServerTime{} || window.ageOf(stream.lastTime) >= gap;
    if (flat && silent)
        return true;
    constexpr double kFilteredSilence = 20;
    if (window.consumer().filters.empty())
        return false;
    double lastDelivery = window.readings().front().at;
    for (const Interval& interval : window.intervals()) {
        if (interval.deliveries > 0)
            lastDelivery = interval.end;
    }
    const std::optional<ServerTime>& last = window.consumer().lastDelivered;
    return window.now().at - lastDelivery >= kFilteredSilence ||
           (last && window.ageOf(*last) >= kFilteredSilence);
}

} // namespace jetlag::rules
