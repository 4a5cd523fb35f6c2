#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace jetlag {

/// A moment as the server gave it: nanoseconds since the epoch, UTC.
using ServerTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// Where components that must wait or date something get the time. Tests hand in a fake.
class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual ServerTime now() const = 0;
    [[nodiscard]] virtual std::chrono::steady_clock::time_point steadyNow() const = 0;
};

/// The machine's clocks; one for the whole process.
[[nodiscard]] const Clock& systemClock();

/// RFC 3339, any zone offset, up to nanoseconds: "2024-02-29T12:00:00.123456789Z", "...+02:00".
/// JetStream's year-1 time of an empty stream parses to the epoch.
[[nodiscard]] Result<ServerTime> parseRfc3339(std::string_view text);
/// RFC 3339 in UTC with as many digits as needed (0, 3, 6 or 9).
[[nodiscard]] std::string formatRfc3339(ServerTime time);
/// A duration as people write it: "90s", "5m", "1h30m", "250ms", "2d".
[[nodiscard]] Result<std::chrono::nanoseconds> parseDuration(std::string_view text);

[[nodiscard]] constexpr std::int64_t toMillis(ServerTime time) noexcept
{
    return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

} // namespace jetlag
