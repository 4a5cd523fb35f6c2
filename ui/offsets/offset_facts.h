#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"

#include <cstdint>
#include <string>
#include <vector>

namespace jetlag::ui {

/// A message of which somebody knows more than its position tells.
struct NamedMessage
{
    StreamSequence sequence;
    std::string role;      ///< as the diagnosis says it
    bool isLeft = false;   ///< at or below the position, not processed, and will not come by itself
    bool isInHand = false; ///< delivered and not acked

    bool operator==(const NamedMessage&) const = default;
};

/// What one answer of the server tells of a stream and of where a collector stands in it. Numbers, no
/// guesses: which of the sequences between ack floor and delivered are acked is not among them.
struct OffsetFacts
{
    StreamSequence first; ///< last + 1 when the stream is empty
    StreamSequence last;
    StreamSequence ackFloor;   ///< all that it was to get up to here is done
    StreamSequence delivered;  ///< may lie behind `last`, where a stream was put back
    std::uint64_t deleted = 0; ///< inside of [first, last]
    std::uint64_t ackPending = 0;
    std::uint64_t redelivered = 0;
    std::uint64_t meanBytes = 0; ///< of a message
    std::vector<std::string> filters;
    bool isFloorKnown = true; ///< false: nothing was acked yet, and it did not begin at the stream's begin
    bool isFloorTold = true;  ///< false: `ackFloor` follows from the other numbers
    bool wantsAcks = true;
    bool ackDeletes = false;         ///< a work queue: what is still there was not acked
    bool isMisled = false;           ///< the server counts as done what is not
    std::uint64_t leftBehind = 0;    ///< so many of them, at least; 0 = nobody knows how many
    bool isFirstKnown = false;       ///< what lies before the first one that was left is done
    std::vector<NamedMessage> named; ///< ascending

    [[nodiscard]] bool isEmpty() const { return last.isZero() || last < first; }
    [[nodiscard]] const NamedMessage* find(StreamSequence sequence) const;
    /// The first one that was left behind; zero = none is known.
    [[nodiscard]] StreamSequence firstLeft() const;

    bool operator==(const OffsetFacts&) const = default;
};

[[nodiscard]] OffsetFacts offsetFacts(const StreamSnapshot& stream, const CollectorReport& row);

} // namespace jetlag::ui
