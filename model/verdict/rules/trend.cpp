// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

#include <array>
#include <cmath>
#include <limits>

namespace jetlag::rules {

namespace {

bool backlogMatters(const Window& window)
{
    std::uint64_t least = window.consumer().pending;
    for (const Reading& reading : window.within(5))
        least = std::min(least, reading.pending);
    const std::optional<FoundMessage>& oldest = window.now().unread;
    return count(least) > std::max(5.0, window.arrivalRate()) && oldest &&
           window.ageOf(oldest->time) > std::max(2.0, window.poll());
}

bool isJerky(const Window& window)
{
    const std::span<const Interval> intervals = window.intervals();
    const std::size_t recent = std::min<std::size_t>(20, intervals.size());
    const auto pauses = std::count_if(intervals.end() - static_cast<std::ptrdiff_t>(recent), intervals.end(),
                                      [](const Interval& interval) { return interval.idleWithPending; });
    return static_cast<double>(pauses) >= std::max(2.0, 0.3 * static_cast<double>(recent));
}

bool flows(const Window& window)
{
    const std::span<const Interval> recent = window.intervalsWithin(5);
    const bool acked =
        window.consumer().ackPolicy == "none" ||
        std::any_of(recent.begin(), recent.end(), [](const Interval& interval) { return interval.acked; });
    return acked && window.sumWithin(4, &Interval::first) > 0;
}

/// The last seconds, but of a series that began within them only from its first step on: what lay there when
/// somebody first looked, in the middle of a pause, is no height of its usual turns. Two of them at least.
std::span<const Reading> wholeTurns(const Window& window, double seconds)
{
    constexpr double kTurns = 2.2;
    const std::span<const Reading> recent = window.within(seconds);
    if (window.age() > window.now().at - recent.front().at + window.poll() / 2)
        return recent;
    const std::span<const Interval> intervals = window.intervals();
    const auto step = std::find_if(intervals.begin(), intervals.end(),
                                   [](const Interval& interval) { return interval.deliveries > 0; });
    // Both reach to now: the shorter one begins later. Readings are one more than intervals.
    const std::span<const Reading> after =
        window.readings().subspan(static_cast<std::size_t>(step - intervals.begin()) + 1);
    const std::span<const Reading> turns = after.size() < recent.size() ? after : recent;
    const bool areTwo =
        !turns.empty() && window.now().at - turns.front().at >= kTurns * window.longestStall();
    return areTwo ? turns : std::span<const Reading>();
}

/// Of a collector that works in steps: least and most of two halves, over two of its own pauses.
Trend jerkyTrend(const Window& window)
{
    if (window.stalls().size() < 3)
        return Trend::Unclear;
    const double span = std::max(10.0, 4.4 * window.longestStall());
    const std::span<const Reading> recent = wholeTurns(window, span);
    const auto half = static_cast<std::ptrdiff_t>(recent.size() / 2);
    if (half < 3)
        return Trend::Unclear;
    const auto least = [](auto from, auto to) {
        return std::min_element(from, to,
                                [](const Reading& a, const Reading& b) { return a.leastLag < b.leastLag; })
            ->leastLag;
    };
    const auto most = [](auto from, auto to) {
        return std::max_element(from, to,
                                [](const Reading& a, const Reading& b) { return a.mostLag < b.mostLag; })
            ->mostLag;
    };
    const double leastThen = least(recent.begin(), recent.begin() + half);
    const double mostThen = most(recent.begin(), recent.begin() + half);
    const double leastNow = least(recent.begin() + half, recent.end());
    const double mostNow = most(recent.begin() + half, recent.end());
    // A peak or a trough between two looks is seen at a height that lies so much off.
    double gap = 0;
    for (const Interval& interval : window.intervalsWithin(span))
        gap = std::max(gap, interval.seconds);
    const double blur = window.arrivalRate() * gap;
    if (leastNow > leastThen + blur && mostNow > mostThen + blur)
        return Trend::Rising;
    return leastNow < leastThen - blur && mostNow < mostThen - blur ? Trend::Falling : Trend::Unclear;
}

Trend steadyTrend(const Window& window)
{
    std::vector<double> values;
    for (const Reading& reading : window.within(4))
        values.push_back(reading.lag());
    if (values.size() < 4 || !flows(window))
        return Trend::Unclear;
    const double change = values.back() - values.front();
    std::size_t up = 0;
    std::size_t down = 0;
    for (std::size_t at = 1; at < values.size(); ++at) {
        up += values[at] > values[at - 1] ? 1 : 0;
        down += values[at] < values[at - 1] ? 1 : 0;
    }
    const double most = 0.7 * static_cast<double>(values.size() - 1);
    if (change > std::max({3.0, 0.02 * values.back(), 0.3 * window.arrivalRate()}) &&
        static_cast<double>(up) >= most)
        return Trend::Rising;
    if (-change > std::max({3.0, 0.004 * values.front(), 0.1 * window.arrivalRate()}) &&
        static_cast<double>(down) >= most)
        return Trend::Falling;
    return Trend::Unclear;
}

/// A lag as it went for longer: per second, and how much it wanders meanwhile.
struct Course
{
    double seconds = 0;
    double rate = 0;
    double wander = 0; ///< variance per second: what one second's step adds to
};

/// Since the peak or trough, when it lies long enough ago, as long as there was a backlog; what is younger
/// than kShortest is too short to be told from wandering.
Course courseOf(const Window& window)
{
    constexpr double kShortest = 12;
    const std::span<const Reading> all = window.readings();
    const double matters = std::max(5.0, window.arrivalRate());
    std::size_t from = all.size() - 1;
    while (from > 0 && count(all[from - 1].pending) > matters)
        --from;
    std::size_t least = from;
    std::size_t most = from;
    const double shortest = std::max(kShortest, 4 * window.poll());
    for (std::size_t at = from; at < all.size(); ++at) {
        least = all[at].lag() < all[least].lag() ? at : least;
        most = all[at].lag() > all[most].lag() ? at : most;
    }
    for (const std::size_t turn : {least, most}) {
        if (all[turn].at <= window.now().at - shortest)
            from = std::max(from, turn);
    }
    Course course{.seconds = window.now().at - all[from].at};
    if (course.seconds < shortest)
        return {};
    course.rate = (all.back().lag() - all[from].lag()) / course.seconds;
    for (std::size_t at = from + 1; at < all.size(); ++at) {
        const double step = all[at].lag() - all[at - 1].lag();
        const double expected = course.rate * (all[at].at - all[at - 1].at);
        course.wander += (step - expected) * (step - expected) / course.seconds;
    }
    return course;
}

/// Of a backlog that was there for a while: rates of seconds wander, so they count only where they leave the
/// course clearly. One that does not fall enough to be gone in ten minutes is not worked off.
Trend lastingTrend(const Window& window)
{
    constexpr double kLasts = 600;
    constexpr double kClear = 2.5; ///< times the wandering; steps of neighbouring seconds are alike
    const Trend lately = steadyTrend(window);
    const Course course = courseOf(window);
    if (course.seconds == 0 || !flows(window))
        return lately;
    const std::span<const Reading> recent = window.within(4);
    const double seconds = recent.back().at - recent.front().at;
    const double left = std::abs(recent.back().lag() - recent.front().lag() - course.rate * seconds);
    if (lately != Trend::Unclear && left > kClear * std::sqrt(2 * course.wander * seconds))
        return lately;
    const double change = course.rate * course.seconds;
    const double clear = std::max(3.0, kClear * std::sqrt(course.wander * course.seconds));
    if (change < -clear)
        return Trend::Falling;
    const double atBest = (clear - change) / course.seconds;
    const bool isLarge = count(window.consumer().pending) > 3 * std::max(5.0, window.arrivalRate());
    const bool lasts = isLarge && window.lag() > kLasts * atBest;
    return change > clear || lasts ? Trend::Rising : lately;
}

} // namespace

Trend trend(const Window& window)
{
    if (window.readings().size() < 4 || !backlogMatters(window))
        return Trend::Unclear;
    return isJerky(window) ? jerkyTrend(window) : lastingTrend(window);
}

namespace {

/// Where many come again, it is not for its speed that a lag rises, and it does not drain for good. They may
/// come in shoves, with a lull between two.
bool isItsOwnSpeed(const Window& window)
{
    constexpr double kOutlastsLulls = 20;
    return !manyComeAgain(window, kOutlastsLulls) && !mostAreAskedForAgain(window);
}

/// It fetches ahead, so that its backlog lies in its own hands for long: what it leaves undone grows all the
/// same. Least of three thirds of 15 seconds, with acks in each: who acks a batch as a whole is at work on it
/// meanwhile.
bool leavesMoreAndMore(const Window& window)
{
    constexpr double kSpan = 15;
    constexpr std::size_t kThirds = 3;
    constexpr std::size_t kLeastLooks = 12; // slower polls see no minima
    const std::span<const Reading> all = window.within(kSpan);
    if (all.size() < kLeastLooks || window.age() < kSpan - window.poll() / 2)
        return false;
    const double third = (all.back().at - all.front().at) / kThirds;
    const auto placeOf = [&](double at) {
        return std::min(kThirds - 1, static_cast<std::size_t>(std::max(0.0, at - all.front().at) / third));
    };
    std::array<double, kThirds> least;
    std::array<bool, kThirds> acked{};
    least.fill(std::numeric_limits<double>::infinity());
    for (const Reading& reading : all)
        least[placeOf(reading.at)] = std::min(least[placeOf(reading.at)], reading.lag());
    for (const Interval& interval : window.intervalsWithin(kSpan))
        acked[placeOf(interval.end)] = acked[placeOf(interval.end)] || interval.acked;
    const double clear = std::max(5.0, window.arrivalRate());
    for (std::size_t at = 0; at < kThirds; ++at) {
        if (!acked[at] || (at > 0 && least[at] <= least[at - 1] + clear))
            return false;
    }
    return true;
}

} // namespace

bool isSlow(const Window& window, Memory&)
{
    return (trend(window) == Trend::Rising || leavesMoreAndMore(window)) && isItsOwnSpeed(window);
}

bool isCatchingUp(const Window& window, Memory&)
{
    return trend(window) == Trend::Falling && isItsOwnSpeed(window);
}

} // namespace jetlag::rules
