#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/cluster/snapshot.h"
#include "model/event/sequence.h"

#include <optional>

namespace jetlag {

/// Where a collector that starts goes on.
struct StartDecision
{
    StreamSequence after; ///< everything at or below is in the checkpoint, or before the durable's start
    StreamSequence readThrough; ///< read (after, readThrough] by sequence before deliveries; = after when
                                ///< there is nothing to read
    bool partial = false;       ///< events are missing that no checkpoint holds, and the user accepts that
};

struct StartFacts
{
    std::optional<StreamSequence> checkpoint; ///< nullopt = no state yet
    StreamSequence first;                     ///< of the stream; last + 1 when it is empty
    StreamSequence last;
    DeliveredPosition delivered;
    AckFloorPosition ackFloor;
    bool acceptPartial = false;
};

/// With checkpoint C, ack floor A, first sequence F, last L:
///
///     C >= A              go on behind C
///     C <  A, F <= C + 1  read (C, A] by sequence, then go on
///     C <  A, F >  C + 1  refuse, naming the missing range, unless the user accepts partial results
///     C >  L              refuse: the stream was put back to an older state
///
/// No state counts as C = 0. Floors count only where something was ever acked; a durable that never delivered
/// starts where its start policy put it. Whatever lies up to `delivered` and not in the checkpoint is read by
/// sequence too: a new process's first deliveries are those *after* what its predecessor had in hand.
/// Refusals are Conflict.
[[nodiscard]] Result<StartDecision> decideStart(const StartFacts& facts);

} // namespace jetlag
