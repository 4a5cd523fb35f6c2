// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_lines.h"

#include "model/history/history_rollup.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jetlag {

namespace {

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();
/// Two looks may fail before a pause counts as a gap.
constexpr double kGapSteps = 3.5;
constexpr std::int64_t kShortestGapMs = 5'000;
/// Buckets may be missed by one where looks come as rarely as buckets.
constexpr double kGapBuckets = 2.5;

ServerTime timeOf(std::int64_t ms)
{
    return ServerTime(std::chrono::milliseconds(ms));
}

double fromCount(std::int64_t steps)
{
    return std::round(fromLogSteps(steps));
}

HistoryPoint pointOf(const HistoryTable& table, std::size_t row, std::size_t column, HistoryValue value,
                     bool rolled, ServerTime at)
{
    const std::int64_t stored = table.columns[column][row];
    const HistoryKind kind = kindOf(value);
    if (stored == kUnknownStored)
        return {at, kGap, kGap, kGap};
    if (kind == HistoryKind::Sequence || kind == HistoryKind::Code ||
        (!rolled && kind == HistoryKind::Count)) {
        const auto exact = static_cast<double>(stored);
        return {at, exact, exact, exact};
    }
    const auto known = kind == HistoryKind::Count ? fromCount : fromLogSteps;
    if (!rolled) {
        const double measured = known(stored);
        return {at, measured, measured, measured};
    }
    return {at, known(stored), known(stored - table.columns[column + 1][row]),
            known(stored + table.columns[column + 2][row])};
}

/// The usual time between two rows of a table.
std::int64_t usualStep(const std::vector<std::int64_t>& at)
{
    std::vector<std::int64_t> steps;
    for (std::size_t i = 1; i < at.size(); ++i)
        steps.push_back(at[i] - at[i - 1]);
    if (steps.empty())
        return 0;
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return *middle;
}

} // namespace

HistoryLines::HistoryLines(std::span<const HistoryValue> all, std::span<const HistoryValue> wanted)
    : m_all(all)
    , m_wanted(wanted.begin(), wanted.end())
    , m_points(wanted.size())
{}

void HistoryLines::Merged::add(const HistoryPoint& point)
{
    if (std::isnan(point.value))
        return;
    if (m_count == 0) {
        m_point = point;
    } else {
        m_point.low = std::min(m_point.low, point.low);
        m_point.high = std::max(m_point.high, point.high);
        m_point.value = point.value;
    }
    m_sum += point.value;
    ++m_count;
}

std::optional<HistoryPoint> HistoryLines::Merged::take(ServerTime at)
{
    if (m_count == 0)
        return std::nullopt;
    HistoryPoint merged = m_point;
    merged.at = at;
    if (m_mean)
        merged.value = m_sum / static_cast<double>(m_count);
    m_count = 0;
    m_sum = 0;
    return merged;
}

void HistoryLines::thinOut(std::int64_t fromMs, std::int64_t widthMs)
{
    m_thinFrom = fromMs;
    m_thinWidth = std::max<std::int64_t>(widthMs, 1);
    m_merging.clear();
    for (const HistoryValue value : m_wanted)
        m_merging.emplace_back(value);
}

void HistoryLines::finish()
{
    if (!m_mergingBin)
        return;
    const ServerTime at = timeOf(m_moments.back().at);
    for (std::size_t i = 0; i < m_wanted.size(); ++i)
        m_points[i].push_back(m_merging[i].take(at).value_or(HistoryPoint{at, kGap, kGap, kGap}));
    m_mergingBin.reset();
}

std::size_t HistoryLines::columnOf(std::size_t wanted, bool rolled) const
{
    const auto place = std::ranges::find(m_all, m_wanted[wanted]);
    if (place == m_all.end())
        return std::numeric_limits<std::size_t>::max(); // of the other kind of row
    const auto index = static_cast<std::size_t>(place - m_all.begin());
    return rolled ? rolledColumns(m_all, index).value : index;
}

std::uint64_t HistoryLines::columns(bool rolled) const
{
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < m_wanted.size(); ++i) {
        const std::size_t column = columnOf(i, rolled);
        if (column >= 64)
            continue;
        const HistoryKind kind = kindOf(m_wanted[i]);
        const bool range = rolled && (kind == HistoryKind::Count || kind == HistoryKind::Measure);
        bits |= std::uint64_t{range ? 7U : 1U} << column;
    }
    return bits;
}

