#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"

namespace jetlag {

/// The report for people: totals, collectors with most lag first, then streams.
void printReport(const ClusterReport& report);

} // namespace jetlag
