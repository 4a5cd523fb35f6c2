// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/value_scale.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace jetlag::ui {

namespace {

constexpr double kHeadroom = 1.05;
/// The tops below are at most a factor 2 apart: from here the next lower one fits with room.
constexpr double kUsedToStay = 0.4;
/// A line of positions mostly climbs: with this much room above, a new scale comes every few minutes only.
constexpr double kRoomAbove = 0.12;
constexpr double kRoomBelow = 0.04;
constexpr double kUsedToStayFitted = 0.6;

/// Durations whose halves are round too, in seconds, up to a day.
constexpr std::array<double, 16> kDurations{2,    4,    10,   20,     60,     120,    240,    600,
                                            1200, 3600, 7200, 14'400, 21'600, 43'200, 86'400, 172'800};

double roundAbove(double value)
{
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double factor : {1.0, 2.0, 4.0, 6.0, 8.0}) {
        if (value <= factor * power)
            return factor * power;
    }
    return 10 * power;
}

double durationAbove(double value)
{
    for (const double candidate : kDurations) {
        if (value <= candidate)
            return candidate;
    }
    return roundAbove(value / 86'400) * 86'400;
}

int labels(const ValueRange& range, double step)
{
    return static_cast<int>(std::floor(range.upper / step) - std::ceil(range.lower / step)) + 1;
}

/// 1, 2, 5, 10, …: the first step that leaves few enough labels, as long as two remain.
double stepFor(const ValueRange& range, int most)
{
    double power = std::pow(10, std::max(std::floor(std::log10(range.upper - range.lower)) - 1, 0.0));
    double best = power;
    for (int decade = 0; decade < 3; ++decade, power *= 10) {
        for (const double factor : {1.0, 2.0, 5.0}) {
            const int count = labels(range, power * factor);
            if (count < 2)
                return best;
            best = power * factor;
            if (count <= most)
                return best;
        }
    }
    return best;
}

} // namespace

ValueRange ValueScale::fromZero(double highest) const
{
    // Two: whole messages stand at every label, and a line at zero is seen to be zero.
    const double wanted = std::max(highest * kHeadroom, 2.0);
    return {0, m_unit == PlotUnit::Seconds ? durationAbove(wanted) : roundAbove(wanted)};
}

void ValueScale::fit(std::optional<ValueRange> inView)
{
    if (!inView)
        return;
    const auto [lowest, highest] = *inView;
    if (m_unit != PlotUnit::Sequence) {
        const ValueRange fresh = fromZero(highest);
        const bool stays = m_range && highest <= m_range->upper &&
                           (highest >= m_range->upper * kUsedToStay || fresh.upper >= m_range->upper);
        if (!stays)
            m_range = fresh;
        return;
    }
    const double used = highest - lowest;
    const bool stays = m_range && lowest >= m_range->lower && highest <= m_range->upper &&
                       (used >= (m_range->upper - m_range->lower) * kUsedToStayFitted ||
                        m_range->upper - m_range->lower <= 4);
    if (!stays)
        m_range = ValueRange{std::max(lowest - std::max(used * kRoomBelow, 1.0), 0.0),
                             highest + std::max(used * kRoomAbove, 1.0)};
}

QList<AxisTick> ValueScale::ticks(bool low) const
{
    QList<AxisTick> ticks;
    if (!m_range) {
        // The frame stands from the first paint on.
        ticks = {{0, QString()}, {1, QString()}};
        return ticks;
    }
    const auto add = [&](double at, double step) { ticks.append({at, axisLabel(at, step, m_unit)}); };
    if (m_unit != PlotUnit::Sequence) {
        const double half = m_range->upper / 2;
        add(0, half);
        if (!low)
            add(half, half);
        add(m_range->upper, half);
        return ticks;
    }
    const double step = stepFor(*m_range, low ? 2 : 3);
    for (double at = std::ceil(m_range->lower / step) * step; at <= m_range->upper; at += step)
        add(at, step);
    return ticks;
}

} // namespace jetlag::ui
