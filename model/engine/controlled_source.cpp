// SPDX-License-Identifier: Apache-2.0
#include "model/engine/controlled_source.h"

#include <algorithm>

namespace jetlag {

namespace {

// A slower pace is handed on in small pieces, so that what follows flows instead of jumping.
constexpr std::chrono::milliseconds kPiece{20};

} // namespace

ControlledSource::ControlledSource(EventSource& source, Pace pace)
    : m_source(source)
    , m_pace(pace)
{}

void ControlledSource::pause()
{
    const std::lock_guard lock(m_mutex);
    m_paused = true;
}

void ControlledSource::resume()
{
    {
        const std::lock_guard lock(m_mutex);
        m_paused = false;
    }
    m_resumed.notify_all();
}

bool ControlledSource::isPaused() const
{
    const std::lock_guard lock(m_mutex);
    return m_paused;
}

Result<SourceOutcome> ControlledSource::next(MessageBatch& batch, std::chrono::milliseconds wait,
                                             std::stop_token stop)
{
    const Steady::time_point start = Steady::now();
    const Steady::time_point deadline = start + wait;
    {
        std::unique_lock lock(m_mutex);
        if (m_paused) {
            const bool goesOn = m_resumed.wait_until(lock, stop, deadline, [this] { return !m_paused; });
            const auto paused = Steady::now() - start;
            m_begin += paused;
            m_creditAt += paused;
            if (!goesOn)
                return SourceOutcome::Idle;
        }
    }
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
    std::size_t due = dueNow();
    while (due == 0) {
        const Steady::time_point until = std::min(deadline, std::max(nextDue(), Steady::now() + kPiece));
        std::unique_lock lock(m_mutex);
        m_resumed.wait_until(lock, stop, until, [] { return false; });
        lock.unlock();
        due = dueNow();
        if (due == 0 && (stop.stop_requested() || Steady::now() >= deadline))
            return SourceOutcome::Idle;
    }
    handOver(batch, due);
    return SourceOutcome::Batch;
}

std::size_t ControlledSource::dueNow()
{
    const std::size_t left = m_waiting->messages.size() - m_handedOver;
    const Steady::time_point now = Steady::now();
    if (m_pace.perSecond > 0) {
        if (m_creditAt == Steady::time_point())
            m_creditAt = now;
        m_credit += m_pace.perSecond * std::chrono::duration<double>(now - m_creditAt).count();
        m_creditAt = now;
        // What was not used is not saved up for a burst.
        m_credit = std::min(m_credit, std::max(1.0, m_pace.perSecond / 10));
        const std::size_t count = std::min(left, static_cast<std::size_t>(std::max(0.0, m_credit)));
        m_credit -= static_cast<double>(count);
        return count;
    }
    if (m_begin == Steady::time_point() || m_firstTime == ServerTime()) {
        m_begin = now;
        m_firstTime = m_waiting->messages.front().time;
    }
    std::size_t count = 0;
    while (count < left) {
        const auto since = m_waiting->messages[m_handedOver + count].time - m_firstTime;
        if (std::chrono::duration<double>(since).count() / m_pace.factor >
            std::chrono::duration<double>(now - m_begin).count())
            break;
        ++count;
    }
    return count;
}

ControlledSource::Steady::time_point ControlledSource::nextDue() const
{
    if (m_pace.perSecond > 0)
        return m_creditAt + std::chrono::duration_cast<Steady::duration>(
                                std::chrono::duration<double>(1.0 / m_pace.perSecond));
    const auto since = m_waiting->messages[m_handedOver].time - m_firstTime;
    return m_begin +
           std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(since) / m_pace.factor);
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
