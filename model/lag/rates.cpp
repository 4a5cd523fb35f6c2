// SPDX-License-Identifier: Apache-2.0
#include "model/lag/rates.h"

#include <algorithm>
#include <cstdint>

namespace jetlag {

namespace {

std::int64_t growth(std::uint64_t before, std::uint64_t after)
{
    return static_cast<std::int64_t>(after - before); // two's complement: a fall comes out negative
}

bool sameLeader(const PlacementSnapshot& before, const PlacementSnapshot& after)
{
    return before.leader == after.leader;
}

bool comparable(const StreamSnapshot& before, const StreamSnapshot& after)
{
    return !before.stale && !after.stale && before.created == after.created &&
           sameLeader(before.placement, after.placement) && after.lastSequence >= before.lastSequence &&
           after.firstSequence >= before.firstSequence;
}

bool comparable(const ConsumerSnapshot& before, const ConsumerSnapshot& after)
{
    return !before.stale && !after.stale && before.created == after.created &&
           sameLeader(before.placement, after.placement) && before.filters == after.filters &&
           before.ackPolicy == after.ackPolicy && before.maxDeliver == after.maxDeliver &&
           after.delivered.consumer >= before.delivered.consumer &&
           after.delivered.stream >= before.delivered.stream &&
           after.ackFloor.consumer >= before.ackFloor.consumer &&
           after.ackFloor.stream >= before.ackFloor.stream;
}

// Did somebody ack? Naks do not move last_active, and evictions move the floor only.
bool wasAcked(const ConsumerSnapshot& before, const ConsumerSnapshot& after,
              const StreamSnapshot* streamBefore, const StreamSnapshot* streamAfter)
{
    if (after.lastAcked && after.lastAcked != before.lastAcked)
        return true;
    if (after.ackFloor.stream == before.ackFloor.stream)
        return false;
    const bool evicted = streamBefore && streamAfter &&
                         streamAfter->firstSequence > streamBefore->firstSequence &&
                         after.ackFloor.stream <= streamAfter->firstSequence.previous();
    return !evicted;
}

/// So many messages in hand may have been removed by a limit or a purge: they leave the hand like acked ones.
std::int64_t removable(const ConsumerSnapshot& before, const StreamSnapshot* streamBefore,
                       const StreamSnapshot* streamAfter)
{
    if (!streamBefore || !streamAfter || streamAfter->firstSequence <= streamBefore->firstSequence)
        return 0;
    const std::int64_t passed =
        growth(before.ackFloor.stream.value(), streamAfter->firstSequence.previous().value());
    return std::clamp<std::int64_t>(passed, 0, static_cast<std::int64_t>(before.ackPending));
}

} // namespace

StreamRates streamRates(const StreamSnapshot& before, const StreamSnapshot& after,
                        std::chrono::duration<double> seconds)
{
    if (seconds.count() <= 0 || !comparable(before, after))
        return {};
    StreamRates rates;
    const std::int64_t stored = growth(before.lastSequence.value(), after.lastSequence.value());
    rates.in = static_cast<double>(stored) / seconds.count();
    const std::int64_t moreMessages = growth(before.messages, after.messages);
    const std::int64_t moreBytes = growth(before.bytes, after.bytes);
    if (moreMessages == stored && moreBytes >= 0)
        rates.inBytes = static_cast<double>(moreBytes) / seconds.count();
    return rates;
}

ConsumerRates consumerRates(const ConsumerSnapshot& before, const ConsumerSnapshot& after,
                            const StreamSnapshot* streamBefore, const StreamSnapshot* streamAfter,
                            std::chrono::duration<double> seconds, std::uint64_t naks)
{
    if (seconds.count() <= 0 || !comparable(before, after))
        return {};
    const std::int64_t deliveries =
        growth(before.delivered.consumer.value(), after.delivered.consumer.value());
    const std::int64_t advanced = growth(before.delivered.stream.value(), after.delivered.stream.value());
    // More deliveries than the position moved, or more messages being redelivered than before: so many at
    // least were no first deliveries. Both numbers come from one answer, so that this invents none.
    const std::int64_t repeated = std::clamp<std::int64_t>(
        std::max({deliveries - advanced, growth(before.redelivered, after.redelivered),
                  static_cast<std::int64_t>(naks)}),
        0, deliveries);
    const std::int64_t first = deliveries - repeated;
    ConsumerRates rates{.delivered = static_cast<double>(first) / seconds.count(),
                        .redelivered = static_cast<double>(repeated) / seconds.count()};
    std::int64_t acked = 0;
    if (wasAcked(before, after, streamBefore, streamAfter))
        acked = std::max<std::int64_t>(0, first - growth(before.ackPending, after.ackPending));
    // A purge would look like a burst of acks; a few of many make no difference.
    constexpr std::int64_t kFew = 3;
    if (const std::int64_t doubtful = std::min(acked, removable(before, streamBefore, streamAfter));
        doubtful <= kFew + acked / 5)
        rates.acked = static_cast<double>(acked) / seconds.count();
    return rates;
}

} // namespace jetlag
