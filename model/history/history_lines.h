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

    /// Bits of the columns that add() looks at.
    [[nodiscard]] std::uint64_t columns(bool rolled) const;

    /// Tables of one tier, in order of time; `stepMs` 0 = samples. Only rows in [fromMs, toMs) count.
    void add(const HistoryTable& table, std::int64_t stepMs, std::int64_t fromMs, std::int64_t toMs);

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
        bool afterGap = false; ///< nothing was sampled for long before it
    };
    [[nodiscard]] std::size_t columnOf(std::size_t wanted, bool rolled) const;

    std::span<const HistoryValue> m_all;
    std::vector<HistoryValue> m_wanted;
    std::vector<Moment> m_moments;
    std::vector<std::vector<HistoryPoint>> m_points; ///< per wanted value, one for each moment
};

} // namespace jetlag
