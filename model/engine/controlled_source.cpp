// SPDX-License-Identifier: Apache-2.0
#include "model/engine/controlled_source.h"

#include <algorithm>

namespace jetlag {

namespace {

// A slower pace is handed on in small pieces, so that what follows flows instead of jumping. Also how often a
// clock that is not the machine's is looked at.
constexpr std::chrono::milliseconds kPiece{20};

} // namespace

ControlledSource::ControlledSource(EventSource& source, Pace pace, const Clock& clock)
    : m_source(source)
    , m_pace(pace)
    , m_clock(clock)
{}

void ControlledSource::pause()
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_paused)
            return;
        m_paused = true;
        m_pausedAt = m_clock.steadyNow();
    }
    m_changed.notify_all();
}

void ControlledSource::resume()
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_paused)
            return;
        m_paused = false;
        m_inPauses += m_clock.steadyNow() - m_pausedAt;
    }
    m_changed.notify_all();
}

bool ControlledSource::isPaused() const
{
    const std::lock_guard lock(m_mutex);
    return m_paused;
}

Result<SourceOutcome> ControlledSource::next(MessageBatch& batch, std::chrono::milliseconds wait,
                                             std::stop_token stop)
{
    const Steady::time_point deadline = m_clock.steadyNow() + wait;
    if (!waitWhilePaused(deadline, stop))
        return SourceOutcome::Idle;
    if (m_pace.factor <= 0 && m_pace.perSecond <= 0)
        return m_source.next(batch, wait, stop);

    if (!m_waiting) {
        auto read = std::make_shared<MessageBatch>();
        const Result<SourceOutcome> outcome = m_source.next(*read, wait, stop);
        if (!outcome || *outcome != SourceOutcome::Batch)
            return outcome;
        if (read->messages.empty()) {
            batch = std::move(*read);
            return SourceOutcome::Batch;
        }
        m_waiting = std::move(read);
        m_handedOver = 0;
    }
    for (;;) {
        if (!waitWhilePaused(deadline, stop))
            return SourceOutcome::Idle;
        if (const std::size_t due = takeDue(playTime()); due > 0) {
            handOver(batch, due);
            return SourceOutcome::Batch;
        }
        const Steady::time_point now = m_clock.steadyNow();
        if (stop.stop_requested() || now >= deadline)
            return SourceOutcome::Idle;
        waitUntil(std::min<Steady::time_point>(deadline, now + kPiece), stop);
    }
}

bool ControlledSource::waitWhilePaused(Steady::time_point deadline, const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    while (m_paused) {
        const auto left = deadline - m_clock.steadyNow();
        if (stop.stop_requested() || left <= Steady::duration::zero())
            return false;
        // In pieces: another clock than the machine's may have moved.
        m_changed.wait_for(lock, stop, std::min<Steady::duration>(left, kPiece),
                           [this] { return !m_paused; });
    }
    return !stop.stop_requested();
}

void ControlledSource::waitUntil(Steady::time_point until, const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, stop, until - m_clock.steadyNow(), [this] { return m_paused; });
}

ControlledSource::Steady::time_point ControlledSource::playTime() const
{
    const std::lock_guard lock(m_mutex);
    return (m_paused ? m_pausedAt : m_clock.steadyNow()) - m_inPauses;
}

std::size_t ControlledSource::takeDue(Steady::time_point now)
{
    const std::size_t left = m_waiting->messages.size() - m_handedOver;
    const std::size_t byTime = m_pace.factor > 0 ? dueByTime(now) : left;
    return m_pace.perSecond > 0 ? dueByRate(now, byTime) : byTime;
}

std::size_t ControlledSource::dueByTime(Steady::time_point now)
{
    const auto& messages = m_waiting->messages;
    for (std::size_t i = m_handedOver; i < messages.size(); ++i) {
        const ServerTime time = messages[i].time;
        if (time == ServerTime())
            continue; // has no time of its own: goes with the ones around it
        if (!m_hasBegun) {
            m_hasBegun = true;
            m_begin = now;
            m_firstTime = time;
        }
        if (std::chrono::duration<double>(time - m_firstTime).count() / m_pace.factor >
            std::chrono::duration<double>(now - m_begin).count())
            return i - m_handedOver;
    }
    return messages.size() - m_handedOver;
}

std::size_t ControlledSource::dueByRate(Steady::time_point now, std::size_t most)
{
    m_credit += m_pace.perSecond * std::chrono::duration<double>(now - m_creditAt.value_or(now)).count();
    m_creditAt = now;
    // What was not used is not saved up for a burst.
    m_credit = std::min(m_credit, std::max(1.0, m_pace.perSecond / 10));
    const std::size_t count = std::min(most, static_cast<std::size_t>(m_credit));
    m_credit -= static_cast<double>(count);
    return count;
}

void ControlledSource::handOver(MessageBatch& batch, std::size_t count)
{
    const auto first = m_waiting->messages.begin() + static_cast<std::ptrdiff_t>(m_handedOver);
    batch.messages.assign(first, first + static_cast<std::ptrdiff_t>(count));
    m_handedOver += count;
    const bool all = m_handedOver == m_waiting->messages.size();
    batch.coveredTo = all ? m_waiting->coveredTo : batch.messages.back().sequence;
    auto& gaps = m_waiting->gaps;
    const auto passed = std::find_if(gaps.begin(), gaps.end(), [&](const SequenceGap& gap) {
        return !all && gap.first > batch.coveredTo;
    });
    batch.gaps.assign(gaps.begin(), passed);
    gaps.erase(gaps.begin(), passed);
    batch.keep(m_waiting);
    if (all)
        m_waiting.reset();
}

} // namespace jetlag
