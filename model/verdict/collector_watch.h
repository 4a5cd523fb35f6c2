#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/diagnosis.h"
#include "model/verdict/judge.h"

#include <memory>

namespace jetlag {

/// Follows one collector: sample by sample a diagnosis, and since when its cause holds. One thread.
class CollectorWatch final
{
public:
    /// `at`: the server's time of the sample. The diagnosis is shared because it crosses threads unchanged.
    [[nodiscard]] std::shared_ptr<const Diagnosis> add(VerdictSample sample, ServerTime at);

private:
    VerdictJudge m_judge;
    std::optional<Cause> m_cause;
    std::optional<ServerTime> m_since;
    ServerTime m_begun{};    ///< the first sample, or the first after it could not be reached
    bool m_isSeen = false;   ///< the sample before was answered
    bool m_hasNamed = false; ///< a cause since then: the next one begins before somebody's eyes
    bool m_sinceOrEarlier = false;
};

} // namespace jetlag
