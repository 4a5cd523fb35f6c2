#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/analyzer.h"

#include <chrono>

namespace jetlag {

/// A query whose completion has not come for this long, measured against the newest event of all queries,
/// is shown as UNKNOWN: hooks drop events when their queue is full, so some completions never come.
/// A day: longer than queries run where operators let them, shorter than anybody waits to be told.
inline constexpr std::chrono::hours kHiveCompletionTimeout{24};

/// Queries from the events of Hive's hook, keyed by the query id; submission and completion are joined.
/// README.md beside this file has the rules. Lives as long as the process.
[[nodiscard]] const Analyzer& hiveAnalyzer();

} // namespace jetlag
