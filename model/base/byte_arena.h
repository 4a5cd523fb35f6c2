#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace jetlag {

/// Bytes readable past the end of a padded payload, so that simdjson can parse in place.
inline constexpr std::size_t kPayloadPadding = 64;

/// Bump allocator for the bytes of one batch. Views stay good until clear() or destruction; moving the
/// arena moves no bytes. Not thread safe.
class ByteArena final
{
public:
    ByteArena() = default;
    ByteArena(ByteArena&&) noexcept = default;
    ByteArena& operator=(ByteArena&&) noexcept = default;

    /// Room for `size` bytes and, behind them, kPayloadPadding readable ones.
    [[nodiscard]] char* allocate(std::size_t size)
    {
        const std::size_t needed = size + kPayloadPadding;
        if (m_blocks.empty() || m_blocks.back().size - m_used < needed)
            addBlock(needed);
        char* place = m_blocks.back().bytes.get() + m_used;
        m_used += size;
        m_total += size;
        return place;
    }

    [[nodiscard]] std::string_view copy(std::string_view bytes)
    {
        char* place = allocate(bytes.size());
        if (!bytes.empty())
            std::memcpy(place, bytes.data(), bytes.size());
        return {place, bytes.size()};
    }

    /// Gives back all but one block of ordinary size, which is kept for the next batch.
    void clear()
    {
        std::unique_ptr<char[]> kept;
        std::size_t keptSize = 0;
        for (Block& block : m_blocks) {
            if (block.size > keptSize && block.size <= kLargestStep) {
                keptSize = block.size;
                kept = std::move(block.bytes);
            }
        }
        m_blocks.clear();
        if (kept)
            m_blocks.push_back({std::move(kept), keptSize});
        m_used = 0;
        m_total = 0;
    }

    [[nodiscard]] std::size_t bytesUsed() const noexcept { return m_total; }

private:
    static constexpr std::size_t kLargestStep = 4 * 1024 * 1024;

    struct Block
    {
        std::unique_ptr<char[]> bytes;
        std::size_t size = 0;
    };

    void addBlock(std::size_t atLeast)
    {
        // 64 KB: a batch of a hundred ordinary records; doubled so that big batches need few blocks.
        std::size_t size = m_blocks.empty() ? 64 * 1024 : m_blocks.back().size * 2;
        size = size > kLargestStep ? kLargestStep : size;
        size = size < atLeast ? atLeast : size;
        m_blocks.push_back({std::make_unique_for_overwrite<char[]>(size), size});
        m_used = 0;
    }

    std::vector<Block> m_blocks;
    std::size_t m_used = 0;
    std::size_t m_total = 0;
};

} // namespace jetlag
