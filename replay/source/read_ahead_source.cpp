// SPDX-License-Identifier: Apache-2.0
#include "replay/source/read_ahead_source.h"

#include "model/base/bounded_queue.h"

#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace jetlag {

namespace {

struct Item
{
    std::optional<Result<SourceOutcome>> last; ///< how it ended; else a batch
    MessageBatch batch;
};

} // namespace

struct ReadAheadSource::Impl
{
    Impl(std::unique_ptr<EventSource> givenInner, std::size_t depth)
        : inner(std::move(givenInner))
        , info(inner->info())
        , queue(depth)
        , thread([this](std::stop_token stop) { read(std::move(stop)); })
    {}

    ~Impl()
    {
        thread.request_stop();
        queue.close();
        thread.join();
    }

    void read(std::stop_token stop)
    {
        // Only looked at between batches: an idle source says so this often.
        constexpr std::chrono::milliseconds kWait(100);
        while (!stop.stop_requested()) {
            Item item;
            item.batch = takeSpare();
            const Result<SourceOutcome> outcome = inner->next(item.batch, kWait, stop);
            if (outcome && *outcome == SourceOutcome::Idle) {
                giveSpare(std::move(item.batch));
                continue;
            }
            const bool isLast = !outcome || *outcome == SourceOutcome::End;
            if (isLast)
                item.last.emplace(outcome);
            if (!queue.push(std::move(item), stop) || isLast)
                break;
        }
    }

    /// Batches keep their memory from one use to the next.
    MessageBatch takeSpare()
    {
        const std::lock_guard lock(mutex);
        if (spares.empty())
            return {};
        MessageBatch batch = std::move(spares.back());
        spares.pop_back();
        return batch;
    }
    void giveSpare(MessageBatch batch)
    {
        batch.clear();
        const std::lock_guard lock(mutex);
        if (spares.size() < 2)
            spares.push_back(std::move(batch));
    }

    std::unique_ptr<EventSource> inner;
    const SourceInfo info;
    BoundedQueue<Item> queue;
    std::mutex mutex; // guards spares
    std::vector<MessageBatch> spares;
    std::optional<Result<SourceOutcome>> ended;
    std::jthread thread;
};

ReadAheadSource::ReadAheadSource(std::unique_ptr<EventSource> inner, std::size_t depth)
    : m_impl(std::make_unique<Impl>(std::move(inner), depth))
{}
ReadAheadSource::~ReadAheadSource() = default;

const SourceInfo& ReadAheadSource::info() const
{
    return m_impl->info;
}

Result<SourceOutcome> ReadAheadSource::next(MessageBatch& batch, std::chrono::milliseconds wait,
                                            std::stop_token stop)
{
    if (m_impl->ended)
        return *m_impl->ended;
    std::optional<Item> item = m_impl->queue.popFor(wait, stop);
    if (!item)
        return SourceOutcome::Idle;
    if (item->last) {
        m_impl->ended = std::move(item->last);
        return *m_impl->ended;
    }
    std::swap(batch, item->batch);
    m_impl->giveSpare(std::move(item->batch));
    return SourceOutcome::Batch;
}

} // namespace jetlag
