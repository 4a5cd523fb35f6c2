// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

bool isPaused(const Window& window, Memory&)
{
    return window.consumer().paused;
}

} // namespace jetlag::rules
