#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/event/sequence.h"
#include "model/event/stream_identity.h"
#include "nats/client/connection.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

/// What a hook must know of the stream that it publishes into.
struct TargetStream
{
    std::string name;
    ServerTime created{};
    std::vector<std::string> subjects;
    StreamSequence lastSequence;
    std::optional<std::size_t> maxMessageBytes; ///< the stream's own limit, headers included
    bool noAck = false;                         ///< it never confirms anything
    bool isMirror = false;
    bool isSealed = false;
};

/// Asks the server. NotFound when there is no such stream.
[[nodiscard]] Result<TargetStream> readTargetStream(Connection& connection, std::string_view name,
                                                    std::chrono::milliseconds timeout);
/// From the answer of STREAM.INFO or STREAM.CREATE.
[[nodiscard]] Result<TargetStream> parseTargetStream(std::string_view answer);

/// Does one of `patterns` take every subject `<prefix>.<partition>.<label>`, whatever the label?
[[nodiscard]] bool coversHookSubjects(const std::vector<std::string>& patterns, std::string_view prefix,
                                      unsigned partitions);

struct PreparedStream
{
    TargetStream stream;
    std::string created; ///< what was made, as a sentence; empty when the stream was there
};

/// Finds the stream and checks that it takes what a hook with this prefix sends and confirms it, or makes it:
/// subjects `<prefix>.>`, file storage, direct get allowed, a duplicate window of 30 s. An existing stream is
/// never changed. Conflict: the stream takes other subjects, or the subjects belong to another stream.
[[nodiscard]] Result<PreparedStream> prepareStream(Connection& connection, const std::string& name,
                                                   const std::string& prefix, unsigned partitions,
                                                   std::chrono::milliseconds timeout);

/// The stream that takes `subject` (a pattern may be one), for a sentence; empty when nobody tells.
[[nodiscard]] std::string streamTaking(Connection& connection, const std::string& subject,
                                       std::chrono::milliseconds timeout);

/// A prefix that subjects can begin with: tokens without blanks and wildcards, no empty one.
[[nodiscard]] bool isValidSubjectPrefix(std::string_view prefix) noexcept;

/// When the message at `sequence` was stored; NotFound when it is gone.
[[nodiscard]] Result<ServerTime> messageTime(Connection& connection, std::string_view stream,
                                             StreamSequence sequence, std::chrono::milliseconds timeout);

/// Is `now` the stream that was remembered? Its creation time tells; where that differs (it may move by
/// itself when a server starts again after an edit), the remembered message decides: stored at the same
/// time, the same stream; at another time, or gone, another one.
[[nodiscard]] Result<bool> isSameStream(Connection& connection, const StreamIdentity& remembered,
                                        const TargetStream& now, std::chrono::milliseconds timeout);

} // namespace jetlag
