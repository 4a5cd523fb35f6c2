// SPDX-License-Identifier: Apache-2.0
#include "model/engine/read_ahead.h"

#include "model/base/text.h"
#include "model/base/thread_name.h"

#include <fmt/format.h>

#include <exception>
#include <functional>

namespace jetlag {

namespace {

// Enough to bridge a checkpoint (some ten milliseconds) with ordinary batches, few enough to forget.
constexpr std::size_t kBatchesAhead = 4;

// How long a source may look for something; only decides how often this loop turns while idle.
constexpr std::chrono::milliseconds kSourceWait{200};

} // namespace

ReadAhead::ReadAhead(EventSource& source, std::stop_token stop)
    : m_source(source)
    , m_thread([this](std::stop_token own) { read(std::move(own)); })
    , m_onStop(std::move(stop), [this] {
        m_thread.request_stop();
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
        m_engineMayGoOn.notify_one();
        m_readerMayGoOn.notify_one();
    })
{}

ReadAhead::~ReadAhead()
{
    m_thread.request_stop();
    const std::lock_guard lock(m_mutex);
    m_stopped = true;
    m_readerMayGoOn.notify_one();
}

ReadAhead::Wake ReadAhead::wait(std::optional<std::chrono::steady_clock::time_point> deadline,
                                std::shared_ptr<MessageBatch>& batch)
{
    batch.reset(); // outside of the lock: frees the one before
    std::unique_lock lock(m_mutex);
    const auto ready = [this] {
        return m_stopped || m_knocked || !m_batches.empty() || m_ended || m_error.has_value();
    };
    if (deadline)
        m_engineMayGoOn.wait_until(lock, *deadline, ready);
    else
        m_engineMayGoOn.wait(lock, ready);

    if (m_stopped)
        return Wake::Stopped;
    if (m_knocked) {
        m_knocked = false;
        return Wake::Attention;
    }
    if (!m_batches.empty()) {
        batch = std::move(m_batches.front());
        m_batches.pop_front();
        // Not for each batch: a wake-up costs microseconds, and half of them are still there.
        if (m_batches.size() == kBatchesAhead / 2)
            m_readerMayGoOn.notify_one();
        return Wake::Batch;
    }
    if (m_error)
        return Wake::Failed;
    return m_ended ? Wake::End : Wake::Attention;
}

void ReadAhead::waitForKnock()
{
    std::unique_lock lock(m_mutex);
    m_engineMayGoOn.wait(lock, [this] { return m_knocked; });
    m_knocked = false;
}

void ReadAhead::knock()
{
    const std::lock_guard lock(m_mutex);
    m_knocked = true;
    m_engineMayGoOn.notify_one();
}

void ReadAhead::read(std::stop_token stop)
{
    setCurrentThreadName("jetlag-read");
    for (;;) {
        {
            std::unique_lock lock(m_mutex);
            m_readerMayGoOn.wait(lock, [this] { return m_stopped || m_batches.size() < kBatchesAhead; });
            if (m_stopped)
                return;
        }
        std::shared_ptr<MessageBatch> batch = m_pool->take();
        Result<SourceOutcome> outcome = readOne(*batch, stop);

        const std::lock_guard lock(m_mutex);
        if (!outcome) {
            m_error = std::move(outcome).error();
            m_engineMayGoOn.notify_one();
            return;
        }
        switch (*outcome) {
        case SourceOutcome::Batch:
            m_batches.push_back(std::move(batch));
            if (m_batches.size() == 1)
                m_engineMayGoOn.notify_one();
            break;
        case SourceOutcome::Idle:
            break;
        case SourceOutcome::End:
            m_ended = true;
            m_engineMayGoOn.notify_one();
            return;
        }
    }
}

Result<SourceOutcome> ReadAhead::readOne(MessageBatch& batch, std::stop_token stop) noexcept
{
    try {
        return m_source.next(batch, kSourceWait, std::move(stop));
    } catch (const std::exception& exception) {
        return Error(ErrorCode::Internal,
                     fmt::format("reading events failed: {}", safeForDisplay(exception.what())));
    } catch (...) {
        return Error(ErrorCode::Internal, "reading events failed");
    }
}

} // namespace jetlag
