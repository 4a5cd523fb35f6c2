// SPDX-License-Identifier: Apache-2.0
#include "model/record/line_reader.h"

#include "model/base/byte_arena.h"
#include "model/record/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <optional>
#include <utility>

namespace jetlag {

namespace {

// 1 MB: several hundred ordinary lines share one buffer, and it still fits a second-level cache.
constexpr std::size_t kBlockBytes = 1024 * 1024;
// Fewer bytes than this are copied out, so that a slowly growing file does not tie up a block for each line.
constexpr std::size_t kWorthABlock = kBlockBytes / 16;

struct Buffer
{
    explicit Buffer(std::size_t capacity)
        : bytes(std::make_unique_for_overwrite<char[]>(capacity + kPayloadPadding))
        , size(capacity)
    {
        std::memset(bytes.get() + capacity, 0, kPayloadPadding);
    }

    std::unique_ptr<char[]> bytes;
    std::size_t size;
};

// Buffers come back from whichever thread drops the last view.
class BufferPool final
{
public:
    std::unique_ptr<Buffer> take()
    {
        const std::lock_guard lock(m_mutex);
        if (m_spare.empty())
            return std::make_unique<Buffer>(kBlockBytes);
        std::unique_ptr<Buffer> buffer = std::move(m_spare.back());
        m_spare.pop_back();
        return buffer;
    }
    void give(std::unique_ptr<Buffer> buffer)
    {
        constexpr std::size_t kMostSpare = 8; // what a reader is ahead of those that work on its blocks
        const std::lock_guard lock(m_mutex);
        if (buffer->size == kBlockBytes && m_spare.size() < kMostSpare)
            m_spare.push_back(std::move(buffer));
    }

private:
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Buffer>> m_spare;
};

} // namespace

struct LineReader::State
{
    std::unique_ptr<ByteStream> stream;
    LastLine lastLine;
    std::shared_ptr<BufferPool> pool = std::make_shared<BufferPool>();

    std::unique_ptr<Buffer> buffer;
    std::size_t end = 0;     // bytes in the buffer; the line that is being read begins at its front
    std::size_t scanned = 0; // of them known to hold no line end
    std::uint64_t offset;    // of the buffer's front, or of the cut line

    // A line above kMaxRecordBytes: its beginning, and how much of it went by.
    std::unique_ptr<Buffer> cut;
    std::uint64_t cutLength = 0;

    bool finished = false;
    std::optional<Error> error;

    State(std::unique_ptr<ByteStream> stream_, LastLine lastLine_, std::uint64_t offset_)
        : stream(std::move(stream_))
        , lastLine(lastLine_)
        , buffer(pool->take())
        , offset(offset_)
    {}

    Result<LineOutcome> next(LineBlock& block)
    {
        block.clear();
        if (error)
            return *error;
        while (true) {
            if (scanned < end && takeLines(block))
                return LineOutcome::Lines;
            if (end == buffer->size)
                makeRoom();
            const Result<std::size_t> got = stream->read(buffer->bytes.get() + end, buffer->size - end);
            if (!got)
                return fail(got.error());
            end += *got;
            if (*got > 0)
                continue;
            if (lastLine == LastLine::MayGrow)
                return LineOutcome::AtEnd;
            if (!finished) {
                if (const Result<void> done = stream->finish(); !done)
                    return fail(done.error());
                finished = true;
                continue; // the stream may now give bytes that it was undecided about
            }
            return takeLastLine(block) ? LineOutcome::Lines : LineOutcome::AtEnd;
        }
    }

    Error fail(const Error& cause)
    {
        const std::uint64_t broken = cutLength + end;
        error = broken == 0 ? cause
                            : Error(cause.code(),
                                    fmt::format("{}; its last {} bytes are no whole line and were left out",
                                                cause.message(), broken));
        return *error;
    }

