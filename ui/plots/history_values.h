#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/history/history_mark.h"
#include "model/history/history_series.h"
#include "model/history/recent_history.h"
#include "ui/plots/plot_types.h"

#include <string_view>
#include <vector>

namespace jetlag::ui {

/// Which of two numbers a line of HistoryValue::Lag shows, where the server's counter misleads.
enum class LagSide : std::uint8_t {
    Server, ///< what the server says, always
    Truth,  ///< what is unprocessed in truth; a gap where only the server's number was kept
    Misled, ///< what the server says, only where that is not the truth; right behind the line of Truth
};

/// What a report says now of what the history keeps; NaN where it is unknown, stale or of the other kind.
[[nodiscard]] double liveValue(HistoryValue value, const CollectorReport& row);
[[nodiscard]] double liveValue(HistoryValue value, const StreamReport& row);
/// The same of what the last minutes in memory hold.
[[nodiscard]] double liveValue(HistoryValue value, const CollectorSample& sample);
[[nodiscard]] double liveValue(HistoryValue value, const StreamSample& sample);

/// Lag of the wanted side; NaN where the side has nothing to say.
[[nodiscard]] double liveLag(LagSide side, const CollectorReport& row);
[[nodiscard]] double liveLag(LagSide side, const CollectorSample& sample);
[[nodiscard]] double liveLag(LagSide side, const StreamSample& sample);
/// Causes under which the server's lag is not the truth.
[[nodiscard]] bool misleads(const HistoryState& state);

[[nodiscard]] std::vector<PlotPoint> toPlotPoints(const std::vector<HistoryPoint>& points);

[[nodiscard]] PlotColor verdictColor(std::string_view verdict);
[[nodiscard]] PlotMark toPlotMark(const HistoryMark& mark);
/// "slow", "no-pulls": the cause's word, where there is one.
[[nodiscard]] QString stateWord(const HistoryState& state);

/// Of the stream, not of the collector.
[[nodiscard]] bool isOfStream(HistoryValue value);

[[nodiscard]] double toPlotTime(ServerTime time);
[[nodiscard]] ServerTime fromPlotTime(double at);

} // namespace jetlag::ui
