#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/by_consumer_name.h"
#include "model/cluster/cluster_probe.h"
#include "model/lag/outlook.h"
#include "model/lag/position_reads.h"
#include "model/verdict/collector_watch.h"

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string_view>

namespace jetlag {

/// Verdicts of all collectors of an account, look by look. Asks the probe for the few messages and counts
/// that verdicts and time lags rest on. One thread at a time.
class VerdictBoard final
{
public:
    explicit VerdictBoard(std::size_t readsPerLook = 64)
        : m_reads(readsPerLook)
    {}

    /// Sees every sample before it is judged: who records one. Called in look()'s thread.
    using SampleSink = std::function<void(const ConsumerName& name, const VerdictSample& sample)>;
    void tellSamples(SampleSink sink) { m_sink = std::move(sink); }

    /// `now` after carryOver(); `connectionBroke` since the last look: nothing is compared across.
    void look(const ClusterSnapshot& now, std::span<const Advisory> advisories, bool connectionBroke,
              ClusterProbe& probe, std::stop_token stop);
    /// Nobody answered at all.
    void noAnswer(std::chrono::steady_clock::time_point at, ServerTime now, SampleError error);

    /// Numbers are of the last sample that was answered, and so stay while nobody answers.
    struct Standing
    {
        std::shared_ptr<const Diagnosis> diagnosis; ///< null before the first sample
        std::shared_ptr<const Diagnosis> answered;  ///< of the last sample that was answered
        std::optional<double> timeLagSeconds;       ///< age of the oldest unprocessed message
        std::optional<double> deliveryLagSeconds;   ///< age of the oldest undelivered one
        std::optional<double> runwaySeconds;
        std::optional<double> etaSeconds;
    };
    /// nullptr: never seen.
    [[nodiscard]] const Standing* standing(const ConsumerName& name) const { return find(name); }
    [[nodiscard]] const Standing* standingOf(const ConsumerSnapshot& consumer) const
    {
        return find(consumer);
    }

private:
    struct Watched
    {
        CollectorWatch watch;
        Outlook outlook;
        Standing standing;
        std::optional<ServerTime> created;
        std::chrono::steady_clock::time_point seen{};
        bool isThere = false;
    };
    using WatchedByName = std::map<ConsumerName, Watched, ByConsumerName>;
    void judgeOne(WatchedByName::value_type& entry, const ConsumerSnapshot& consumer,
                  const std::shared_ptr<const StreamSnapshot>& stream, std::vector<AdvisoryNote> notes,
                  bool connectionBroke, const ClusterSnapshot& now);
    void judgeWhoLeft(const ClusterSnapshot& now);
    template <typename Named>
    [[nodiscard]] const Standing* find(const Named& named) const
    {
        const auto found = m_watched.find(named);
        return found == m_watched.end() ? nullptr : &found->second.standing;
    }

    PositionReads m_reads;
    WatchedByName m_watched;
    SampleSink m_sink;
};

/// From 2.14 on a consumer can be reset and counts anew. Servers write their version into the metadata of
/// STREAM.INFO, but not into that of lists: there it is the connected server's, which may be unknown (empty).
[[nodiscard]] bool canBeReset(const StreamSnapshot& stream, std::string_view serverVersion) noexcept;

} // namespace jetlag
