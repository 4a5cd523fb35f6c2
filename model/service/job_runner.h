#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/job.h"

#include <exception>
#include <list>
#include <mutex>
#include <thread>

namespace jetlag {

/// Runs jobs, each on a thread of its own (they are few and long). The destructor cancels all and joins:
/// destroy it outside the UI thread. Dropping a JobPtr neither cancels nor waits.
class JobRunner final
{
public:
    JobRunner() = default;
    ~JobRunner();
    JobRunner(const JobRunner&) = delete;
    JobRunner& operator=(const JobRunner&) = delete;

    template <typename Value>
    JobPtr<Value> start(std::function<Result<Value>(Job<Value>&)> work)
    {
        auto job = std::make_shared<Job<Value>>();
        launch(job, [job, work = std::move(work)] {
            try {
                job->finish(work(*job));
            } catch (const std::exception& failure) {
                job->finish(Error(ErrorCode::Internal, failure.what()));
            }
        });
        return job;
    }

private:
    struct Running
    {
        std::shared_ptr<JobBase> job;
        std::thread thread;
    };

    void launch(std::shared_ptr<JobBase> job, std::function<void()> body);
    void reap(bool all);

    std::mutex m_mutex;
    std::list<Running> m_running;
};

} // namespace jetlag
