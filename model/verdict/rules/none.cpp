// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

bool drains(const Window& window)
{
    std::uint64_t least = window.consumer().pending;
    for (const Reading& reading : window.within(5, 1))
        least = std::min(least, reading.pending);
    if (count(least) <= std::max(5.0, window.deliveryRate()))
        return true;
    const double step = std::max({5.0, window.poll(), 1.5 * window.longestStall()});
    return window.emptyAgo() && *window.emptyAgo() <= step;
}

bool isWell(const Window& window, Memory& memory)
{
    if (window.readings().size() < 3 || window.age() < 1.7 || looksUnwell(window, memory) ||
        mayHideNearLimits(window))
        return false;
    if (!drains(window))
        return false;
    const std::span<const Interval> recent = window.intervalsWithin(5);
    const bool acks =
        window.consumer().ackPending == 0 || window.consumer().ackPolicy == "none" ||
        std::any_of(recent.begin(), recent.end(), [](const Interval& interval) { return interval.acked; });
    // A first look at silence: nothing was seen to work yet.
    const bool nothingSeen = !window.sawArrivals() && window.lag() == 0 && !isIdle(window, memory);
    return acks && !(nothingSeen && window.age() < 5);
}

} // namespace jetlag::rules
