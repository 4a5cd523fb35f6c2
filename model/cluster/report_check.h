#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"

#include <string>
#include <vector>

namespace jetlag {

/// Limits in metadata that are crossed, warnings too, a sentence each: "HDFS › hdfs-activity: 1 200 messages
/// are not delivered; its owner allows less than 1 000 (unprocessed-critical)".
[[nodiscard]] std::vector<std::string> crossedLimits(const ClusterReport& report);

/// Why `report --check` finds trouble, a sentence each, worst first: verdicts that are trouble, and critical
/// limits. Empty = it finds none.
[[nodiscard]] std::vector<std::string> troublesOf(const ClusterReport& report);

} // namespace jetlag
