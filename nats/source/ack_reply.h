#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/sequence.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace jetlag {

/// What the reply subject of a consumer's delivery says.
struct AckReply
{
    std::uint32_t deliveries = 1; ///< 1 = the first
    StreamSequence stream;
    ConsumerSequence consumer;
    std::int64_t timeNanos = 0; ///< server time of the message
    std::uint64_t pending = 0;  ///< matching messages not yet delivered
};

/// `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream seq>.<consumer seq>.<time>.<pending>`, or the longer
/// form of newer servers, `$JS.ACK.<domain>.<account>.<stream>.<consumer>.` and the same five numbers, and
/// possibly a token behind them. nullopt when it is neither: a status message, not an event.
[[nodiscard]] std::optional<AckReply> parseAckReply(std::string_view reply) noexcept;

} // namespace jetlag
