#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/job.h"
#include "model/verdict/diagnosis.h"
#include "model/verdict/judge.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace jetlag {

class ServerLink;

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

/// One collector, looked at until its cause is named.
struct DiagnosisRequest
{
    std::shared_ptr<ServerLink> server;
    std::string stream;
    std::string collector;
    /// How long to look; nullopt = until a cause is named, 5 to 15 seconds.
    std::optional<std::chrono::milliseconds> lookFor;
    std::filesystem::path record; ///< samples go there too, as JSON lines; empty = nowhere
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
    /// Looks at one collector once a second; calls `each` after every look, in the job's thread. The value is
    /// the last diagnosis. NotFound: no such stream or consumer, at the first look.
    [[nodiscard]] virtual JobPtr<Diagnosis>
    diagnose(DiagnosisRequest request, std::function<void(std::shared_ptr<const Diagnosis>)> each) = 0;
};

} // namespace jetlag
