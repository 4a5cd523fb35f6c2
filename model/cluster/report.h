#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/advisory.h"
#include "model/cluster/snapshot.h"
#include "model/cluster/stream_findings.h"
#include "model/verdict/diagnosis.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace jetlag {

/// A stream's row. Rates are unknown until two samples that may be compared lie behind.
struct StreamReport
{
    StreamSnapshot stream;
    std::optional<double> inPerSecond;
    std::optional<double> inBytesPerSecond;
    std::vector<StreamFinding> findings; ///< of the stream itself, whatever its collectors do
};

/// A collector's row: one consumer of one stream.
struct CollectorReport
{
    ConsumerSnapshot consumer;
    std::uint64_t lag = 0;
    std::optional<double> deliveredPerSecond;
    std::optional<double> ackedPerSecond;
    std::optional<double> redeliveredPerSecond;
    std::optional<double> timeLagSeconds; ///< age of the oldest unprocessed message; 0 when there is none
    std::optional<double> runwaySeconds;
    std::optional<double> etaSeconds;
    std::optional<double> deliveryLagSeconds; ///< age of the oldest message not yet delivered
    std::optional<std::string> verdict;       ///< unknown while looking
    std::optional<std::string> cause;
    /// All that is known of it; null before its first sample. Of a stale row: from its last answer.
    std::shared_ptr<const Diagnosis> diagnosis;
};

/// All collectors of all streams in one table: what `report`, the console and the demo show.
struct ClusterReport
{
    ServerTime at{};
    std::string server;
    std::vector<StreamReport> streams;
    std::vector<CollectorReport> collectors; ///< most lag first
    std::uint64_t hiddenStreams = 0;         ///< system (`$…`), KV_ and OBJ_ streams
    std::uint64_t hiddenConsumers = 0;       ///< theirs, and ephemeral ones
    std::vector<std::string> problems;
    std::vector<std::string> missingPermissions; ///< subjects that the account may not publish to, and should
    std::vector<Advisory> advisories;            ///< heard since the report before
};

/// Builds the rows of `now`; rates against `before`, where it may be compared. `all` hides nothing;
/// `advisories`: heard between the two. Pure; time lag is filled in by who can read messages.
[[nodiscard]] ClusterReport makeReport(const ClusterSnapshot* before, const ClusterSnapshot& now, bool all,
                                       std::span<const Advisory> advisories = {});

/// The object of `report --format json`. Unknown values are null, never 0.
[[nodiscard]] std::string reportJson(const ClusterReport& report);
/// One row of it, indented.
[[nodiscard]] std::string collectorRowJson(const CollectorReport& row);
[[nodiscard]] std::string streamRowJson(const StreamReport& row);

} // namespace jetlag
