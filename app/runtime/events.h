#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/events_service.h"
#include "model/service/job_runner.h"

namespace jetlag {

class RealEventsService final : public EventsService
{
public:
    explicit RealEventsService(JobRunner& runner)
        : m_runner(runner)
    {}
    [[nodiscard]] JobPtr<std::uint64_t> read(EventsRequest request,
                                             std::function<bool(const Message&)> each) override;
    [[nodiscard]] JobPtr<std::vector<SequenceGap>> deleted(std::shared_ptr<ServerLink> server,
                                                           std::string stream) override;

private:
    JobRunner& m_runner;
};

} // namespace jetlag
