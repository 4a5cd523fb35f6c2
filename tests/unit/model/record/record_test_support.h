#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/event/message.h"
#include "model/record/byte_stream.h"
#include "model/record/framer.h"
#include "model/record/line_reader.h"
#include "model/record/outgoing.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jetlag::test {

/// JSON written with ' for ": moc stumbles over raw strings that hold quotes.
[[nodiscard]] std::string json(std::string_view text);

[[nodiscard]] std::string hashHex(std::string_view bytes);

[[nodiscard]] std::string gzipped(std::string_view bytes);
[[nodiscard]] std::string zstdCompressed(std::string_view bytes, bool withLength = true);

/// Bytes that come in pieces of at most `step`, from memory; grows when told to.
class MemoryStream final : public ByteStream
{
public:
    explicit MemoryStream(std::string bytes, std::size_t step = SIZE_MAX)
        : m_bytes(std::move(bytes))
        , m_step(step)
    {}

    void grow(std::string_view more) { m_bytes += more; }
    Result<std::size_t> read(char* to, std::size_t size) override;
    Result<void> finish() override { return {}; }

private:
    std::string m_bytes;
    std::size_t m_step;
    std::size_t m_at = 0;
};

/// `count` times `filler`, after `head` and before `tail`, without holding any of it.
class LongStream final : public ByteStream
{
public:
    LongStream(std::string head, std::uint64_t count, char filler, std::string tail)
        : m_head(std::move(head))
        , m_count(count)
        , m_filler(filler)
        , m_tail(std::move(tail))
    {}
    Result<std::size_t> read(char* to, std::size_t size) override;
    Result<void> finish() override { return {}; }

private:
    std::string m_head;
    std::uint64_t m_count;
    char m_filler;
    std::string m_tail;
};

struct LineCopy
{
    std::uint64_t offset = 0;
    std::string bytes;
    std::uint64_t length = 0;
    bool operator==(const LineCopy&) const = default;
};

struct LinesRead
{
    std::vector<LineCopy> lines;
    std::string error; ///< empty = none
};
/// Everything up to AtEnd or the first error.
[[nodiscard]] LinesRead readLines(LineReader& reader);
[[nodiscard]] LinesRead readLines(const std::filesystem::path& path, std::uint64_t offset = 0);

/// All records of one file, framed whole.
struct Framed
{
    FramedBatch batch;
    FramerState state;
    bool partial = false;
    std::string error;
};
[[nodiscard]] Framed frameFile(RecordFramer& framer, const LogFile& file);
[[nodiscard]] Framed frameFile(FramerOptions options, const std::filesystem::path& path);

/// `<host>:<device>:<inode>`.
[[nodiscard]] std::string placeOf(const std::filesystem::path& path, std::string_view host);

/// A message that owns its bytes, as a stream would store it.
struct StoredMessage
{
    std::string subject;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string payload;

    StoredMessage() = default;
    explicit StoredMessage(const OutgoingMessage& sent);
    StoredMessage(std::string subject, std::vector<std::pair<std::string, std::string>> headers,
                  std::string payload);
};

/// Views of stored messages, with the sequences that the caller gives them.
class StoredMessages final
{
public:
    /// Good as long as `stored` and this live.
    [[nodiscard]] Message view(const StoredMessage& stored, std::uint64_t sequence);

private:
    std::vector<std::unique_ptr<std::vector<HeaderField>>> m_fields;
};

} // namespace jetlag::test
