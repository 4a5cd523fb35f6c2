// SPDX-License-Identifier: Apache-2.0
#include "model/service/replay_service.h"

#include <algorithm>

namespace jetlag {

std::optional<double> ReplayRun::fraction() const
{
    const auto ends = range();
    if (!ends || ends->second < ends->first)
        return std::nullopt;
    const StreamSequence at = std::min(progress().sequence, ends->second);
    return static_cast<double>(countBetween(ends->first, at)) /
           static_cast<double>(countBetween(ends->first, ends->second));
}

} // namespace jetlag
