// SPDX-License-Identifier: Apache-2.0
#include "model/engine/batch_pool.h"

namespace jetlag {

namespace {

// More batches than this are seldom on their way at once.
constexpr std::size_t kMaxSpare = 8;

} // namespace

std::shared_ptr<BatchPool> BatchPool::make()
{
    std::shared_ptr<BatchPool> pool(new BatchPool);
    pool->m_spare.reserve(kMaxSpare);
    return pool;
}

std::shared_ptr<MessageBatch> BatchPool::take()
{
    std::unique_ptr<MessageBatch> batch;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_spare.empty()) {
            batch = std::move(m_spare.back());
            m_spare.pop_back();
        }
    }
    if (!batch)
        batch = std::make_unique<MessageBatch>();
    return {batch.release(), [pool = shared_from_this()](MessageBatch* used) {
                pool->giveBack(std::unique_ptr<MessageBatch>(used));
            }};
}

void BatchPool::giveBack(std::unique_ptr<MessageBatch> batch) noexcept
{
    batch->clear(); // outside of the lock: this is where the source's messages are freed
    const std::lock_guard lock(m_mutex);
    if (m_spare.size() < kMaxSpare)
        m_spare.push_back(std::move(batch));
}

} // namespace jetlag
