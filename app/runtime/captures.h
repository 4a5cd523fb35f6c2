#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/capture_service.h"
#include "model/service/job_runner.h"

namespace jetlag {

class RealCaptureService final : public CaptureService
{
public:
    explicit RealCaptureService(JobRunner& runner)
        : m_runner(runner)
    {}
    [[nodiscard]] JobPtr<CaptureSummary> record(CaptureRequest request) override;
    [[nodiscard]] JobPtr<CaptureDescription> describe(std::filesystem::path file) override;

private:
    JobRunner& m_runner;
};

} // namespace jetlag
