#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/byte_arena.h"
#include "model/event/message.h"
#include "model/record/record.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace jetlag {

/// What goes to the workers at once: the records of one batch (or of a piece of it, where decompressed
/// records are large), and for each worker the ones that are its own. Filled by the engine's thread, then
/// only read, by all workers at once.
struct Slice
{
    std::shared_ptr<MessageBatch> batch; ///< owns most of the bytes
    ByteArena arena;                     ///< owns the rest: joined, decompressed
    std::vector<Record> records;
    std::vector<std::vector<std::uint32_t>> byWorker; ///< indexes into records, ascending
    std::atomic<unsigned> readers = 0;                ///< workers that are not done with it
};

/// The bound of what is on its way to workers: a slow worker makes acquire() wait, and so the source.
/// Slices are used again, with the room that they have.
class SlicePool final
{
public:
    explicit SlicePool(unsigned workers);

    /// An empty slice. Waits while too many are in use or they hold too many bytes. Engine's thread.
    [[nodiscard]] Slice& acquire();
    /// Counts its bytes; call when it is filled.
    void filled(const Slice& slice);
    /// The last reader is done. Any thread.
    void release(Slice& slice) noexcept;

    /// Slices in use at once, at most.
    static constexpr std::size_t kMaxInUse = 16;
    /// Bytes of one slice's arena, beyond which a batch is cut.
    static constexpr std::size_t kArenaLimit = 8 * 1024 * 1024;
    /// Bytes of all arenas in use, beyond which no further slice is begun.
    static constexpr std::size_t kMaxBytesInUse = 64 * 1024 * 1024;

private:
    const unsigned m_workers;
    std::mutex m_mutex; // guards what follows
    std::condition_variable m_released;
    std::vector<std::unique_ptr<Slice>> m_all;
    std::vector<Slice*> m_free;
    std::size_t m_bytesInUse = 0;
};

} // namespace jetlag
