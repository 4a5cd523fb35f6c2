// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/replay_pace.h"

namespace jetlag::ui {

namespace {

constexpr double kWindowSeconds = 4; // long enough to be calm, short enough to follow a change of speed

} // namespace

void ReplayPace::look(double seconds, std::uint64_t events, std::optional<double> fraction)
{
    m_looks.push_back({seconds, events, fraction});
    while (m_looks.size() > 2 && seconds - m_looks[1].seconds > kWindowSeconds)
        m_looks.pop_front();
}

std::optional<double> ReplayPace::eventsPerSecond() const
{
    if (m_looks.size() < 2)
        return std::nullopt;
    const double span = m_looks.back().seconds - m_looks.front().seconds;
    if (span <= 0)
        return std::nullopt;
    return static_cast<double>(m_looks.back().events - m_looks.front().events) / span;
}

std::optional<double> ReplayPace::secondsLeft() const
{
    if (m_looks.size() < 2 || !m_looks.back().fraction || !m_looks.front().fraction)
        return std::nullopt;
    const double done = *m_looks.back().fraction - *m_looks.front().fraction;
    const double span = m_looks.back().seconds - m_looks.front().seconds;
    if (done <= 0 || span <= 0)
        return std::nullopt;
    return (1 - *m_looks.back().fraction) * span / done;
}

} // namespace jetlag::ui
