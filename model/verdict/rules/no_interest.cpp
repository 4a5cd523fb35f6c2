// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

bool hasNoInterest(const Window& window, Memory& memory)
{
    const bool unbound = !window.consumer().isPull() && !window.consumer().pushBound;
    memory.samplesUnbound = unbound ? memory.samplesUnbound + 1 : 0;
    return memory.samplesUnbound >= 2 && window.lag() > 0;
}

} // namespace jetlag::rules
