#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/rules.h"

#include <algorithm>
#include <chrono>

/// One function for each rule of verdictRules(), in a file named after its cause, and what several share.
/// A rule is asked about every sample in turn, whatever others say: some remember.
namespace jetlag::rules {

using Window = VerdictWindow;
using Memory = RuleMemory;

constexpr double kFloorOfPoison = 2; ///< seconds for which a message must hold the floor
constexpr double kEventHolds = 30;   ///< seconds for which a loss or a re-creation is the cause

[[nodiscard]] inline double count(std::uint64_t value)
{
    return static_cast<double>(value);
}

[[nodiscard]] inline double ackWait(const Window& window)
{
    return std::chrono::duration<double>(window.consumer().ackWait).count();
}

/// The last `amount` readings, of which there must be so many, satisfy `holds`.
template <typename Predicate>
[[nodiscard]] bool lastAre(const Window& window, std::size_t amount, Predicate holds)
{
    const std::span<const Reading> latest = window.latest(amount);
    return !latest.empty() && std::all_of(latest.begin(), latest.end(), holds);
}

[[nodiscard]] inline bool hasLimit(const StreamSnapshot& stream)
{
    return stream.maxMessages > 0 || stream.maxBytes > 0 || stream.maxAge.count() > 0;
}

/// Messages that only a newer one of their subject pushed out are superseded, not lost.
[[nodiscard]] inline bool onlySupersedes(const StreamSnapshot& stream)
{
    return stream.maxMessagesPerSubject > 0 && !hasLimit(stream);
}

[[nodiscard]] inline bool countsFromBeginning(const Window& window)
{
    return window.consumer().deliverPolicy == "all";
}

// left_behind.cpp
/// Nothing is pending, nothing in hand, and yet a message behind the floor exists.
[[nodiscard]] bool leftOneBehind(const Window& window);

// dead_letters.cpp
/// So long redelivered messages must rest to be taken for given up.
[[nodiscard]] double restOfDeadLetters(const Window& window);
/// Redelivered messages rest where deliveries are counted: given up, or worked on for long.
[[nodiscard]] bool mayHoldDeadLetters(const Window& window);

// ack_wait.cpp
/// A tenth of what was delivered in so many seconds, or in two of the collector's own turns, was there
/// before, and not because somebody asked for it again.
[[nodiscard]] bool manyComeAgain(const Window& window, double seconds = 8);

/// Half of what was delivered lately was there before, and somebody asked for it again.
[[nodiscard]] bool mostAreAskedForAgain(const Window& window);

// cluster.cpp
/// One look without a leader or a quorum: the numbers may be frozen.
[[nodiscard]] bool clusterSeemsInTrouble(const Memory& memory);

// limits_near.cpp
/// It works in steps that lie between the looks, and what waits for a step may come near a limit.
[[nodiscard]] bool mayHideNearLimits(const Window& window);

// none.cpp
/// All was delivered, or nearly, in the last seconds, or in the collector's last step.
[[nodiscard]] bool drains(const Window& window);

// stranded.cpp
/// Seen once beyond the end, or not counted yet after its filter changed.
[[nodiscard]] bool seemsStranded(const Window& window, const Memory& memory);

// no_pulls.cpp
/// Silent, though not for long enough to say that nobody pulls.
[[nodiscard]] bool seemsUnpulled(const Window& window);

// trend.cpp
enum class Trend { Unclear, Rising, Falling };
/// Of a lag that matters.
[[nodiscard]] Trend trend(const Window& window);

// ---- the rules

/// No leader, or no quorum.
bool clusterIsInTrouble(const Window& window, Memory& memory);
bool isPaused(const Window& window, Memory& memory);
/// Made anew or wound back lately: its numbers are of another one.
bool wasRecreated(const Window& window, Memory& memory);
/// Its position lies behind the end of a stream that was put back.
bool standsBeyondTheEnd(const Window& window, Memory& memory);
bool leftOneBehindWithAttemptsGone(const Window& window, Memory& memory);
bool leftOneBehindForGood(const Window& window, Memory& memory);
/// More messages exist at or below the position than were ever delivered.
bool passedUndelivered(const Window& window, Memory& memory);
/// Retention or a purge took what was not processed.
bool hasLost(const Window& window, Memory& memory);
/// A push consumer without a subscriber.
bool hasNoInterest(const Window& window, Memory& memory);
/// One sequence holds the floor while others are acked above it.
bool isPoisoned(const Window& window, Memory& memory);
/// The same ones come again and nothing is acked.
bool isLooping(const Window& window, Memory& memory);
/// Acks and redeliveries take turns: what is fetched outlives ack_wait before its turn comes.
bool outlivesAckWait(const Window& window, Memory& memory);
/// Pull requests fill their queue and get nothing.
bool isFlooded(const Window& window, Memory& memory);
/// max_ack_pending is reached and nothing is acked.
bool isCapped(const Window& window, Memory& memory);
/// Nobody asks for messages.
bool hasNoPulls(const Window& window, Memory& memory);
/// Far more came than usual, and is not worked off yet.
bool isBurst(const Window& window, Memory& memory);
bool isSlow(const Window& window, Memory& memory);
bool isCatchingUp(const Window& window, Memory& memory);
/// Messages ran out of deliveries and lie in the stream.
bool hasDeadLetters(const Window& window, Memory& memory);
/// Retention is about to take what is unread.
bool isNearLimits(const Window& window, Memory& memory);
/// Nothing to do, and nothing comes.
bool isIdle(const Window& window, Memory& memory);
/// It keeps up: a claim of its own.
bool isWell(const Window& window, Memory& memory);

} // namespace jetlag::rules
