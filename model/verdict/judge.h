#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/rules.h"

#include <optional>
#include <vector>

namespace jetlag {

/// What a collector's samples say now. Without a cause it is still being observed, or nobody answers.
struct Judgement
{
    std::optional<Cause> cause;
    bool unreachable = false; ///< no answer, or no such consumer
    std::vector<Cause> also;  ///< what holds as well, most telling first
};

/// From the samples of one consumer to one cause, with hysteresis: a name is taken when its rule has held
/// long enough, kept while nothing else is proved for ten seconds, and dropped at once when it is refuted.
/// Pure: the same samples give the same judgements. One thread.
class VerdictJudge final
{
public:
    [[nodiscard]] Judgement add(VerdictSample sample);

    /// What the name rests on; only after a whole sample (see hasSamples).
    [[nodiscard]] const VerdictWindow& window() const { return m_window; }
    [[nodiscard]] const RuleMemory& memory() const { return m_memory; }
    [[nodiscard]] bool hasSamples() const { return m_hasSamples; }

private:
    [[nodiscard]] Judgement withoutAnswer(const VerdictSample& sample);
    void dropRefuted(const std::vector<const Rule*>& held);
    void dropUnsupported(const std::vector<const Rule*>& held);
    void consider(const Rule* first);

    VerdictWindow m_window;
    RuleMemory m_memory;
    bool m_hasSamples = false;
    std::optional<Cause> m_name;
    std::optional<Cause> m_candidate;
    unsigned m_candidateHeld = 0;
    double m_supportedAt = 0; ///< when the name's own rule held last
    unsigned m_missing = 0;
    std::optional<double> m_missingSince;
};

} // namespace jetlag
