#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/message.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace jetlag {

/// `<source>:<first>-<last>[:i/n]`, read from the right: a source may hold colons.
struct MessageId
{
    std::string_view source;
    std::uint64_t firstOffset = 0;
    std::uint64_t lastOffset = 0;
    std::uint32_t part = 0; ///< from 1; 0 = whole
    std::uint32_t parts = 0;
};
[[nodiscard]] std::optional<MessageId> parseMessageId(std::string_view text) noexcept;

/// More parts than this are a mistake: 64 MB in parts of 1 KB.
inline constexpr std::uint32_t kMaxParts = 65'536;

enum class EnvelopeKind : std::uint8_t {
    Foreign, ///< no chain: no Jetlag-Prev, or headers that contradict themselves; key, zone and length may be
             ///< set
    Chained, ///< a hook's message: source, offsets, predecessor and partition are good
};

/// Where the partition stands in the subject of a chained message: its last token but one.
struct PartitionToken
{
    std::size_t begin = 0; ///< of the token
    std::size_t end = 0;   ///< behind its dot
    std::uint32_t number = 0;
};
/// What the headers and the subject of a message say, as views into them. Tolerates any bytes.
struct Envelope
{
    EnvelopeKind kind = EnvelopeKind::Foreign;
    std::string_view key; ///< as it stands in the header: may be percent-encoded
    std::string_view zone;
    std::string_view encoding; ///< empty = none
    std::string_view source;
    std::uint64_t firstOffset = 0;
    std::uint64_t lastOffset = 0;
    std::optional<std::uint64_t> previous; ///< nullopt = first of its chain
    PartitionToken partition;
    std::uint32_t part = 0; ///< from 1; 0 = whole
    std::uint32_t parts = 0;
    std::uint64_t oversize = 0; ///< real length of a record that was cut; 0 = it was not
    bool contradictory = false; ///< parts or length say what cannot be
};

[[nodiscard]] Envelope parseEnvelope(HeaderFields headers, std::string_view subject) noexcept;

/// nullopt when that token is no partition.
[[nodiscard]] std::optional<PartitionToken> findPartitionToken(std::string_view subject) noexcept;

} // namespace jetlag
