#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/analyzer.h"
#include "model/analyzers/kind.h"

#include <span>

namespace jetlag {

/// The built-in analyzers: spark, hdfs, hive, traffic. They live as long as the process.
[[nodiscard]] std::span<const Analyzer* const> builtinAnalyzers();
/// nullptr when there is none of that name.
[[nodiscard]] const Analyzer* findAnalyzer(std::string_view name);

} // namespace jetlag
