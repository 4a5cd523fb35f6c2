// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

#include <utility>

namespace jetlag::rules {

bool standsBeyondTheEnd(const Window& window, Memory& memory)
{
    const VerdictSample* before = window.previous() != nullptr ? window.previous() : window.beforeSeries();
    const bool beyond =
        before != nullptr && before->consumer->delivered.stream > window.stream().lastSequence;
    memory.samplesBeyondEnd = beyond ? memory.samplesBeyondEnd + 1 : 0;
    return memory.samplesBeyondEnd >= 2;
}

bool seemsStranded(const Window& window, const Memory& memory)
{
    if (memory.samplesBeyondEnd > 0)
        return true;
    // A filter that was widened may leave messages behind: not before they were counted, and not while more
    // are there than were ever delivered.
    if (!countsFromBeginning(window) || !window.hasNewFilter() || !window.isCounted())
        return false;
    return !window.matching() || memory.neverDelivered.value_or(0) > 0;
}

bool leftOneBehindForGood(const Window& window, Memory&)
{
    return window.consumer().maxDeliver <= 0 && leftOneBehind(window);
}

bool passedUndelivered(const Window& window, Memory& memory)
{
    if (!countsFromBeginning(window))
        return false;
    const std::optional<double> matching = window.matching();
    if (!matching)
        return false;
    const ConsumerSnapshot& consumer = window.consumer();
    const double delivered = count(consumer.delivered.consumer.value());
    const double never = *matching - count(consumer.pending) - delivered;
    const std::optional<double> before = std::exchange(memory.neverDelivered, never);
    if (never <= 0 || (delivered == 0 && consumer.pending + consumer.ackPending > 0)) {
        memory.neverDeliveredJumped = false;
        return false;
    }
    if (!window.now().canBeReset)
        return true;
    // A reset consumer counts anew: only a jump while nothing moved proves it.
    const VerdictSample* previous = window.previous();
    if (before && never > *before && previous != nullptr &&
        previous->consumer->delivered.consumer == consumer.delivered.consumer &&
        previous->stream->lastSequence == window.stream().lastSequence)
        memory.neverDeliveredJumped = true;
    return memory.neverDeliveredJumped;
}

} // namespace jetlag::rules
