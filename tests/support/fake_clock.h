#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"

#include <atomic>

namespace jetlag::test {

/// A clock that only moves when told to. Any thread.
class FakeClock final : public Clock
{
public:
    explicit FakeClock(ServerTime start = ServerTime(std::chrono::seconds(1'700'000'000)))
        : m_now(start)
    {}

    void advance(std::chrono::nanoseconds by) { m_now = m_now.load() + by; }
    ServerTime now() const override { return m_now; }
    /// How often somebody has asked for steadyNow(): who waits for it to move has looked again.
    [[nodiscard]] int looks() const { return m_looks; }
    std::chrono::steady_clock::time_point steadyNow() const override
    {
        ++m_looks;
        return std::chrono::steady_clock::time_point(m_now.load().time_since_epoch());
    }

private:
    std::atomic<ServerTime> m_now;
    mutable std::atomic<int> m_looks = 0;
};

} // namespace jetlag::test
