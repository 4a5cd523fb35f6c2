// SPDX-License-Identifier: Apache-2.0
#include "model/record/payload_decoder.h"

#include <zstd.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace jetlag {

struct PayloadDecoder::State
{
    ZSTD_DCtx* context = ZSTD_createDCtx();
    std::vector<char> scratch; // for frames that do not say how long they are

    State()
    {
        // A frame that wants a larger window than a whole record is none of ours.
        constexpr int kWindowLog = 26;
        static_assert(std::size_t(1) << kWindowLog == kMaxRecordBytes);
        if (context)
            ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, kWindowLog);
    }
    ~State() { ZSTD_freeDCtx(context); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    // Up to `most` bytes into scratch; false when the input is damaged. `more`: there would be more. Only one
    // byte too many tells that: a frame may go on without content (an empty last block, a checksum).
    bool decompressSome(std::string_view input, std::size_t most, std::size_t& size, bool& more)
    {
        const std::size_t limit = most + 1;
        ZSTD_DCtx_reset(context, ZSTD_reset_session_only);
        ZSTD_inBuffer in{input.data(), input.size(), 0};
        size = 0;
        std::size_t status = 1;
        while (true) {
            if (scratch.size() == size)
                scratch.resize(std::min(limit, std::max<std::size_t>(size * 2, 256 * 1024)));
            ZSTD_outBuffer out{scratch.data(), std::min(scratch.size(), limit), size};
            const std::size_t before = in.pos;
            status = ZSTD_decompressStream(context, &out, &in);
            if (ZSTD_isError(status))
                return false;
            const bool moved = out.pos > size || in.pos > before;
            size = out.pos;
            if (status == 0 && in.pos == in.size)
                break; // the last frame's end
            if (size == limit || !moved)
                break;
        }
        more = size == limit;
        size = std::min(size, most);
        return more || status == 0; // else it is cut short
    }

    DecodedPayload tooLarge(std::string_view payload, std::uint64_t length, ByteArena& arena)
    {
        std::size_t size = 0;
        bool more = false;
        if (!decompressSome(payload, kOversizeKeptBytes, size, more))
            return badEncoding(payload);
        return {arena.copy({scratch.data(), size}), length, QuarantineReason::TooLarge, true};
    }

    static DecodedPayload badEncoding(std::string_view payload)
    {
        return {payload, payload.size(), QuarantineReason::BadEncoding, false};
    }

    DecodedPayload decompress(std::string_view payload, ByteArena& arena)
    {
        if (!context)
            return badEncoding(payload);
        const unsigned long long length = ZSTD_getFrameContentSize(payload.data(), payload.size());
        if (length == ZSTD_CONTENTSIZE_ERROR)
            return badEncoding(payload);
        const bool oneFrame = ZSTD_findFrameCompressedSize(payload.data(), payload.size()) == payload.size();
        if (length != ZSTD_CONTENTSIZE_UNKNOWN && length > kMaxRecordBytes)
            return tooLarge(payload, length, arena);
        if (length != ZSTD_CONTENTSIZE_UNKNOWN && oneFrame) {
            char* const place = arena.allocate(static_cast<std::size_t>(length));
            const std::size_t size = ZSTD_decompressDCtx(context, place, static_cast<std::size_t>(length),
                                                         payload.data(), payload.size());
            if (ZSTD_isError(size) || size != length)
                return badEncoding(payload);
            return {{place, size}, size, QuarantineReason::None, true};
        }
        // How much it is shows only on the way.
        std::size_t size = 0;
        bool more = false;
        if (!decompressSome(payload, kMaxRecordBytes, size, more))
            return badEncoding(payload);
        DecodedPayload decoded;
        if (more) // its length is not known and not worth finding out: "more than the limit"
            decoded = {arena.copy({scratch.data(), kOversizeKeptBytes}), kMaxRecordBytes + 1,
                       QuarantineReason::TooLarge, true};
        else
            decoded = {arena.copy({scratch.data(), size}), size, QuarantineReason::None, true};
        dropScratch();
        return decoded;
    }

    void dropScratch()
    {
        constexpr std::size_t kKept = 4 * 1024 * 1024;
        if (scratch.size() > kKept)
            scratch = {};
    }
};

PayloadDecoder::PayloadDecoder()
    : m_state(std::make_unique<State>())
{}
PayloadDecoder::~PayloadDecoder() = default;
PayloadDecoder::PayloadDecoder(PayloadDecoder&&) noexcept = default;
PayloadDecoder& PayloadDecoder::operator=(PayloadDecoder&&) noexcept = default;

DecodedPayload PayloadDecoder::decode(std::string_view payload, bool padded, std::string_view encoding,
                                      ByteArena& arena)
{
    DecodedPayload decoded{payload, payload.size(), QuarantineReason::None, padded};
    if (encoding == "zstd") {
        decoded = m_state->decompress(payload, arena);
    } else if (!encoding.empty() && encoding != "identity") {
        decoded.reason = QuarantineReason::BadEncoding;
    }
    if (decoded.reason == QuarantineReason::None && decoded.bytes.size() > kMaxRecordBytes) {
        decoded.bytes = decoded.bytes.substr(0, kOversizeKeptBytes);
        decoded.reason = QuarantineReason::TooLarge;
    }
    return decoded;
}

} // namespace jetlag
