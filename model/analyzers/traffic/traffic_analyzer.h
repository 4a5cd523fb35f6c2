#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/analyzer.h"

namespace jetlag {

/// Counts events and bytes per subject (without its partition token), whatever is in them. Takes every
/// subject and refuses no event, so it is also what the path itself costs. Lives as long as the process.
[[nodiscard]] const Analyzer& trafficAnalyzer();

} // namespace jetlag
