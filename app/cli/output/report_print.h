#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"

namespace jetlag {

/// The report for people: totals, collectors with the worst verdict first, then streams, what is wrong with
/// them and which limits in metadata are crossed.
void printReport(const ClusterReport& report);

} // namespace jetlag
