#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/diagnosis_service.h"
#include "model/service/job_runner.h"

namespace jetlag {

class RealDiagnosisService final : public DiagnosisService
{
public:
    explicit RealDiagnosisService(JobRunner& runner)
        : m_runner(runner)
    {}
    [[nodiscard]] JobPtr<std::uint64_t> judge(SamplesRequest request,
                                              std::function<void(const JudgedSample&)> each) override;
    [[nodiscard]] JobPtr<Diagnosis>
    diagnose(DiagnosisRequest request, std::function<void(std::shared_ptr<const Diagnosis>)> each) override;

private:
    JobRunner& m_runner;
};

} // namespace jetlag
