// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

bool isLooping(const Window& window, Memory&)
{
    const double again = count(window.consumer().redelivered);
    if (again == 0 || window.readings().size() < 3 || window.floorStands() < 2.5 || window.ackedSinceFloor())
        return false;
    // Whoever was seen to ack more rarely gets the time for it.
    const double mute = std::max(4.0, 1.5 * window.longestMute());
    for (const Interval& interval : window.intervalsWithin(mute)) {
        if (interval.acked)
            return false;
    }
    return window.sumWithin(15, &Interval::again) >= 2 * again || window.sequencesNakedThrice() >= 2;
}

} // namespace jetlag::rules
