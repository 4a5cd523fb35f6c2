// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

bool wasRecreated(const Window& window, Memory&)
{
    return window.recreatedAt() && window.now().at - *window.recreatedAt() <= kEventHolds;
}

} // namespace jetlag::rules
