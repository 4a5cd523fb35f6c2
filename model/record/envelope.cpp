// SPDX-License-Identifier: Apache-2.0
#include "model/record/envelope.h"

#include "model/base/text.h"
#include "model/record/headers.h"
#include "model/record/record.h"
#include "model/record/slot.h"

#include <cstring>

namespace jetlag {

namespace {

struct Part
{
    std::uint32_t number = 0;
    std::uint32_t of = 0;
};

// `i/n` with 1 <= i <= n <= kMaxParts.
std::optional<Part> parsePart(std::string_view text) noexcept
{
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    const std::optional<std::uint64_t> number = parseU64(text.substr(0, slash));
    const std::optional<std::uint64_t> of = parseU64(text.substr(slash + 1));
    if (!number || !of || *number == 0 || *number > *of || *of > kMaxParts)
        return std::nullopt;
    return Part{static_cast<std::uint32_t>(*number), static_cast<std::uint32_t>(*of)};
}

void takeFirst(std::string_view& slot, std::string_view value) noexcept
{
    if (!slot.data())
        slot = value.data() ? value : std::string_view("", 0);
}

// As rfind(), which looks at one byte after the other: labels and sources are long.
std::size_t findLast(std::string_view text, char wanted) noexcept
{
    const void* found = text.empty() ? nullptr : ::memrchr(text.data(), wanted, text.size());
    return found ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data())
                 : std::string_view::npos;
}

// Takes digits off the front; false where there are none, or too many for 64 bits.
inline bool takeNumber(std::string_view& text, std::uint64_t& number) noexcept
{
    std::uint64_t value = 0;
    std::size_t digits = 0;
    for (; digits < text.size(); ++digits) {
        const unsigned digit = static_cast<unsigned char>(text[digits]) - unsigned{'0'};
        if (digit > 9)
            break;
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, digit, &value))
            return false;
    }
    text.remove_prefix(digits);
    number = value;
    return digits > 0;
}

// `<first>-<last>`, first <= last.
inline bool readOffsets(std::string_view text, MessageId& id) noexcept
{
    if (!takeNumber(text, id.firstOffset) || !text.starts_with('-'))
        return false;
    text.remove_prefix(1);
    return takeNumber(text, id.lastOffset) && text.empty() && id.firstOffset <= id.lastOffset;
}

// Into its place: a big optional that is handed through memory stalls the hot path.
inline bool readMessageId(std::string_view text, MessageId& id) noexcept
{
    std::size_t colon = findLast(text, ':');
    if (colon == std::string_view::npos)
        return false;
    if (!readOffsets(text.substr(colon + 1), id)) {
        const std::optional<Part> part = parsePart(text.substr(colon + 1));
        const std::size_t before = findLast(text.substr(0, colon), ':');
        if (!part || before == std::string_view::npos ||
            !readOffsets(text.substr(before + 1, colon - before - 1), id))
            return false;
        id.part = part->number;
        id.parts = part->of;
        colon = before;
    }
    id.source = text.substr(0, colon);
    return colon > 0;
}

inline bool readPartition(std::string_view subject, PartitionToken& token) noexcept
{
    const std::size_t lastDot = findLast(subject, '.');
    if (lastDot == std::string_view::npos || lastDot == 0)
        return false;
    const std::size_t dotBefore = findLast(subject.substr(0, lastDot), '.');
    if (dotBefore == std::string_view::npos)
        return false; // something stands before the partition
    const std::string_view digits = subject.substr(dotBefore + 1, lastDot - dotBefore - 1);
    const std::optional<std::uint64_t> partition = digits.size() <= 3 ? parseU64(digits) : std::nullopt;
    if (!partition || *partition >= kSlots)
        return false;
    token = {dotBefore + 1, lastDot + 1, static_cast<std::uint32_t>(*partition)};
    return true;
}

// nullopt inside: the first of its chain. False: no hook's message after all.
inline bool readPrevious(std::string_view text, const MessageId& id,
                         std::optional<std::uint64_t>& previous) noexcept
{
    if (text == "-")
        return true;
    const std::optional<std::uint64_t> offset = parseU64(text);
    if (!offset || *offset >= id.firstOffset)
        return false;
    previous = offset;
    return true;
}

} // namespace

std::optional<MessageId> parseMessageId(std::string_view text) noexcept
{
    MessageId id;
    return readMessageId(text, id) ? std::optional(id) : std::nullopt;
}

std::optional<PartitionToken> findPartitionToken(std::string_view subject) noexcept
{
    PartitionToken token;
    return readPartition(subject, token) ? std::optional(token) : std::nullopt;
}

Envelope parseEnvelope(HeaderFields headers, std::string_view subject) noexcept
{
    if (headers.empty())
        return {};

    // The first of each name; data() == nullptr = not there.
    std::string_view messageId, previous, key, zone, partText, oversize, encoding;
    for (const HeaderField& field : headers) {
        const std::string_view name = field.name;
        // By length first: most messages carry other headers of other lengths.
        switch (name.size()) {
        case headers::kKey.size():
            if (name == headers::kKey)
                takeFirst(key, field.value);
            break;
        case headers::kPrevious.size(): // four names of this length
            static_assert(headers::kMessageId.size() == headers::kPrevious.size());
            static_assert(headers::kZone.size() == headers::kPrevious.size());
            static_assert(headers::kPart.size() == headers::kPrevious.size());
            if (name == headers::kPrevious)
                takeFirst(previous, field.value);
            else if (name == headers::kMessageId)
                takeFirst(messageId, field.value);
            else if (name == headers::kPart)
                takeFirst(partText, field.value);
            else if (name == headers::kZone)
                takeFirst(zone, field.value);
            break;
        case headers::kOversize.size():
            if (name == headers::kOversize)
                takeFirst(oversize, field.value);
            break;
        case headers::kContentEncoding.size():
            if (name == headers::kContentEncoding)
                takeFirst(encoding, field.value);
            break;
        default:
            break;
        }
    }

    MessageId id;
    PartitionToken partition;
    std::optional<std::uint64_t> before;
    const bool chained = previous.data() && readMessageId(messageId, id) &&
                         readPartition(subject, partition) && readPrevious(previous, id, before);
    if (!chained && !key.data()) {
        // None of ours: nothing of it is interpreted.
        Envelope foreign;
        foreign.zone = zone;
        return foreign;
    }

    Part part;
    bool contradictory = false;
    if (partText.data()) {
        const std::optional<Part> read = parsePart(partText);
        if (chained && read && read->number == id.part && read->of == id.parts)
            part = *read;
        else
            contradictory = true;
    } else if (chained && id.part > 0) {
        contradictory = true;
    }
    std::uint64_t realLength = 0;
    if (oversize.data()) {
        realLength = parseU64(oversize).value_or(0);
        if (realLength <= kMaxRecordBytes) {
            contradictory = true;
            realLength = 0;
        }
    }
    // All at once: to clear an envelope first and fill it then takes longer than to parse its numbers.
    return {.kind = chained ? EnvelopeKind::Chained : EnvelopeKind::Foreign,
            .key = key,
            .zone = zone,
            .encoding = encoding,
            .source = chained ? id.source : std::string_view(),
            .firstOffset = chained ? id.firstOffset : 0,
            .lastOffset = chained ? id.lastOffset : 0,
            .previous = before,
            .partition = chained ? partition : PartitionToken(),
            .part = part.number,
            .parts = part.of,
            .oversize = realLength,
            .contradictory = contradictory};
}

} // namespace jetlag
