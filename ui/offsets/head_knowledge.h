#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/event/sequence.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace jetlag::ui {

/// A message of the head, without its body.
struct HeadMessage
{
    StreamSequence sequence;
    ServerTime time{};
    std::string subject;
    std::uint64_t bytes = 0; ///< of the payload
};

/// What was read of the stream itself, and what advisories told of single messages.
struct HeadKnowledge
{
    StreamSequence from; ///< all that exists between the two lies in `messages`; zero = nothing was read
    StreamSequence to;
    std::vector<HeadMessage> messages;                 ///< ascending
    std::map<std::uint64_t, std::uint64_t> deliveries; ///< of messages that were naked: how often

    [[nodiscard]] bool covers(StreamSequence sequence) const
    {
        return !to.isZero() && from <= sequence && sequence <= to;
    }
    [[nodiscard]] const HeadMessage* find(StreamSequence sequence) const
    {
        const auto at = std::ranges::lower_bound(messages, sequence, {}, &HeadMessage::sequence);
        return at != messages.end() && at->sequence == sequence ? &*at : nullptr;
    }
};

} // namespace jetlag::ui
