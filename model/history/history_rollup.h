#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/history/history_codec.h"
#include "model/history/history_value.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace jetlag {

/// Columns of a rolled up table. A gauge or measure has three: what the line shows (last, of rates the mean),
/// how far the lowest lies below it, how far the highest above it, all in logarithmic steps. Other values
/// have their last one.
struct RolledColumns
{
    std::size_t value = 0;
    bool hasRange = false; ///< the next two columns are low and high
};
[[nodiscard]] RolledColumns rolledColumns(std::span<const HistoryValue> values, std::size_t index) noexcept;
[[nodiscard]] std::size_t rolledColumnCount(std::span<const HistoryValue> values) noexcept;

/// Samples to buckets of `bucketMs`; `at` becomes the bucket's number (time / bucketMs). A value that no
/// sample of a bucket knew stays unknown; buckets without a sample are not there. Pure.
[[nodiscard]] HistoryTable rollUp(const HistoryTable& samples, std::span<const HistoryValue> values,
                                  std::int64_t bucketMs);
/// Puts buckets in at their place; one that is there already is replaced.
void mergeBuckets(HistoryTable& into, const HistoryTable& more);

} // namespace jetlag
