#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/event.h"
#include "model/event/message.h"

#include <cstdint>
#include <string_view>

namespace jetlag {

/// Why an event is set aside. The words are part of the digest: fixed, never a parser's text.
enum class QuarantineReason : std::uint8_t {
    None,
    Malformed,       ///< "malformed": the record as a whole is not well-formed
    TooLarge,        ///< "too-large": over 64 MB; hashed over its first 65,536 bytes and its length (u64)
    BadEncoding,     ///< "bad-encoding": Content-Encoding unknown, or its bytes do not decompress
    BadParts,        ///< "bad-parts": parts that contradict each other
    AnalyzerRefused, ///< "analyzer-refused": the analyzer threw while decoding
};
[[nodiscard]] std::string_view toString(QuarantineReason reason) noexcept;
[[nodiscard]] QuarantineReason quarantineReasonFrom(std::string_view word) noexcept; ///< None when unknown

/// One logical record: joined, decompressed, in chain order, ready to route. Known by (stream, sequence,
/// index). Views live in the batch it came with.
struct Record
{
    Event event;             ///< key empty = foreign: the analyzer finds it
    StreamSequence sequence; ///< of the message that completed it
    std::uint32_t index = 0; ///< within that message (coalescing; several released parked records)
    QuarantineReason reason = QuarantineReason::None; ///< decided before any analyzer saw it
    std::uint64_t fullLength = 0;                     ///< of a TooLarge record; else payload.size()
};

/// Limits of what travels.
inline constexpr std::size_t kMaxRecordBytes = 64 * 1024 * 1024; ///< joined, decompressed
inline constexpr std::size_t kOversizeKeptBytes = 65'536;        ///< of a record above kMaxRecordBytes
inline constexpr std::size_t kCompressAbove = 64 * 1024;         ///< a hook compresses larger payloads
inline constexpr std::size_t kMaxParkedPerChain = 4'096;         ///< records per source and partition
inline constexpr std::size_t kMaxOutstandingPerSource = 4'096;   ///< un-acked publishes per source

/// Counts that stand beside `events` in every output.
struct RecordCounters
{
    std::uint64_t messages = 0;   ///< read from the source
    std::uint64_t duplicates = 0; ///< at or before their chain's head
    std::uint64_t parked = 0;     ///< waiting now for a predecessor
    std::uint64_t lost = 0;       ///< gaps given up on after kMaxParkedPerChain
    std::uint64_t chainGaps = 0;  ///< missing predecessors explained by a hole, a filter or the start
};

} // namespace jetlag
