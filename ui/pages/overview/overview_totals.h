#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"

#include <QString>

namespace jetlag::ui {

class TotalsStrip;

/// The strip on top of Overview, with "–" everywhere.
[[nodiscard]] TotalsStrip* makeTotals();
/// `report` null = nothing is known.
void fillTotals(TotalsStrip& strip, const ClusterReport* report);

/// `nats consumer info STREAM CONSUMER`, quoted for a shell.
[[nodiscard]] QString natsInfoCommand(const ConsumerName& name);

} // namespace jetlag::ui
