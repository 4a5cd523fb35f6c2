#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/cluster_probe.h"
#include "model/cluster/report.h"
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

    /// After a sample that failed: the last report again, every row marked stale, the reason in `problems`.
    /// Verdicts are stale too, or say that a cluster is in trouble.
    [[nodiscard]] ClusterReport withoutAnswer(const Error& problem, const Clock& clock);

    /// Who records samples sees each before it is judged.
    void tellSamples(VerdictBoard::SampleSink sink) { m_board.tellSamples(std::move(sink)); }

    /// Compare nothing across: the connection broke, samples from before it belong to another time.
    void forget();

private:
    ClusterProbe& m_probe;
    void fill(CollectorReport& row) const;

    VerdictBoard m_board;
    std::optional<ClusterSnapshot> m_latest;
    ClusterReport m_report;    // the last one that was answered
    bool m_startSeries = true; // the next look has nothing to be compared with
};

} // namespace jetlag
