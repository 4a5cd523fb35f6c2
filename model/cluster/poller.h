#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/cluster/cluster_monitor.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace jetlag {

/// How often so many collectors are looked at where somebody asked for `beat`: up to 2,000 as asked; beyond,
/// a millisecond for each, so that a large account costs its server no more than a small one; once a minute
/// at least.
[[nodiscard]] std::chrono::milliseconds pollerPace(std::chrono::milliseconds beat, std::size_t collectors);

/// A thread that samples a cluster at a steady beat and hands out each report. When a look fails, the last
/// report comes again with every row marked stale and the reason in `problems`: numbers turn grey, they do
/// not vanish. Many collectors slow it down (pollerPace()), and so do looks that take longer than the beat.
///
/// Stops with its destructor, which waits for a look or callback under way (a look gives up soon).
class Poller final
{
public:
    using Callback = std::function<void(std::shared_ptr<const ClusterReport>)>;

    /// `probe` must outlive it. `onReport` is called on the poller's thread: store and post, no more.
    Poller(ClusterProbe& probe, std::chrono::milliseconds beat, bool all, Callback onReport,
           const Clock& clock = systemClock());
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    /// Any thread: the connection broke or was mended; compare nothing across.
    void connectionChanged();
    /// Any thread: sample at once instead of at the next beat.
    void sampleNow();

private:
    void run(const std::stop_token& stop);
    [[nodiscard]] std::shared_ptr<const ClusterReport> next(const std::stop_token& stop);

    ClusterMonitor m_monitor;                    // the thread's own
    std::shared_ptr<const ClusterReport> m_last; // the thread's own: the last one that was answered
    const std::chrono::milliseconds m_beat;
    const bool m_all;
    const Callback m_onReport;
    const Clock& m_clock;

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_hurry = false;
    bool m_connectionChanged = false;

    std::jthread m_thread; // last: starts when everything above is there
};

} // namespace jetlag
