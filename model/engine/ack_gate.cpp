// SPDX-License-Identifier: Apache-2.0
#include "model/engine/ack_gate.h"

namespace jetlag {

Result<void> AckGate::committed(StreamSequence upTo, TimePoint now)
{
    ++m_commits;
    if (m_commits == m_failPoints.killAfterCommit)
        dieAtOnce();
    if (m_failPoints.holdAcks.count() > 0) {
        m_held.emplace_back(now + m_failPoints.holdAcks, upTo);
        return {};
    }
    return ack(upTo);
}

Result<void> AckGate::submitted(StreamSequence upTo)
{
    return m_failPoints.ackBeforeCheckpoint ? ack(upTo) : Result<void>();
}

std::optional<AckGate::TimePoint> AckGate::nextRelease() const
{
    return m_held.empty() ? std::nullopt : std::optional(m_held.front().first);
}

Result<void> AckGate::release(TimePoint now)
{
    while (!m_held.empty() && m_held.front().first <= now) {
        const StreamSequence upTo = m_held.front().second;
        m_held.pop_front();
        if (Result<void> acked = ack(upTo); !acked)
            return acked;
    }
    return {};
}

Result<void> AckGate::releaseAll()
{
    return release(TimePoint::max());
}

Result<void> AckGate::ack(StreamSequence upTo)
{
    if (!m_sink)
        return {};
    Result<void> acked = m_sink->checkpointed(upTo);
    if (!acked)
        return std::move(acked).error().whileDoing("acknowledging what was checkpointed");
    return {};
}

} // namespace jetlag
