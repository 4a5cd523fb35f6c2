// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/rules.h"

#include "model/verdict/rules/parts.h"

#include <array>

namespace jetlag {

namespace {

constexpr std::array kRules{
    Rule{Cause::Cluster, Entry::AtOnce, rules::clusterIsInTrouble},
    Rule{Cause::Paused, Entry::AtOnce, rules::isPaused},
    Rule{Cause::Recreated, Entry::AtOnce, rules::wasRecreated},
    Rule{Cause::Stranded, Entry::Twice, rules::standsBeyondTheEnd},
    Rule{Cause::DeadLetters, Entry::Twice, rules::leftOneBehindWithAttemptsGone},
    Rule{Cause::Stranded, Entry::Twice, rules::leftOneBehindForGood},
    Rule{Cause::Stranded, Entry::Twice, rules::passedUndelivered},
    Rule{Cause::Lost, Entry::AtOnce, rules::hasLost},
    Rule{Cause::NoInterest, Entry::Twice, rules::hasNoInterest},
    Rule{Cause::Poison, Entry::Spanning, rules::isPoisoned},
    Rule{Cause::RedeliveryLoop, Entry::Spanning, rules::isLooping},
    Rule{Cause::AckWait, Entry::Spanning, rules::outlivesAckWait},
    Rule{Cause::PullFlood, Entry::Spanning, rules::isFlooded},
    Rule{Cause::Capped, Entry::Spanning, rules::isCapped},
    Rule{Cause::NoPulls, Entry::AtOnce, rules::hasNoPulls},
    Rule{Cause::Burst, Entry::AtOnce, rules::isBurst},
    Rule{Cause::Slow, Entry::Spanning, rules::isSlow},
    Rule{Cause::CatchingUp, Entry::Spanning, rules::isCatchingUp},
    Rule{Cause::DeadLetters, Entry::Twice, rules::hasDeadLetters},
    Rule{Cause::LimitsNear, Entry::Twice, rules::isNearLimits},
    Rule{Cause::Idle, Entry::Thrice, rules::isIdle},
    Rule{Cause::None, Entry::Thrice, rules::isWell},
};

} // namespace

std::span<const Rule> verdictRules()
{
    return kRules;
}

bool looksUnwell(const VerdictWindow& window, const RuleMemory& memory)
{
    const bool redelivers =
        window.consumer().redelivered > 0 && window.readings().size() >= 3 && window.floorStands() > 0;
    return redelivers || rules::mayHoldDeadLetters(window) || rules::seemsUnpulled(window) ||
           rules::seemsStranded(window, memory) || rules::clusterSeemsInTrouble(memory);
}

} // namespace jetlag
