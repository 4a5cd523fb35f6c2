#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "model/history/history_codec.h"

#include <cstdint>
#include <string_view>

namespace jetlag {

/// The number that stands for a verdict and a cause in all files of all processes: their hash. 0 = still
/// looking.
[[nodiscard]] std::uint32_t stateNumber(std::string_view verdict, std::string_view cause) noexcept;

/// A report's row as it is kept: the columns of collectorValues() or streamValues().
[[nodiscard]] HistorySample sampleOf(const CollectorReport& row, ServerTime at);
[[nodiscard]] HistorySample sampleOf(const StreamReport& row, ServerTime at);

} // namespace jetlag
