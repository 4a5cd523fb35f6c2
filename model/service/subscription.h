#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <functional>
#include <utility>

namespace jetlag {

/// Ends a subscription when destroyed: afterwards no call comes any more, not even one under way. The
/// destructor waits at most for a callback that is already running, so callbacks only store the latest
/// value and post; they never unsubscribe.
class Subscription final
{
public:
    Subscription() = default;
    explicit Subscription(std::function<void()> end)
        : m_end(std::move(end))
    {}
    ~Subscription() { reset(); }
    Subscription(Subscription&& other) noexcept
        : m_end(std::exchange(other.m_end, nullptr))
    {}
    Subscription& operator=(Subscription&& other) noexcept
    {
        if (this != &other) {
            reset();
            m_end = std::exchange(other.m_end, nullptr);
        }
        return *this;
    }

    void reset()
    {
        if (auto end = std::exchange(m_end, nullptr))
            end();
    }

private:
    std::function<void()> m_end;
};

} // namespace jetlag
