// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

namespace {

constexpr double kNear = 0.6; ///< of a limit

double maxAge(const Window& window)
{
    return std::chrono::duration<double>(window.stream().maxAge).count();
}

bool isNear(const Window& window, double unread)
{
    const StreamSnapshot& stream = window.stream();
    return stream.discard == "old" && stream.maxMessages > 0 &&
           unread >= kNear * static_cast<double>(stream.maxMessages);
}

bool isOld(const Window& window, double age)
{
    return maxAge(window) > 0 && age >= kNear * maxAge(window);
}

} // namespace

bool mayHideNearLimits(const Window& window)
{
    if (window.intervals().empty() || window.intervals().back().deliveries == 0)
        return false;
    const Interval& interval = window.intervals().back();
    const Reading& now = window.readings().back();
    // No look met anybody at work, or much of what came meanwhile is still in hand.
    const bool inSteps =
        (window.consumer().isPull() &&
         lastAre(window, 3,
                 [](const Reading& reading) { return !reading.pullWaits && reading.inHand == 0; })) ||
        count(now.inHand) >= interval.deliveries / 4;
    // What waited at the last look was taken now at the latest.
    const std::optional<FoundMessage>& waited = window.previous()->unread;
    const double longest = waited ? std::max(interval.seconds, window.ageOf(waited->time)) : interval.seconds;
    return inSteps && (isNear(window, count(window.previous()->consumer->pending) + interval.arrived) ||
                       isOld(window, longest));
}

bool isNearLimits(const Window& window, Memory& memory)
{
    const std::optional<FoundMessage>& oldest = window.now().unread;
    bool near = oldest && (isNear(window, count(window.consumer().pending)) ||
                           isOld(window, window.ageOf(oldest->time)));
    // A peak between two looks: what was just fetched had waited so long.
    const VerdictSample* before = window.previous();
    if (before != nullptr && window.consumer().lastDelivered && before->consumer->lastDelivered &&
        window.intervals().back().deliveries > 0 && before->consumer->pending > 0) {
        const std::chrono::duration<double> jump =
            *window.consumer().lastDelivered - *before->consumer->lastDelivered;
        // Between slow polls as much time passes, however often it took some meanwhile.
        const bool isPause = jump.count() >= 1.2 * window.intervals().back().seconds;
        near = near || (isPause && isOld(window, jump.count()));
    }
    if (near)
        memory.nearLimitAt = window.now().at;
    // Whose backlog stands is not keeping up; who takes all in one go at times is.
    return memory.nearLimitAt && (drains(window) || trend(window) != Trend::Unclear) &&
           window.now().at - *memory.nearLimitAt <= std::max(15.0, 3 * window.longestStall());
}

} // namespace jetlag::rules
