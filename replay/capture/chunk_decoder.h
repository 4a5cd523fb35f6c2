#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/byte_arena.h"
#include "model/base/result.h"
#include "model/event/message.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

struct ZSTD_DCtx_s;

namespace jetlag::capture {

/// The bytes of one decoded chunk, to which its messages point. Memory is kept for the next one.
class ChunkMemory final
{
public:
    ChunkMemory() = default;
    ChunkMemory(const ChunkMemory&) = delete;
    ChunkMemory& operator=(const ChunkMemory&) = delete;

    [[nodiscard]] std::size_t bodyCapacity() const noexcept { return m_capacity; }

private:
    friend class ChunkDecoder;
    std::unique_ptr<char[]> m_body;
    std::size_t m_capacity = 0;
    std::vector<HeaderField> m_fields;
    ByteArena m_texts; // header values that had to be written out
};

/// What the chunk's row says: the decoder checks the body against it.
struct ChunkRow
{
    std::uint64_t firstSequence = 0;
    std::uint64_t lastSequence = 0;
    std::uint64_t count = 0;
    std::uint64_t payloadBytes = 0;
    std::uint64_t bodyBytes = 0;
};

/// Reads chunk bodies (FORMAT.md). Takes any bytes: what is not well-formed is Corrupt, never a crash. One
/// thread; keeps its scratch memory.
class ChunkDecoder final
{
public:
    ChunkDecoder();
    ~ChunkDecoder();
    ChunkDecoder(ChunkDecoder&&) noexcept;
    ChunkDecoder& operator=(ChunkDecoder&&) noexcept;

    /// Both steps below.
    [[nodiscard]] Result<void> decode(const ChunkRow& row, std::string_view compressed, ChunkMemory& memory,
                                      std::vector<Message>& out);

    /// Replaces `memory` with the chunk's body.
    [[nodiscard]] Result<void> decompress(const ChunkRow& row, std::string_view compressed,
                                          ChunkMemory& memory);
    /// Appends the messages of a decompressed chunk to `out`; their views live as long as `memory` is left
    /// alone. May be another decoder on another thread. On an error nothing is appended.
    [[nodiscard]] Result<void> parse(const ChunkRow& row, ChunkMemory& memory, std::vector<Message>& out);

private:
    struct Column;
    struct Sections;
    struct State;

    [[nodiscard]] bool readSections(std::string_view columns, std::uint64_t count, Sections& sections) const;
    [[nodiscard]] bool readSubjects(std::string_view section);
    [[nodiscard]] bool readShapes(std::string_view section, std::uint64_t count, std::uint64_t& fieldCount);
    [[nodiscard]] bool readColumns(std::string_view section);
    [[nodiscard]] bool readHeaders(Message& message, std::uint32_t shape, std::uint32_t partition,
                                   ChunkMemory& memory, HeaderField* fields);

    std::unique_ptr<State> m_state;
};

} // namespace jetlag::capture
