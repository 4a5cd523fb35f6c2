#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"

#include <set>
#include <string>

namespace jetlag {

/// Puts rows for what `now` calls missing: the last known values from `before`, marked stale, or a row with
/// nothing but its name. A row never drops out because a leader was slow. Keeps the order. Pure.
void carryOver(const ClusterSnapshot* before, ClusterSnapshot& now);

/// Who was there and is not listed any more counts as missing once and as gone only when the next look lacks
/// it too: a server that is going down, or has just lost its cluster, lists streams without their consumers,
/// or nothing, for a moment.
class LackedOnce final
{
public:
    /// Before carryOver().
    void hold(const ClusterSnapshot* before, ClusterSnapshot& now);

private:
    std::set<std::string> m_streams; ///< that the last look lacked
    std::set<ConsumerName> m_consumers;
};

} // namespace jetlag
