// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <malloc.h>
#include <unistd.h>

namespace jetlag::bench {

namespace {

double microsOf(clockid_t clock)
{
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

/// How the kernel makes a clock from a process or thread id (see clock_getcpuclockid(3)).
clockid_t cpuClockOfThread(pid_t thread)
{
    constexpr unsigned kPerThread = 4;
    constexpr unsigned kScheduled = 2;
    return static_cast<clockid_t>((~static_cast<unsigned>(thread) << 3) | kPerThread | kScheduled);
}

} // namespace

double processCpuMicros()
{
    return microsOf(CLOCK_PROCESS_CPUTIME_ID);
}

double processCpuMicros(pid_t process)
{
    clockid_t clock{};
    if (::clock_getcpuclockid(process, &clock) != 0)
        giveUp(fmt::format("process {} has no clock", process));
    return microsOf(clock);
}

std::optional<ThreadCpu> ThreadCpu::named(std::string_view name)
{
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream file(entry.path() / "comm");
        std::string found;
        std::getline(file, found);
        if (found == name)
            return ThreadCpu(cpuClockOfThread(std::stoi(entry.path().filename().string())));
    }
    return std::nullopt;
}

double ThreadCpu::micros() const
{
    return microsOf(m_clock);
}

double residentMegabytes()
{
    std::ifstream file("/proc/self/statm");
    double total = 0;
    double resident = 0;
    file >> total >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

double heapBytes()
{
    const struct mallinfo2 info = ::mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
}

double median(std::vector<double> values)
{
    return quantile(std::move(values), 0.5);
}

double quantile(std::vector<double> values, double share)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

void giveUp(const std::string& what)
{
    fmt::print(stderr, "{}\n", what);
    std::exit(3);
}

} // namespace jetlag::bench
