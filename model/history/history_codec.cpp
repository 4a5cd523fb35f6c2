// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_codec.h"

#include "model/base/hash.h"

#include <zstd.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace jetlag {

namespace {

constexpr double kStepsPerDoubling = 512;
/// Nothing we count is larger; beyond it the conversion to int64_t would not be defined.
constexpr double kLargestMeasure = 9e18;
/// toLogSteps() of it.
constexpr std::int64_t kMostSteps = 32'256;

/// First byte of a blob.
constexpr char kPlain = 1;
constexpr char kZstd = 2;
constexpr std::size_t kChecksumBytes = 4;
/// A blob that unpacks to more was not made here.
constexpr std::size_t kMostUnpacked = 4U << 20;
constexpr std::size_t kMostRows = 100'000;
/// Measured on blocks of 180 to 300 rows: higher levels take twice the time for 2 %.
constexpr int kZstdLevel = 3;

std::uint64_t difference(std::int64_t from, std::int64_t to) noexcept
{
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

std::int64_t sum(std::int64_t from, std::uint64_t step) noexcept
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + step);
}

std::uint32_t checksum(std::string_view bytes) noexcept
{
    return static_cast<std::uint32_t>(hash64(bytes));
}

/// Steps with runs of zeros as 0 and their number.
class StepWriter final
{
public:
    explicit StepWriter(ColumnWriter& to)
        : m_to(to)
    {}
    void step(std::uint64_t wrapped)
    {
        if (wrapped == 0) {
            ++m_zeros;
            return;
        }
        end();
        m_to.varint(toZigzag(wrapped));
    }
    void end()
    {
        if (m_zeros == 0)
            return;
        m_to.varint(0);
        m_to.varint(m_zeros);
        m_zeros = 0;
    }

private:
    ColumnWriter& m_to;
    std::uint64_t m_zeros = 0;
};

class StepReader final
{
public:
    explicit StepReader(std::string_view bytes)
        : m_from(bytes)
    {}
    [[nodiscard]] std::uint64_t step() noexcept
    {
        if (m_zeros > 0) {
            --m_zeros;
            return 0;
        }
        const std::uint64_t coded = m_from.varint();
        if (coded == 0) {
            m_zeros = m_from.varint();
            m_zeros -= m_zeros > 0 ? 1 : 0;
        }
        return fromZigzag(coded);
    }
    [[nodiscard]] bool ok() const noexcept { return m_from.ok(); }

private:
    ColumnReader m_from;
    std::uint64_t m_zeros = 0;
};

void packColumn(const std::vector<std::int64_t>& values, ColumnWriter& scratch, ColumnWriter& to)
{
    scratch.clear();
    StepWriter steps(scratch);
    std::int64_t before = 0;
    for (const std::int64_t value : values) {
        steps.step(difference(before, value));
        before = value;
    }
    steps.end();
    to.string(scratch.view());
}

/// Times mostly lie equally far apart: the change of the step is what is kept.
void packTimes(const std::vector<std::int64_t>& times, ColumnWriter& scratch, ColumnWriter& to)
{
    scratch.clear();
    StepWriter steps(scratch);
    std::int64_t before = 0;
    std::uint64_t stepBefore = 0;
    for (const std::int64_t time : times) {
        const std::uint64_t step = difference(before, time);
        steps.step(step - stepBefore);
        stepBefore = before == 0 ? 0 : step; // the first step is the whole time
        before = time;
    }
    steps.end();
    to.string(scratch.view());
}

struct FreeContext
{
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

std::string_view unpacked(std::string_view bytes, std::string& buffer)
{
    thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
    const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > kMostUnpacked)
        return {};
    buffer.resize(size);
    const std::size_t made =
        ZSTD_decompressDCtx(context.get(), buffer.data(), buffer.size(), bytes.data(), bytes.size());
    return ZSTD_isError(made) || made != size ? std::string_view() : std::string_view(buffer);
}

Error damaged()
{
    return {ErrorCode::Corrupt, "a block of the history is damaged"};
}

} // namespace

std::int64_t toLogSteps(double value) noexcept
{
    if (std::isnan(value))
        return kUnknownStored;
    return std::llround(std::log2(1 + std::clamp(value, 0.0, kLargestMeasure)) * kStepsPerDoubling);
}

double fromLogSteps(std::int64_t steps) noexcept
{
    // A plot of sixty days turns a million of them: a table is five times as fast as exp2().
    static const std::vector<double> kValues = [] {
        std::vector<double> values;
        for (std::int64_t step = 0; step <= kMostSteps; ++step)
            values.push_back(std::exp2(static_cast<double>(step) / kStepsPerDoubling) - 1);
        return values;
    }();
    return kValues[static_cast<std::size_t>(std::clamp<std::int64_t>(steps, 0, kMostSteps))];
}

std::int64_t storedMeasure(const std::optional<double>& value) noexcept
{
    return value ? toLogSteps(*value) : kUnknownStored;
}

std::string packBytes(std::string_view bytes, bool compress)
{
    thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
    constexpr std::size_t kHead = 1 + kChecksumBytes;
    std::string packed(kHead + (compress ? ZSTD_compressBound(bytes.size()) : bytes.size()), '\0');
    char* const body = packed.data() + kHead;
    std::size_t size = bytes.size();
    packed[0] = kPlain;
    if (compress) {
        const std::size_t made = ZSTD_compressCCtx(context.get(), body, packed.size() - kHead, bytes.data(),
                                                   bytes.size(), kZstdLevel);
        if (!ZSTD_isError(made) && made < size) {
            packed[0] = kZstd;
            size = made;
        }
    }
    if (packed[0] == kPlain)
        bytes.copy(body, bytes.size());
    packed.resize(kHead + size);
    const std::uint32_t sumOfAll = checksum(std::string_view(packed).substr(kHead));
    for (unsigned i = 0; i < kChecksumBytes; ++i)
        packed[1 + i] = static_cast<char>(sumOfAll >> (8 * i) & 0xff);
    return packed;
}

