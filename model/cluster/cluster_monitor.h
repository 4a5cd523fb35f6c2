#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/carry_over.h"
#include "model/cluster/cluster_probe.h"
#include "model/cluster/report.h"
#include "model/cluster/source_watch.h"
#include "model/cluster/verdict_board.h"

#include <optional>
#include <stop_token>

namespace jetlag {

/// Turns one look after the other into reports: rates against the look before, rows that did not answer kept
/// as stale, time lags fetched for those that lag. One thread at a time.
class ClusterMonitor final
{
public:
    explicit ClusterMonitor(ClusterProbe& probe)
        : m_probe(probe)
    {}

    /// The first report has no rates. `all` hides nothing.
    [[nodiscard]] Result<ClusterReport> sample(bool all, std::stop_token stop = {});

    /// The last look as it is, before hiding; nullptr before the first.
    [[nodiscard]] const ClusterSnapshot* latest() const noexcept { return m_latest ? &*m_latest : nullptr; }

    /// After a sample that failed: `last`, the report before, with every row marked stale and the reason in
    /// `problems`. Its numbers stay; verdicts are stale, or say that a cluster is in trouble.
    [[nodiscard]] ClusterReport withoutAnswer(ClusterReport last, const Error& problem, const Clock& clock);

    /// Compare nothing across: the connection broke, samples from before it belong to another time.
    void connectionBroke();

private:
    void fill(CollectorReport& row) const;

    ClusterProbe& m_probe;
    VerdictBoard m_board;
    SourceWatch m_sources;
    LackedOnce m_lacked;
    std::optional<ClusterSnapshot> m_latest;
    bool m_startSeries = true;     // the next look has nothing to be compared with
    bool m_connectionBroke = true; // since the last look that was answered
};

} // namespace jetlag
