#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/plots/plot_types.h"

namespace jetlag::ui {

/// A grid line and what stands at it; without words where there is no room.
struct AxisTick
{
    double at = 0;
    QString label;
};

/// A value as read-outs and tables say it: "5.01 k/s", "47 311 905", "6 m 12 s"; "–" for NaN.
[[nodiscard]] QString valueText(double value, PlotUnit unit);
/// What stands beside a panel's title: "messages/s". Empty where the values say it themselves.
[[nodiscard]] QString unitWords(PlotUnit unit);
/// As short as the step between labels allows: "8 k", "47.6 M", "15 m". Units stand in the title.
[[nodiscard]] QString axisLabel(double value, double step, PlotUnit unit);
/// A text as wide as any axisLabel(), to keep the margin from jumping.
[[nodiscard]] QString widestAxisLabel(PlotUnit unit);

struct TimeWords
{
    PlotTimes times = PlotTimes::Local;
    double now = 0; ///< what relative times count from
};

/// Round times between two moments, at least `pixelsEach` apart on an axis of `pixels`. With `live` the right
/// end says "now" and its neighbours keep away.
[[nodiscard]] QList<AxisTick> timeTicks(double from, double to, int pixels, int pixelsEach, bool live,
                                        TimeWords words = {});
/// A moment for a read-out: "21:59:48", "21:59:48 UTC", "5 m 12 s ago".
[[nodiscard]] QString momentText(double at, TimeWords words);

} // namespace jetlag::ui
