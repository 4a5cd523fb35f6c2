#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/job.h"
#include "model/verdict/judge.h"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace jetlag {

struct SamplesRequest
{
    std::filesystem::path file; ///< JSON lines, one sample each
    unsigned every = 1;         ///< use each n-th sample only, as a slower poll would have seen them
};

/// What the rules say at one sample.
struct JudgedSample
{
    double at = 0; ///< the sample's clock, seconds
    Judgement judgement;
};

/// Names causes.
class DiagnosisService
{
public:
    virtual ~DiagnosisService() = default;
    /// Runs the rules over recorded samples; calls `each` for every one used, in order, in the job's thread.
    /// The job's value is their number. A line that is no sample ends it, with its number.
    [[nodiscard]] virtual JobPtr<std::uint64_t> judge(SamplesRequest request,
                                                      std::function<void(const JudgedSample&)> each) = 0;
};

} // namespace jetlag
