// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

double restOfDeadLetters(const Window& window)
{
    return std::max(10.0, 2.5 * ackWait(window));
}

bool mayHoldDeadLetters(const Window& window)
{
    constexpr double kRests = 1.5; // polls: a healthy redelivery is acked, or comes again
    const ConsumerSnapshot& consumer = window.consumer();
    return consumer.maxDeliver > 0 && consumer.redelivered > 0 &&
           window.redeliveriesRest() >= kRests * window.poll();
}

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
    const double needed = restOfDeadLetters(window);
    if (consumer.maxDeliver <= 0)
        return false;
    if (consumer.redelivered == 0)
        return consumer.ackPending == 0 && window.now().afterFloor && window.floorStands() >= needed;
    return window.redeliveriesRest() >= needed && window.floorStands() < needed;
}

} // namespace jetlag::rules
