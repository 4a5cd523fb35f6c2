// SPDX-License-Identifier: Apache-2.0
#include "nats/client/reconnect_wait.h"

#include <algorithm>

namespace jetlag {

namespace {

constexpr unsigned kFirstTries = 4; // a second in all
constexpr unsigned kMostDoublings = 10;

} // namespace

std::chrono::milliseconds ReconnectWait::before(unsigned number) const
{
    const unsigned doublings = std::min(number - std::min(number, kFirstTries), kMostDoublings);
    return std::min(m_longest, kFirst * (1u << doublings));
}

void ReconnectWait::waitFor(unsigned number)
{
    std::unique_lock lock(m_mutex);
    const auto due = std::chrono::steady_clock::now() + before(number);
    m_next = NextTry{.number = number, .comesAt = due};
    m_isHurried = false;
    m_changed.wait_until(lock, due, [this] { return m_isHurried || m_isStopped; });
    if (m_next) // a late word of an earlier success may have come meanwhile
        m_next->comesAt.reset();
}

void ReconnectWait::connected()
{
    const std::lock_guard lock(m_mutex);
    m_next.reset();
}

void ReconnectWait::hurry()
{
    const std::lock_guard lock(m_mutex);
    m_isHurried = true;
    m_changed.notify_all();
}

void ReconnectWait::stop()
{
    const std::lock_guard lock(m_mutex);
    m_isStopped = true;
    m_changed.notify_all();
}

std::optional<NextTry> ReconnectWait::next() const
{
    const std::lock_guard lock(m_mutex);
    return m_next;
}

} // namespace jetlag
