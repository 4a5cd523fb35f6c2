#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <chrono>

namespace jetlag {

/// A steady load with bursts.
struct LoadProfile
{
    double perSecond = 100;                       ///< outside bursts
    double burstFactor = 4;                       ///< within them; 1 = no bursts
    std::chrono::milliseconds burstEvery{20'000}; ///< from the beginning of one to that of the next
    std::chrono::milliseconds burstLength{3'000}; ///< at the end of each period
};

/// When the records of a load are due. The same profile gives the same times on every machine.
class LoadSchedule final
{
public:
    explicit LoadSchedule(LoadProfile profile)
        : m_profile(profile)
    {}

    /// When the next record is due, since the start; never earlier than the one before.
    std::chrono::milliseconds next()
    {
        const std::chrono::milliseconds due(static_cast<std::int64_t>(m_millis));
        m_millis += 1'000.0 / rateAt(due);
        return due;
    }

private:
    [[nodiscard]] double rateAt(std::chrono::milliseconds time) const
    {
        if (m_profile.burstEvery.count() <= 0)
            return m_profile.perSecond;
        const bool inBurst = time % m_profile.burstEvery >= m_profile.burstEvery - m_profile.burstLength;
        return inBurst ? m_profile.perSecond * m_profile.burstFactor : m_profile.perSecond;
    }

    LoadProfile m_profile;
    double m_millis = 0;
};

} // namespace jetlag
