// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/chunk_decoder.h"

#include "model/base/varint.h"
#include "replay/capture/capture_format.h"
#include "replay/capture/chunk_encoder.h"
#include "replay/capture/message_id_form.h"

#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace jetlag::capture {

namespace {

Error corrupt(const char* what)
{
    return {ErrorCode::Corrupt, what};
}

struct Shape
{
    std::uint32_t firstName = 0; // into State::shapeNames
    std::uint32_t size = 0;
    std::uint32_t messageId = 0; // which field; size = none or several
};

} // namespace

/// The values of all headers of one name, and what earlier ones let the next expect.
struct ChunkDecoder::Column
{
    struct LastOffset
    {
        std::uint32_t partition = 0;
        std::string_view text; // empty = none known
    };
    struct Chain
    {
        std::uint64_t expectedFirst = 0;
        std::vector<LastOffset> lastOffsets;

        LastOffset& in(std::uint32_t partition)
        {
            const auto found = std::ranges::find(lastOffsets, partition, &LastOffset::partition);
            return found != lastOffsets.end() ? *found : lastOffsets.emplace_back(LastOffset{partition, {}});
        }
    };

    std::string_view name;
    HeaderColumn mode = HeaderColumn::Plain;
    ColumnReader bytes;
    std::vector<std::string_view> values;
    std::vector<Chain> chains; // by source

    /// False when the number is none of the values so far.
    bool plain(std::string_view& value, std::uint32_t& number)
    {
        const std::uint64_t coded = bytes.varint();
        if (coded == 0) {
            value = bytes.string();
            number = static_cast<std::uint32_t>(values.size());
            values.push_back(value);
            return bytes.ok();
        }
        if (coded > values.size())
            return false;
        number = static_cast<std::uint32_t>(coded - 1);
        value = values[number];
        return true;
    }

    bool key(std::string_view payload, std::string_view& value)
    {
        const std::uint64_t coded = bytes.varint();
        if (coded >= kKeyNewest) {
            const std::uint64_t back = coded - kKeyNewest;
            if (back >= values.size())
                return false;
            value = values[values.size() - 1 - back];
            return true;
        }
        if (coded == kKeyNew) {
            value = bytes.string();
        } else {
            const std::uint64_t at = bytes.varint();
            const std::size_t end = at < payload.size() ? payload.find(kKeyEnd, at) : std::string_view::npos;
            if (end == std::string_view::npos)
                return false;
            value = payload.substr(at, end - at);
        }
        values.push_back(value);
        return bytes.ok();
    }
};

struct ChunkDecoder::Sections
{
    bool lineEnds = false; ///< one behind each payload
    std::string_view subjects, sequences, times, subjectNumbers, lengths, shapes, values;
};

struct ChunkDecoder::State
{
    struct FreeContext
    {
        void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
    };
    std::unique_ptr<ZSTD_DCtx, FreeContext> zstd{ZSTD_createDCtx()};
    std::vector<std::string_view> subjects;
    std::vector<std::uint32_t> partitionOfSubject;
    ValueNumbers partitions;
    std::vector<Column> columns; // by name number
    std::size_t columnCount = 0;
    std::vector<Shape> shapes;
    std::vector<std::uint32_t> shapeNames;
    ColumnReader shapeNumbers;
};

ChunkDecoder::ChunkDecoder()
    : m_state(std::make_unique<State>())
{}
ChunkDecoder::~ChunkDecoder() = default;
ChunkDecoder::ChunkDecoder(ChunkDecoder&&) noexcept = default;
ChunkDecoder& ChunkDecoder::operator=(ChunkDecoder&&) noexcept = default;

