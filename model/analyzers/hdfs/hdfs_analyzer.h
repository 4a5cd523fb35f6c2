#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/analyzer.h"

namespace jetlag {

/// Activity on an HDFS NameNode from its audit log, one line an event, keyed by the acting user: operations
/// by command, user and hour, and what was denied. README.md beside this file has the rules. Lives as long
/// as the process.
[[nodiscard]] const Analyzer& hdfsAnalyzer();

} // namespace jetlag
