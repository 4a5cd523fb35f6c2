#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <chrono>
#include <cstdint>

namespace jetlag {

/// Lets through so many items a second, smoothly: what was not used may be caught up for a twentieth of a
/// second only, so a pause is not followed by a burst. Time is given by the caller. One thread.
class RateLimiter final
{
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// 0 or less = no limit.
    RateLimiter(double perSecond, TimePoint now);

    /// How many may go now; UINT64_MAX without a limit.
    [[nodiscard]] std::uint64_t available(TimePoint now);
    void take(std::uint64_t count);
    /// How long until the next one may go; 0 when one may go now.
    [[nodiscard]] std::chrono::nanoseconds untilNext(TimePoint now);

private:
    void refill(TimePoint now);

    double m_perSecond;
    double m_most;
    double m_tokens = 1; // the first one need not wait
    TimePoint m_at;
};

} // namespace jetlag
