#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"

namespace jetlag::ui {

class TotalsStrip;

/// The strip on top of Overview, with "–" everywhere.
[[nodiscard]] TotalsStrip* makeTotals();
/// `report` null = nothing is known.
void fillTotals(TotalsStrip& strip, const ClusterReport* report);

} // namespace jetlag::ui
