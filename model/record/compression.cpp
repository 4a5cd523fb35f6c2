// SPDX-License-Identifier: Apache-2.0
#include "model/record/compression.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>

namespace jetlag {

using namespace std::string_view_literals;

namespace {

struct Signature
{
    Compression compression;
    std::string_view bytes; // '?' in the first byte of zstd's skippable frames stands for 0x50 to 0x5f
};

constexpr Signature kSignatures[] = {
    {Compression::Gzip, "\x1f\x8b\x08"sv},
    {Compression::Zstd, "\x28\xb5\x2f\xfd"sv},
    {Compression::Lz4, "\x04\x22\x4d\x18"sv},
    {Compression::Lz4, "LZ4Block"sv}, // the form that Spark writes
    {Compression::Snappy, "\x82SNAPPY\0"sv},
    {Compression::Snappy, "\xff\x06\0\0sNaPpY"sv},
    {Compression::Lzf, "ZV\0"sv},
    {Compression::Lzf, "ZV\1"sv},
    {Compression::Bzip2, "BZh91AY&SY"sv},
    {Compression::Xz, "\xfd"
                      "7zXZ\0"sv},
};
constexpr std::string_view kSkippableTail = "\x2a\x4d\x18"sv;

bool looksSkippable(std::string_view start) noexcept
{
    if ((static_cast<unsigned char>(start[0]) & 0xf0) != 0x50)
        return false;
    const std::string_view tail = start.substr(1, kSkippableTail.size());
    return kSkippableTail.starts_with(tail);
}

class GzipDecoder final : public Decoder
{
public:
    GzipDecoder()
    {
        constexpr int kGzipOnly = 15 + 16; // the largest window, a gzip header in front
        m_ready = inflateInit2(&m_stream, kGzipOnly) == Z_OK;
    }
    ~GzipDecoder() override { inflateEnd(&m_stream); }
    GzipDecoder(const GzipDecoder&) = delete;
    GzipDecoder& operator=(const GzipDecoder&) = delete;

    Step decode(std::string_view input, char* output, std::size_t outputSize) override
    {
        Step step;
        if (!m_ready)
            return {0, 0, true, "no memory to decompress it"};
        if (!m_inside) {
            // Tapes and archives pad the end of a file with zeros.
            if (m_members > 0)
                step.consumed = std::min(input.find_first_not_of('\0'), input.size());
            if (step.consumed == input.size())
                return step;
            if (m_members > 0 && inflateReset(&m_stream) != Z_OK)
                return {step.consumed, 0, true, "its data cannot be decompressed"};
            m_inside = true;
        }
        constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
        const std::size_t offered = std::min(input.size() - step.consumed, kMost);
        const std::size_t room = std::min(outputSize, kMost);
        m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data() + step.consumed));
        m_stream.avail_in = static_cast<uInt>(offered);
        m_stream.next_out = reinterpret_cast<Bytef*>(output);
        m_stream.avail_out = static_cast<uInt>(room);
        const int status = inflate(&m_stream, Z_NO_FLUSH);
        step.consumed += offered - m_stream.avail_in;
        step.produced = room - m_stream.avail_out;
        if (status == Z_STREAM_END) {
            m_inside = false;
            ++m_members;
        } else if (status != Z_OK && status != Z_BUF_ERROR) {
            step.damaged = true;
            step.damage = m_stream.total_out == 0 && m_members > 0
                              ? "there are other bytes behind the end of its gzip data"sv
                              : "its gzip data cannot be decompressed"sv;
        }
        return step;
    }

    bool insideMember() const noexcept override { return m_inside; }

private:
    z_stream m_stream{};
    std::uint64_t m_members = 0;
    bool m_ready = false;
    bool m_inside = false;
};

class ZstdDecoder final : public Decoder
{
public:
    ZstdDecoder()
        : m_context(ZSTD_createDCtx())
    {}
    ~ZstdDecoder() override { ZSTD_freeDCtx(m_context); }
    ZstdDecoder(const ZstdDecoder&) = delete;
    ZstdDecoder& operator=(const ZstdDecoder&) = delete;

    Step decode(std::string_view input, char* output, std::size_t outputSize) override
    {
        if (!m_context)
            return {0, 0, true, "no memory to decompress it"};
        if (input.empty() && !m_inside)
            return {};
        ZSTD_inBuffer in{input.data(), input.size(), 0};
        ZSTD_outBuffer out{output, outputSize, 0};
        const std::size_t status = ZSTD_decompressStream(m_context, &out, &in);
        Step step{in.pos, out.pos, false, {}};
        if (ZSTD_isError(status)) {
            step.damaged = true;
            step.damage = m_inside || m_frames == 0
                              ? "its zstd data cannot be decompressed"sv
                              : "there are other bytes behind the end of its zstd data"sv;
            return step;
        }
        if (status == 0)
            ++m_frames;
        m_inside = status != 0;
        return step;
    }

    bool insideMember() const noexcept override { return m_inside; }

private:
    ZSTD_DCtx* m_context; // its default limit on windows is 128 MB
    std::uint64_t m_frames = 0;
    bool m_inside = false;
};

} // namespace

std::string_view toString(Compression compression) noexcept
{
    switch (compression) {
    case Compression::None:
        return "plain";
    case Compression::Gzip:
        return "gzip";
    case Compression::Zstd:
        return "zstd";
    case Compression::Lz4:
        return "LZ4";
    case Compression::Snappy:
        return "Snappy";
    case Compression::Lzf:
        return "LZF";
    case Compression::Bzip2:
        return "bzip2";
    case Compression::Xz:
        return "xz";
    }
    return "unknown";
}

std::optional<Compression> detectCompression(std::string_view start, bool complete) noexcept
{
    if (start.empty())
        return complete ? std::optional(Compression::None) : std::nullopt;
    bool mayBe = false;
    for (const Signature& signature : kSignatures) {
        if (start.starts_with(signature.bytes))
            return signature.compression;
        mayBe = mayBe || signature.bytes.starts_with(start);
    }
    if (looksSkippable(start)) {
        if (start.size() > kSkippableTail.size())
            return Compression::Zstd;
        mayBe = true;
    }
    if (mayBe && !complete)
        return std::nullopt;
    return Compression::None;
}

std::unique_ptr<Decoder> makeDecoder(Compression compression)
{
    switch (compression) {
    case Compression::Gzip:
        return std::make_unique<GzipDecoder>();
    case Compression::Zstd:
        return std::make_unique<ZstdDecoder>();
    case Compression::None:
    case Compression::Lz4:
    case Compression::Snappy:
    case Compression::Lzf:
    case Compression::Bzip2:
    case Compression::Xz:
        break;
    }
    return nullptr;
}

} // namespace jetlag
