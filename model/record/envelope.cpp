// SPDX-License-Identifier: Apache-2.0
#include "model/record/envelope.h"

#include "model/base/text.h"
#include "model/record/headers.h"
#include "model/record/record.h"
#include "model/record/slot.h"

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

// Header values by name, the first of each name; data() == nullptr = not there.
struct Values
{
    std::string_view id, previous, key, zone, part, oversize, encoding;
};

void takeFirst(std::string_view& slot, std::string_view value) noexcept
{
    if (!slot.data())
        slot = value.data() ? value : std::string_view("", 0);
}

Values readValues(HeaderFields headers) noexcept
{
    Values values;
    for (const HeaderField& field : headers) {
        const std::string_view name = field.name;
        // By length first: most messages carry other headers of other lengths, and this is the hot path.
        switch (name.size()) {
        case headers::kKey.size():
            if (name == headers::kKey)
                takeFirst(values.key, field.value);
            break;
        case headers::kPrevious.size(): // five names of this length
            static_assert(headers::kMessageId.size() == headers::kPrevious.size());
            static_assert(headers::kZone.size() == headers::kPrevious.size());
            static_assert(headers::kPart.size() == headers::kPrevious.size());
            if (name == headers::kPrevious)
                takeFirst(values.previous, field.value);
            else if (name == headers::kMessageId)
                takeFirst(values.id, field.value);
            else if (name == headers::kPart)
                takeFirst(values.part, field.value);
            else if (name == headers::kZone)
                takeFirst(values.zone, field.value);
            break;
        case headers::kOversize.size():
            if (name == headers::kOversize)
                takeFirst(values.oversize, field.value);
            break;
        case headers::kContentEncoding.size():
            if (name == headers::kContentEncoding)
                takeFirst(values.encoding, field.value);
            break;
        default:
            break;
        }
    }
    return values;
}

// The chain's part of an envelope. False: not a hook's message after all.
bool readChain(Envelope& envelope, const Values& values, const std::optional<MessageId>& id,
               std::string_view subject) noexcept
{
    if (!values.previous.data() || !id)
        return false;
    if (values.previous != "-") {
        envelope.previous = parseU64(values.previous);
        if (!envelope.previous || *envelope.previous >= id->firstOffset)
            return false;
    }
    const std::optional<PartitionToken> token = findPartitionToken(subject);
    if (!token)
        return false;
    envelope.source = id->source;
    envelope.firstOffset = id->firstOffset;
    envelope.lastOffset = id->lastOffset;
    envelope.partition = token->partition;
    envelope.kind = EnvelopeKind::Chained;
    return true;
}

} // namespace

std::optional<MessageId> parseMessageId(std::string_view text) noexcept
{
    MessageId id;
    std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    std::string_view offsets = text.substr(colon + 1);
    if (offsets.find('/') != std::string_view::npos) {
        const std::optional<Part> part = parsePart(offsets);
        const std::size_t before = colon == 0 ? std::string_view::npos : text.rfind(':', colon - 1);
        if (!part || before == std::string_view::npos)
            return std::nullopt;
        id.part = part->number;
        id.parts = part->of;
        offsets = text.substr(before + 1, colon - before - 1);
        colon = before;
    }
    const std::size_t dash = offsets.find('-');
    if (dash == std::string_view::npos || colon == 0)
        return std::nullopt;
    const std::optional<std::uint64_t> first = parseU64(offsets.substr(0, dash));
    const std::optional<std::uint64_t> last = parseU64(offsets.substr(dash + 1));
    if (!first || !last || *last < *first)
        return std::nullopt;
    id.source = text.substr(0, colon);
    id.firstOffset = *first;
    id.lastOffset = *last;
    return id;
}

std::optional<PartitionToken> findPartitionToken(std::string_view subject) noexcept
{
    const std::size_t lastDot = subject.rfind('.');
    if (lastDot == std::string_view::npos || lastDot == 0)
        return std::nullopt;
    const std::size_t dotBefore = subject.rfind('.', lastDot - 1);
    if (dotBefore == std::string_view::npos)
        return std::nullopt; // something stands before the partition
    const std::string_view digits = subject.substr(dotBefore + 1, lastDot - dotBefore - 1);
    const std::optional<std::uint64_t> partition = digits.size() <= 3 ? parseU64(digits) : std::nullopt;
    if (!partition || *partition >= kSlots)
        return std::nullopt;
    return PartitionToken{dotBefore + 1, lastDot + 1, static_cast<std::uint32_t>(*partition)};
}

Envelope parseEnvelope(HeaderFields headers, std::string_view subject) noexcept
{
    const Values values = readValues(headers);
    Envelope envelope;
    envelope.key = values.key;
    envelope.zone = values.zone;
    const std::optional<MessageId> id = values.previous.data() ? parseMessageId(values.id) : std::nullopt;
    const bool chained = readChain(envelope, values, id, subject);
    if (!chained && !values.key.data())
        return envelope; // none of ours: nothing of it is interpreted

    envelope.encoding = values.encoding;
    if (values.part.data()) {
        const std::optional<Part> part = parsePart(values.part);
        if (!chained || !part || part->number != id->part || part->of != id->parts) {
            envelope.contradictory = true;
        } else {
            envelope.part = part->number;
            envelope.parts = part->of;
        }
    } else if (chained && id->part > 0) {
        envelope.contradictory = true;
    }
    if (values.oversize.data()) {
        const std::optional<std::uint64_t> length = parseU64(values.oversize);
        if (!length || *length <= kMaxRecordBytes)
            envelope.contradictory = true;
        else
            envelope.oversize = *length;
    }
    return envelope;
}

} // namespace jetlag
