#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/strong_id.h"

namespace jetlag {

/// Position of a message in its stream, from 1; 0 is "before the first".
using StreamSequence = StrongId<struct StreamSequenceTag>;
/// How manieth delivery of a consumer, from 1; redeliveries count.
using ConsumerSequence = StrongId<struct ConsumerSequenceTag>;

/// Where a consumer's deliveries stand. A position, not "the highest delivered": empty pulls and a start
/// policy move it without a delivery.
struct DeliveredPosition
{
    ConsumerSequence consumer;
    StreamSequence stream;
    auto operator<=>(const DeliveredPosition&) const = default;
};

/// Everything at or below is acked or gone. Counts only where `consumer` > 0: 0 means "never acked".
struct AckFloorPosition
{
    ConsumerSequence consumer;
    StreamSequence stream;
    auto operator<=>(const AckFloorPosition&) const = default;
};

} // namespace jetlag
