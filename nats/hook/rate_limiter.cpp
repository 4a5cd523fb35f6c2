// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/rate_limiter.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jetlag {

namespace {
constexpr double kCatchUpSeconds = 0.05;
}

RateLimiter::RateLimiter(double perSecond, TimePoint now)
    : m_perSecond(perSecond)
    , m_most(std::max(1.0, perSecond * kCatchUpSeconds))
    , m_at(now)
{}

void RateLimiter::refill(TimePoint now)
{
    if (now <= m_at)
        return;
    m_tokens = std::min(m_most, m_tokens + std::chrono::duration<double>(now - m_at).count() * m_perSecond);
    m_at = now;
}

std::uint64_t RateLimiter::available(TimePoint now)
{
    if (!(m_perSecond > 0))
        return std::numeric_limits<std::uint64_t>::max();
    refill(now);
    return static_cast<std::uint64_t>(std::max(0.0, m_tokens));
}

void RateLimiter::take(std::uint64_t count)
{
    if (m_perSecond > 0)
        m_tokens -= static_cast<double>(count);
}

std::chrono::nanoseconds RateLimiter::untilNext(TimePoint now)
{
    if (!(m_perSecond > 0))
        return {};
    refill(now);
    if (m_tokens >= 1)
        return {};
    // A rate below one in three centuries is none; the bound keeps the number within an int64.
    const double seconds = std::min((1 - m_tokens) / m_perSecond, 9e9);
    return std::chrono::nanoseconds(static_cast<std::int64_t>(std::ceil(seconds * 1e9)));
}

} // namespace jetlag
