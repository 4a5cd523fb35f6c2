#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

/// A message that a targeted read found: the first matching one after a position.
struct FoundMessage
{
    std::uint64_t sequence = 0;
    ServerTime time{};
    std::string subject;     ///< empty = nobody read it
    std::uint64_t bytes = 0; ///< of the payload; 0 = empty or not told

    /// Its time was worked out from the stream's times, not read.
    [[nodiscard]] bool isEstimated() const noexcept { return subject.empty(); }
};

/// What an advisory said of this consumer since the last sample. `kind` is its type's suffix: nak,
/// terminated, max_deliver.
struct AdvisoryNote
{
    std::string kind;
    std::uint64_t sequence = 0;
    std::uint64_t deliveries = 0;
    std::string reason;
};

/// Can consumers of a server of this version ("2.14.0") be reset, and then count anew? From 2.14 on.
[[nodiscard]] bool canReset(std::string_view serverVersion) noexcept;

/// Who did not answer, or what it said.
enum class SampleError {
    None,
    NoAnswer,        ///< timeout, connection broken
    SystemTemporary, ///< API error 10008: the cluster has no leader for it now
    NoConsumer,      ///< API error 10014
};

/// One look at one consumer: STREAM.INFO, then CONSUMER.INFO (in that order, so that what looks lost or never
/// delivered errs to the safe side), and what was heard since the last look.
struct VerdictSample
{
    double at = 0;          ///< local clock, seconds; only differences count
    bool connected = false; ///< the first one after a (re)connection
    SampleError error = SampleError::None;
    /// Null = no answer. Shared: one look at a stream serves all its consumers.
    std::shared_ptr<const StreamSnapshot> stream;
    std::shared_ptr<const ConsumerSnapshot> consumer;
    std::optional<ServerTime>
        serverNow; ///< the answer's own time, where the server gives it (2.10 and later)
    /// A consumer can be reset and then counts anew (2.14 and later).
    bool canBeReset = false;
    std::vector<AdvisoryNote> advisories;

    // Targeted reads; nullopt = no such message, or not read.
    std::optional<FoundMessage> unread;     ///< first matching one after delivered.stream_seq
    std::optional<FoundMessage> afterFloor; ///< the same after ack_floor.stream_seq
    std::optional<FoundMessage> first;      ///< first matching one of the stream
    /// Those behind it that lie there unprocessed too, oldest first; only of who gives up (max_deliver).
    std::vector<FoundMessage> leftBehind;
    std::optional<std::uint64_t> matching; ///< messages that match the filter, where they were counted

    [[nodiscard]] bool isWhole() const { return stream && consumer; }
};

} // namespace jetlag