Result<void> ChunkDecoder::decompress(const ChunkRow& row, std::string_view compressed, ChunkMemory& memory)
{
    if (row.bodyBytes > kMaxBodyBytes)
        return corrupt("a chunk claims an absurd length");
    // Asked first, so that a lie about the size costs no memory.
    if (ZSTD_getFrameContentSize(compressed.data(), compressed.size()) != row.bodyBytes)
        return corrupt("a chunk's length contradicts its row");
    const std::size_t needed = row.bodyBytes + kPayloadPadding;
    if (memory.m_capacity < needed) {
        memory.m_body = std::make_unique_for_overwrite<char[]>(needed);
        memory.m_capacity = needed;
    }
    const std::size_t size = ZSTD_decompressDCtx(m_state->zstd.get(), memory.m_body.get(), row.bodyBytes,
                                                 compressed.data(), compressed.size());
    if (ZSTD_isError(size) || size != row.bodyBytes)
        return corrupt("a chunk does not decompress");
    std::memset(memory.m_body.get() + row.bodyBytes, 0, kPayloadPadding);
    return {};
}

bool ChunkDecoder::readSections(std::string_view columns, std::uint64_t count, Sections& sections) const
{
    ColumnReader reader(columns);
    const std::uint8_t version = reader.u8();
    if (version == 0 || version > kBodyVersion || reader.varint() != count)
        return false;
    sections.lineEnds = version > 1;
    std::uint64_t sizes[kBodySections];
    for (std::uint64_t& size : sizes)
        size = reader.varint();
    std::string_view* const order[kBodySections] = {
        &sections.subjects, &sections.sequences, &sections.times, &sections.subjectNumbers,
        &sections.lengths,  &sections.shapes,    &sections.values};
    for (std::size_t i = 0; i < kBodySections; ++i)
        *order[i] = reader.raw(sizes[i]);
    return reader.ok() && reader.atEnd();
}

bool ChunkDecoder::readSubjects(std::string_view section)
{
    State& state = *m_state;
    state.subjects.clear();
    state.partitionOfSubject.clear();
    state.partitions.clear();
    ColumnReader reader(section);
    const std::uint64_t count = reader.varint();
    if (count > section.size())
        return false;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string_view subject = reader.string();
        state.subjects.push_back(subject);
        state.partitionOfSubject.push_back(state.partitions.numberOf(partitionTokenOf(subject)).number);
    }
    return reader.ok() && reader.atEnd();
}

bool ChunkDecoder::readShapes(std::string_view section, std::uint64_t count, std::uint64_t& fieldCount)
{
    State& state = *m_state;
    state.shapes.clear();
    state.shapeNames.clear();
    state.columnCount = 0;
    ColumnReader reader(section);

    const std::uint64_t names = reader.varint();
    if (names > section.size())
        return false;
    if (state.columns.size() < names)
        state.columns.resize(names);
    for (std::uint64_t i = 0; i < names; ++i) {
        Column& column = state.columns[i];
        column.name = reader.string();
        column.values.clear();
        column.chains.clear();
    }
    state.columnCount = names;

    const std::uint64_t shapes = reader.varint();
    if (shapes > section.size())
        return false;
    for (std::uint64_t i = 0; i < shapes; ++i) {
        const std::uint64_t size = reader.varint();
        if (size > reader.remaining())
            return false;
        Shape shape{static_cast<std::uint32_t>(state.shapeNames.size()), static_cast<std::uint32_t>(size),
                    static_cast<std::uint32_t>(size)};
        std::uint32_t ids = 0;
        for (std::uint32_t field = 0; field < size; ++field) {
            const std::uint64_t name = reader.varint();
            if (name >= names)
                return false;
            state.shapeNames.push_back(static_cast<std::uint32_t>(name));
            if (headerColumnFor(state.columns[name].name) == HeaderColumn::MessageId) {
                shape.messageId = field;
                ++ids;
            }
        }
        if (ids != 1)
            shape.messageId = shape.size;
        state.shapes.push_back(shape);
    }

    state.shapeNumbers = reader;
    fieldCount = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t shape = reader.varint();
        if (shape >= shapes)
            return false;
        fieldCount += state.shapes[shape].size;
    }
    return reader.ok() && reader.atEnd();
}

bool ChunkDecoder::readColumns(std::string_view section)
{
    State& state = *m_state;
    ColumnReader reader(section);
    for (std::size_t i = 0; i < state.columnCount; ++i) {
        Column& column = state.columns[i];
        column.bytes = ColumnReader(reader.string());
        const std::uint8_t mode = column.bytes.u8();
        if (mode > static_cast<std::uint8_t>(HeaderColumn::Key))
            return false;
        column.mode = static_cast<HeaderColumn>(mode);
        if (column.mode != HeaderColumn::Plain && column.mode != headerColumnFor(column.name))
            return false;
    }
    return reader.ok() && reader.atEnd();
}

