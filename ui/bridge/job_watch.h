#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/job.h"

#include <QTimer>

#include <functional>

namespace jetlag::ui {

/// Brings a job's progress and its end to the UI thread: `onProgress` a few times a second, `onDone` once.
/// Nothing comes after its destructor, which leaves the job alone; cancel() asks the job to end, and
/// `onDone` still comes. UI thread only.
template <typename Value>
class JobWatch final
{
public:
    JobWatch(JobPtr<Value> job, std::function<void(Result<Value>)> onDone,
             std::function<void(const JobProgress&)> onProgress = {})
        : m_job(std::move(job))
        , m_onDone(std::move(onDone))
        , m_onProgress(std::move(onProgress))
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { look(); });
        m_timer.start(kBeatMs);
    }
    JobWatch(const JobWatch&) = delete;
    JobWatch& operator=(const JobWatch&) = delete;

    void cancel() { m_job->cancel(); }

private:
    static constexpr int kBeatMs = 40;

    void look()
    {
        if (!m_job->isFinished()) {
            if (m_onProgress)
                m_onProgress(m_job->progress());
            return;
        }
        m_timer.stop();
        // onDone may destroy this object: nothing of it is touched afterwards.
        const JobPtr<Value> job = m_job;
        const std::function<void(Result<Value>)> onDone = std::move(m_onDone);
        onDone(job->takeResult());
    }

    JobPtr<Value> m_job;
    std::function<void(Result<Value>)> m_onDone;
    std::function<void(const JobProgress&)> m_onProgress;
    QTimer m_timer;
};

} // namespace jetlag::ui
