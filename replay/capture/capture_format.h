#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/message.h"
#include "model/sqlite/schema.h"

#include <cstdint>
#include <string>
#include <string_view>

/// What FORMAT.md says, as constants; the prose is there.
namespace jetlag::capture {

inline constexpr int kFormatVersion = 1;
inline constexpr int kPageSize = 8192;
[[nodiscard]] const sqlite::Schema& schema();

/// A writer ends its chunks here.
inline constexpr std::uint64_t kChunkMessages = 4'000;
inline constexpr std::uint64_t kChunkPayload = 2 * 1024 * 1024;
/// A reader refuses more.
inline constexpr std::uint64_t kMaxMessagesInChunk = 16'384;
/// No server hands out messages above 64 MB; twice that and headers is more than any chunk can be.
inline constexpr std::uint64_t kMaxBodyBytes = 256 * 1024 * 1024;

inline constexpr int kCompressionLevel = 1;

/// What a writer writes. A reader takes version 1 as well: payloads without line ends between them.
inline constexpr std::uint8_t kBodyVersion = 2;
inline constexpr std::size_t kBodySections = 7;

enum class HeaderColumn : std::uint8_t { Plain = 0, MessageId = 1, Previous = 2, Key = 3 };
[[nodiscard]] HeaderColumn headerColumnFor(std::string_view name) noexcept;

// Flags of a value in a MessageId column.
inline constexpr std::uint64_t kIsForm = 1;
inline constexpr std::uint64_t kFirstAsExpected = 2;
inline constexpr std::uint64_t kLastIsFirst = 4;
inline constexpr std::uint64_t kHasPart = 8;
// Of a value in a Previous column.
inline constexpr std::uint64_t kPreviousAsExpected = 1;
inline constexpr std::uint64_t kPreviousDistance = 2;

// Of a value in a Key column; what is greater tells how far back a known value lies.
inline constexpr std::uint64_t kKeyNew = 0;
inline constexpr std::uint64_t kKeyInPayload = 1;
inline constexpr std::uint64_t kKeyNewest = 2;
/// A key is looked for so far into its payload, and ends there at this byte.
inline constexpr std::size_t kKeySearch = 4096;
inline constexpr char kKeyEnd = '"';

/// The checksum of a row: feed it the columns in the table's order.
class RowChecksum final
{
public:
    RowChecksum& integer(std::int64_t value);
    RowChecksum& bytes(std::string_view value);     ///< TEXT or BLOB
    RowChecksum& dataBytes(std::string_view value); ///< the column `data` of events
    [[nodiscard]] std::int64_t value() const;

private:
    std::string m_row;
};

} // namespace jetlag::capture
