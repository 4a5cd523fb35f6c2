#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace jetlag {

/// How far a long work is. `total` 0 = nobody knows yet.
struct JobProgress
{
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    std::string unit;  ///< "events", "bytes"
    std::string words; ///< what is being done now, "reading HDFS"
};

/// The part of a job that does not depend on its result. Any thread.
class JobBase
{
public:
    JobBase() = default;
    virtual ~JobBase() = default;
    JobBase(const JobBase&) = delete;
    JobBase& operator=(const JobBase&) = delete;

    void cancel() { m_stop.request_stop(); }
    [[nodiscard]] std::stop_token stopToken() const noexcept { return m_stop.get_token(); }
    [[nodiscard]] bool isCancelled() const noexcept { return m_stop.stop_requested(); }

    [[nodiscard]] JobProgress progress() const
    {
        const std::lock_guard lock(m_mutex);
        return m_progress;
    }
    void setProgress(JobProgress progress)
    {
        const std::lock_guard lock(m_mutex);
        m_progress = std::move(progress);
    }

    [[nodiscard]] bool isFinished() const
    {
        const std::lock_guard lock(m_mutex);
        return m_finished;
    }
    /// False when the job is still at work after `patience`. Never from a UI thread.
    bool wait(std::chrono::milliseconds patience) const
    {
        std::unique_lock lock(m_mutex);
        return m_done.wait_for(lock, patience, [this] { return m_finished; });
    }
    /// `callback` runs once, in the job's thread, or right here when it is over already. It may only store
    /// and post.
    void onFinished(std::function<void()> callback)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (!m_finished) {
                m_onFinished = std::move(callback);
                return;
            }
        }
        callback();
    }

protected:
    void markFinished()
    {
        std::function<void()> callback;
        {
            const std::lock_guard lock(m_mutex);
            m_finished = true;
            callback = std::move(m_onFinished);
        }
        m_done.notify_all();
        if (callback)
            callback();
    }

    mutable std::mutex m_mutex;

private:
    std::stop_source m_stop;
    JobProgress m_progress;
    bool m_finished = false;
    mutable std::condition_variable m_done;
    std::function<void()> m_onFinished;
};

/// Long work under way: progress, cancel, and at the end a value or an error. A cancelled job that has a
/// partial result gives it as a value; the value itself then says that it is partial.
template <typename Value>
class Job final : public JobBase
{
public:
    void finish(Result<Value> result)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_result.emplace(std::move(result));
        }
        markFinished();
    }

    /// After isFinished(). The caller takes the value; a second call is a mistake.
    [[nodiscard]] Result<Value> takeResult()
    {
        const std::lock_guard lock(m_mutex);
        if (!m_result)
            return Error(ErrorCode::Internal, "the job's result was asked for before its end, or twice");
        Result<Value> result = std::move(*m_result);
        m_result.reset();
        return result;
    }

private:
    std::optional<Result<Value>> m_result;
};

template <typename Value>
using JobPtr = std::shared_ptr<Job<Value>>;

} // namespace jetlag
