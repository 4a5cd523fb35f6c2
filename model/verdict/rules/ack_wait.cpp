// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

bool manyComeAgain(const Window& window)
{
    const double again = window.sumWithin(8, &Interval::again);
    if (again < std::max(3.0, 0.1 * window.sumWithin(8, &Interval::deliveries)))
        return false;
    double naks = 0;
    for (const Interval& interval : window.intervalsWithin(8))
        naks += static_cast<double>(interval.naks);
    return naks < 0.3 * again;
}

bool outlivesAckWait(const Window& window, Memory&)
{
    if (!manyComeAgain(window))
        return false;
    const std::span<const Interval> recent = window.intervalsWithin(15);
    const auto redelivers = [](const Interval& interval) { return interval.again > 0; };
    const auto first = std::find_if(recent.begin(), recent.end(), redelivers);
    const auto last = std::find_if(recent.rbegin(), recent.rend(), redelivers);
    if (first == recent.end() || &*first == &*last)
        return false;
    return std::count_if(first, last.base(), [](const Interval& interval) { return interval.acked; }) >= 2;
}

} // namespace jetlag::rules
