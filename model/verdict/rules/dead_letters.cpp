// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

bool leftOneBehindWithAttemptsGone(const Window& window, Memory&)
{
    return window.consumer().maxDeliver > 0 && leftOneBehind(window);
}

bool hasDeadLetters(const Window& window, Memory&)
{
    const std::vector<std::uint64_t>& gone = window.outOfDeliveries();
    if (std::any_of(gone.begin(), gone.end(), [&](std::uint64_t sequence) {
            return sequence >= window.stream().firstSequence.value();
        }))
        return true;
    const ConsumerSnapshot& consumer = window.consumer();
    const double needed = std::max(10.0, 2.5 * ackWait(window));
    if (consumer.maxDeliver <= 0)
        return false;
    if (consumer.redelivered == 0)
        return consumer.ackPending == 0 && window.now().afterFloor && window.floorStands() >= needed;
    return window.redeliveriesRest() >= needed && window.floorStands() < needed;
}

} // namespace jetlag::rules
