#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/cluster_probe.h"
#include "model/cluster/snapshot.h"

#include <map>
#include <optional>
#include <vector>

namespace jetlag {

/// Behind which sequence the oldest unprocessed message of a consumer lies; nullopt where the server's
/// counters do not tell (never acked, and it did not start at the stream's beginning).
[[nodiscard]] std::optional<StreamSequence> unprocessedAfter(const ConsumerSnapshot& consumer);

/// Time lag = the server's now − the server time of the oldest unprocessed message: fetched, not estimated.
/// Remembers what was fetched: a message stays the oldest until the position reaches it or the stream's
/// first sequence passes it, so a stuck consumer costs one read. One thread at a time; pure but for its
/// memory.
///
///     queries = tracker.plan(snapshot);
///     tracker.learn(probe.oldestMessages(queries, stop));
///     seconds = tracker.seconds(consumer, snapshot.at);
class TimeLagTracker final
{
public:
    /// Reads per look: each transfers one message body. The most lagging come first, the others keep
    /// their turn for the next look.
    explicit TimeLagTracker(std::size_t readsPerLook = 64)
        : m_readsPerLook(readsPerLook)
    {}

    [[nodiscard]] std::vector<OldestMessageQuery> plan(const ClusterSnapshot& snapshot);
    /// The answers to plan()'s queries, in their order.
    void learn(const std::vector<std::optional<OldestMessage>>& answers);
    /// 0 without lag; nullopt when not known.
    [[nodiscard]] std::optional<double> seconds(const ConsumerSnapshot& consumer, ServerTime now) const;

private:
    struct Known
    {
        OldestMessage oldest;
        std::uint64_t lastSeen = 0; // the look that had this consumer
    };
    std::size_t m_readsPerLook;
    std::uint64_t m_look = 0;
    std::map<ConsumerName, Known> m_known;
    std::vector<ConsumerName> m_asked;
};

} // namespace jetlag
