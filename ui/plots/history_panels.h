#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/plots/history_plot.h"

namespace jetlag::ui {

/// What every page plots of a collector: throughput, lag, offsets. In this order.
[[nodiscard]] QList<HistoryPanel> collectorPanels();
/// Of a stream: throughput, what it stores, offsets.
[[nodiscard]] QList<HistoryPanel> streamPanels();

/// Goes first where there is little height.
inline constexpr int kOffsetsPanel = 2;

} // namespace jetlag::ui
