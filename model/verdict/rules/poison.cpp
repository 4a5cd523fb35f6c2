// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

bool isPoisoned(const Window& window, Memory&)
{
    const double again = count(window.consumer().redelivered);
    if (again == 0 || window.readings().size() < 3 || window.floorStands() < kFloorOfPoison)
        return false;
    const double acks = window.acksSinceFloor();
    if (acks < 3 || again > std::max(3.0, 0.05 * acks))
        return false;
    const std::uint64_t floor = window.consumer().ackFloor.stream.value();
    const std::span<const Reading> recent =
        window.readings().last(std::min<std::size_t>(6, window.readings().size()));
    const bool nakedThrice = std::any_of(recent.begin(), recent.end(), [floor](const Reading& reading) {
        return reading.nakedThrice > floor;
    });
    const bool cameOften = window.floorStands() >= 3 && window.againSinceFloor() >= 2 * again;
    const bool forLong = window.redeliveredSince() &&
                         window.now().at - *window.redeliveredSince() >= std::max(4.0, 2.5 * ackWait(window));
    return nakedThrice || cameOften || forLong;
}

} // namespace jetlag::rules
