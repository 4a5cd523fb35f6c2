// SPDX-License-Identifier: Apache-2.0
#include "ui/offsets/head_layout.h"

#include "model/event/subject.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jetlag::ui {

namespace {

/// Boxes of what is still to come: enough to see that the stream ends here.
constexpr std::uint64_t kToCome = 3;
constexpr std::uint64_t kShareBefore = 5; ///< one box in five shows what lies before the head

std::uint64_t plus(std::uint64_t value, std::uint64_t more)
{
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    return value > kMost - more ? kMost : value + more;
}

bool isWanted(const OffsetFacts& facts, const HeadMessage& message)
{
    return facts.filters.empty() || std::ranges::any_of(facts.filters, [&](const std::string& filter) {
               return subjectMatches(filter, message.subject);
           });
}

/// What the numbers together prove of all messages between ack floor and delivered.
struct HandProof
{
    bool allInHand = false;
    StreamSequence oldest; ///< certainly in hand; zero = nobody knows

    HandProof(const OffsetFacts& facts, const HeadKnowledge& known)
    {
        if (!facts.wantsAcks || facts.ackPending == 0 || facts.delivered <= facts.ackFloor)
            return;
        const StreamSequence from = std::max(facts.ackFloor.next(), facts.first);
        const StreamSequence to = std::min(facts.delivered, facts.last);
        if (known.covers(from) && known.covers(to)) {
            std::uint64_t there = 0;
            for (const HeadMessage& message : known.messages) {
                if (message.sequence < from || message.sequence > to || !isWanted(facts, message))
                    continue;
                if (++there == 1)
                    oldest = message.sequence;
            }
            allInHand = there > 0 && there <= facts.ackPending;
        } else if (facts.deleted == 0 && facts.filters.empty()) {
            oldest = from; // the floor stands right before it
            allInHand = countBetween(from, to) <= facts.ackPending;
        } else if (known.covers(from)) {
            const auto first = std::ranges::find_if(known.messages, [&](const HeadMessage& message) {
                return message.sequence >= from && isWanted(facts, message);
            });
            if (first != known.messages.end() && first->sequence <= to)
                oldest = first->sequence;
        }
        allInHand = allInHand || facts.ackDeletes;
    }
};

/// What is known of messages at or below the position, where the server counts some as done that are not.
struct LeftProof
{
    bool isNeeded = false;
    StreamSequence from; ///< before it all are done
    bool allLeft = false;

    LeftProof(const OffsetFacts& facts, const HeadKnowledge& known)
    {
        const auto left =
            static_cast<std::uint64_t>(std::ranges::count_if(facts.named, &NamedMessage::isLeft));
        isNeeded = facts.isMisled && (facts.leftBehind == 0 || left < facts.leftBehind);
        if (!isNeeded || !facts.isFirstKnown)
            return;
        from = facts.firstLeft();
        const StreamSequence to = std::min(facts.delivered, facts.last);
        if (from.isZero() || !known.covers(from) || !known.covers(to))
            return;
        const auto there = std::ranges::count_if(known.messages, [&](const HeadMessage& message) {
            return message.sequence >= from && message.sequence <= to && isWanted(facts, message);
        });
        allLeft = static_cast<std::uint64_t>(there) <= facts.leftBehind;
    }
};

BoxState stateOutside(const OffsetFacts& facts, StreamSequence sequence)
{
    if (sequence > facts.last)
        return sequence <= facts.delivered ? BoxState::Skipped : BoxState::ToCome;
    return sequence > facts.delivered && facts.filters.empty() ? BoxState::Lost : BoxState::Deleted;
}

BoxState stateInside(const OffsetFacts& facts, const HeadKnowledge& known, const HandProof& hand,
                     const LeftProof& behind, StreamSequence sequence)
{
    const HeadMessage* message = known.find(sequence);
    if (message == nullptr && known.covers(sequence))
        return BoxState::Deleted;
    if (message != nullptr && !isWanted(facts, *message))
        return BoxState::NotWanted;
    if (sequence > facts.delivered)
        return BoxState::Waiting;
    const StreamSequence left = facts.firstLeft();
    if (const NamedMessage* named = facts.find(sequence); named != nullptr && named->isLeft)
        return BoxState::Left;
    // Behind a stream's end that was put back all new ones are left.
    if (facts.delivered > facts.last && !left.isZero() && sequence >= left)
        return BoxState::Left;
    const bool isFloored = sequence <= facts.ackFloor && facts.isFloorKnown;
    if (behind.isNeeded && sequence >= behind.from && (isFloored || !facts.wantsAcks))
        return behind.allLeft ? BoxState::Left : BoxState::AckedOrLeft;
    if (!facts.wantsAcks)
        return BoxState::Taken;
    if (isFloored)
        return BoxState::Acked;
    const NamedMessage* named = facts.find(sequence);
    if (hand.allInHand || sequence == hand.oldest || (named != nullptr && named->isInHand))
        return BoxState::InHand;
    return BoxState::Delivered;
}

Answer redelivered(const OffsetFacts& facts, const HeadKnowledge& known, const HeadBox& box)
{
    if (box.state != BoxState::InHand && box.state != BoxState::Delivered)
        return Answer::No;
    if (known.deliveries.contains(box.sequence.value()))
        return Answer::Yes;
    if (facts.redelivered == 0)
        return Answer::No;
    return box.state == BoxState::InHand && facts.redelivered >= facts.ackPending ? Answer::Yes
                                                                                  : Answer::Unknown;
}

} // namespace

