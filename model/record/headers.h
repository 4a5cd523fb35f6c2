#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <string_view>

/// The names of the headers that travel with a message. The payload is the record's raw bytes; everything
/// Jetlag adds stands in the subject and here. Names are a contract.
namespace jetlag::headers {

inline constexpr std::string_view kMessageId = "Nats-Msg-Id"; ///< `<source>:<first>-<last>[:i/n]`
inline constexpr std::string_view kExpectedStream = "Nats-Expected-Stream"; ///< on every publish
inline constexpr std::string_view kPrevious =
    "Jetlag-Prev"; ///< offset of the source's previous published record in this partition, `-` for the first;
                   ///< marks a message as ours
inline constexpr std::string_view kKey = "Jetlag-Key";   ///< the routing key
inline constexpr std::string_view kZone = "Jetlag-Zone"; ///< IANA zone of times without one
inline constexpr std::string_view kPart = "Jetlag-Part"; ///< `i/n`, from 1
inline constexpr std::string_view kOversize =
    "Jetlag-Oversize"; ///< real length of a record that was cut to its first 64 KB
inline constexpr std::string_view kContentEncoding = "Content-Encoding"; ///< `zstd`
inline constexpr std::string_view kLengths = "Jetlag-Lengths";           ///< reserved for coalescing
inline constexpr std::string_view kOffsets = "Jetlag-Offsets";           ///< reserved for coalescing
inline constexpr std::string_view kKeys = "Jetlag-Keys";                 ///< reserved for coalescing

/// What the core reads; a source on the hot path may leave the others out.
inline constexpr std::string_view kReadByCore[] = {kMessageId, kPrevious,       kKey, kZone, kPart,
                                                   kOversize,  kContentEncoding};

} // namespace jetlag::headers
