#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

namespace jetlag::ui {

/// When a server that did not answer is tried again: soon at first, then calmly.
class RetryPlan final
{
public:
    using Clock = std::chrono::steady_clock;

    void failed()
    {
        const std::size_t step = std::min(m_failures, kWaitSeconds.size() - 1);
        m_next = Clock::now() + std::chrono::seconds(kWaitSeconds[step]);
        ++m_failures;
    }
    void clear() { m_failures = 0; }

    [[nodiscard]] bool isDue() const { return Clock::now() >= m_next; }
    [[nodiscard]] double secondsLeft() const
    {
        return std::chrono::duration<double>(m_next - Clock::now()).count();
    }
    /// Of the try that comes, counted from 1.
    [[nodiscard]] std::size_t attempt() const { return m_failures + 1; }

private:
    static constexpr std::array<int, 5> kWaitSeconds{1, 2, 4, 8, 15};

    std::size_t m_failures = 0;
    Clock::time_point m_next{};
};

} // namespace jetlag::ui
