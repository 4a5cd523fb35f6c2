// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

namespace {

bool isQuiet(const Window& window)
{
    const auto nothingLeft = [](const Reading& reading) { return reading.pending + reading.inHand == 0; };
    return lastAre(window, 2, nothingLeft) && window.intervals().back().deliveries == 0;
}

bool isFrozen(const Window& window)
{
    // A leader that lost its peers repeats old numbers for a while.
    constexpr auto kFresh = std::chrono::milliseconds(1500);
    const auto silent = [&](const ReplicaSnapshot& replica) { return replica.active > kFresh; };
    const PlacementSnapshot& stream = window.stream().placement;
    const PlacementSnapshot& consumer = window.consumer().placement;
    return std::any_of(stream.replicas.begin(), stream.replicas.end(), silent) ||
           std::any_of(consumer.replicas.begin(), consumer.replicas.end(), silent);
}

} // namespace

bool leftOneBehind(const Window& window)
{
    if (!isQuiet(window) || isFrozen(window))
        return false;
    if (window.consumer().ackFloor.consumer.value() == 0 && !countsFromBeginning(window))
        return false;
    const std::optional<FoundMessage>& left =
        window.stream().retention == "workqueue" ? window.now().first : window.now().afterFloor;
    return left && left->sequence <= window.previous()->stream->lastSequence.value();
}

} // namespace jetlag::rules
