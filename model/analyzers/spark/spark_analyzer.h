#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/analyzer.h"

namespace jetlag {

/// SparkListener events as Spark's event logs hold them, folded into what Spark's own monitoring REST API
/// answers: applications, jobs, stages, executors, SQL executions. Key: application, or application/attempt.
[[nodiscard]] const Analyzer& sparkAnalyzer();

} // namespace jetlag
