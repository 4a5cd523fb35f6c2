// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules/parts.h"

namespace jetlag::rules {

namespace {

void tellLost(Memory& memory, std::uint64_t from, std::uint64_t to)
{
    memory.lostUpTo = std::max(memory.lostUpTo, to);
    LossTally& loss = memory.loss;
    loss.unread += to - from + 1;
    loss.from = loss.from == 0 ? from : std::min(loss.from, from);
    loss.to = std::max(loss.to, to);
}

bool lostUnreadUnfiltered(const Window& window, Memory& memory)
{
    const StreamSnapshot& stream = window.stream();
    if (!window.consumer().filters.empty() || onlySupersedes(stream) || stream.retention != "limits")
        return false;
    const std::uint64_t first = stream.firstSequence.value();
    const VerdictSample* before = window.previous();
    if (before == nullptr) {
        const bool skipped = first > window.consumer().delivered.stream.value() + 1 &&
                             window.consumer().pending > 0 && countsFromBeginning(window);
        if (skipped)
            tellLost(memory, window.consumer().delivered.stream.value() + 1, first - 1);
        return skipped;
    }
    const std::uint64_t known = std::max(before->consumer->delivered.stream.value(), memory.lostUpTo);
    if (count(first) - 1 - count(known) - window.intervals().back().deliveries <= 0)
        return false;
    // What was delivered meanwhile lay at the front.
    tellLost(memory, known + static_cast<std::uint64_t>(window.intervals().back().deliveries) + 1, first - 1);
    return true;
}

bool lostUnreadFiltered(const Window& window, Memory& memory)
{
    const VerdictSample* before = window.previous();
    if (before == nullptr || window.consumer().filters.empty() || onlySupersedes(window.stream()))
        return false;
    const double fell = count(before->consumer->pending) - count(window.consumer().pending);
    const StreamSequence first = window.stream().firstSequence;
    if (fell <= window.intervals().back().deliveries || first <= before->stream->firstSequence ||
        first.value() <= before->consumer->delivered.stream.value() + 1)
        return false;
    memory.loss.unread += static_cast<std::uint64_t>(fell - window.intervals().back().deliveries);
    return true;
}

bool lostInHand(const Window& window, Memory& memory)
{
    const StreamSnapshot& stream = window.stream();
    if (onlySupersedes(stream))
        return false;
    const auto told = std::count_if(
        window.now().advisories.begin(), window.now().advisories.end(), [&](const AdvisoryNote& note) {
            return note.kind == "terminated" && note.sequence < stream.firstSequence.value() &&
                   (note.reason.starts_with("Unacknowledged") ||
                    (note.reason.empty() && stream.retention == "limits"));
        });
    memory.loss.unacked += static_cast<std::uint64_t>(told);
    if (told > 0)
        return true;
    // Without advisories: the floor sits on the edge that moves, and nearly all there is, is in hand.
    const auto atTheEdge = [](const Reading& reading) {
        return reading.floor.value() + 1 == reading.first.value() && reading.messages > 0 &&
               count(reading.inHand) >= 0.9 * count(reading.messages);
    };
    return hasLimit(stream) && lastAre(window, 3, atTheEdge) &&
           stream.firstSequence != window.latest(3).front().first;
}

} // namespace

bool hasLost(const Window& window, Memory& memory)
{
    if (memory.lostAt && window.now().at - *memory.lostAt > kEventHolds)
        memory.loss = {}; // told long enough; what comes is another loss
    const bool unread = lostUnreadUnfiltered(window, memory) || lostUnreadFiltered(window, memory);
    if (lostInHand(window, memory) || unread)
        memory.lostAt = window.now().at;
    return memory.lostAt && window.now().at - *memory.lostAt <= kEventHolds;
}

} // namespace jetlag::rules
