#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/job_runner.h"
#include "model/service/replay_service.h"

namespace jetlag {

class RealReplayService final : public ReplayService
{
public:
    explicit RealReplayService(JobRunner& runner)
        : m_runner(runner)
    {}
    [[nodiscard]] std::shared_ptr<ReplayRun> start(ReplayRequest request) override;

private:
    JobRunner& m_runner;
};

} // namespace jetlag
