// SPDX-License-Identifier: Apache-2.0
#include "model/service/job_runner.h"

namespace jetlag {

JobRunner::~JobRunner()
{
    {
        const std::lock_guard lock(m_mutex);
        for (Running& running : m_running)
            running.job->cancel();
    }
    reap(/*all=*/true);
}

void JobRunner::launch(std::shared_ptr<JobBase> job, std::function<void()> body)
{
    reap(/*all=*/false);
    const std::lock_guard lock(m_mutex);
    m_running.push_back({std::move(job), std::thread(std::move(body))});
}

void JobRunner::reap(bool all)
{
    std::list<Running> over;
    {
        const std::lock_guard lock(m_mutex);
        for (auto it = m_running.begin(); it != m_running.end();) {
            const auto next = std::next(it);
            if (all || it->job->isFinished())
                over.splice(over.end(), m_running, it);
            it = next;
        }
    }
    for (Running& running : over)
        running.thread.join();
}

} // namespace jetlag
