#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/history/history_codec.h"
#include "model/history/history_series.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace jetlag {

/// Collects what blocks hold of a few values of one row, from one tier after the other, and makes lines of
/// it. Pure.
class HistoryLines final
{
public:
    /// `all`: the row's values, as the columns are; `wanted`: those to show.
    HistoryLines(std::span<const HistoryValue> all, std::span<const HistoryValue> wanted);

    /// Rows that fall into the same `widthMs` since `fromMs` become one at once: for ranges of many more rows
    /// than a line may have points. Before the first add().
    void thinOut(std::int64_t fromMs, std::int64_t widthMs);

    /// Bits of the columns that add() looks at.
    [[nodiscard]] std::uint64_t columns(bool rolled) const;

    /// Tables of one tier, in order of time; `stepMs` 0 = samples. Only rows in [fromMs, toMs) count.
    void add(const HistoryTable& table, std::int64_t stepMs, std::int64_t fromMs, std::int64_t toMs);

    /// After the last add().
    void finish();

    /// Where what was added begins; nullopt when nothing was.
    [[nodiscard]] std::optional<std::int64_t> oldest() const;
    /// Puts what `older` has before all of this.
    void putBefore(HistoryLines older);
    /// At most `maxPoints` points each, but for gaps; thinned evenly over [from, to], keeping lowest and
    /// highest.
    [[nodiscard]] std::vector<std::vector<HistoryPoint>> lines(std::int64_t fromMs, std::int64_t toMs,
                                                               std::size_t maxPoints) const;

private:
    struct Moment
    {
        std::int64_t at = 0;
        std::int64_t gapAt = 0; ///< the middle of the time before it without a sample; 0 = no such time
    };
    /// Several points as one: rates by their mean, else the last; lowest and highest of all.
    class Merged final
    {
    public:
        explicit Merged(HistoryValue value)
            : m_mean(isRate(value))
        {}
        void add(const HistoryPoint& point);
        /// nullopt when none was known.
        [[nodiscard]] std::optional<HistoryPoint> take(ServerTime at);

    private:
        bool m_mean;
        HistoryPoint m_point;
        double m_sum = 0;
        std::size_t m_count = 0;
    };

    [[nodiscard]] std::size_t columnOf(std::size_t wanted, bool rolled) const;

    std::span<const HistoryValue> m_all;
    std::vector<HistoryValue> m_wanted;
    std::vector<Moment> m_moments;
    std::vector<std::vector<HistoryPoint>> m_points; ///< per wanted value, one for each moment

    std::int64_t m_thinFrom = 0;
    std::int64_t m_thinWidth = 0;             ///< 0 = rows stay as they are
    std::vector<Merged> m_merging;            ///< per wanted value
    std::optional<std::int64_t> m_mergingBin; ///< the last moment's, not yet in m_points
    std::int64_t m_newest = 0;                ///< time of the last row
};

} // namespace jetlag
