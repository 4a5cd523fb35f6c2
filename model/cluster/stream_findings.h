#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"

#include <span>
#include <string>
#include <vector>

namespace jetlag {

/// What is wrong with a stream itself, whatever its collectors do.
struct StreamFinding
{
    std::string kind;     ///< refusing, limits-near, unclaimed, source-behind, source-skipped: a contract
    std::string sentence; ///< what is so, with the numbers
};

/// From one look. `consumers`: all of this stream. Nothing of a stale stream. Pure.
///
/// refusing: full, and `discard: new`: publishers get error 10077, which looks like silence from outside.
/// limits-near: the same at nine tenths. unclaimed: a work queue holds messages that no consumer's filter
/// takes. source-behind: a source or mirror is in error, was not heard of for 30 seconds, or lags 1,000
/// messages. (source-skipped takes reads: source_watch.h.)
[[nodiscard]] std::vector<StreamFinding> findingsOf(const StreamSnapshot& stream,
                                                    std::span<const ConsumerSnapshot* const> consumers);

} // namespace jetlag
