#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/message.h"
#include "model/event/stream_identity.h"
#include "model/sqlite/statement.h"
#include "replay/capture/chunk_decoder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The rows of a capture's tables as values, each with its checksum. What the columns mean: FORMAT.md.
namespace jetlag::capture {

struct StreamRow
{
    std::int64_t id = 0;
    StreamIdentity identity;
    std::string config;
    std::string filters; ///< JSON array
    StreamSequence askedFrom;
    StreamSequence coveredTo;
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    StreamSequence firstSequence;
    StreamSequence lastSequence;
    ServerTime firstTime{};
    ServerTime lastTime{};
};
inline constexpr std::string_view kStreamColumns =
    "id, name, created, known_sequence, known_time, config, filters, asked_from, covered_to, messages, "
    "bytes, "
    "first_sequence, last_sequence, first_time, last_time, checksum";

struct SubjectRow
{
    std::int64_t id = 0;
    std::int64_t stream = 0;
    std::string subject;
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    StreamSequence firstSequence;
    StreamSequence lastSequence;
};
inline constexpr std::string_view kSubjectColumns =
    "id, stream, subject, messages, bytes, first_sequence, last_sequence, checksum";

/// A row of `events` without its data.
struct ChunkHead
{
    std::int64_t id = 0;
    std::int64_t stream = 0;
    ChunkRow row;
    ServerTime firstTime{};
    ServerTime lastTime{};
    std::uint64_t before = 0;
};
inline constexpr std::string_view kEventColumns = "id, stream, first_sequence, last_sequence, first_time, "
                                                  "last_time, before, count, payload_bytes, body_bytes, "
                                                  "checksum, data";

struct GapRow
{
    std::int64_t id = 0;
    std::int64_t stream = 0;
    SequenceGap gap;
};
inline constexpr std::string_view kGapColumns = "id, stream, first_sequence, last_sequence, reason, checksum";

[[nodiscard]] std::int64_t checksumOf(const StreamRow& row);
[[nodiscard]] std::int64_t checksumOf(const SubjectRow& row);
[[nodiscard]] std::int64_t checksumOf(const ChunkHead& head, std::string_view data);
[[nodiscard]] std::int64_t checksumOf(const GapRow& row);
[[nodiscard]] std::int64_t checksumOfMeta(std::string_view key, std::string_view value);

// Of a statement that selected the columns above and stands on a row. nullopt: the checksum is wrong.
[[nodiscard]] std::optional<StreamRow> readStream(const sqlite::Statement& row);
[[nodiscard]] std::optional<SubjectRow> readSubject(const sqlite::Statement& row);
[[nodiscard]] std::optional<ChunkHead> readChunk(const sqlite::Statement& row);
[[nodiscard]] std::optional<GapRow> readGap(const sqlite::Statement& row);

[[nodiscard]] std::int64_t nanosOf(ServerTime time) noexcept;
[[nodiscard]] std::string filtersToJson(const std::vector<std::string>& filters);
/// Empty when the text is no array of strings.
[[nodiscard]] std::vector<std::string> filtersFromJson(std::string_view json);

} // namespace jetlag::capture
