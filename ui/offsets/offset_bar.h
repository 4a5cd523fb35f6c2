#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstdint>

namespace jetlag::ui {

/// Sequences of a stream and where a collector stands in it; all zero = not known.
struct OffsetPicture
{
    std::uint64_t first = 0;
    std::uint64_t ackFloor = 0;
    std::uint64_t delivered = 0;
    std::uint64_t last = 0;
    std::uint64_t deleted = 0; ///< inside of [first, last]
    /// Of these so many behind `delivered`; counts only where `isSplitKnown`.
    std::uint64_t deletedBehind = 0;
    bool isSplitKnown = false; ///< of a filtered collector nobody can tell
};

/// How many messages behind `delivered` are deleted, where a collector gets all messages and `pending` of
/// them wait. Both numbers are of their own moment: never more than there can be.
[[nodiscard]] std::uint64_t deletedBehind(const OffsetPicture& at, std::uint64_t pending);

/// A picture of a few pixels: parts of a line from its left end, in pixels, and how much of each part is
/// gone. Where the gaps lie inside of a part the monitor does not know, so a hatch has the part's width and
/// as much of the height as messages are missing.
struct OffsetBar
{
    double acked = 0;      ///< up to here
    double delivered = 0;  ///< up to here; at least a pixel and a half behind `acked` when something is
    double goneBefore = 0; ///< share of what lies before `delivered`, 0 to 1
    double goneBehind = 0; ///< the same behind it
    bool isEmpty = true;   ///< nothing in the stream

    bool operator==(const OffsetBar&) const = default;
};
[[nodiscard]] OffsetBar layOutBar(const OffsetPicture& at, double width);

} // namespace jetlag::ui
