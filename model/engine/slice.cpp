// SPDX-License-Identifier: Apache-2.0
#include "model/engine/slice.h"

namespace jetlag {

SlicePool::SlicePool(unsigned workers)
    : m_workers(workers)
{
    m_all.reserve(kMaxInUse);
    m_free.reserve(kMaxInUse);
}

Slice& SlicePool::acquire()
{
    std::unique_lock lock(m_mutex);
    m_released.wait(lock, [this] {
        const std::size_t inUse = m_all.size() - m_free.size();
        return inUse == 0 || (inUse < kMaxInUse && m_bytesInUse < kMaxBytesInUse);
    });
    if (m_free.empty()) {
        auto made = std::make_unique<Slice>();
        made->byWorker.resize(m_workers);
        m_all.push_back(std::move(made));
        return *m_all.back();
    }
    Slice& slice = *m_free.back();
    m_free.pop_back();
    return slice;
}

void SlicePool::filled(const Slice& slice)
{
    const std::lock_guard lock(m_mutex);
    m_bytesInUse += slice.arena.bytesUsed();
}

void SlicePool::release(Slice& slice) noexcept
{
    const std::size_t bytes = slice.arena.bytesUsed();
    slice.batch.reset();
    slice.arena.clear();
    slice.records.clear();
    for (std::vector<std::uint32_t>& own : slice.byWorker)
        own.clear();
    const std::lock_guard lock(m_mutex);
    m_bytesInUse -= bytes;
    m_free.push_back(&slice);
    m_released.notify_one();
}

} // namespace jetlag
