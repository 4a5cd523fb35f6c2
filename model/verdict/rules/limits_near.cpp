// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

bool isNearLimits(const Window& window, Memory& memory)
{
    const StreamSnapshot& stream = window.stream();
    const double maxAge = std::chrono::duration<double>(stream.maxAge).count();
    bool near = false;
    if (window.now().unread) {
        near = stream.discard == "old" && stream.maxMessages > 0 &&
               count(window.consumer().pending) >= 0.6 * static_cast<double>(stream.maxMessages);
        near = near || (maxAge > 0 && window.ageOf(window.now().unread->time) >= 0.6 * maxAge);
    }
    // A peak between two looks: what was just fetched had waited so long.
    const VerdictSample* before = window.previous();
    if (before != nullptr && maxAge > 0 && window.consumer().lastDelivered &&
        before->consumer->lastDelivered && window.intervals().back().deliveries > 0 &&
        before->consumer->pending > 0) {
        const std::chrono::duration<double> jump =
            *window.consumer().lastDelivered - *before->consumer->lastDelivered;
        near = near || jump.count() >= 0.6 * maxAge;
    }
    if (near)
        memory.nearLimitAt = window.now().at;
    return memory.nearLimitAt &&
           window.now().at - *memory.nearLimitAt <= std::max(15.0, 3 * window.longestStall());
}

} // namespace jetlag::rules
