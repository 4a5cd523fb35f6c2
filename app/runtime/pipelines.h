#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/job_runner.h"
#include "model/service/pipeline_service.h"

namespace jetlag {

class RealPipelineService final : public PipelineService
{
public:
    explicit RealPipelineService(JobRunner& runner)
        : m_runner(runner)
    {}
    [[nodiscard]] JobPtr<HookSummary> hook(HookRequest request) override;
    [[nodiscard]] JobPtr<CollectorSummary> collect(CollectorRequest request) override;

private:
    JobRunner& m_runner;
};

} // namespace jetlag
