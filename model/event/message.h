#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/byte_arena.h"
#include "model/base/clock.h"
#include "model/event/sequence.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace jetlag {

/// One header line. Names are compared as they are written; values may hold any byte but CR and LF.
struct HeaderField
{
    std::string_view name;
    std::string_view value;
};
using HeaderFields = std::span<const HeaderField>;

/// The first value of that name, or an empty view with data() == nullptr when there is none.
[[nodiscard]] std::string_view findHeader(HeaderFields headers, std::string_view name) noexcept;

/// What JetStream stores, as views into the batch that owns the bytes.
struct Message
{
    StreamSequence sequence;
    ServerTime time{};
    std::string_view subject; ///< may be no UTF-8
    HeaderFields headers;     ///< in stored order; a source may give only those that the core reads
    std::string_view payload;
    std::uint32_t deliveries = 1;
    bool padded = false; ///< kPayloadPadding readable bytes follow the payload
};

enum class GapReason {
    Deleted,     ///< removed from the stream's inside, or by a limit, before it was read
    Denied,      ///< the server would not hand it out
    Damaged,     ///< a capture chunk whose checksum is wrong
    NotRecorded, ///< lies between two recordings into one capture
};
[[nodiscard]] std::string_view toString(GapReason reason) noexcept;

/// Sequences that were asked for and do not exist any more. Both ends included.
struct SequenceGap
{
    StreamSequence first;
    StreamSequence last;
    GapReason reason = GapReason::Deleted;
    bool operator==(const SequenceGap&) const = default;
};

/// Messages in strictly ascending sequence order, and whatever owns their bytes: nats messages, a
/// decompressed chunk, a mapped file. Moving a batch moves no bytes; views stay good as long as it lives.
/// One thread at a time.
class MessageBatch final
{
public:
    MessageBatch() = default;
    MessageBatch(MessageBatch&&) noexcept = default;
    MessageBatch& operator=(MessageBatch&&) noexcept = default;

    std::vector<Message> messages;
    std::vector<SequenceGap> gaps; ///< gaps that lie before, between or behind the messages, ascending
    /// Everything at or below was looked at: what is not in messages does not exist or does not match the
    /// filter. At least the last message's sequence; lets a filtered range end and a checkpoint advance.
    StreamSequence coveredTo;

    ByteArena arena; ///< for bytes that the source makes itself

    /// Keeps `owner` alive as long as the batch.
    template <typename Owner>
    void keep(Owner owner)
    {
        m_owners.push_back(std::make_shared<Owner>(std::move(owner)));
    }
    /// Header fields that live as long as the batch.
    [[nodiscard]] HeaderFields keepHeaders(std::vector<HeaderField> fields)
    {
        auto owner = std::make_shared<std::vector<HeaderField>>(std::move(fields));
        const HeaderFields view(*owner);
        m_owners.push_back(std::move(owner));
        return view;
    }
    void clear()
    {
        messages.clear();
        gaps.clear();
        coveredTo = {};
        m_owners.clear();
        arena.clear();
    }

private:
    std::vector<std::shared_ptr<void>> m_owners;
};

} // namespace jetlag
