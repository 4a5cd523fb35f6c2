#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/plots/axis_ticks.h"
#include "ui/plots/plot_types.h"

#include <optional>

namespace jetlag::ui {

struct ValueRange
{
    double lower = 0;
    double upper = 1;
    friend bool operator==(const ValueRange&, const ValueRange&) = default;
};

/// The range of a value axis. It widens at once when a line would leave it and narrows only when less than
/// about half is used, so that the scale stands still while values tremble.
class ValueScale final
{
public:
    explicit ValueScale(PlotUnit unit)
        : m_unit(unit)
    {}

    /// Takes in what is in view; nullopt when that is nothing.
    void fit(std::optional<ValueRange> inView);
    /// Nullopt until there was something to fit to.
    [[nodiscard]] const std::optional<ValueRange>& range() const { return m_range; }
    [[nodiscard]] PlotUnit unit() const { return m_unit; }
    /// Two or three labels; two where the axis is low.
    [[nodiscard]] QList<AxisTick> ticks(bool low) const;

private:
    [[nodiscard]] ValueRange fromZero(double highest) const;

    PlotUnit m_unit;
    std::optional<ValueRange> m_range;
};

} // namespace jetlag::ui