HeadWindow windowFrom(const OffsetFacts& facts, StreamSequence from, std::uint64_t boxes)
{
    if (facts.isEmpty() && facts.delivered.isZero())
        return {};
    const std::uint64_t end = plus(std::max(facts.last, facts.delivered).value(), kToCome);
    const std::uint64_t latest = end > boxes ? end - boxes + 1 : 1;
    const std::uint64_t begin = std::clamp<std::uint64_t>(from.value(), 1, latest);
    return {.from = StreamSequence(begin), .count = std::min(boxes, end - begin + 1)};
}

HeadWindow windowAtHead(const OffsetFacts& facts, std::uint64_t boxes)
{
    StreamSequence head = facts.ackFloor.next();
    if (!facts.isFloorKnown && facts.delivered.value() > facts.ackPending)
        head = StreamSequence(facts.delivered.value() - facts.ackPending + 1);
    for (const NamedMessage& message : facts.named)
        head = std::min(head, message.sequence);
    // Where the stream was put back, its end is where something happens.
    if (facts.ackFloor > facts.last)
        head = std::min(head, facts.last.next());
    if (!facts.isEmpty())
        head = std::max(head, facts.first);
    const std::uint64_t before = boxes / kShareBefore;
    return windowFrom(facts, StreamSequence(head.value() > before ? head.value() - before : 1), boxes);
}

std::vector<HeadBox> headBoxes(const OffsetFacts& facts, const HeadKnowledge& known, const HeadWindow& window)
{
    const HandProof hand(facts, known);
    const LeftProof behind(facts, known);
    std::vector<HeadBox> boxes;
    boxes.reserve(window.count);
    for (std::uint64_t at = 0; at < window.count; ++at) {
        HeadBox box{.sequence = StreamSequence(window.from.value() + at)};
        const bool isInside = !facts.isEmpty() && facts.first <= box.sequence && box.sequence <= facts.last;
        box.state = isInside ? stateInside(facts, known, hand, behind, box.sequence)
                             : stateOutside(facts, box.sequence);
        box.mayBeDeleted = isInside && facts.deleted > 0 && !known.covers(box.sequence);
        box.redelivered = redelivered(facts, known, box);
        boxes.push_back(box);
    }
    return boxes;
}

std::vector<BoxRun> boxRuns(const std::vector<HeadBox>& boxes)
{
    std::vector<BoxRun> runs;
    for (std::size_t at = 0; at < boxes.size(); ++at) {
        if (runs.empty() || runs.back().state != boxes[at].state)
            runs.push_back({.first = at, .count = 0, .state = boxes[at].state});
        ++runs.back().count;
    }
    if (!runs.empty()) {
        runs.front().isCut = boxes.front().sequence > StreamSequence(1);
        runs.back().isCut = true;
    }
    return runs;
}

std::uint64_t BoxGrid::room(double width)
{
    return width < kLeast ? 0 : static_cast<std::uint64_t>((width + kGap) / kLeast);
}

BoxGrid BoxGrid::fit(double left, double width, std::size_t boxes)
{
    if (boxes == 0)
        return {.left = left};
    // Whole pixels, so that all boxes look alike.
    const double pitch = std::floor((width + kGap) / static_cast<double>(boxes));
    return {.left = left, .pitch = std::clamp(pitch, kLeast, kMost), .count = boxes};
}

std::optional<std::size_t> BoxGrid::boxAt(double x) const
{
    if (count == 0 || x < left || x >= left + pitch * static_cast<double>(count))
        return std::nullopt;
    return std::min(count - 1, static_cast<std::size_t>((x - left) / pitch));
}

} // namespace jetlag::ui