    // All whole lines of the buffer; what is behind them moves to the front of the next one.
    bool takeLines(LineBlock& block)
    {
        const char* const front = buffer->bytes.get();
        if (cut)
            return takeCutLine(block);
        std::size_t begin = 0;
        std::size_t from = scanned;
        while (const void* found = std::memchr(front + from, '\n', end - from)) {
            const auto lineEnd = static_cast<std::size_t>(static_cast<const char*>(found) - front);
            block.lines.push_back({offset + begin, {front + begin, lineEnd - begin}, lineEnd - begin});
            begin = from = lineEnd + 1;
            if (from == end)
                break;
        }
        if (begin == 0) {
            scanned = end;
            return false;
        }
        handOver(block, begin);
        return true;
    }

    // `used` bytes at the front belong to the block's lines now.
    void handOver(LineBlock& block, std::size_t used)
    {
        const std::size_t rest = end - used;
        if (used < kWorthABlock) {
            auto small = std::make_shared<Buffer>(used);
            std::memcpy(small->bytes.get(), buffer->bytes.get(), used);
            for (LogLine& line : block.lines)
                line.bytes = {small->bytes.get() + (line.bytes.data() - buffer->bytes.get()),
                              line.bytes.size()};
            std::memmove(buffer->bytes.get(), buffer->bytes.get() + used, rest);
            block.owner = std::move(small);
        } else {
            std::unique_ptr<Buffer> fresh =
                rest < kBlockBytes ? pool->take() : std::make_unique<Buffer>(buffer->size);
            std::memcpy(fresh->bytes.get(), buffer->bytes.get() + used, rest);
            std::swap(fresh, buffer);
            block.owner = std::shared_ptr<const Buffer>(fresh.release(), [keeper = pool](const Buffer* done) {
                keeper->give(std::unique_ptr<Buffer>(const_cast<Buffer*>(done)));
            });
        }
        offset += used;
        end = rest;
        scanned = 0;
    }

    // The buffer is full of one line that has not ended.
    void makeRoom()
    {
        // One byte more than a record may have, so that the largest one still fits with its end.
        constexpr std::size_t kLargest = kMaxRecordBytes + 1;
        if (buffer->size < kLargest) {
            auto larger = std::make_unique<Buffer>(std::min(buffer->size * 2, kLargest));
            std::memcpy(larger->bytes.get(), buffer->bytes.get(), end);
            buffer = std::move(larger);
            return;
        }
        cut = std::make_unique<Buffer>(kOversizeKeptBytes);
        std::memcpy(cut->bytes.get(), buffer->bytes.get(), kOversizeKeptBytes);
        cutLength = end;
        buffer = pool->take();
        end = 0;
        scanned = 0;
    }

    bool takeCutLine(LineBlock& block)
    {
        const char* const front = buffer->bytes.get();
        const void* const found = std::memchr(front, '\n', end);
        if (!found) {
            cutLength += end;
            end = 0;
            scanned = 0;
            return false;
        }
        const auto used = static_cast<std::size_t>(static_cast<const char*>(found) - front);
        cutLength += used;
        giveCutLine(block);
        offset += 1;
        end -= used + 1;
        std::memmove(buffer->bytes.get(), front + used + 1, end);
        scanned = 0;
        return true;
    }

    void giveCutLine(LineBlock& block)
    {
        block.lines.push_back({offset, {cut->bytes.get(), kOversizeKeptBytes}, cutLength});
        block.owner = std::shared_ptr<const Buffer>(std::move(cut));
        offset += cutLength;
        cutLength = 0;
    }

    bool takeLastLine(LineBlock& block)
    {
        if (cut) {
            giveCutLine(block);
            return true;
        }
        if (end == 0)
            return false;
        block.lines.push_back({offset, {buffer->bytes.get(), end}, end});
        handOver(block, end);
        return true;
    }
};

LineReader::LineReader(std::unique_ptr<ByteStream> stream, LastLine lastLine, std::uint64_t offset)
    : m_state(std::make_unique<State>(std::move(stream), lastLine, offset))
{}
LineReader::~LineReader() = default;
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;

Result<LineOutcome> LineReader::next(LineBlock& block)
{
    return m_state->next(block);
}

Result<LineOutcome> LineReader::close(LineBlock& block)
{
    m_state->lastLine = LastLine::IsRecord;
    return m_state->next(block);
}

std::uint64_t LineReader::nextOffset() const noexcept
{
    return m_state->offset;
}

} // namespace jetlag
