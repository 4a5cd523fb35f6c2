// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

bool isFlooded(const Window& window, Memory& memory)
{
    const StreamSequence position = window.consumer().delivered.stream;
    const bool now = lastAre(window, 3, [&](const Reading& reading) {
        return reading.pullsFull && reading.pending > 0 && reading.delivered == position;
    });
    constexpr double kOutlasts = 6; // gaps while a server drops dead pulls
    if (now)
        memory.floodAt = window.now().at;
    return memory.floodAt && window.now().at - *memory.floodAt <= kOutlasts;
}

} // namespace jetlag::rules
