#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/models/collector_record.h"
#include "ui/models/record_model.h"

#include <vector>

namespace jetlag::ui {

/// Columns whose cells are more than their text.
namespace collector_column {
inline constexpr auto kVerdict = "verdict";
inline constexpr auto kName = "collector";
inline constexpr auto kOffsets = "offsets";
inline constexpr auto kLagLine = "lagline";
inline constexpr auto kAge = "age"; ///< stands only while there are stale rows
} // namespace collector_column

/// All columns of the table of collectors, in their first order.
[[nodiscard]] std::vector<RecordColumn<CollectorRecord>> collectorColumns();

} // namespace jetlag::ui
