// SPDX-License-Identifier: Apache-2.0
#include "ui/offsets/offset_facts.h"

#include "model/lag/position_reads.h"

#include <algorithm>
#include <optional>

namespace jetlag::ui {

const NamedMessage* OffsetFacts::find(StreamSequence sequence) const
{
    const auto at = std::ranges::lower_bound(named, sequence, {}, &NamedMessage::sequence);
    return at != named.end() && at->sequence == sequence ? &*at : nullptr;
}

StreamSequence OffsetFacts::firstLeft() const
{
    const auto at = std::ranges::find_if(named, &NamedMessage::isLeft);
    return at == named.end() ? StreamSequence() : at->sequence;
}

OffsetFacts offsetFacts(const StreamSnapshot& stream, const CollectorReport& row)
{
    const ConsumerSnapshot& consumer = row.consumer;
    const bool wantsAcks = consumer.ackPolicy != "none";
    const std::optional<StreamSequence> floor = unprocessedAfter(consumer);
    OffsetFacts facts{.first = stream.firstSequence,
                      .last = stream.lastSequence,
                      .ackFloor =
                          wantsAcks ? floor.value_or(consumer.ackFloor.stream) : consumer.delivered.stream,
                      .delivered = consumer.delivered.stream,
                      .deleted = stream.deleted,
                      .ackPending = consumer.ackPending,
                      .redelivered = consumer.redelivered,
                      .meanBytes = stream.messages == 0 ? 0 : stream.bytes / stream.messages,
                      .filters = consumer.filters,
                      .isFloorKnown = floor.has_value() || !wantsAcks,
                      .isFloorTold = wantsAcks && !consumer.ackFloor.consumer.isZero(),
                      .wantsAcks = wantsAcks,
                      .ackDeletes = stream.retention == "workqueue",
                      .named = {}};
    if (!row.diagnosis)
        return facts;
    if (const std::optional<CounterTruth>& counter = row.diagnosis->counter; counter && counter->isOfLag) {
        facts.isMisled = true;
        facts.leftBehind = static_cast<std::uint64_t>(counter->unprocessed.value_or(0));
        facts.isFirstKnown = row.diagnosis->cause == Cause::Stranded;
    }
    for (const HoldingMessage& message : row.diagnosis->messages) {
        const StreamSequence sequence(message.sequence);
        if (sequence.isZero() || sequence > facts.delivered)
            continue; // its position says all
        const bool isLeft =
            row.diagnosis->cause == Cause::Stranded || row.diagnosis->cause == Cause::DeadLetters;
        facts.named.push_back({.sequence = sequence,
                               .role = message.role,
                               .isLeft = isLeft,
                               .isInHand = !isLeft && sequence > facts.ackFloor && facts.ackPending > 0});
    }
    std::ranges::sort(facts.named, {}, &NamedMessage::sequence);
    return facts;
}

} // namespace jetlag::ui
