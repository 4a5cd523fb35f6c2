#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"

#include <deque>
#include <optional>

namespace jetlag {

/// Where a collector's lag goes, from its last seconds: ETA, the time until it has drained, and runway, the
/// time until retention deletes messages that it has not read. Both by the slope over the last 15 seconds
/// (never less than four samples); nullopt where there is none: a lag that grows has no ETA, a collector that
/// gains on retention no runway.
class Outlook final
{
public:
    /// `at` seconds on any steady clock; `deliveryLag` age of the oldest unread message in seconds, 0 without
    /// one.
    void add(double at, const StreamSnapshot& stream, const ConsumerSnapshot& consumer,
             std::optional<double> deliveryLag);
    /// Compare nothing across.
    void restart() { m_points.clear(); }

    [[nodiscard]] std::optional<double> etaSeconds() const;
    /// `stream`: its limits now.
    [[nodiscard]] std::optional<double> runwaySeconds(const StreamSnapshot& stream) const;

private:
    struct Point
    {
        double at = 0;
        double lag = 0;
        double pending = 0;
        double behind = 0; ///< sequences from the position to the stream's end
        std::optional<double> deliveryLag;
    };
    [[nodiscard]] std::optional<double> slope(double Point::*what) const;
    [[nodiscard]] std::optional<double> ageSlope() const;

    std::deque<Point> m_points;
};

} // namespace jetlag
