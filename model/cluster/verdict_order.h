#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"

#include <optional>
#include <string_view>
#include <vector>

namespace jetlag {

/// Worst is largest; "" = still looking.
[[nodiscard]] int severityOfVerdict(std::string_view verdict);
/// As people read them: worst verdict first, most lag first among equals. Rows of `report`.
[[nodiscard]] std::vector<const CollectorReport*> worstFirst(const ClusterReport& report);
/// As it now goes its lag will not get less: where others have an ETA it has "never".
[[nodiscard]] bool neverDrains(const CollectorReport& row);
/// Seconds until it has drained; nullopt also where a lag of some messages comes and goes, or waits for one
/// of them: an end of that says nothing.
[[nodiscard]] std::optional<double> shownEta(const CollectorReport& row);

} // namespace jetlag
