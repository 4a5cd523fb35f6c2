#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/diagnosis.h"
#include "model/verdict/judge.h"

namespace jetlag {

/// Words and numbers for what a judge says now: the sentence, the evidence with its sample time, what to try,
/// the messages that hold the collector up. Pure. `since` is left to who watches the judge.
[[nodiscard]] Diagnosis explain(const VerdictJudge& judge, const Judgement& judgement, ServerTime at);

} // namespace jetlag
