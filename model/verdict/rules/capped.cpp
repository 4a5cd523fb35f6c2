// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

bool isCapped(const Window& window, Memory&)
{
    const StreamSequence position = window.consumer().delivered.stream;
    const bool stuckAtCap = lastAre(window, 3, [&](const Reading& reading) {
        return reading.capFull && reading.pending > 0 && reading.delivered == position;
    });
    if (!stuckAtCap || window.mute() < std::max(3.0, 2 * window.longestMute()) ||
        mostAreAskedForAgain(window))
        return false;
    const std::span<const Reading> latest = window.latest(3);
    return !window.consumer().isPull() ||
           std::any_of(latest.begin(), latest.end(),
                       [](const Reading& reading) { return reading.pullWaits; });
}

} // namespace jetlag::rules
