#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/bounded_queue.h"
#include "model/engine/worker.h"
#include "model/record/slot.h"

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <variant>
#include <vector>

namespace jetlag {

/// A mark in every worker's queue. When the last worker has reached it, the parts together are the state
/// at one sequence.
class Barrier final
{
public:
    Barrier(BarrierWants wants, std::size_t workers)
        : m_wants(wants)
        , m_parts(workers)
        , m_missing(workers)
    {}

    [[nodiscard]] const BarrierWants& wants() const noexcept { return m_wants; }
    [[nodiscard]] bool isComplete() const noexcept { return m_missing.load(std::memory_order_acquire) == 0; }
    /// Only when it is complete, or by the worker itself.
    [[nodiscard]] std::vector<WorkerPart>& parts() noexcept { return m_parts; }
    /// True for the last one.
    [[nodiscard]] bool arrive() noexcept { return m_missing.fetch_sub(1, std::memory_order_acq_rel) == 1; }

private:
    const BarrierWants m_wants;
    std::vector<WorkerPart> m_parts;
    std::atomic<std::size_t> m_missing;
};

/// The workers and their threads. One worker works on the caller's thread, more get a thread and a queue
/// each. Slices and barriers reach every worker in the order in which they were handed in, so what a barrier
/// finds done is always the longest finished prefix.
///
/// All functions on the engine's thread, unless said otherwise.
class WorkerPool final
{
public:
    WorkerPool(const Analyzer& analyzer, const AnalyzerOptions& options, unsigned workers);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// `knock` is called on any thread: a barrier is complete, or a worker has failed.
    void start(bool forCheckpoints, std::size_t quarantineKept, std::function<void()> knock);
    /// Lets the workers finish what they have, and joins their threads.
    void stop();

    [[nodiscard]] unsigned size() const noexcept { return static_cast<unsigned>(m_workers.size()); }
    [[nodiscard]] unsigned workerOf(unsigned slot) const noexcept;

    /// Waits while workers have enough to do.
    [[nodiscard]] Slice& acquire() { return m_slices.acquire(); }
    /// Hands a slice to the workers that it lists events for.
    void submit(Slice& slice);
    [[nodiscard]] std::shared_ptr<Barrier> submitBarrier(const BarrierWants& wants);

    /// The first failure of a worker: the state is lost. Any thread.
    [[nodiscard]] std::optional<Error> failure() const;
    [[nodiscard]] bool hasFailed() const noexcept { return m_failed.load(std::memory_order_acquire); }

    [[nodiscard]] std::span<SlotDigest> slotDigests() noexcept { return m_digests; }
    [[nodiscard]] Worker& worker(unsigned index) noexcept { return *m_workers[index]; }
    /// Sums over the workers' counters; any thread.
    [[nodiscard]] std::uint64_t applied() const noexcept;
    [[nodiscard]] std::uint64_t quarantined() const noexcept;
    [[nodiscard]] std::size_t waitingBytes() const noexcept;

private:
    using Item = std::variant<Slice*, std::shared_ptr<Barrier>>;
    using Queue = BoundedQueue<Item>;

    void work(unsigned index);
    void workOn(unsigned index, Slice& slice) noexcept;
    void workOn(unsigned index, Barrier& barrier) noexcept;
    void fail(Error error) noexcept;

    std::array<SlotDigest, kSlots> m_digests;
    std::vector<std::unique_ptr<Worker>> m_workers;
    SlicePool m_slices;
    std::function<void()> m_knock;
    std::vector<std::unique_ptr<Queue>> m_queues; // empty for one worker
    std::vector<std::jthread> m_threads;

    std::atomic<bool> m_failed = false;
    mutable std::mutex m_mutex; // guards m_failure
    std::optional<Error> m_failure;
};

} // namespace jetlag
