#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/offsets/head_knowledge.h"
#include "ui/offsets/offset_facts.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace jetlag::ui {

/// How it stands with one sequence, as far as that can be known.
enum class BoxState : std::uint8_t {
    Acked,       ///< at or below the ack floor: acked, or gone
    Taken,       ///< delivered; no acks are asked for
    InHand,      ///< delivered, not acked
    Delivered,   ///< delivered; in hand or acked already, and the server does not tell which
    AckedOrLeft, ///< at or below the position; some there were left, and nobody knows which
    Left,        ///< at or below the position, not processed, and will not come by itself
    Waiting,     ///< not delivered yet
    NotWanted,   ///< no filter of the collector matches it
    Deleted,     ///< gone from the stream
    Lost,        ///< gone before it was delivered
    Skipped,     ///< to come, and it will not be delivered: the position is ahead of the stream
    ToCome,      ///< not published yet
};

enum class Answer : std::uint8_t { No, Yes, Unknown };

struct HeadBox
{
    StreamSequence sequence;
    BoxState state = BoxState::ToCome;
    bool mayBeDeleted = false; ///< messages are deleted in here, and nobody looked which
    Answer redelivered = Answer::No;

    bool operator==(const HeadBox&) const = default;
};

/// Neighbours of one state.
struct BoxRun
{
    std::size_t first = 0; ///< box
    std::size_t count = 0;
    BoxState state = BoxState::ToCome;
    bool isCut = false; ///< it goes on outside of the window: its length is not `count`

    bool operator==(const BoxRun&) const = default;
};

/// Sequences [from, from + count - 1]; count 0 = nothing to show.
struct HeadWindow
{
    StreamSequence from;
    std::uint64_t count = 0;

    [[nodiscard]] StreamSequence to() const
    {
        return count == 0 ? StreamSequence() : StreamSequence(from.value() + count - 1);
    }
    [[nodiscard]] bool holds(StreamSequence sequence) const
    {
        return count > 0 && from <= sequence && sequence <= to();
    }
    bool operator==(const HeadWindow&) const = default;
};

/// Where something happens: around the first message that is not processed, with some company before it.
[[nodiscard]] HeadWindow windowAtHead(const OffsetFacts& facts, std::uint64_t boxes);
/// As near to that begin as what there is allows: never before 1, never far behind the stream's end.
[[nodiscard]] HeadWindow windowFrom(const OffsetFacts& facts, StreamSequence from, std::uint64_t boxes);

/// One box per sequence of the window.
[[nodiscard]] std::vector<HeadBox> headBoxes(const OffsetFacts& facts, const HeadKnowledge& known,
                                             const HeadWindow& window);
[[nodiscard]] std::vector<BoxRun> boxRuns(const std::vector<HeadBox>& boxes);

/// Where boxes stand, in pixels: all of one width, as wide as there is room, with a gap between them.
struct BoxGrid
{
    double left = 0;
    double pitch = 0; ///< from box to box
    std::size_t count = 0;

    static constexpr double kGap = 2;
    static constexpr double kLeast = 12; ///< of a box and its gap: still hit by a finger's tip of a mouse
    static constexpr double kMost = 26;

    /// How many boxes fit.
    [[nodiscard]] static std::uint64_t room(double width);
    [[nodiscard]] static BoxGrid fit(double left, double width, std::size_t boxes);
    [[nodiscard]] double xOf(std::size_t box) const { return left + pitch * static_cast<double>(box); }
    [[nodiscard]] double boxWidth() const { return pitch - kGap; }
    [[nodiscard]] double right() const { return count == 0 ? left : xOf(count) - kGap; }
    [[nodiscard]] std::optional<std::size_t> boxAt(double x) const;
};

} // namespace jetlag::ui
