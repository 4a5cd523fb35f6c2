// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/collector_watch.h"

#include "model/verdict/explain.h"

#include <algorithm>

namespace jetlag {

namespace {

/// How long ago a cause began that was just named: what the server or the window knows of the time before.
double beganAgo(Cause cause, const VerdictWindow& window)
{
    const std::optional<ServerTime>& delivered = window.consumer().lastDelivered;
    switch (cause) {
    case Cause::NoPulls:
        return std::max(window.stall(), delivered ? window.ageOf(*delivered) : 0);
    case Cause::Capped:
        return window.mute();
    case Cause::Poison:
    case Cause::RedeliveryLoop:
        return window.floorStands();
    case Cause::Idle:
        return window.stream().lastTime == ServerTime{} ? 0 : window.ageOf(window.stream().lastTime);
    default:
        return 0;
    }
}

} // namespace

std::shared_ptr<const Diagnosis> CollectorWatch::add(VerdictSample sample, ServerTime at)
{
    const Judgement judgement = m_judge.add(std::move(sample));
    if (judgement.unreachable)
        m_hasNamed = false; // nobody sees what happens meanwhile
    else if (!m_isSeen)
        m_begun = at;
    m_isSeen = !judgement.unreachable;
    Diagnosis diagnosis = explain(m_judge, judgement, at);
    if (judgement.cause != m_cause) {
        m_cause = judgement.cause;
        m_since.reset();
        if (m_cause) {
            const double ago = m_judge.hasSamples() ? std::max(0.0, beganAgo(*m_cause, m_judge.window())) : 0;
            m_since =
                at - std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(ago));
            // A moment before the first sample is the server's, and exact.
            m_sinceOrEarlier = !m_hasNamed && *m_since >= m_begun;
            m_hasNamed = true;
        }
    }
    diagnosis.since = m_since;
    diagnosis.sinceOrEarlier = m_since && m_sinceOrEarlier;
    return std::make_shared<const Diagnosis>(std::move(diagnosis));
}

} // namespace jetlag
