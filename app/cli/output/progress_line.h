#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/job.h"

#include <chrono>
#include <cstdio>
#include <string>

namespace jetlag {

/// Progress on stderr for what takes longer than a second: one line rewritten in place on a terminal, a
/// line every five seconds elsewhere. Nothing for quick commands.
class ProgressLine final
{
public:
    ProgressLine();
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void update(const JobProgress& progress);
    /// Wipes the line, so that other output starts clean.
    void clear();

private:
    using Steady = std::chrono::steady_clock;

    const Steady::time_point m_start = Steady::now();
    const bool m_terminal;
    Steady::time_point m_lastShown;
    std::uint64_t m_lastDone = 0;
    bool m_visible = false;
};

} // namespace jetlag
