// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/model/record/record_test_support.h"

#include "model/base/hash.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <sys/stat.h>

namespace jetlag::test {

std::string json(std::string_view text)
{
    std::string quoted(text);
    std::replace(quoted.begin(), quoted.end(), '\'', '"');
    return quoted;
}

std::string hashHex(std::string_view bytes)
{
    return hash128(bytes).toHex();
}

std::string gzipped(std::string_view bytes)
{
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("no memory");
    std::string packed(deflateBound(&stream, bytes.size()), '\0');
    std::string input(bytes);
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::string zstdCompressed(std::string_view bytes, bool withLength)
{
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, withLength ? 1 : 0);
    std::string packed(ZSTD_compressBound(bytes.size()), '\0');
    packed.resize(ZSTD_compress2(context, packed.data(), packed.size(), bytes.data(), bytes.size()));
    ZSTD_freeCCtx(context);
    return packed;
}

Result<std::size_t> MemoryStream::read(char* to, std::size_t size)
{
    // Fewer than asked for means the end, so pieces are given until `to` is full or nothing is left.
    std::size_t filled = 0;
    while (filled < size && m_at < m_bytes.size()) {
        const std::size_t piece = std::min({m_step, size - filled, m_bytes.size() - m_at});
        std::memcpy(to + filled, m_bytes.data() + m_at, piece);
        m_at += piece;
        filled += piece;
        if (m_step != SIZE_MAX)
            break;
    }
    return filled;
}

Result<std::size_t> LongStream::read(char* to, std::size_t size)
{
    std::size_t filled = 0;
    const auto takeFrom = [&](std::string& text) {
        const std::size_t piece = std::min(text.size(), size - filled);
        std::memcpy(to + filled, text.data(), piece);
        text.erase(0, piece);
        filled += piece;
    };
    takeFrom(m_head);
    const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(m_count, size - filled));
    std::memset(to + filled, m_filler, piece);
    m_count -= piece;
    filled += piece;
    takeFrom(m_tail);
    return filled;
}

LinesRead readLines(LineReader& reader)
{
    LinesRead read;
    LineBlock block;
    while (true) {
        const Result<LineOutcome> outcome = reader.next(block);
        if (!outcome) {
            read.error = outcome.error().message();
            return read;
        }
        if (*outcome == LineOutcome::AtEnd)
            return read;
        for (const LogLine& line : block.lines)
            read.lines.push_back({line.offset, std::string(line.bytes), line.length});
    }
}

LinesRead readLines(const std::filesystem::path& path, std::uint64_t offset)
{
    Result<std::unique_ptr<ByteStream>> stream = openLogBytes(path, offset);
    if (!stream)
        return {{}, stream.error().message()};
    LineReader reader(std::move(*stream), LastLine::IsRecord, offset);
    return readLines(reader);
}

Framed frameFile(RecordFramer& framer, const LogFile& file)
{
    Framed framed;
    Result<std::unique_ptr<ByteStream>> stream = openLogBytes(file.path);
    if (!stream) {
        framed.error = stream.error().message();
        return framed;
    }
    LineReader reader(std::move(*stream), LastLine::IsRecord);
    if (const Result<void> begun = framer.begin(file); !begun) {
        framed.error = begun.error().message();
        return framed;
    }
    LineBlock block;
    while (true) {
        const Result<LineOutcome> outcome = reader.next(block);
        if (!outcome)
            framed.error = outcome.error().message();
        if (!outcome || *outcome == LineOutcome::AtEnd)
            break;
        framer.add(block, framed.batch);
    }
    framer.end(framed.batch);
    framed.state = framer.state();
    framed.partial = framer.partial();
    return framed;
}

Framed frameFile(FramerOptions options, const std::filesystem::path& path)
{
    const std::vector<std::filesystem::path> paths{path};
    const Result<std::vector<LogFile>> files = expandLogPaths(paths);
    if (!files || files->size() != 1) {
        Framed failed;
        failed.error = files ? "not one file" : files.error().message();
        return failed;
    }
    RecordFramer framer(std::move(options));
    return frameFile(framer, files->front());
}

std::string placeOf(const std::filesystem::path& path, std::string_view host)
{
    struct stat status
    {};
    ::stat(path.c_str(), &status);
    return std::string(host) + ':' + std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
}

StoredMessage::StoredMessage(const OutgoingMessage& sent)
    : subject(sent.subject)
    , payload(sent.payload)
{
    for (const OutgoingHeader& header : sent.headers)
        headers.emplace_back(header.name, header.value);
}

StoredMessage::StoredMessage(std::string subject_, std::vector<std::pair<std::string, std::string>> headers_,
                             std::string payload_)
    : subject(std::move(subject_))
    , headers(std::move(headers_))
    , payload(std::move(payload_))
{}

Message StoredMessages::view(const StoredMessage& stored, std::uint64_t sequence)
{
    auto fields = std::make_unique<std::vector<HeaderField>>();
    for (const auto& [name, value] : stored.headers)
        fields->push_back({name, value});
    Message message;
    message.sequence = StreamSequence(sequence);
    message.subject = stored.subject;
    message.headers = *fields;
    message.payload = stored.payload;
    m_fields.push_back(std::move(fields));
    return message;
}

} // namespace jetlag::test
