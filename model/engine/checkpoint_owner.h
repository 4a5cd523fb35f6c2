#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/engine/checkpoint.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

/// Who wants to go on from a checkpoint.
struct CheckpointOwner
{
    std::string_view analyzer;
    std::uint32_t analyzerVersion = 0;
    StreamIdentity stream; ///< as the server describes it now
    std::vector<std::string> filters;
    /// The stream's `created` may differ although it is the same one. Then the time of the message at the
    /// checkpoint's knownSequence decides: fetch it when needsKnownMessage() says so; nullopt = it is gone.
    std::optional<ServerTime> knownMessageTime;
};

/// Does belonging depend on the message at header.stream.knownSequence?
[[nodiscard]] bool needsKnownMessage(const CheckpointHeader& header, const StreamIdentity& stream) noexcept;

/// Conflict, with a sentence that begins with `where` ("state directory /x/y"), unless stream, filters,
/// analyzer and its version are the ones that the checkpoint was made with.
[[nodiscard]] Result<void> checkBelongs(const CheckpointHeader& header, const CheckpointOwner& owner,
                                        std::string_view where);

} // namespace jetlag
