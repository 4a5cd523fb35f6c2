// SPDX-License-Identifier: Apache-2.0
#include "ui/offsets/offset_bar.h"

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr double kLeastSeen = 1.5; ///< pixels: what is not acked is never invisible

/// Sequences from `from` to `to`; 0 when there are none.
double countOf(std::uint64_t from, std::uint64_t to)
{
    return to < from ? 0 : static_cast<double>(to - from) + 1;
}

double shareOf(double part, double whole)
{
    return whole <= 0 ? 0 : std::clamp(part / whole, 0.0, 1.0);
}

} // namespace

std::uint64_t deletedBehind(const OffsetPicture& at, std::uint64_t pending)
{
    if (at.last <= at.delivered || at.last < at.first)
        return 0;
    const std::uint64_t from = std::max(at.delivered, at.first == 0 ? 0 : at.first - 1);
    const std::uint64_t there = at.last - from;
    return std::min(at.deleted, there > pending ? there - pending : 0);
}

OffsetBar layOutBar(const OffsetPicture& at, double width)
{
    OffsetBar bar;
    bar.isEmpty = at.last < at.first || at.last == 0;
    if (bar.isEmpty || width <= 0)
        return bar;
    const double whole = countOf(at.first, at.last);
    bar.acked = shareOf(countOf(at.first, at.ackFloor), whole) * width;
    const double delivered = std::max(bar.acked, shareOf(countOf(at.first, at.delivered), whole) * width);
    bar.delivered =
        delivered > bar.acked ? std::min(width, std::max(delivered, bar.acked + kLeastSeen)) : delivered;
    if (!at.isSplitKnown) {
        bar.goneBefore = bar.goneBehind = shareOf(static_cast<double>(at.deleted), whole);
        return bar;
    }
    const std::uint64_t position = std::min(at.delivered, at.last);
    const double before = countOf(at.first, position);
    bar.goneBefore =
        shareOf(static_cast<double>(at.deleted - std::min(at.deleted, at.deletedBehind)), before);
    bar.goneBehind = shareOf(static_cast<double>(at.deletedBehind), whole - before);
    return bar;
}

} // namespace jetlag::ui
