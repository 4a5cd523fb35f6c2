#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/event/sequence.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jetlag {

/// One replica as its leader sees it. `current` flickers on healthy clusters; `active` (time since the
/// leader last heard from it) is what tells a dead one.
struct ReplicaSnapshot
{
    std::string name;
    bool current = false;
    bool offline = false;
    std::chrono::nanoseconds active{};
    std::uint64_t lag = 0;
};

/// Who leads. A standalone server from 2.10 on gives a leader and no name; older ones nothing.
struct PlacementSnapshot
{
    std::string cluster; ///< empty = not clustered
    std::string leader;  ///< empty = nobody, or not told
    std::vector<ReplicaSnapshot> replicas;

    [[nodiscard]] bool isClustered() const noexcept { return !cluster.empty() || !replicas.empty(); }
};

/// Words that owners pin to a stream or consumer (2.10 and later).
using AssetMetadata = std::vector<std::pair<std::string, std::string>>;

/// The first value of `key`; nullptr without one.
[[nodiscard]] inline const std::string* findMetadata(const AssetMetadata& metadata, std::string_view key)
{
    for (const auto& [name, value] : metadata) {
        if (name == key)
            return &value;
    }
    return nullptr;
}

/// A stream that this one copies from, as a source or as its mirror.
struct SourceSnapshot
{
    std::string name;
    std::uint64_t lag = 0;
    std::optional<std::chrono::nanoseconds> active; ///< since something was heard of it; nullopt = never
    std::string problem;                            ///< what the server says is wrong with it
    bool isMirror = false;
    /// By the config it is copied from its first message on, under its own subjects, once, and lies in this
    /// very account: only then can the two be compared.
    bool isPlain = false;
    std::string filter; ///< copied are messages that it matches; empty = all
};

/// When somebody was asked and when the answer was here: its numbers are of a moment in between.
struct AskedAt
{
    std::chrono::steady_clock::time_point asked{};
    std::chrono::steady_clock::time_point told{}; ///< epoch = not noted

    [[nodiscard]] bool isNoted() const noexcept { return told != std::chrono::steady_clock::time_point{}; }
};

/// A stream as STREAM.LIST or STREAM.INFO gave it. Words that we do not know stay as they came.
struct StreamSnapshot
{
    std::string name;
    ServerTime created{};
    // config
    std::vector<std::string> subjects;
    std::string retention;         ///< limits, interest, workqueue
    std::string storage;           ///< file, memory
    std::string discard;           ///< old, new
    std::int64_t maxMessages = -1; ///< -1 = no limit
    std::int64_t maxBytes = -1;
    std::int64_t maxMessagesPerSubject = -1;
    std::chrono::nanoseconds maxAge{}; ///< 0 = no limit
    bool allowDirect = false;
    bool sealed = false;
    std::uint32_t configuredReplicas = 1;
    AssetMetadata metadata;
    // state
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    StreamSequence firstSequence; ///< last + 1 when empty
    StreamSequence lastSequence;
    ServerTime firstTime{}; ///< epoch when empty
    ServerTime lastTime{};
    std::uint64_t subjectCount = 0;
    std::uint64_t deleted = 0; ///< inside [first, last]
    std::uint32_t consumerCount = 0;
    PlacementSnapshot placement;
    std::vector<SourceSnapshot> sources; ///< the mirrored stream too
    std::optional<ServerTime> answered;  ///< when the server answered (2.10 and later)
    AskedAt askedAt;

    bool stale = false;  ///< the cluster did not answer for it this time: last known values
    std::string rawJson; ///< empty unless the probe was asked to keep it
};

/// Collectors that share a consumer by priority (2.11 and later).
struct PriorityGroup
{
    std::string name;
    bool isPinned = false; ///< the server has pinned one of its clients
};

/// A consumer as CONSUMER.LIST or CONSUMER.INFO gave it.
struct ConsumerSnapshot
{
    std::string stream;
    std::string name;
    ServerTime created{};
    // config
    std::string durable;        ///< empty = ephemeral
    std::string deliverSubject; ///< empty = pull
    std::string deliverGroup;
    std::string deliverPolicy;        ///< all, last, new, by_start_sequence, ...
    std::string ackPolicy;            ///< none, all, explicit
    std::vector<std::string> filters; ///< filter_subject or filter_subjects; empty = all
    std::chrono::nanoseconds ackWait{};
    std::int64_t maxDeliver = -1;
    std::int64_t maxAckPending = 0;
    std::int64_t maxWaiting = 0;
    std::string priorityPolicy; ///< pinned_client, overflow, prioritized; empty = none
    std::vector<PriorityGroup> priorityGroups;
    AssetMetadata metadata;
    // state
    DeliveredPosition delivered;
    AckFloorPosition ackFloor;
    std::optional<ServerTime> lastDelivered; ///< absent is not "never": leaders forget it
    std::optional<ServerTime> lastAcked;
    std::uint64_t pending = 0;     ///< num_pending: matching and not yet delivered
    std::uint64_t ackPending = 0;  ///< num_ack_pending
    std::uint64_t redelivered = 0; ///< num_redelivered: a gauge, not a counter
    std::uint64_t waiting = 0;     ///< num_waiting: pull requests queued
    bool paused = false;
    std::chrono::nanoseconds pauseRemaining{}; ///< while paused
    bool pushBound = false;
    PlacementSnapshot placement;
    std::optional<ServerTime> answered; ///< when the server answered (2.10 and later)
    AskedAt askedAt;

    bool stale = false;
    std::string rawJson;

    [[nodiscard]] bool isPull() const noexcept { return deliverSubject.empty(); }
    [[nodiscard]] bool isDurable() const noexcept { return !durable.empty(); }
    /// Unprocessed messages as the server counts them: not yet delivered, and delivered but not acked.
    [[nodiscard]] std::uint64_t lag() const noexcept { return pending + ackPending; }
};

struct ConsumerName
{
    std::string stream;
    std::string name;
    auto operator<=>(const ConsumerName&) const = default;
};

/// One look at an account. Streams are sorted by name, consumers by stream and name.
struct ClusterSnapshot
{
    ServerTime at{}; ///< the server's time where it gives one, else ours
    std::chrono::steady_clock::time_point sampled{};
    std::chrono::nanoseconds took{}; ///< from the first request to the last answer
    std::string server;              ///< who answered
    std::string serverVersion;       ///< its version, "2.10.27"; empty = unknown
    std::vector<StreamSnapshot> streams;
    std::vector<ConsumerSnapshot> consumers;
    std::vector<std::string> problems;           ///< what could not be seen, and why, in sentences
    std::vector<std::string> missingPermissions; ///< subjects that the account may not publish to, and should

    // What exists but was not told this time (a leader that did not answer in time). carryOver() fills in
    // the last known values.
    std::vector<std::string> missingStreams;
    std::vector<ConsumerName> missingConsumers;
    std::vector<std::string> unlistedConsumersOf; ///< streams whose consumers could not be listed at all
};

} // namespace jetlag
