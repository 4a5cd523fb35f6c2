#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace jetlag::bench {

/// CPU microseconds of this process, all threads.
[[nodiscard]] double processCpuMicros();
/// Of another process, from /proc; in steps of the kernel's accounting (nanoseconds where it keeps them).
[[nodiscard]] double processCpuMicros(pid_t process);

/// The CPU clock of one thread of this process, found by its name.
class ThreadCpu final
{
public:
    /// nullopt: no thread has that name (yet).
    [[nodiscard]] static std::optional<ThreadCpu> named(std::string_view name);
    [[nodiscard]] double micros() const;

private:
    explicit ThreadCpu(clockid_t clock)
        : m_clock(clock)
    {}
    clockid_t m_clock;
};

[[nodiscard]] double residentMegabytes();
/// Bytes that were asked of the allocator and not given back.
[[nodiscard]] double heapBytes();

/// Of the values of many rounds.
[[nodiscard]] double median(std::vector<double> values);
/// The smallest value that `share` of them do not exceed: 0.99 = p99; of few rounds the largest.
[[nodiscard]] double quantile(std::vector<double> values, double share);

/// Ends the program with 3.
[[noreturn]] void giveUp(const std::string& what);

} // namespace jetlag::bench
