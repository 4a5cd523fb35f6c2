// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/chunk_encoder.h"

#include "model/base/hash.h"
#include "model/record/headers.h"
#include "replay/capture/capture_format.h"

#include <algorithm>
#include <array>
#include <utility>

namespace jetlag::capture {

ValueNumbers::Answer ValueNumbers::numberOf(std::string_view value)
{
    if (m_last != kNone && valueOf(m_entries[m_last]) == value)
        return {m_last, false};
    if (m_entries.size() * 2 >= m_table.size())
        grow();

    const std::uint64_t hash = hash64(value);
    const std::size_t mask = m_table.size() - 1;
    std::size_t place = hash & mask;
    for (; m_table[place] != kNone; place = (place + 1) & mask) {
        const Entry& entry = m_entries[m_table[place]];
        if (entry.hash == hash && valueOf(entry) == value) {
            m_last = m_table[place];
            return {m_last, false};
        }
    }
    m_last = static_cast<std::uint32_t>(m_entries.size());
    m_table[place] = m_last;
    m_entries.push_back({m_bytes.size(), value.size(), hash});
    m_bytes.append(value);
    return {m_last, true};
}

void ValueNumbers::grow()
{
    m_table.assign(std::max<std::size_t>(16, m_table.size() * 2), kNone);
    const std::size_t mask = m_table.size() - 1;
    for (std::uint32_t number = 0; number < m_entries.size(); ++number) {
        std::size_t place = m_entries[number].hash & mask;
        while (m_table[place] != kNone)
            place = (place + 1) & mask;
        m_table[place] = number;
    }
}

void ValueNumbers::clear() noexcept
{
    m_bytes.clear();
    m_entries.clear();
    std::ranges::fill(m_table, kNone);
    m_last = kNone;
}

std::string_view partitionTokenOf(std::string_view subject) noexcept
{
    const std::size_t lastDot = subject.rfind('.');
    if (lastDot == std::string_view::npos)
        return {};
    const std::string_view front = subject.substr(0, lastDot);
    const std::size_t before = front.rfind('.');
    return before == std::string_view::npos ? front : front.substr(before + 1);
}

/// The values of all headers of one name.
struct ChunkEncoder::NameColumn
{
    /// What a source's earlier messages let the next ones expect.
    struct LastOffset
    {
        std::uint32_t partition = 0;
        std::uint8_t digitCount = 0; ///< 0 = none known
        std::array<char, kMaxFormDigits> digits;

        [[nodiscard]] std::string_view text() const noexcept { return {digits.data(), digitCount}; }
        void set(std::string_view newDigits) noexcept
        {
            digitCount = static_cast<std::uint8_t>(newDigits.copy(digits.data(), digits.size()));
        }
    };
    struct Chain
    {
        std::uint64_t expectedFirst = 0;
        std::vector<LastOffset> lastOffsets; // one or a few: a source goes to few partitions

        LastOffset& in(std::uint32_t partition)
        {
            const auto found = std::ranges::find(lastOffsets, partition, &LastOffset::partition);
            return found != lastOffsets.end() ? *found
                                              : lastOffsets.emplace_back(LastOffset{partition, 0, {}});
        }
    };

    HeaderColumn mode = HeaderColumn::Plain;
    ColumnWriter bytes;
    ValueNumbers values;
    std::vector<Chain> chains; // by source, MessageId only

    void clear() noexcept
    {
        bytes.clear();
        values.clear();
        chains.clear();
    }

    std::uint32_t addPlain(std::string_view value)
    {
        const ValueNumbers::Answer answer = values.numberOf(value);
        if (answer.isNew) {
            bytes.varint(0);
            bytes.string(value);
        } else {
            bytes.varint(answer.number + 1ULL);
        }
        return answer.number;
    }

    void addKey(std::string_view value, std::string_view payload)
    {
        const ValueNumbers::Answer answer = values.numberOf(value);
        if (!answer.isNew) {
            bytes.varint(kKeyNewest + values.count() - 1 - answer.number);
            return;
        }
        // As in JSON: the record names its key itself, and nearly always in the same place.
        if (!value.empty() && value.find(kKeyEnd) == std::string_view::npos) {
            const std::string_view searched = payload.substr(0, kKeySearch);
            const std::size_t at = searched.find(value);
            if (at != std::string_view::npos && at + value.size() < searched.size() &&
                searched[at + value.size()] == kKeyEnd) {
                bytes.varint(kKeyInPayload);
                bytes.varint(at);
                return;
            }
        }
        bytes.varint(kKeyNew);
        bytes.string(value);
    }

    void addVerbatim(std::string_view value)
    {
        bytes.varint(0);
        addPlain(value);
    }

