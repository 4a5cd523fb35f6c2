#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"

#include <cstdint>
#include <string>

namespace jetlag {

/// What a server said by itself: one message of `$JS.EVENT.ADVISORY.STREAM.>` or `…CONSUMER.>`. Best effort:
/// servers send each once, to whoever listens. Words that we do not know stay as they came.
struct Advisory
{
    /// The last part of its type: max_deliver, terminated, nak, consumer_action, stream_action,
    /// consumer_leader_elected, consumer_quorum_lost, stream_leader_elected, consumer_pause, ...
    std::string kind;
    std::string id; ///< the server's own, unique
    ServerTime time{};
    std::string stream;
    std::string consumer;         ///< empty = of the stream itself
    std::uint64_t sequence = 0;   ///< of the stream; 0 = not about one message
    std::uint64_t deliveries = 0; ///< 0 = not told
    std::string action;           ///< create, modify, delete; leader; paused or resumed
    std::string reason;           ///< terminated: why, where told (2.10 and later)
};

} // namespace jetlag
