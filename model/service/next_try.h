#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <chrono>
#include <optional>

namespace jetlag {

/// The try to reach a lost server again that comes next.
struct NextTry
{
    unsigned number = 1;                                          ///< since it was lost, counted from 1
    std::optional<std::chrono::steady_clock::time_point> comesAt; ///< nullopt = it is under way
};

} // namespace jetlag
