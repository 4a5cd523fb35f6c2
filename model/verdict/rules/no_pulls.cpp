// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

namespace {

/// How long a silence must be to mean something, from the collector's own rhythm. Between slow polls pauses
/// are hardly seen, so it is three polls at least.
double silenceThatCounts(const Window& window)
{
    const auto real = std::count_if(window.stalls().begin(), window.stalls().end(),
                                    [&](const Pause& stall) { return stall.length >= 2.5 * window.poll(); });
    double needed = std::max(6.0, 3 * window.poll());
    if (real >= 2 || window.stalls().size() >= 6)
        needed = std::max({5.0, 3 * window.poll(), 3 * window.longestStall()});
    else if (window.consumer().ackPending > 0) // whoever holds messages may be working
        needed = std::max(needed, std::min(ackWait(window) + 1.5, 31.5));
    return window.readings().back().capFull ? std::max(needed, ackWait(window) + 1.5) : needed;
}

double silence(const Window& window)
{
    const std::optional<ServerTime>& last = window.consumer().lastDelivered;
    return std::max(window.stall(), last ? window.ageOf(*last) : 0);
}

bool couldBeUnpulled(const Window& window)
{
    const ConsumerSnapshot& consumer = window.consumer();
    return consumer.isPull() && window.readings().size() >= 3 &&
           (consumer.pending > 0 || (consumer.ackPending > 0 && silence(window) > ackWait(window) + 1.5));
}

} // namespace

bool seemsUnpulled(const Window& window)
{
    const double habit = 1.2 * window.longestStall();
    const double least = std::min(2.0, window.age()); // nothing at all was seen to be delivered
    return couldBeUnpulled(window) && window.noPullFor(silenceThatCounts(window)) &&
           silence(window) >= std::max(least, habit) && window.stall() >= least;
}

bool hasNoPulls(const Window& window, Memory&)
{
    if (!couldBeUnpulled(window))
        return false;
    const double needed = silenceThatCounts(window);
    const std::optional<FoundMessage>& oldest =
        window.now().unread ? window.now().unread : window.now().afterFloor;
    return window.noPullFor(needed) && window.noAckFor(needed) && silence(window) >= needed && oldest &&
           window.ageOf(oldest->time) >= needed && window.age() >= std::min(needed, 5.0);
}

} // namespace jetlag::rules