Result<std::string_view> unpackBytes(std::string_view packed)
{
    if (packed.size() < 1 + kChecksumBytes || (packed[0] != kPlain && packed[0] != kZstd))
        return damaged();
    const std::string_view body = packed.substr(1 + kChecksumBytes);
    std::uint32_t told = 0;
    for (unsigned i = 0; i < kChecksumBytes; ++i)
        told |= static_cast<std::uint32_t>(static_cast<unsigned char>(packed[1 + i])) << (8 * i);
    if (told != checksum(body))
        return damaged();
    if (packed[0] == kPlain)
        return body;
    thread_local std::string buffer;
    const std::string_view bytes = unpacked(body, buffer);
    if (bytes.empty())
        return damaged();
    return bytes;
}

std::string packTable(const HistoryTable& table)
{
    ColumnWriter scratch;
    ColumnWriter plain;
    plain.varint(table.rows());
    plain.varint(table.columns.size());
    packTimes(table.at, scratch, plain);
    for (const std::vector<std::int64_t>& column : table.columns)
        packColumn(column, scratch, plain);

    return packBytes(plain.view(), /*compress=*/true);
}

Result<HistoryTable> unpackTable(std::string_view bytes, std::size_t columns, std::uint64_t wanted)
{
    const Result<std::string_view> content = unpackBytes(bytes);
    if (!content)
        return content.error();
    ColumnReader reader(*content);
    const std::uint64_t rows = reader.varint();
    const std::uint64_t stored = reader.varint();
    if (!reader.ok() || rows > kMostRows || stored > 64)
        return damaged();

    HistoryTable table;
    table.at.resize(rows);
    StepReader times(reader.string());
    std::int64_t value = 0;
    std::uint64_t step = 0;
    for (std::int64_t& at : table.at) {
        step += times.step();
        const bool first = value == 0;
        value = sum(value, step);
        step = first ? 0 : step;
        at = value;
    }
    if (!times.ok())
        return damaged();
    table.columns.resize(columns);
    for (std::size_t index = 0; index < std::max<std::size_t>(stored, columns); ++index) {
        const std::string_view column = index < stored ? reader.string() : std::string_view();
        if (index >= columns || (wanted >> index & 1) == 0)
            continue;
        std::vector<std::int64_t>& values = table.columns[index];
        values.assign(rows, kUnknownStored);
        if (index >= stored)
            continue;
        StepReader steps(column);
        value = 0;
        for (std::int64_t& one : values) {
            value = sum(value, steps.step());
            one = value;
        }
        if (!steps.ok())
            return damaged();
    }
    if (!reader.ok())
        return damaged();
    return table;
}

void SampleTail::append(const HistorySample& sample)
{
    const auto step = static_cast<std::int64_t>(difference(m_last.at, sample.at));
    m_bytes.varint(toZigzag(difference(m_lastStep, step)));
    std::uint64_t changed = 0;
    for (std::size_t i = 0; i < m_columns; ++i)
        changed |= static_cast<std::uint64_t>(sample.values[i] != m_last.values[i]) << i;
    m_bytes.varint(changed);
    for (std::size_t i = 0; i < m_columns; ++i) {
        if ((changed >> i & 1) != 0)
            m_bytes.varint(toZigzag(difference(m_last.values[i], sample.values[i])));
    }
    // The first step is the whole time: the next one would pay for it once more.
    m_lastStep = m_samples == 0 ? 0 : step;
    m_last = sample;
    ++m_samples;
}

namespace {

/// False at the end, or where the bytes break off.
bool readSample(ColumnReader& from, std::size_t columns, bool first, HistorySample& last,
                std::int64_t& lastStep)
{
    HistorySample next = last;
    const std::int64_t step = sum(lastStep, from.zigzag());
    next.at = sum(last.at, static_cast<std::uint64_t>(step));
    const std::uint64_t changed = from.varint();
    for (std::size_t i = 0; i < columns; ++i) {
        if ((changed >> i & 1) != 0)
            next.values[i] = sum(next.values[i], from.zigzag());
    }
    if (!from.ok())
        return false;
    last = next;
    lastStep = first ? 0 : step;
    return true;
}

} // namespace

HistoryTable SampleTail::table() const
{
    HistoryTable table;
    table.at.reserve(m_samples);
    table.columns.resize(m_columns);
    for (std::vector<std::int64_t>& column : table.columns)
        column.reserve(m_samples);
    ColumnReader reader(m_bytes.view());
    HistorySample last;
    std::int64_t lastStep = 0;
    while (!reader.atEnd() && readSample(reader, m_columns, table.at.empty(), last, lastStep)) {
        table.at.push_back(last.at);
        for (std::size_t i = 0; i < m_columns; ++i)
            table.columns[i].push_back(last.values[i]);
    }
    return table;
}

SampleTail SampleTail::resume(std::string_view bytes, std::size_t columns)
{
    SampleTail tail(columns);
    ColumnReader reader(bytes);
    std::size_t whole = 0;
    while (!reader.atEnd() &&
           readSample(reader, columns, tail.m_samples == 0, tail.m_last, tail.m_lastStep)) {
        ++tail.m_samples;
        whole = bytes.size() - reader.remaining();
    }
    tail.m_bytes.raw(bytes.substr(0, whole));
    return tail;
}

} // namespace jetlag
