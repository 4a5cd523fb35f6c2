#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/cluster_probe.h"
#include "nats/client/read_only_api.h"

#include <memory>
#include <optional>

namespace jetlag {

struct MonitorProbeOptions
{
    /// This one consumer only: STREAM.INFO, then CONSUMER.INFO, with the answers' own text kept in `rawJson`.
    std::optional<ConsumerName> only;
    /// Listen to advisories from the first look on.
    bool advisories = true;
    /// Consumers of system, KV and object streams too; else only their number, which costs nothing.
    bool includeHidden = false;
    unsigned window = 32;                     ///< list requests in flight
    std::chrono::milliseconds timeout{6'000}; ///< of each; a cluster itself waits up to 4 s for its members
    /// When no list is answered for so long (or three times as long as usual), who is known is asked one by
    /// one.
    std::chrono::milliseconds patience{600};
    /// Says when a refusal is a minute old and asked for again; must outlive the probe.
    const Clock* clock = &systemClock();
};

/// Looks at an account by the paged lists of the JetStream API, many in flight: a page of 256 streams or
/// consumers with all their numbers costs one request, where asking for each costs 256. Lists need a
/// cluster's leader: while they are not answered, those that are known are asked one by one, so that a look
/// stays short and tells who is silent. Goes through ReadOnlyApi only, which must outlive it. One thread at a
/// time.
class MonitorProbe final : public ClusterProbe
{
public:
    MonitorProbe(ReadOnlyApi& api, MonitorProbeOptions options);
    ~MonitorProbe() override;

    [[nodiscard]] Result<ClusterSnapshot> look(std::stop_token stop) override;
    [[nodiscard]] std::vector<std::optional<OldestMessage>>
    oldestMessages(std::span<const OldestMessageQuery> queries, std::stop_token stop) override;
    [[nodiscard]] std::vector<std::optional<std::uint64_t>>
    countMatching(std::span<const MatchingQuery> queries, std::stop_token stop) override;
    [[nodiscard]] std::vector<std::optional<CopiedMessage>> copies(std::span<const CopyQuery> queries,
                                                                   std::stop_token stop) override;
    [[nodiscard]] std::vector<Advisory> takeAdvisories() override;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace jetlag
