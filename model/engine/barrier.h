#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/analyzer.h"
#include "model/engine/checkpoint.h"
#include "model/engine/state_digest.h"

#include <cstdint>
#include <vector>

namespace jetlag {

/// What is wanted of the workers at a barrier.
struct BarrierWants
{
    bool changes = false; ///< snapshots of changed keys and quarantine rows, for a checkpoint
    bool tables = false;
};

/// What one worker hands over when it reaches a barrier; everything before is applied, nothing behind.
struct WorkerPart
{
    std::uint64_t applied = 0;     ///< since the worker was made
    std::uint64_t quarantined = 0; ///< since the worker was made
    std::vector<QuarantineMark> marks;
    std::vector<KeySnapshot> changed;
    std::vector<QuarantinedEvent> rows;
    std::vector<Table> tables;
};

} // namespace jetlag
