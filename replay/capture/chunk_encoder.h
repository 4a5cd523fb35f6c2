#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/varint.h"
#include "model/event/message.h"
#include "replay/capture/message_id_form.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag::capture {

/// Numbers byte strings from 0 in the order in which they first come, within one chunk. Asking for the one
/// that came last costs a comparison.
class ValueNumbers final
{
public:
    struct Answer
    {
        std::uint32_t number = 0;
        bool isNew = false;
    };
    [[nodiscard]] Answer numberOf(std::string_view value);
    [[nodiscard]] std::string_view valueOf(std::uint32_t number) const noexcept
    {
        return valueOf(m_entries[number]);
    }
    [[nodiscard]] std::size_t count() const noexcept { return m_entries.size(); }
    void clear() noexcept;

private:
    struct Entry
    {
        std::size_t offset = 0;
        std::size_t size = 0;
        std::uint64_t hash = 0;
    };
    [[nodiscard]] std::string_view valueOf(const Entry& entry) const noexcept
    {
        return std::string_view(m_bytes).substr(entry.offset, entry.size);
    }
    void grow();

    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
    std::string m_bytes;
    std::vector<Entry> m_entries;
    std::vector<std::uint32_t> m_table; // open addressing, a power of two
    std::uint32_t m_last = kNone;
};

/// What a chunk's row says beside the body.
struct ChunkSummary
{
    std::uint64_t count = 0;
    std::uint64_t payloadBytes = 0; ///< of the body: with a line end behind each
    StreamSequence firstSequence;
    StreamSequence lastSequence;
    ServerTime firstTime{}; ///< the smallest in it
    ServerTime lastTime{};  ///< the largest in it
};

/// What one subject gained.
struct SubjectTotals
{
    std::string subject;
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    StreamSequence firstSequence;
    StreamSequence lastSequence;
};

/// Collects messages of one stream into the body of a chunk (FORMAT.md). Copies what it is given; keeps its
/// memory from one chunk to the next. One thread.
class ChunkEncoder final
{
public:
    ChunkEncoder();
    ~ChunkEncoder();
    ChunkEncoder(ChunkEncoder&&) noexcept;
    ChunkEncoder& operator=(ChunkEncoder&&) noexcept;

    /// Sequences must ascend.
    void add(const Message& message);

    [[nodiscard]] bool empty() const noexcept { return m_summary.count == 0; }
    [[nodiscard]] const ChunkSummary& summary() const noexcept { return m_summary; }

    /// By subject, what came since the last call or the chunk's beginning. Call it before takeBody().
    void takeSubjectTotals(std::vector<SubjectTotals>& to);
    /// The body so far; the chunk may go on.
    void copyBody(std::string& to) const;
    /// The whole body in `to`; the encoder starts anew with the memory that `to` brought.
    void takeBody(std::string& to);

private:
    struct NameColumn;
    struct Shape;

    void addHeaders(const Message& message, std::uint32_t partition);
    [[nodiscard]] std::uint32_t shapeOf(HeaderFields headers);
    [[nodiscard]] std::uint32_t newShape(HeaderFields headers);
    void appendColumns(std::string& to) const;
    void clear();

    ChunkSummary m_summary;
    ServerTime m_previousTime{};
    std::string m_payloads;
    bool m_lineEndsInside = false; ///< lengths must be told
    ColumnWriter m_subjectTexts, m_sequences, m_times, m_subjectNumbers, m_lengths, m_shapeNumbers;
    ValueNumbers m_subjects;
    ValueNumbers m_partitions;
    struct SubjectState
    {
        std::uint32_t partition = 0;
        std::uint64_t messages = 0; // since takeSubjectTotals(), as all that follows
        std::uint64_t bytes = 0;
        StreamSequence firstSequence;
        StreamSequence lastSequence;
    };
    std::vector<SubjectState> m_subjectStates; // by subject number
    ValueNumbers m_names;
    std::vector<std::unique_ptr<NameColumn>> m_columns; // by name number; those beyond m_nameCount are spare
    std::size_t m_nameCount = 0;
    ColumnWriter m_nameTexts;
    std::vector<Shape> m_shapes;
    std::uint32_t m_lastShape = 0;
};

/// The partition of a subject as chunks see it: its last token but one, empty when there is none.
[[nodiscard]] std::string_view partitionTokenOf(std::string_view subject) noexcept;

} // namespace jetlag::capture
