// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

#include <vector>

namespace jetlag::rules {

bool isBurst(const Window& window, Memory& memory)
{
    const std::span<const Interval> intervals = window.intervals();
    const double pending = count(window.consumer().pending);
    if (window.readings().size() >= 4 && intervals.size() > 8) {
        std::vector<double> older;
        for (std::size_t at = 0; at + 5 < intervals.size(); ++at)
            older.push_back(intervals[at].arrived / intervals[at].seconds);
        std::sort(older.begin(), older.end());
        const std::size_t lower = std::max<std::size_t>(3, older.size() * 3 / 4);
        double usual = 0;
        for (std::size_t at = 0; at < lower; ++at)
            usual += older[at] / static_cast<double>(lower);
        usual = std::max(2.0, usual);
        const double rate = window.sumWithin(5, &Interval::arrived) / window.sumWithin(5, &Interval::seconds);
        if (rate >= 3 * usual && pending > usual && !memory.burstSince)
            memory.burstSince = window.now().at;
    }
    if (pending <= std::max(5.0, 0.2 * window.arrivalRate()))
        memory.burstSince.reset();
    return memory.burstSince && window.now().at - *memory.burstSince >= 2 * window.poll();
}

} // namespace jetlag::rules
