// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

namespace {

/// Seconds to look back: long jobs get two of their own turns, or a lull between two redeliveries looks like
/// health.
double twoTurns(const Window& window)
{
    return std::max(8.0, 2.2 * window.longestStall());
}

} // namespace

bool manyComeAgain(const Window& window, double seconds)
{
    const double lately = std::max(seconds, twoTurns(window));
    const double again = window.sumWithin(lately, &Interval::again);
    if (again < std::max(3.0, 0.1 * window.sumWithin(lately, &Interval::deliveries)))
        return false;
    double naks = 0;
    for (const Interval& interval : window.intervalsWithin(lately))
        naks += static_cast<double>(interval.naks);
    return naks < 0.3 * again;
}

bool mostAreAskedForAgain(const Window& window)
{
    double naks = 0;
    for (const Interval& interval : window.intervalsWithin(8))
        naks += static_cast<double>(interval.naks);
    const double again = window.sumWithin(8, &Interval::again);
    return again >= std::max(3.0, 0.5 * window.sumWithin(8, &Interval::deliveries)) && naks >= 0.3 * again;
}

bool outlivesAckWait(const Window& window, Memory&)
{
    if (!manyComeAgain(window))
        return false;
    const std::span<const Interval> recent = window.intervalsWithin(std::max(15.0, 2 * twoTurns(window)));
    const auto redelivers = [](const Interval& interval) { return interval.again > 0; };
    const auto first = std::find_if(recent.begin(), recent.end(), redelivers);
    const auto last = std::find_if(recent.rbegin(), recent.rend(), redelivers);
    if (first == recent.end() || &*first == &*last)
        return false;
    return std::count_if(first, last.base(), [](const Interval& interval) { return interval.acked; }) >= 2;
}

} // namespace jetlag::rules