void HistoryLines::add(const HistoryTable& table, std::int64_t stepMs, std::int64_t fromMs, std::int64_t toMs)
{
    const bool rolled = stepMs > 0;
    const std::int64_t unit = rolled ? stepMs : 1;
    const std::int64_t usual = usualStep(table.at) * unit;
    const std::int64_t least =
        rolled ? static_cast<std::int64_t>(kGapBuckets * static_cast<double>(stepMs)) : kShortestGapMs;
    const std::int64_t gapAfter =
        std::max(least, static_cast<std::int64_t>(kGapSteps * static_cast<double>(usual)));
    std::vector<std::size_t> columnsOfLines;
    for (std::size_t i = 0; i < m_wanted.size(); ++i)
        columnsOfLines.push_back(columnOf(i, rolled));
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::int64_t at = table.at[row] * unit;
        if (at < fromMs || at >= toMs || (!m_moments.empty() && at <= m_newest))
            continue;
        const std::int64_t gapAt = !m_moments.empty() && at - m_newest > gapAfter ? (m_newest + at) / 2 : 0;
        m_newest = at;
        const std::int64_t bin = m_thinWidth > 0 ? (at - m_thinFrom) / m_thinWidth : 0;
        if (m_thinWidth == 0 || m_mergingBin != bin || gapAt != 0) {
            finish();
            m_moments.push_back({at, gapAt});
            if (m_thinWidth > 0)
                m_mergingBin = bin;
        }
        for (std::size_t i = 0; i < m_wanted.size(); ++i) {
            const std::size_t column = columnsOfLines[i];
            const HistoryPoint point = column < table.columns.size()
                                           ? pointOf(table, row, column, m_wanted[i], rolled, timeOf(at))
                                           : HistoryPoint{timeOf(at), kGap, kGap, kGap};
            if (m_thinWidth > 0)
                m_merging[i].add(point);
            else
                m_points[i].push_back(point);
        }
    }
}

std::optional<std::int64_t> HistoryLines::oldest() const
{
    return m_moments.empty() ? std::nullopt : std::optional(m_moments.front().at);
}

void HistoryLines::putBefore(HistoryLines older)
{
    if (older.m_moments.empty())
        return;
    // The finer tier begins where it was cut, not where nothing was sampled, unless the coarse one ends
    // early.
    if (!m_moments.empty()) {
        constexpr std::int64_t kCoarsestGapMs = 150'000;
        const std::int64_t before = older.m_newest;
        const std::int64_t at = m_moments.front().at;
        m_moments.front().gapAt = at - before > kCoarsestGapMs ? (before + at) / 2 : 0;
    }
    older.m_moments.insert(older.m_moments.end(), m_moments.begin(), m_moments.end());
    for (std::size_t i = 0; i < m_points.size(); ++i)
        older.m_points[i].insert(older.m_points[i].end(), m_points[i].begin(), m_points[i].end());
    m_moments = std::move(older.m_moments);
    m_points = std::move(older.m_points);
}

std::vector<std::vector<HistoryPoint>> HistoryLines::lines(std::int64_t fromMs, std::int64_t toMs,
                                                           std::size_t maxPoints) const
{
    const std::size_t most = std::max<std::size_t>(maxPoints, 2);
    const bool thin = m_moments.size() > most;
    const std::int64_t width =
        std::max<std::int64_t>((toMs - fromMs) / static_cast<std::int64_t>(most) + 1, 1);
    std::vector<std::vector<HistoryPoint>> lines(m_wanted.size());
    for (std::size_t i = 0; i < m_wanted.size(); ++i) {
        std::vector<HistoryPoint>& line = lines[i];
        const auto gap = [&line](ServerTime at) {
            if (!line.empty() && !std::isnan(line.back().value))
                line.push_back({at, kGap, kGap, kGap});
        };
        Merged merged(m_wanted[i]);
        std::optional<std::int64_t> bucket;
        ServerTime begin{};
        const auto end = [&] {
            if (std::optional<HistoryPoint> point = merged.take(begin))
                line.push_back(*point);
            else if (bucket)
                gap(begin);
        };
        for (std::size_t row = 0; row < m_moments.size(); ++row) {
            const auto& [at, gapAt] = m_moments[row];
            const std::int64_t own = thin ? (at - fromMs) / width : static_cast<std::int64_t>(row);
            if (bucket != own) {
                end();
                bucket = own;
                begin = timeOf(at);
                if (gapAt != 0)
                    gap(timeOf(gapAt));
            }
            merged.add(m_points[i][row]);
        }
        end();
        while (!line.empty() && std::isnan(line.back().value))
            line.pop_back();
    }
    return lines;
}

} // namespace jetlag
