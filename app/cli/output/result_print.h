#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/replay_service.h"

#include <string>
#include <vector>

namespace jetlag {

/// What a replay or a collector found, for people: counts, digest, then each table with its first rows
/// (all rows of a table that was asked for by name).
void printResult(const ReplayResult& result, const std::vector<std::string>& tables);

} // namespace jetlag
