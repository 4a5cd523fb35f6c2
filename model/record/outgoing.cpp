// SPDX-License-Identifier: Apache-2.0
#include "model/record/outgoing.h"

#include "model/base/text.h"
#include "model/record/envelope.h"
#include "model/record/headers.h"
#include "model/record/record.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace jetlag {

namespace {

void appendNumber(std::string& to, std::uint64_t number)
{
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    to.append(digits, end);
}

bool travelsInHeader(std::string_view key) noexcept
{
    return std::all_of(key.begin(), key.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte != 0x7f && byte != '%';
    });
}

constexpr std::size_t kHeaderFrame = 12; // "NATS/1.0\r\n" in front, "\r\n" behind
constexpr std::size_t kFieldFrame = 4;   // ": " and "\r\n"
// "Jetlag-Part: 65536/65536" and the same numbers behind the message id.
constexpr std::size_t kPartReserve = headers::kPart.size() + kFieldFrame + 11 + 12;

struct CompressionContextDeleter
{
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

} // namespace

std::string keyForHeader(std::string_view key)
{
    if (travelsInHeader(key))
        return std::string(key);
    std::string encoded;
    for (char c : key) {
        if (travelsInHeader({&c, 1}))
            encoded += c;
        else
            encoded += percentEncode({&c, 1}, {});
    }
    return encoded;
}

std::string_view OutgoingMessage::header(std::string_view name) const noexcept
{
    for (const OutgoingHeader& field : headers) {
        if (field.name == name)
            return field.value;
    }
    return {};
}

std::size_t OutgoingMessage::wireBytes() const noexcept
{
    std::size_t bytes = kHeaderFrame + payload.size();
    for (const OutgoingHeader& field : headers)
        bytes += field.name.size() + field.value.size() + kFieldFrame;
    return bytes;
}

struct OutgoingBuilder::State
{
    OutgoingOptions options;
    std::vector<OutgoingMessage> messages; // strings are reused from call to call
    std::unique_ptr<ZSTD_CCtx, CompressionContextDeleter> context;
    std::string compressed;

    // Next header of a message that is being filled, its old memory reused.
    struct Fields
    {
        std::vector<OutgoingHeader>& list;
        std::size_t used = 0;

        std::string& add(std::string_view name)
        {
            if (used == list.size())
                list.emplace_back();
            OutgoingHeader& field = list[used++];
            field.name = name;
            field.value.clear();
            return field.value;
        }
    };

    // Better than nothing and cheap: level 1 with a checksum, so that bytes of two senders never pass for one
    // record. Empty where it does not help.
    std::string_view compress(std::string_view payload)
    {
        if (!context) {
            context.reset(ZSTD_createCCtx());
            if (!context)
                return {};
            ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, 1);
            ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
        }
        compressed.resize(ZSTD_compressBound(payload.size()));
        const std::size_t size = ZSTD_compress2(context.get(), compressed.data(), compressed.size(),
                                                payload.data(), payload.size());
        if (ZSTD_isError(size) || size >= payload.size())
            return {};
        return {compressed.data(), size};
    }

    // One message; `part` 0 = the whole record.
    void fill(OutgoingMessage& message, const FramedRecord& record, std::optional<std::uint64_t> previous,
              bool isCompressed, std::size_t part, std::size_t parts) const
    {
        message.subject.assign(options.prefix);
        message.subject += '.';
        appendNumber(message.subject, partitionFor(record));
        message.subject += '.';
        message.subject += record.label;

        Fields fields{message.headers};
        std::string& id = fields.add(headers::kMessageId);
        id.append(record.source);
        id += ':';
        appendNumber(id, record.firstOffset);
        id += '-';
        appendNumber(id, record.lastOffset);
        if (part > 0) {
            id += ':';
            appendPart(id, part, parts);
        }
        fields.add(headers::kExpectedStream) = options.stream;
        std::string& predecessor = fields.add(headers::kPrevious);
        if (previous)
            appendNumber(predecessor, *previous);
        else
            predecessor = '-';
        std::string& key = fields.add(headers::kKey);
        if (travelsInHeader(record.key))
            key.assign(record.key);
        else
            key = keyForHeader(record.key);
        if (!record.zone.empty())
            fields.add(headers::kZone) = keyForHeader(record.zone);
        if (isCompressed)
            fields.add(headers::kContentEncoding) = "zstd";
        if (part > 0)
            appendPart(fields.add(headers::kPart), part, parts);
        if (record.oversize())
            appendNumber(fields.add(headers::kOversize), record.fullLength);
        message.headers.resize(fields.used);
    }

    static void appendPart(std::string& to, std::size_t part, std::size_t parts)
    {
        appendNumber(to, part);
        to += '/';
        appendNumber(to, parts);
    }

    unsigned partitionFor(const FramedRecord& record) const
    {
        return partitionOf(slotOf(record.key), options.partitions);
    }

    Result<std::span<const OutgoingMessage>> build(const FramedRecord& record,
                                                   std::optional<std::uint64_t> previous)
    {
        std::string_view payload = record.payload;
        bool isCompressed = false;
        if (payload.size() > kCompressAbove) {
            if (const std::string_view smaller = compress(payload); !smaller.empty()) {
                payload = smaller;
                isCompressed = true;
            }
        }
        if (messages.empty())
            messages.emplace_back();
        fill(messages[0], record, previous, isCompressed, 0, 0);
        messages[0].payload = payload;
        const std::size_t wire = messages[0].wireBytes();
        if (wire <= options.maxPayload)
            return std::span<const OutgoingMessage>(messages.data(), 1);

        const std::size_t headerBytes = wire - payload.size() + kPartReserve;
        const std::size_t room = options.maxPayload > headerBytes ? options.maxPayload - headerBytes : 0;
        const std::size_t parts = room == 0 ? 0 : (payload.size() + room - 1) / room;
        if (parts == 0 || parts > kMaxParts)
            return Error(
                ErrorCode::InvalidArgument,
                fmt::format("the server takes at most {} bytes a message, too few for a record of {} bytes "
                            "with its headers: raise its max_payload",
                            options.maxPayload, record.payload.size()));
        // Equal sizes: where a part begins follows from its number alone, so parts of one record fit together
        // whoever sent them.
        const std::size_t partBytes = (payload.size() + parts - 1) / parts;
        if (messages.size() < parts)
            messages.resize(parts);
        for (std::size_t i = 0; i < parts; ++i) {
            fill(messages[i], record, previous, isCompressed, i + 1, parts);
            const std::size_t begin = std::min(i * partBytes, payload.size());
            messages[i].payload = payload.substr(begin, partBytes);
        }
        return std::span<const OutgoingMessage>(messages.data(), parts);
    }
};

OutgoingBuilder::OutgoingBuilder(OutgoingOptions options)
    : m_state(std::make_unique<State>())
{
    m_state->options = std::move(options);
}
OutgoingBuilder::~OutgoingBuilder() = default;
OutgoingBuilder::OutgoingBuilder(OutgoingBuilder&&) noexcept = default;
OutgoingBuilder& OutgoingBuilder::operator=(OutgoingBuilder&&) noexcept = default;

unsigned OutgoingBuilder::partitionFor(const FramedRecord& record) const noexcept
{
    return m_state->partitionFor(record);
}

Result<std::span<const OutgoingMessage>> OutgoingBuilder::build(const FramedRecord& record,
                                                                std::optional<std::uint64_t> previous)
{
    return m_state->build(record, previous);
}

} // namespace jetlag