bool ChunkDecoder::readHeaders(Message& message, std::uint32_t shapeNumber, std::uint32_t partition,
                               ChunkMemory& memory, HeaderField* fields)
{
    State& state = *m_state;
    const Shape& shape = state.shapes[shapeNumber];
    const std::uint32_t* names = state.shapeNames.data() + shape.firstName;
    message.headers = HeaderFields(fields, shape.size);

    bool isForm = false;
    std::uint64_t first = 0, last = 0;
    std::string_view lastText;
    Column::LastOffset* lastOffset = nullptr;

    const auto verbatim = [](Column& column, HeaderField& field) {
        std::uint32_t number = 0;
        return column.plain(field.value, number);
    };
    if (shape.messageId < shape.size) {
        Column& column = state.columns[names[shape.messageId]];
        HeaderField& field = fields[shape.messageId];
        field.name = column.name;
        const std::uint64_t flags = column.mode == HeaderColumn::MessageId ? column.bytes.varint() : 0;
        if (!(flags & kIsForm)) {
            if (flags != 0 || !verbatim(column, field))
                return false;
        } else {
            std::string_view source;
            std::uint32_t number = 0;
            if (!column.plain(source, number))
                return false;
            if (column.chains.size() <= number)
                column.chains.resize(number + 1);
            Column::Chain& chain = column.chains[number];
            first = chain.expectedFirst + (flags & kFirstAsExpected ? 0 : column.bytes.zigzag());
            last = first + (flags & kLastIsFirst ? 0 : column.bytes.zigzag());
            const std::uint64_t part = flags & kHasPart ? column.bytes.varint() : 0;
            const std::uint64_t parts = flags & kHasPart ? column.bytes.varint() : 0;
            if (std::max({first, last, part, parts}) >= kFormLimit)
                return false;

            char tail[kMaxFormTail];
            char* at = tail;
            *at++ = ':';
            char* const firstDigit = at;
            at = writeDecimal(at, first);
            const auto firstDigits = static_cast<std::size_t>(at - firstDigit);
            *at++ = '-';
            const auto lastBegin = static_cast<std::size_t>(at - tail);
            if (first == last) {
                std::memcpy(at, firstDigit, firstDigits);
                at += firstDigits;
            } else {
                at = writeDecimal(at, last);
            }
            const auto lastEnd = static_cast<std::size_t>(at - tail);
            if (flags & kHasPart) {
                *at++ = ':';
                at = writeDecimal(at, part);
                *at++ = '/';
                at = writeDecimal(at, parts);
            }
            const auto tailSize = static_cast<std::size_t>(at - tail);
            char* text = memory.m_texts.allocate(source.size() + tailSize);
            std::memcpy(text, source.data(), source.size());
            std::memcpy(text + source.size(), tail, tailSize);
            field.value = {text, source.size() + tailSize};
            lastText = {text + source.size() + lastBegin, lastEnd - lastBegin};

            chain.expectedFirst = first + message.payload.size() + 1;
            lastOffset = &chain.in(partition);
            isForm = true;
        }
    }

    for (std::uint32_t i = 0; i < shape.size; ++i) {
        if (i == shape.messageId)
            continue;
        Column& column = state.columns[names[i]];
        HeaderField& field = fields[i];
        field.name = column.name;
        if (column.mode == HeaderColumn::Key) {
            if (!column.key(message.payload, field.value))
                return false;
            continue;
        }
        if (column.mode != HeaderColumn::Plain) {
            const std::uint64_t flags = column.bytes.varint();
            if (flags == kPreviousAsExpected && isForm && !lastOffset->text.empty() &&
                column.mode == HeaderColumn::Previous) {
                field.value = lastOffset->text;
                continue;
            }
            if (flags == kPreviousDistance && isForm && column.mode == HeaderColumn::Previous) {
                char digits[kMaxFormDigits + 1];
                const std::uint64_t previous = first - column.bytes.zigzag();
                field.value = memory.m_texts.copy(
                    {digits, static_cast<std::size_t>(writeDecimal(digits, previous) - digits)});
                continue;
            }
            if (flags != 0)
                return false;
        }
        if (!verbatim(column, field))
            return false;
    }
    if (isForm)
        lastOffset->text = lastText;
    return true;
}

