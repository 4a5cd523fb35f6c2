#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/history/history_value.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace jetlag {

/// How fine the past is kept, and for how long. Each sample for two hours; then the lowest, highest and last
/// (of rates: mean) value of every ten seconds, and of every minute.
inline constexpr std::chrono::hours kSamplesKept{2};
inline constexpr std::chrono::hours kTenSecondsKept{48};
inline constexpr std::chrono::hours kMinutesKept{60 * 24};
/// The file's bound: when it is reached the oldest minutes go first. A collector of which every number
/// changes each second comes to 6 MB for its 60 days, an idle one to a few kilobytes (`bench_history`): seven
/// hundred of the busiest fit whole.
inline constexpr std::uint64_t kHistoryBytes = 4ULL << 30;

struct HistoryQuery
{
    std::string connection; ///< as it was recorded
    std::string stream;
    std::string collector; ///< empty = the stream's own values
    std::vector<HistoryValue> values;
    ServerTime from{};
    ServerTime to{};              ///< included
    std::size_t maxPoints = 2000; ///< of each line, but for gaps; at least 2
};

/// One point of a line: of one sample, or of all samples of a bucket, which begins at `at`.
struct HistoryPoint
{
    ServerTime at{};
    double value = 0; ///< NaN: a gap, nothing is known from here to the next point
    double low = 0;   ///< the same as `value` where nothing else was seen
    double high = 0;
};

struct HistoryState
{
    std::string verdict; ///< both empty = still looking
    std::string cause;
};

/// The answer: one line per value asked for, in that order, each ascending in time.
struct HistorySeries
{
    std::vector<std::vector<HistoryPoint>> lines;
    std::map<std::uint32_t, HistoryState> states; ///< what the numbers of HistoryValue::State mean
    std::chrono::milliseconds step{}; ///< how far points lie apart at least, where the answer is finest
    ServerTime oldest{};              ///< where what is kept of this row begins; epoch = there is nothing
};

} // namespace jetlag
