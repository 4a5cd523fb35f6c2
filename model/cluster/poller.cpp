// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/poller.h"

#include "model/base/log.h"

#include <algorithm>
#include <exception>
#include <pthread.h>

namespace jetlag {

namespace {

// How often the clock is looked at while waiting: it may be a fake that jumps.
constexpr std::chrono::milliseconds kLookAtClock{20};

} // namespace

std::chrono::milliseconds pollerPace(std::chrono::milliseconds beat, std::size_t collectors)
{
    // At 2,000 a look costs the server a twentieth of a core, its clients a hundredth: bench_monitor.
    constexpr std::size_t kAsOftenAsAsked = 2'000;
    constexpr std::chrono::milliseconds kSlowest{60'000};
    if (collectors <= kAsOftenAsAsked)
        return beat;
    return std::max(beat, std::min(std::chrono::milliseconds(collectors), kSlowest));
}

Poller::Poller(ClusterProbe& probe, std::chrono::milliseconds beat, bool all, Callback onReport,
               const Clock& clock)
    : m_monitor(probe)
    , m_beat(beat)
    , m_all(all)
    , m_onReport(std::move(onReport))
    , m_clock(clock)
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{}

Poller::~Poller() = default;

void Poller::connectionChanged()
{
    const std::lock_guard lock(m_mutex);
    m_connectionChanged = true;
}

void Poller::sampleNow()
{
    {
        const std::lock_guard lock(m_mutex);
        m_hurry = true;
    }
    m_wake.notify_all();
}

std::shared_ptr<const ClusterReport> Poller::next(const std::stop_token& stop)
{
    {
        const std::lock_guard lock(m_mutex);
        if (std::exchange(m_connectionChanged, false))
            m_monitor.connectionBroke();
    }
    Result<ClusterReport> report = m_monitor.sample(m_all, stop);
    if (!report)
        return std::make_shared<const ClusterReport>(
            m_monitor.withoutAnswer(m_last ? *m_last : ClusterReport(), report.error(), m_clock));
    m_last = std::make_shared<const ClusterReport>(std::move(*report));
    return m_last;
}

void Poller::run(const std::stop_token& stop)
{
    pthread_setname_np(pthread_self(), "jetlag-poller");
    while (!stop.stop_requested()) {
        const auto begin = m_clock.steadyNow();
        try {
            std::shared_ptr<const ClusterReport> report = next(stop);
            if (!stop.stop_requested())
                m_onReport(std::move(report));
        } catch (const std::exception& exception) {
            log().error("sampling the cluster failed: {}", exception.what());
        }
        const auto due = begin + pollerPace(m_beat, m_last ? m_last->collectors.size() : 0);
        std::unique_lock lock(m_mutex);
        while (!stop.stop_requested() && !m_hurry && m_clock.steadyNow() < due)
            m_wake.wait_for(lock, stop, kLookAtClock, [this] { return m_hurry; });
        m_hurry = false;
    }
}

} // namespace jetlag
