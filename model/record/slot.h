#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/hash.h"

#include <string_view>

namespace jetlag {

/// Keys hash to this many fixed slots. Workers own slots, partitions are runs of slots, snapshots and
/// digests are kept by slot: so the number of workers may change at any restart.
inline constexpr unsigned kSlots = 256;

/// Partitions of a stream that a hook fills, unless told otherwise. Fixed for a stream's life: the
/// duplicate chain is followed by source and partition.
inline constexpr unsigned kDefaultPartitions = 8;

[[nodiscard]] inline unsigned slotOf(std::string_view key) noexcept
{
    return static_cast<unsigned>(hash64(key) % kSlots);
}

/// `partitions` is 1 to kSlots.
[[nodiscard]] constexpr unsigned partitionOf(unsigned slot, unsigned partitions) noexcept
{
    return slot * partitions / kSlots;
}

} // namespace jetlag
