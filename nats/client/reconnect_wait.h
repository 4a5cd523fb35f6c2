#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/next_try.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace jetlag {

/// Stands between the tries of nats.c, which itself neither tells of them nor can be hurried: short waits at
/// first, then longer ones, ended at once when somebody does not want to wait. Any thread.
class ReconnectWait final
{
public:
    /// The first waits; a server that was restarted is found again soon.
    static constexpr std::chrono::milliseconds kFirst{250};

    explicit ReconnectWait(std::chrono::milliseconds longest)
        : m_longest(longest)
    {}

    /// Blocks until the try of that number is due. In nats.c's thread.
    void waitFor(unsigned number);
    /// The server is there again.
    void connected();
    /// The try that is waited for comes now.
    void hurry();
    /// Nobody waits any more, now and later.
    void stop();

    /// nullopt: connected, or the first round through the servers is under way.
    [[nodiscard]] std::optional<NextTry> next() const;

private:
    [[nodiscard]] std::chrono::milliseconds before(unsigned number) const;

    const std::chrono::milliseconds m_longest;
    mutable std::mutex m_mutex; ///< guards what follows
    std::condition_variable m_changed;
    std::optional<NextTry> m_next;
    bool m_isHurried = false;
    bool m_isStopped = false;
};

} // namespace jetlag
