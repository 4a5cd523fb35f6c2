// SPDX-License-Identifier: Apache-2.0
#include "nats/source/start_decision.h"

#include <fmt/format.h>

#include <algorithm>

namespace jetlag {

Result<StartDecision> decideStart(const StartFacts& facts)
{
    const bool everDelivered = !facts.delivered.consumer.isZero();
    const StreamSequence floor = facts.ackFloor.consumer.isZero() ? StreamSequence() : facts.ackFloor.stream;
    if (facts.checkpoint && *facts.checkpoint > facts.last)
        return Error(
            ErrorCode::Conflict,
            fmt::format(
                "the state stands at sequence {}, the stream ends at {}: it was put back to an older state. "
                "Start again with another --state and --name",
                facts.checkpoint->value(), facts.last.value()));

    StartDecision decision;
    decision.after = facts.checkpoint.value_or(StreamSequence());
    // A durable that never delivered begins where its start policy put it: what lies before is none of its
    // business, and not missing.
    if (!everDelivered && !facts.checkpoint)
        decision.after = facts.delivered.stream;

    if (decision.after < floor && facts.first > decision.after.next()) {
        const StreamSequence missingTo = std::min(floor, facts.first.previous());
        if (!facts.acceptPartial)
            return Error(
                ErrorCode::Conflict,
                fmt::format("sequences {} to {} were acked and are deleted, and no checkpoint of this state "
                            "holds them. "
                            "Give the --state folder that does, or go on without them by --accept-partial",
                            decision.after.value() + 1, missingTo.value()));
        decision.partial = true;
        decision.after = missingTo;
    }
    decision.readThrough = decision.after;
    if (everDelivered)
        decision.readThrough = std::max(decision.after, std::max(floor, facts.delivered.stream));
    // A position beyond the stream's end (empty pulls move it) has nothing to read behind it.
    decision.readThrough = std::max(decision.after, std::min(decision.readThrough, facts.last));
    return decision;
}

} // namespace jetlag
