#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/cluster_probe.h"
#include "nats/client/read_only_api.h"
#include "nats/monitor/info_parser.h"
#include "nats/monitor/refused_streams.h"

#include <chrono>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

namespace jetlag {

/// A look while listing is not answered: asks each stream and consumer that is known, by STREAM.INFO and
/// CONSUMER.INFO. These are answered by their own leaders, where the lists of a cluster need its meta leader
/// and wait up to 4 s for every one that is gone. One thread at a time.
class NamedLook final
{
public:
    /// A server that cannot answer a list is not asked for more names than these one by one.
    static constexpr std::size_t kMostNames = 2'000;

    explicit NamedLook(ReadOnlyApi& api, const Clock& clock = systemClock())
        : m_api(api)
        , m_refused(clock)
    {}

    /// What a list held that was read to its end: everybody, but for streams whose consumers it lacks.
    void remember(const ClusterSnapshot& listed);
    /// What half a list held.
    void add(const ClusterSnapshot& listed);
    /// Everybody who is known is in it.
    [[nodiscard]] bool knowsNoMoreThan(const ClusterSnapshot& listed) const;
    /// Somebody is known, not too many, and the account may ask for them.
    [[nodiscard]] bool canLook() const;

    /// What does not tell of itself within `bearable` is `missing`. Errors: Timeout or what else went wrong
    /// when nobody answered, Denied (canLook() is false for a minute), Cancelled.
    [[nodiscard]] Result<ClusterSnapshot> look(InfoParser& parser, std::chrono::milliseconds bearable,
                                               const std::stop_token& stop);

private:
    struct Asked;

    ReadOnlyApi& m_api;
    std::optional<ReadRequester> m_requester; // made at the first look, kept
    std::set<std::string> m_streams;
    std::set<ConsumerName> m_consumers;
    RefusedStreams m_refused; // of the account
};

} // namespace jetlag
