// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/cause.h"

namespace jetlag {

std::string_view toString(Cause cause) noexcept
{
    switch (cause) {
    case Cause::None:
        return "none";
    case Cause::Paused:
        return "paused";
    case Cause::Capped:
        return "capped";
    case Cause::NoPulls:
        return "no-pulls";
    case Cause::PullFlood:
        return "pull-flood";
    case Cause::RedeliveryLoop:
        return "redelivery-loop";
    case Cause::Poison:
        return "poison";
    case Cause::Slow:
        return "slow";
    case Cause::CatchingUp:
        return "catching-up";
    case Cause::Burst:
        return "burst";
    case Cause::Idle:
        return "idle";
    case Cause::Lost:
        return "lost";
    case Cause::LimitsNear:
        return "limits-near";
    case Cause::Cluster:
        return "cluster";
    case Cause::Recreated:
        return "recreated";
    case Cause::NoInterest:
        return "no-interest";
    case Cause::AckWait:
        return "ack-wait";
    case Cause::Stranded:
        return "stranded";
    case Cause::DeadLetters:
        return "dead-letters";
    }
    return "none";
}

std::string_view verdictOf(Cause cause) noexcept
{
    switch (cause) {
    case Cause::Capped:
    case Cause::NoPulls:
    case Cause::PullFlood:
    case Cause::NoInterest:
        return "stopped";
    case Cause::Slow:
    case Cause::Burst:
        return "slow";
    case Cause::RedeliveryLoop:
    case Cause::Poison:
    case Cause::AckWait:
    case Cause::Stranded:
    case Cause::DeadLetters:
        return "stuck";
    case Cause::Lost:
        return "lost";
    case Cause::CatchingUp:
        return "catching-up";
    case Cause::Paused:
        return "paused";
    case Cause::Idle:
        return "idle";
    case Cause::Cluster:
    case Cause::Recreated:
        return "stale";
    case Cause::None:
    case Cause::LimitsNear:
        return "keeping-up";
    }
    return "keeping-up";
}

} // namespace jetlag
