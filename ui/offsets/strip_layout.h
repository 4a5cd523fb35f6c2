#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/message.h"
#include "ui/offsets/offset_facts.h"

#include <cstdint>
#include <span>
#include <vector>

namespace jetlag::ui {

/// Sequences on a line of pixels: [first, last] takes the whole width.
struct SequenceScale
{
    StreamSequence first;
    StreamSequence last;
    double left = 0;
    double width = 0;

    /// Where the sequence's part begins; outside sequences stand at the ends.
    [[nodiscard]] double beginOf(StreamSequence sequence) const;
    [[nodiscard]] double endOf(StreamSequence sequence) const;
    [[nodiscard]] StreamSequence sequenceAt(double x) const;
};

struct Stretch
{
    double x = 0;
    double width = 0;

    [[nodiscard]] double right() const { return x + width; }
    bool operator==(const Stretch&) const = default;
};

/// Deleted messages: one gap, or several that lie too near to each other to be told apart.
struct GapStretch
{
    Stretch where;
    std::uint64_t deleted = 0;
    double share = 1; ///< of the sequences that it stands for: so many are deleted

    bool operator==(const GapStretch&) const = default;
};

/// A whole stream as one line. What has no message has no width; what is there is seen, however few pixels
/// it is worth.
struct StripLayout
{
    SequenceScale scale;
    Stretch acked;
    Stretch delivered;        ///< behind the ack floor
    bool isAllInHand = false; ///< nothing of that is acked; else most of it may be
    Stretch waiting;
    std::vector<GapStretch> gaps; ///< ascending, never overlapping
    Stretch window;               ///< what is enlarged below

    [[nodiscard]] bool isEmpty() const { return scale.last < scale.first || scale.last.isZero(); }
};

/// `gaps`: deleted ranges inside of the stream, ascending; what lies outside of it does not count.
[[nodiscard]] StripLayout layOutStrip(const OffsetFacts& facts, std::span<const SequenceGap> gaps,
                                      StreamSequence windowFrom, StreamSequence windowTo, double left,
                                      double width);

} // namespace jetlag::ui
