#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"

namespace jetlag {

/// Puts rows for what `now` calls missing: the last known values from `before`, marked stale, or a row with
/// nothing but its name. A row never drops out because a leader was slow. Keeps the order. Pure.
void carryOver(const ClusterSnapshot* before, ClusterSnapshot& now);

} // namespace jetlag
