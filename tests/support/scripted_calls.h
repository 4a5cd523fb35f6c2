#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/job.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace jetlag::test {

/// One method of a fake service that returns a job: remembers what was asked for and answers as told. A call
/// that `answer` leaves open stays under way until finish(), or until somebody cancels it: then it ends with
/// what `whenCancelled` says, else as Cancelled. What is still open when this object goes is cancelled, as
/// the real runner does. Any thread; set the functions before the first call.
template <typename Request, typename Value>
class ScriptedCalls final
{
public:
    /// nullopt leaves the call open. No function: every call stays open.
    std::function<std::optional<Result<Value>>(const Request&)> answer;
    std::function<Result<Value>(const Request&)> whenCancelled;

    ScriptedCalls() = default;
    ~ScriptedCalls()
    {
        for (const auto& call : m_calls)
            call->job->cancel();
    }
    ScriptedCalls(const ScriptedCalls&) = delete;
    ScriptedCalls& operator=(const ScriptedCalls&) = delete;

    JobPtr<Value> start(Request request)
    {
        auto call = std::make_shared<Call>();
        call->request = std::move(request);
        {
            const std::lock_guard lock(m_mutex);
            m_calls.push_back(call);
        }
        if (answer) {
            if (std::optional<Result<Value>> result = answer(call->request)) {
                call->end(std::move(*result));
                return call->job;
            }
        }
        call->onCancel.emplace(call->job->stopToken(), [this, open = call.get()] {
            open->end(whenCancelled ? whenCancelled(open->request)
                                    : Result<Value>(Error(ErrorCode::Cancelled, "stopped by the user")));
        });
        return call->job;
    }

    [[nodiscard]] std::size_t count() const
    {
        const std::lock_guard lock(m_mutex);
        return m_calls.size();
    }
    /// From 0, in the order of the calls.
    [[nodiscard]] Request request(std::size_t index) const { return at(index)->request; }
    [[nodiscard]] JobPtr<Value> job(std::size_t index) const { return at(index)->job; }
    /// False when the call was over already.
    bool finish(std::size_t index, Result<Value> result) { return at(index)->end(std::move(result)); }

private:
    struct Call
    {
        Request request;
        JobPtr<Value> job = std::make_shared<Job<Value>>();
        std::mutex mutex;
        bool over = false;
        std::optional<std::stop_callback<std::function<void()>>> onCancel;

        bool end(Result<Value> result)
        {
            {
                const std::lock_guard lock(mutex);
                if (std::exchange(over, true))
                    return false;
            }
            job->finish(std::move(result));
            return true;
        }
    };

    [[nodiscard]] std::shared_ptr<Call> at(std::size_t index) const
    {
        const std::lock_guard lock(m_mutex);
        return m_calls.at(index);
    }

    mutable std::mutex m_mutex;
    std::vector<std::shared_ptr<Call>> m_calls;
};

} // namespace jetlag::test
