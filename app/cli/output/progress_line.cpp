// SPDX-License-Identifier: Apache-2.0
#include "app/cli/output/progress_line.h"

#include "model/base/number_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <unistd.h>

namespace jetlag {

ProgressLine::ProgressLine()
    : m_terminal(isatty(STDERR_FILENO) == 1)
    , m_lastShown(m_start)
{}

ProgressLine::~ProgressLine()
{
    clear();
}

void ProgressLine::update(const JobProgress& progress)
{
    const Steady::time_point now = Steady::now();
    const auto pause = m_terminal || !m_visible ? std::chrono::seconds(1) : std::chrono::seconds(5);
    if (now - m_lastShown < pause)
        return;
    const double seconds = std::chrono::duration<double>(now - m_lastShown).count();
    const double rate = static_cast<double>(progress.done - std::min(progress.done, m_lastDone)) / seconds;
    m_lastShown = now;
    m_lastDone = progress.done;

    std::string text = progress.words.empty() ? "working" : progress.words;
    if (progress.done > 0 || progress.total > 0)
        text += fmt::format(" · {}{}{}", shortCount(static_cast<double>(progress.done)),
                            progress.unit.empty() ? "" : " ", progress.unit);
    if (progress.total > 0)
        text += fmt::format(" of {} ({:.0f} %)", shortCount(static_cast<double>(progress.total)),
                            100.0 * static_cast<double>(progress.done) / static_cast<double>(progress.total));
    if (progress.done > 0)
        text += fmt::format(" · {}/s", shortCount(rate));
    if (progress.total > progress.done && rate > 0)
        text += fmt::format(" · {} left",
                            shortDuration(static_cast<double>(progress.total - progress.done) / rate));
    if (m_terminal)
        fmt::print(stderr, "\r\x1b[K{}", text);
    else
        fmt::print(stderr, "{}\n", text);
    std::fflush(stderr);
    m_visible = true;
}

void ProgressLine::clear()
{
    if (m_visible && m_terminal)
        fmt::print(stderr, "\r\x1b[K");
    m_visible = false;
}

} // namespace jetlag
