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
    /// A cause since it was reached first, or again: the next one begins before somebody's eyes.
    bool m_hasNamed = false;
    bool m_sinceOrEarlier = false;
};

} // namespace jetlag
