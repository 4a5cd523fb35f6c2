// SPDX-License-Identifier: Apache-2.0
#include "ui/offsets/strip_layout.h"

#include <algorithm>
#include <cmath>

namespace jetlag::ui {

namespace {

constexpr double kLeastGap = 3; ///< pixels: a hatch is seen as one
constexpr double kLeastStretch = 1.5;
constexpr double kLeastWindow = 7;

/// At least `least` wide, within the scale.
Stretch seen(const SequenceScale& scale, double from, double to, double least)
{
    if (to - from >= least)
        return {from, to - from};
    const double end = scale.left + scale.width;
    const double x = std::clamp((from + to) / 2 - least / 2, scale.left, std::max(scale.left, end - least));
    return {x, std::min(least, scale.width)};
}

void addGap(std::vector<GapStretch>& gaps, std::vector<std::uint64_t>& spans, const SequenceScale& scale,
            StreamSequence first, StreamSequence last, StreamSequence& begun)
{
    const std::uint64_t deleted = countBetween(first, last);
    const Stretch where = seen(scale, scale.beginOf(first), scale.endOf(last), kLeastGap);
    if (!gaps.empty() && where.x <= gaps.back().where.right() + 1) {
        GapStretch& before = gaps.back();
        before.where.width = std::max(before.where.right(), where.right()) - before.where.x;
        before.deleted += deleted;
        spans.back() = countBetween(begun, last);
        return;
    }
    begun = first;
    gaps.push_back({.where = where, .deleted = deleted});
    spans.push_back(deleted);
}

} // namespace

double SequenceScale::beginOf(StreamSequence sequence) const
{
    if (sequence <= first)
        return left;
    if (sequence > last)
        return left + width;
    // Differences are exact before they become a share: at 2^63 two neighbours are one double.
    const double span = static_cast<double>(last.value() - first.value()) + 1;
    return left + static_cast<double>(sequence.value() - first.value()) / span * width;
}

double SequenceScale::endOf(StreamSequence sequence) const
{
    if (sequence < first)
        return left;
    if (sequence >= last)
        return left + width;
    const double span = static_cast<double>(last.value() - first.value()) + 1;
    return left + (static_cast<double>(sequence.value() - first.value()) + 1) / span * width;
}

StreamSequence SequenceScale::sequenceAt(double x) const
{
    if (last < first || width <= 0)
        return first;
    const double share = std::clamp((x - left) / width, 0.0, 1.0);
    const std::uint64_t span = last.value() - first.value();
    const double offset = share * (static_cast<double>(span) + 1);
    if (offset >= static_cast<double>(span))
        return last;
    return StreamSequence(first.value() + static_cast<std::uint64_t>(offset));
}

StripLayout layOutStrip(const OffsetFacts& facts, std::span<const SequenceGap> gaps,
                        StreamSequence windowFrom, StreamSequence windowTo, double left, double width)
{
    StripLayout strip{.scale = {facts.first, facts.last, left, std::max(width, 0.0)}};
    if (facts.isEmpty())
        return strip;
    const SequenceScale& scale = strip.scale;
    const StreamSequence floor = facts.isFloorKnown ? facts.ackFloor : facts.first.previous();
    const double end = left + scale.width;
    const double acked = floor < facts.first ? left : scale.endOf(floor);
    const double delivered =
        std::max(acked, facts.delivered < facts.first ? left : scale.endOf(facts.delivered));
    strip.acked = {left, acked - left};
    const bool hasDelivered = std::min(facts.delivered, facts.last) > floor && facts.delivered >= facts.first;
    const bool hasWaiting = facts.delivered < facts.last;
    strip.waiting = hasWaiting ? seen(scale, delivered, end, kLeastStretch) : Stretch{end, 0};
    strip.delivered = hasDelivered ? seen(scale, acked, delivered, kLeastStretch) : Stretch{acked, 0};
    const std::uint64_t taken =
        countBetween(std::max(floor.next(), facts.first), std::min(facts.delivered, facts.last));
    strip.isAllInHand = facts.ackPending + facts.deleted >= taken;

    std::vector<std::uint64_t> spans;
    StreamSequence begun;
    for (const SequenceGap& gap : gaps) {
        if (gap.last < facts.first || gap.first > facts.last || gap.last < gap.first)
            continue;
        addGap(strip.gaps, spans, scale, std::max(gap.first, facts.first), std::min(gap.last, facts.last),
               begun);
    }
    for (std::size_t at = 0; at < strip.gaps.size(); ++at)
        strip.gaps[at].share = static_cast<double>(strip.gaps[at].deleted) / static_cast<double>(spans[at]);

    if (!windowTo.isZero())
        strip.window = seen(scale, scale.beginOf(windowFrom), scale.endOf(windowTo),
                            std::min(kLeastWindow, scale.width));
    return strip;
}

} // namespace jetlag::ui