Result<void> ChunkDecoder::decode(const ChunkRow& row, std::string_view compressed, ChunkMemory& memory,
                                  std::vector<Message>& out)
{
    Result<void> done = decompress(row, compressed, memory);
    return done ? parse(row, memory, out) : done;
}

Result<void> ChunkDecoder::parse(const ChunkRow& row, ChunkMemory& memory, std::vector<Message>& out)
{
    State& state = *m_state;
    memory.m_texts.clear();
    const Error broken = corrupt("a chunk's columns contradict each other");
    const std::string_view body(memory.m_body.get(), row.bodyBytes);
    if (row.count == 0 || row.count > kMaxMessagesInChunk || row.firstSequence > row.lastSequence ||
        row.payloadBytes > row.bodyBytes)
        return broken;

    Sections sections;
    std::uint64_t fieldCount = 0;
    if (!readSections(body.substr(row.payloadBytes), row.count, sections) ||
        !readSubjects(sections.subjects) || !readShapes(sections.shapes, row.count, fieldCount) ||
        !readColumns(sections.values) ||
        fieldCount > sections.values.size()) // each value takes a byte at least
        return broken;
    if (memory.m_fields.size() < fieldCount)
        memory.m_fields.resize(fieldCount);

    ColumnReader sequences(sections.sequences), times(sections.times),
        subjectNumbers(sections.subjectNumbers), lengths(sections.lengths);
    const std::size_t before = out.size();
    out.resize(before + row.count);
    HeaderField* fields = memory.m_fields.data();
    std::uint64_t sequence = row.firstSequence;
    std::uint64_t time = 0;
    const char* payload = body.data();
    std::uint64_t payloadLeft = row.payloadBytes;
    // Where no payload holds a line end, lengths are not told.
    const bool isSplit = sections.lineEnds && sections.lengths.empty();
    bool good = true;
    for (std::uint64_t i = 0; i < row.count; ++i) {
        Message& message = out[before + i];
        if (i > 0) {
            const std::uint64_t between = sequences.varint();
            if (between >= row.lastSequence - sequence) {
                good = false;
                break;
            }
            sequence += between + 1;
        }
        time += times.zigzag();
        const std::uint64_t subject = subjectNumbers.varint();
        std::uint64_t length = 0;
        if (isSplit) {
            const void* const end = payloadLeft > 0 ? std::memchr(payload, '\n', payloadLeft) : nullptr;
            length = end ? static_cast<std::uint64_t>(static_cast<const char*>(end) - payload) : payloadLeft;
        } else {
            length = lengths.varint();
        }
        if (subject >= state.subjects.size() || length > payloadLeft ||
            (sections.lineEnds && (length == payloadLeft || payload[length] != '\n'))) {
            good = false;
            break;
        }
        message.sequence = StreamSequence(sequence);
        message.time = ServerTime(std::chrono::nanoseconds(static_cast<std::int64_t>(time)));
        message.subject = state.subjects[subject];
        message.payload = {payload, length};
        message.padded = true;
        payload += length + (sections.lineEnds ? 1 : 0);
        payloadLeft -= length + (sections.lineEnds ? 1 : 0);
        const auto shape = static_cast<std::uint32_t>(state.shapeNumbers.varint());
        if (!readHeaders(message, shape, state.partitionOfSubject[subject], memory, fields)) {
            good = false;
            break;
        }
        fields += message.headers.size();
    }
    good = good && payloadLeft == 0 && sequence == row.lastSequence;
    for (const ColumnReader* column : {&sequences, &times, &subjectNumbers, &lengths})
        good = good && column->ok() && column->atEnd();
    for (std::size_t i = 0; i < state.columnCount; ++i)
        good = good && state.columns[i].bytes.ok() && state.columns[i].bytes.atEnd();
    if (!good) {
        out.resize(before);
        return broken;
    }
    return {};
}

} // namespace jetlag::capture