    Chain& addMessageId(const MessageIdForm& form, std::uint64_t payloadBytes)
    {
        // The flags need the source's chain, the chain its number, and the flags come first.
        const ValueNumbers::Answer source = values.numberOf(form.source);
        if (chains.size() <= source.number)
            chains.resize(source.number + 1);
        Chain& chain = chains[source.number];

        std::uint64_t flags = kIsForm;
        if (form.first == chain.expectedFirst)
            flags |= kFirstAsExpected;
        if (form.last == form.first)
            flags |= kLastIsFirst;
        if (form.hasPart)
            flags |= kHasPart;
        bytes.varint(flags);
        if (source.isNew) {
            bytes.varint(0);
            bytes.string(form.source);
        } else {
            bytes.varint(source.number + 1ULL);
        }
        if (!(flags & kFirstAsExpected))
            bytes.varint(toZigzag(form.first - chain.expectedFirst));
        if (!(flags & kLastIsFirst))
            bytes.varint(toZigzag(form.last - form.first));
        if (form.hasPart) {
            bytes.varint(form.part);
            bytes.varint(form.parts);
        }
        chain.expectedFirst = form.first + payloadBytes + 1;
        return chain;
    }

    void addPrevious(std::string_view value, const MessageIdForm& id, const LastOffset& lastOffset)
    {
        if (lastOffset.digitCount > 0 && lastOffset.text() == value) {
            bytes.varint(kPreviousAsExpected);
        } else if (const std::optional<std::uint64_t> offset = parseCanonicalDecimal(value)) {
            bytes.varint(kPreviousDistance);
            bytes.varint(toZigzag(id.first - *offset));
        } else {
            addVerbatim(value);
        }
    }
};

struct ChunkEncoder::Shape
{
    std::vector<std::string> names; // for comparing with the next message
    std::vector<std::uint32_t> numbers;
    std::size_t messageId = 0; // which field it is; names.size() = none or several
};

ChunkEncoder::ChunkEncoder() = default;
ChunkEncoder::~ChunkEncoder() = default;
ChunkEncoder::ChunkEncoder(ChunkEncoder&&) noexcept = default;
ChunkEncoder& ChunkEncoder::operator=(ChunkEncoder&&) noexcept = default;

void ChunkEncoder::add(const Message& message)
{
    if (empty()) {
        m_summary.firstSequence = message.sequence;
        m_summary.firstTime = m_summary.lastTime = message.time;
        m_times.varint(toZigzag(static_cast<std::uint64_t>(message.time.time_since_epoch().count())));
    } else {
        m_sequences.varint(message.sequence.value() - m_summary.lastSequence.value() - 1);
        m_times.varint(toZigzag(static_cast<std::uint64_t>(message.time.time_since_epoch().count()) -
                                static_cast<std::uint64_t>(m_previousTime.time_since_epoch().count())));
        m_summary.firstTime = std::min(m_summary.firstTime, message.time);
        m_summary.lastTime = std::max(m_summary.lastTime, message.time);
    }
    m_previousTime = message.time;
    m_summary.lastSequence = message.sequence;
    ++m_summary.count;
    m_summary.payloadBytes += message.payload.size() + 1;

    const ValueNumbers::Answer subject = m_subjects.numberOf(message.subject);
    if (subject.isNew) {
        m_subjectTexts.string(message.subject);
        m_subjectStates.push_back(
            {m_partitions.numberOf(partitionTokenOf(message.subject)).number, 0, 0, {}, {}});
    }
    SubjectState& state = m_subjectStates[subject.number];
    if (state.messages++ == 0)
        state.firstSequence = message.sequence;
    state.lastSequence = message.sequence;
    state.bytes += message.payload.size();
    m_subjectNumbers.varint(subject.number);
    m_lengths.varint(message.payload.size());
    m_payloads.append(message.payload);
    m_payloads.push_back('\n');
    m_lineEndsInside = m_lineEndsInside || message.payload.find('\n') != std::string_view::npos;
    addHeaders(message, state.partition);
}

void ChunkEncoder::addHeaders(const Message& message, std::uint32_t partition)
{
    const std::uint32_t number = shapeOf(message.headers);
    m_shapeNumbers.varint(number);
    const Shape& shape = m_shapes[number];

    // A message's id comes first wherever it stands: Jetlag-Prev is told by it.
    std::optional<MessageIdForm> id;
    NameColumn::LastOffset* lastOffset = nullptr;
    if (shape.messageId < shape.numbers.size()) {
        NameColumn& column = *m_columns[shape.numbers[shape.messageId]];
        const std::string_view value = message.headers[shape.messageId].value;
        id = parseMessageIdForm(value);
        if (id)
            lastOffset = &column.addMessageId(*id, message.payload.size()).in(partition);
        else
            column.addVerbatim(value);
    }

    for (std::size_t field = 0; field < shape.numbers.size(); ++field) {
        if (field == shape.messageId)
            continue;
        NameColumn& column = *m_columns[shape.numbers[field]];
        const std::string_view value = message.headers[field].value;
        if (column.mode == HeaderColumn::Plain)
            column.addPlain(value);
        else if (column.mode == HeaderColumn::Key)
            column.addKey(value, message.payload);
        else if (column.mode == HeaderColumn::Previous && id)
            column.addPrevious(value, *id, *lastOffset);
        else
            column.addVerbatim(value);
    }
    if (id)
        lastOffset->set(id->lastDigits);
}

std::uint32_t ChunkEncoder::shapeOf(HeaderFields headers)
{
    const auto sameNames = [&headers](const Shape& shape) {
        return std::ranges::equal(
            shape.names, headers,
            [](const std::string& name, const HeaderField& field) { return name == field.name; });
    };
    // Messages of one stream alternate between a few shapes at most; a stranger's may all differ, then
    // looking back over a handful is all that is tried.
    constexpr std::uint32_t kLookBack = 16;
    if (m_lastShape < m_shapes.size() && sameNames(m_shapes[m_lastShape]))
        return m_lastShape;
    const auto count = static_cast<std::uint32_t>(m_shapes.size());
    for (std::uint32_t back = 1; back <= std::min(count, kLookBack); ++back) {
        if (sameNames(m_shapes[count - back]))
            return m_lastShape = count - back;
    }
    return m_lastShape = newShape(headers);
}

std::uint32_t ChunkEncoder::newShape(HeaderFields headers)
{
    Shape shape;
    std::size_t messageIds = 0;
    shape.messageId = headers.size();
    for (const HeaderField& field : headers) {
        const ValueNumbers::Answer name = m_names.numberOf(field.name);
        if (name.isNew) {
            m_nameTexts.string(field.name);
            if (m_nameCount == m_columns.size())
                m_columns.push_back(std::make_unique<NameColumn>());
            NameColumn& column = *m_columns[m_nameCount++];
            column.mode = headerColumnFor(field.name);
        }
        if (field.name == headers::kMessageId) {
            shape.messageId = shape.numbers.size();
            ++messageIds;
        }
        shape.numbers.push_back(name.number);
        shape.names.emplace_back(field.name);
    }
    if (messageIds != 1)
        shape.messageId = headers.size();
    m_shapes.push_back(std::move(shape));
    return static_cast<std::uint32_t>(m_shapes.size() - 1);
}

void ChunkEncoder::appendColumns(std::string& to) const
{
    ColumnWriter subjects, shapes, values, head;
    subjects.varint(m_subjectStates.size());
    subjects.raw(m_subjectTexts.view());

    shapes.varint(m_nameCount);
    shapes.raw(m_nameTexts.view());
    shapes.varint(m_shapes.size());
    for (const Shape& shape : m_shapes) {
        shapes.varint(shape.numbers.size());
        for (const std::uint32_t number : shape.numbers)
            shapes.varint(number);
    }
    shapes.raw(m_shapeNumbers.view());

    for (std::size_t i = 0; i < m_nameCount; ++i) {
        values.varint(m_columns[i]->bytes.size() + 1);
        values.u8(static_cast<std::uint8_t>(m_columns[i]->mode));
        values.raw(m_columns[i]->bytes.view());
    }

    head.u8(kBodyVersion);
    head.varint(m_summary.count);
    static const ColumnWriter kNoLengths;
    const ColumnWriter& lengths = m_lineEndsInside ? m_lengths : kNoLengths;
    const ColumnWriter* sections[kBodySections] = {&subjects, &m_sequences, &m_times, &m_subjectNumbers,
                                                   &lengths,  &shapes,      &values};
    for (const ColumnWriter* section : sections)
        head.varint(section->size());
    to.append(head.view());
    for (const ColumnWriter* section : sections)
        to.append(section->view());
}

void ChunkEncoder::takeSubjectTotals(std::vector<SubjectTotals>& to)
{
    to.clear();
    for (std::uint32_t number = 0; number < m_subjectStates.size(); ++number) {
        SubjectState& state = m_subjectStates[number];
        if (state.messages == 0)
            continue;
        to.push_back({std::string(m_subjects.valueOf(number)), state.messages, state.bytes,
                      state.firstSequence, state.lastSequence});
        state = {state.partition, 0, 0, {}, {}};
    }
}

void ChunkEncoder::copyBody(std::string& to) const
{
    to.assign(m_payloads);
    appendColumns(to);
}

void ChunkEncoder::takeBody(std::string& to)
{
    appendColumns(m_payloads);
    to.clear();
    std::swap(to, m_payloads);
    clear();
}

void ChunkEncoder::clear()
{
    m_summary = {};
    m_payloads.clear();
    m_lineEndsInside = false;
    for (ColumnWriter* column : {&m_subjectTexts, &m_sequences, &m_times, &m_subjectNumbers, &m_lengths,
                                 &m_shapeNumbers, &m_nameTexts})
        column->clear();
    m_subjects.clear();
    m_partitions.clear();
    m_subjectStates.clear();
    m_names.clear();
    for (std::size_t i = 0; i < m_nameCount; ++i)
        m_columns[i]->clear();
    m_nameCount = 0;
    m_shapes.clear();
}

} // namespace jetlag::capture
