// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

#include <numeric>
#include <vector>

namespace jetlag::rules {

namespace {

std::span<const Interval> recentOf(const Window& window)
{
    const std::span<const Interval> recent = window.intervalsWithin(5, 1);
    return window.hasSlowPolls() && !recent.empty() ? recent.last(1) : recent;
}

double rateOf(std::span<const Interval> intervals)
{
    double arrived = 0;
    double seconds = 0;
    for (const Interval& interval : intervals) {
        arrived += interval.arrived;
        seconds += interval.seconds;
    }
    return seconds > 0 ? arrived / seconds : 0;
}

/// What came per second before the last seconds, the busiest quarter left out; nullopt = too little was seen.
std::optional<double> usualRate(const Window& window)
{
    constexpr double kSeconds = 4;
    const std::size_t recent = recentOf(window).size();
    const std::span<const Interval> older = window.intervals().first(window.intervals().size() - recent);
    std::vector<double> rates;
    double seconds = 0;
    for (const Interval& interval : older) {
        rates.push_back(interval.arrived / interval.seconds);
        seconds += interval.seconds;
    }
    if (seconds < 0.9 * kSeconds)
        return std::nullopt;
    std::sort(rates.begin(), rates.end());
    rates.resize(std::max<std::size_t>(1, rates.size() * 3 / 4));
    return std::accumulate(rates.begin(), rates.end(), 0.0) / static_cast<double>(rates.size());
}

/// The most that waited before the last seconds.
double mostBefore(const Window& window)
{
    double most = 0;
    for (const Reading& reading : window.readings().first(window.readings().size() - recentOf(window).size()))
        most = std::max(most, reading.mostLag);
    return most;
}

} // namespace

bool isBurst(const Window& window, Memory& memory)
{
    constexpr double kNewUsual = 60; ///< what comes for longer is no burst
    const double pending = count(window.consumer().pending);
    const double rate = rateOf(recentOf(window));
    if (const std::optional<double> seen = usualRate(window); seen && !memory.burstSince) {
        const double usual = std::max(2.0, *seen);
        // Who takes all in one go at times lets as much wait every time.
        if (rate >= 3 * usual && pending > std::max(usual, 1.5 * mostBefore(window))) {
            memory.burstSince = window.now().at;
            memory.burstRate = 3 * usual;
        }
    }
    if (memory.burstSince && window.now().at - *memory.burstSince > kNewUsual && rate >= memory.burstRate)
        memory.burstSince.reset();
    if (pending <= std::max(5.0, 0.2 * window.arrivalRate()))
        memory.burstSince.reset();
    // Nobody is overrun where nobody reads.
    const double lasts = memory.burstSince ? window.now().at - *memory.burstSince : 0;
    return memory.burstSince && lasts >= 2 * window.poll() && window.stall() < lasts;
}

} // namespace jetlag::rules
