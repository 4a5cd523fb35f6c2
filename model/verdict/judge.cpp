// SPDX-License-Identifier: Apache-2.0
#include "model/verdict/judge.h"

#include <algorithm>

namespace jetlag {

namespace {

constexpr double kKeepsName = 10;
constexpr double kKeepsCalm = 6;

unsigned samplesNeeded(Entry entry, bool slowPolls)
{
    switch (entry) {
    case Entry::AtOnce:
        return 1;
    case Entry::Spanning:
        return slowPolls ? 1 : 2;
    case Entry::Twice:
        return 2;
    case Entry::Thrice:
        return slowPolls ? 2 : 3;
    }
    return 3;
}

bool isCalm(std::optional<Cause> cause)
{
    return cause == Cause::None || cause == Cause::Idle;
}

/// A calm name must be shown again sooner than others; who works in steps shows it once in each step.
double keepsCalm(const VerdictWindow& window)
{
    constexpr double kLongest = 600;
    return std::clamp(1.5 * window.longestStall() + window.poll(), kKeepsCalm, kLongest);
}

} // namespace

Judgement VerdictJudge::add(VerdictSample sample)
{
    if (!sample.isWhole())
        return withoutAnswer(sample);
    m_missing = 0;
    m_missingSince.reset();
    m_window.add(std::move(sample));
    m_hasSamples = true;

    // Every rule looks at every sample: they remember.
    std::vector<const Rule*> held;
    for (const Rule& rule : verdictRules()) {
        if (rule.holds(m_window, m_memory))
            held.push_back(&rule);
    }
    dropRefuted(held);
    if (held.empty())
        m_candidate.reset();
    else
        consider(held.front());
    dropUnsupported(held);
    Judgement judgement{.cause = m_name};
    for (const Rule* rule : held) {
        if (rule->cause != m_name && rule->cause != Cause::None &&
            std::find(judgement.also.begin(), judgement.also.end(), rule->cause) == judgement.also.end())
            judgement.also.push_back(rule->cause);
    }
    return judgement;
}

Judgement VerdictJudge::withoutAnswer(const VerdictSample& sample)
{
    if (sample.error == SampleError::NoConsumer) {
        m_window.consumerIsGone();
        m_name.reset();
        m_candidate.reset();
        return {.unreachable = true};
    }
    const bool clustered = m_hasSamples && m_window.stream().placement.isClustered() &&
                           !m_window.stream().placement.replicas.empty();
    if (!clustered && sample.error != SampleError::SystemTemporary) {
        m_name.reset();
        m_candidate.reset();
        return {.unreachable = true};
    }
    ++m_missing;
    m_missingSince = m_missingSince.value_or(sample.at);
    if (m_missing >= 2 && sample.at - *m_missingSince >= 0.9) {
        m_name = Cause::Cluster;
        m_supportedAt = sample.at;
        m_candidate.reset();
    }
    return {.cause = m_name};
}

void VerdictJudge::dropRefuted(const std::vector<const Rule*>& held)
{
    const Interval* last = m_window.intervals().empty() ? nullptr : &m_window.intervals().back();
    const auto holds = [&](Cause cause) {
        return std::any_of(held.begin(), held.end(), [&](const Rule* rule) { return rule->cause == cause; });
    };
    const bool pulled = m_name == Cause::NoPulls && last != nullptr && last->deliveries > 0;
    const bool gotThrough =
        m_name == Cause::RedeliveryLoop && last != nullptr && last->acked && last->again == 0;
    const bool clusterIsBack = m_name == Cause::Cluster && !holds(Cause::Cluster);
    if (pulled || gotThrough || clusterIsBack)
        m_name.reset();
}

void VerdictJudge::dropUnsupported(const std::vector<const Rule*>& held)
{
    const double now = m_window.now().at;
    const bool holds =
        std::any_of(held.begin(), held.end(), [this](const Rule* rule) { return rule->cause == m_name; });
    if (!m_name || holds)
        m_supportedAt = now;
    else if (now - m_supportedAt > (isCalm(m_name) ? keepsCalm(m_window) : kKeepsName))
        m_name.reset();
}

void VerdictJudge::consider(const Rule* first)
{
    if (first->cause == m_name) {
        m_candidate.reset();
        return;
    }
    m_candidateHeld = m_candidate == first->cause ? m_candidateHeld + 1 : 1;
    m_candidate = first->cause;
    unsigned needed = samplesNeeded(first->entry, m_window.hasSlowPolls());
    // Calm to calm, and the first calm name, need no patience: nothing is taken back.
    if (isCalm(first->cause) && (!m_name || isCalm(m_name)))
        needed = 1;
    if (m_candidateHeld < needed)
        return;
    m_name = first->cause;
    m_candidate.reset();
}

} // namespace jetlag
