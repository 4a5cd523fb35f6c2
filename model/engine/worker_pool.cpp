// SPDX-License-Identifier: Apache-2.0
#include "model/engine/worker_pool.h"

#include "model/base/thread_name.h"

#include <fmt/format.h>

#include <exception>

namespace jetlag {

namespace {

// Slices are bounded by their pool and one barrier is under way at a time: a push never waits.
constexpr std::size_t kQueueLength = SlicePool::kMaxInUse + 2;

} // namespace

WorkerPool::WorkerPool(const Analyzer& analyzer, const AnalyzerOptions& options, unsigned workers)
    : m_slices(workers)
{
    for (unsigned i = 0; i < workers; ++i)
        m_workers.push_back(std::make_unique<Worker>(analyzer, options, m_digests));
}

WorkerPool::~WorkerPool()
{
    stop();
}

void WorkerPool::start(bool forCheckpoints, std::size_t quarantineKept, std::function<void()> knock)
{
    m_knock = std::move(knock);
    for (const std::unique_ptr<Worker>& worker : m_workers)
        worker->prepare(forCheckpoints, quarantineKept);
    if (size() == 1)
        return;
    for (unsigned i = 0; i < size(); ++i)
        m_queues.push_back(std::make_unique<Queue>(kQueueLength));
    for (unsigned i = 0; i < size(); ++i)
        m_threads.emplace_back([this, i] { work(i); });
}

void WorkerPool::stop()
{
    for (const std::unique_ptr<Queue>& queue : m_queues)
        queue->close();
    m_threads.clear(); // joins
    m_queues.clear();
    m_knock = nullptr;
}

unsigned WorkerPool::workerOf(unsigned slot) const noexcept
{
    return slot * size() / kSlots;
}

void WorkerPool::submit(Slice& slice)
{
    m_slices.filled(slice);
    unsigned readers = 0;
    for (const std::vector<std::uint32_t>& own : slice.byWorker)
        readers += own.empty() ? 0 : 1;
    if (readers == 0) {
        m_slices.release(slice);
        return;
    }
    slice.readers.store(readers, std::memory_order_relaxed);
    if (m_queues.empty()) {
        workOn(0, slice);
        return;
    }
    // Workers that are done give the slice back, so it must not be looked at behind the last push.
    for (unsigned i = 0; readers > 0; ++i) {
        if (slice.byWorker[i].empty())
            continue;
        --readers;
        m_queues[i]->push(&slice);
    }
}

std::shared_ptr<Barrier> WorkerPool::submitBarrier(const BarrierWants& wants)
{
    auto barrier = std::make_shared<Barrier>(wants, m_workers.size());
    if (m_queues.empty())
        workOn(0, *barrier);
    for (const std::unique_ptr<Queue>& queue : m_queues)
        queue->push(barrier);
    return barrier;
}

void WorkerPool::work(unsigned index)
{
    setCurrentThreadName(fmt::format("jetlag-work-{}", index));
    Queue& queue = *m_queues[index];
    while (std::optional<Item> item = queue.pop()) {
        if (Slice** slice = std::get_if<Slice*>(&*item))
            workOn(index, **slice);
        else
            workOn(index, *std::get<std::shared_ptr<Barrier>>(*item));
    }
}

void WorkerPool::workOn(unsigned index, Slice& slice) noexcept
{
    if (!hasFailed()) {
        Worker& worker = *m_workers[index];
        try {
            worker.apply(slice, slice.byWorker[index]);
        } catch (...) {
            fail(worker.failure(std::current_exception()));
        }
    }
    if (slice.readers.fetch_sub(1, std::memory_order_acq_rel) == 1)
        m_slices.release(slice);
}

void WorkerPool::workOn(unsigned index, Barrier& barrier) noexcept
{
    if (!hasFailed()) {
        Worker& worker = *m_workers[index];
        try {
            worker.reach(barrier.wants(), barrier.parts()[index]);
        } catch (...) {
            fail(worker.failure(std::current_exception()));
        }
    }
    if (barrier.arrive())
        m_knock();
}

void WorkerPool::fail(Error error) noexcept
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_failure)
            m_failure = std::move(error);
    }
    m_failed.store(true, std::memory_order_release);
    m_knock();
}

std::optional<Error> WorkerPool::failure() const
{
    const std::lock_guard lock(m_mutex);
    return m_failure;
}

std::uint64_t WorkerPool::applied() const noexcept
{
    std::uint64_t sum = 0;
    for (const std::unique_ptr<Worker>& worker : m_workers)
        sum += worker->applied();
    return sum;
}

std::uint64_t WorkerPool::quarantined() const noexcept
{
    std::uint64_t sum = 0;
    for (const std::unique_ptr<Worker>& worker : m_workers)
        sum += worker->quarantined();
    return sum;
}

std::size_t WorkerPool::waitingBytes() const noexcept
{
    std::size_t sum = 0;
    for (const std::unique_ptr<Worker>& worker : m_workers)
        sum += worker->waitingBytes();
    return sum;
}

} // namespace jetlag
