#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <chrono>
#include <thread>

namespace jetlag::test {

/// Polls until `condition` holds; false after half a minute, for machines that are busy. Any thread, unlike
/// QTest's own, which wants an event loop.
template <typename Condition>
[[nodiscard]] bool waitUntil(const Condition& condition,
                             std::chrono::milliseconds patience = std::chrono::seconds(30))
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

} // namespace jetlag::test
