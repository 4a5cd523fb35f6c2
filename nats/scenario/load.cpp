// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/load.h"

#include "model/base/log.h"
#include "model/base/thread_name.h"

#include <chrono>
#include <cmath>

namespace jetlag::scenario {

namespace {

using namespace std::chrono;

constexpr auto kStep = 50ms;
constexpr std::size_t kPayloadBytes = 64;

} // namespace

Load::Load(Connection& connection, std::vector<std::string> subjects, double perSecond)
    : m_connection(connection)
    , m_subjects(std::move(subjects))
    , m_payload(kPayloadBytes, 'x')
    , m_rate(perSecond)
    , m_thread([this](std::stop_token stop) { run(stop); })
{}

Load::~Load()
{
    m_thread.request_stop();
}

void Load::setRate(double perSecond)
{
    const std::lock_guard lock(m_mutex);
    m_rate = perSecond;
    m_changed.notify_all();
}

void Load::burst(std::uint64_t count)
{
    const std::lock_guard lock(m_mutex);
    m_burst += count;
    m_changed.notify_all();
}

void Load::run(std::stop_token stop)
{
    setCurrentThreadName("load");
    auto last = steady_clock::now();
    auto next = last;
    double due = 1; // the first one at once, however low the rate
    while (!stop.stop_requested()) {
        std::uint64_t count = 0;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait_until(lock, stop, next, [this] { return m_burst > 0; });
            if (stop.stop_requested())
                return;
            const auto now = steady_clock::now();
            if (m_rate > 0)
                due += m_rate * duration<double>(now - last).count();
            last = now;
            const double whole = m_rate > 0 ? std::floor(due) : 0;
            due -= whole;
            count = static_cast<std::uint64_t>(whole) + std::exchange(m_burst, 0);
            next = std::max(next + kStep, now);
        }
        publish(count);
    }
}

void Load::publish(std::uint64_t count)
{
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string& subject = m_subjects[m_sent++ % m_subjects.size()];
        if (const Result<void> sent = m_connection.publish(subject, m_payload); !sent) {
            log().debug("a scenario's load: {}", sent.error().message()); // a full reconnect buffer
            return;
        }
    }
}

} // namespace jetlag::scenario
