#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/error.h"
#include "model/engine/batch_pool.h"
#include "model/engine/event_source.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace jetlag {

/// Reads a source on a thread of its own, a few batches ahead, so that network, decompression and disk
/// overlap with the analyzer; and the one place where the engine's thread waits: for a batch, or for a
/// knock of somebody who wants its attention.
///
/// Stops when told by the token or by its destructor, which joins the reading thread.
class ReadAhead final
{
public:
    enum class Wake {
        Batch,     ///< the next one, in order
        End,       ///< the source is done and every batch was handed over
        Stopped,   ///< the token said so; batches that were read ahead are dropped
        Failed,    ///< error() says why; every batch before it was handed over
        Attention, ///< somebody knocked, or the deadline has passed
    };

    ReadAhead(EventSource& source, std::stop_token stop);
    ~ReadAhead();
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;

    /// Engine's thread. nullopt = no deadline.
    [[nodiscard]] Wake wait(std::optional<std::chrono::steady_clock::time_point> deadline,
                            std::shared_ptr<MessageBatch>& batch);
    /// Waits for knocks only, whatever the source does.
    void waitForKnock();
    /// Any thread: the next (or present) wait returns Attention.
    void knock();
    /// After Failed.
    [[nodiscard]] const Error& error() const noexcept { return *m_error; }

private:
    void read(std::stop_token stop);
    [[nodiscard]] Result<SourceOutcome> readOne(MessageBatch& batch, std::stop_token stop) noexcept;

    EventSource& m_source;
    const std::shared_ptr<BatchPool> m_pool = BatchPool::make();

    std::mutex m_mutex; // guards what follows
    std::condition_variable m_engineMayGoOn;
    std::condition_variable m_readerMayGoOn;
    std::deque<std::shared_ptr<MessageBatch>> m_batches;
    bool m_knocked = false;
    bool m_stopped = false;
    bool m_ended = false;
    std::optional<Error> m_error;

    std::jthread m_thread;
    std::stop_callback<std::function<void()>> m_onStop; // last: calls into all of the above
};

} // namespace jetlag
