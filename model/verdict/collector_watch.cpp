// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/collector_watch.h"

#include "model/verdict/explain.h"

#include <algorithm>

namespace jetlag {

namespace {

struct Beginning
{
    ServerTime at{};
    bool isToldByServer = false; ///< exact, whenever somebody began to watch
    bool reachesBack = false;    ///< it lasts for as long as it is watched
};

Beginning lasting(double seconds, const VerdictWindow& window, ServerTime at)
{
    const auto ago = std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(std::max(0.0, seconds)));
    return {.at = at - ago, .reachesBack = window.reachesBack(seconds)};
}

/// When a cause began that was just named: what the server or the window knows of the time before.
Beginning beginningOf(Cause cause, const VerdictWindow& window, ServerTime at)
{
    switch (cause) {
    case Cause::NoPulls:
        if (const std::optional<ServerTime> told = window.undeliveredSince())
            return {.at = *told, .isToldByServer = true};
        return lasting(window.stall(), window, at);
    case Cause::Capped:
        return lasting(window.mute(), window, at);
    case Cause::Poison:
    case Cause::RedeliveryLoop:
        return lasting(window.floorStands(), window, at);
    case Cause::Idle:
        if (window.stream().lastTime != ServerTime{})
            return {.at = window.stream().lastTime, .isToldByServer = true};
        return {.at = at};
    default:
        return {.at = at};
    }
}

} // namespace

std::shared_ptr<const Diagnosis> CollectorWatch::add(VerdictSample sample, ServerTime at)
{
    const Judgement judgement = m_judge.add(std::move(sample));
    if (judgement.unreachable)
        m_hasNamed = false; // nobody sees what happens meanwhile
    Diagnosis diagnosis = explain(m_judge, judgement, at);
    if (judgement.cause != m_cause) {
        m_cause = judgement.cause;
        m_since.reset();
        if (m_cause) {
            const Beginning began =
                m_judge.hasSamples() ? beginningOf(*m_cause, m_judge.window(), at) : Beginning{.at = at};
            m_since = began.at;
            // A moment that the watch reached back to is that of its own first look.
            m_sinceOrEarlier = !began.isToldByServer && (!m_hasNamed || began.reachesBack);
            m_hasNamed = true;
        }
    }
    diagnosis.since = m_since;
    diagnosis.sinceOrEarlier = m_since && m_sinceOrEarlier;
    return std::make_shared<const Diagnosis>(std::move(diagnosis));
}

} // namespace jetlag
