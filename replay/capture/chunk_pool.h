#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "replay/capture/chunk_decoder.h"

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace jetlag::capture {

/// Memory of decoded chunks that goes round: a fresh megabyte costs more in page faults than in
/// decompressing into it. What take() gives comes back by itself when its last owner goes; the pool may be
/// gone by then. Any thread.
class ChunkPool final
{
public:
    [[nodiscard]] std::shared_ptr<ChunkMemory> take()
    {
        std::unique_ptr<ChunkMemory> memory;
        {
            const std::lock_guard lock(m_shelf->mutex);
            if (!m_shelf->memories.empty()) {
                memory = std::move(m_shelf->memories.back());
                m_shelf->memories.pop_back();
            }
        }
        if (!memory)
            memory = std::make_unique<ChunkMemory>();
        return {memory.release(), [shelf = m_shelf](ChunkMemory* back) {
                    std::unique_ptr<ChunkMemory> owner(back);
                    // A single huge record must not keep its memory for good.
                    constexpr std::size_t kKept = 8;
                    constexpr std::size_t kLargestKept = 8 * 1024 * 1024;
                    if (owner->bodyCapacity() > kLargestKept)
                        return;
                    const std::lock_guard lock(shelf->mutex);
                    if (shelf->memories.size() < kKept)
                        shelf->memories.push_back(std::move(owner));
                }};
    }

private:
    struct Shelf
    {
        std::mutex mutex; // guards memories
        std::vector<std::unique_ptr<ChunkMemory>> memories;
    };
    std::shared_ptr<Shelf> m_shelf = std::make_shared<Shelf>();
};

} // namespace jetlag::capture
