// SPDX-License-Identifier: Apache-2.0
#include "tests/support/pulse.h"

#include "tests/support/broker.h"

#include <QDebug>
#include <fmt/format.h>

#include <condition_variable>

namespace jetlag::test {

namespace {

using namespace std::chrono;

constexpr auto kBeat = 200ms;
constexpr auto kPatience = 30s;

} // namespace

Pulse::Pulse(const ConnectionProfile& profile)
    : Pulse(openPatiently(profile, {.name = "pulse"}))
{}

Pulse::Pulse(std::unique_ptr<Connection> connection)
    : m_connection(std::move(connection))
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{}

void Pulse::run(const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    while (!stop.stop_requested()) {
        const Time due = steady_clock::now() + kBeat;
        begin(due, "the machine");
        {
            std::unique_lock lock(mutex);
            never.wait_until(lock, stop, due, [] { return false; });
        }
        end();
        if (!m_connection || stop.stop_requested())
            continue;
        begin(steady_clock::now(), "the server");
        // The list takes the lock of each stream: a disk that stands still shows. What is answered, or that
        // it is refused, does not matter.
        (void)m_connection->apiRequest("STREAM.LIST", "", kPatience, stop);
        end();
    }
}

void Pulse::begin(Time from, std::string who)
{
    const std::lock_guard lock(m_mutex);
    m_open = Stall{.from = from, .who = std::move(who)};
}

void Pulse::end()
{
    const std::lock_guard lock(m_mutex);
    m_open->length = duration_cast<milliseconds>(steady_clock::now() - m_open->from);
    if (m_open->length > kBearable)
        m_stalls.push_back(std::move(*m_open));
    m_open.reset();
}

std::optional<Pulse::Stall> Pulse::longestIn(Time from, Time to) const
{
    const std::lock_guard lock(m_mutex);
    std::vector<Stall> stalls = m_stalls;
    if (m_open) {
        stalls.push_back(*m_open);
        stalls.back().length = duration_cast<milliseconds>(steady_clock::now() - m_open->from);
    }
    std::optional<Stall> longest;
    for (Stall& stall : stalls)
        if (stall.length > kBearable && stall.from < to && stall.from + stall.length > from &&
            (!longest || stall.length > longest->length))
            longest = std::move(stall);
    return longest;
}

std::string tryUntilItCounts(const std::function<Tried()>& once,
                             const std::function<void(const std::string& why)>& tell)
{
    for (int tries = 1;; ++tries) {
        Tried tried = once();
        if (tried.wrong.empty() || tried.stall.empty() || tries == kTriesAtMost)
            return std::move(tried.wrong);
        tell(fmt::format("{}; meanwhile: {}", tried.stall, tried.wrong));
    }
}

std::string tryOnBrokers(const std::function<std::string(const Broker&)>& once)
{
    return tryUntilItCounts(
        [&once] {
            const Broker broker;
            const Pulse pulse(broker.profile());
            const auto from = steady_clock::now();
            Tried tried{.wrong = once(broker), .stall = {}};
            if (const auto stall = pulse.longestIn(from, steady_clock::now()))
                tried.stall = describe(*stall);
            return tried;
        },
        [](const std::string& why) { qInfo("started over: %s", why.c_str()); });
}

std::string describe(const Pulse::Stall& stall)
{
    return fmt::format("{} stood still for {:.1f} s", stall.who, duration<double>(stall.length).count());
}

} // namespace jetlag::test
