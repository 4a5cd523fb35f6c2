#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/connection_service.h"

#include <chrono>
#include <deque>
#include <optional>

namespace jetlag::ui {

/// What watching costs, per second over the last ones: a figure that does not flicker. One thread.
class FootprintMeter final
{
public:
    using Time = std::chrono::steady_clock::time_point;

    /// Call it every second or so.
    void look(const Footprint& footprint, Time now = std::chrono::steady_clock::now());
    void clear() { m_looks.clear(); }

    [[nodiscard]] Footprint total() const;
    /// nullopt during the first second.
    [[nodiscard]] std::optional<double> requestsPerSecond() const;
    [[nodiscard]] std::optional<double> bytesPerSecond() const; ///< both ways

private:
    struct Look
    {
        Time at;
        Footprint footprint;
    };
    [[nodiscard]] std::optional<double> perSecond(double growth) const;

    std::deque<Look> m_looks; ///< oldest first
};

} // namespace jetlag::ui
