// SPDX-License-Identifier: Apache-2.0
#include "model/record/byte_stream.h"

#include "model/base/text.h"
#include "model/record/compression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace jetlag {

namespace {

Error fileError(const std::string& name, std::string_view what, int number)
{
    const std::error_code code(number, std::generic_category());
    ErrorCode kind = ErrorCode::Io;
    if (code == std::errc::no_such_file_or_directory)
        kind = ErrorCode::NotFound;
    else if (code == std::errc::permission_denied)
        kind = ErrorCode::Denied;
    return {kind, fmt::format("cannot {} {}: {}", what, name, code.message())};
}

class FileStream final : public ByteStream
{
public:
    FileStream(int descriptor, std::string name)
        : m_descriptor(descriptor)
        , m_name(std::move(name))
    {}
    ~FileStream() override { ::close(m_descriptor); }
    FileStream(const FileStream&) = delete;
    FileStream& operator=(const FileStream&) = delete;

    Result<std::size_t> read(char* to, std::size_t size) override
    {
        std::size_t filled = 0;
        while (filled < size) {
            const ssize_t got = ::read(m_descriptor, to + filled, size - filled);
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0 && filled == 0)
                return fileError(m_name, "read", errno);
            if (got <= 0)
                break;
            filled += static_cast<std::size_t>(got);
        }
        return filled;
    }

    Result<void> finish() override { return {}; }

private:
    int m_descriptor;
    std::string m_name;
};

// Looks at the first bytes, then hands on to the right decoder, or the bytes as they are.
class DetectingStream final : public ByteStream
{
public:
    DetectingStream(std::unique_ptr<ByteStream> raw, std::string name)
        : m_raw(std::move(raw))
        , m_name(std::move(name))
        , m_input(kInputBytes)
    {}

    Result<std::size_t> read(char* to, std::size_t size) override
    {
        if (m_error)
            return *m_error;
        std::size_t filled = 0;
        while (filled < size) {
            Result<std::size_t> step = m_compression ? readDecided(to + filled, size - filled) : decide();
            if (!step) {
                m_error = std::move(step).error();
                if (filled == 0)
                    return *m_error;
                break; // what came before the damage goes first
            }
            if (*step == 0)
                break;
            if (m_hasOutput) {
                filled += *step;
                m_delivered += *step;
            }
        }
        return filled;
    }

    Result<void> finish() override
    {
        if (m_error)
            return *m_error;
        m_finished = true;
        if (m_decoder && m_decoder->insideMember()) {
            m_error = Error(
                ErrorCode::Corrupt,
                fmt::format("{} is cut short: it ends inside its {} data, {} bytes of log could be read",
                            m_name, toString(*m_compression), m_delivered));
            return *m_error;
        }
        return {};
    }

private:
    // 256 KB: a few compressed blocks, small beside the megabyte of lines that it becomes.
    static constexpr std::size_t kInputBytes = 256 * 1024;

    std::string_view input() const { return {m_input.data() + m_begin, m_end - m_begin}; }

    // More input behind what is there; 0 = nothing more now.
    Result<std::size_t> refill()
    {
        if (m_begin > 0) {
            std::memmove(m_input.data(), m_input.data() + m_begin, m_end - m_begin);
            m_end -= m_begin;
            m_begin = 0;
        }
        Result<std::size_t> got = m_raw->read(m_input.data() + m_end, m_input.size() - m_end);
        if (got)
            m_end += *got;
        return got;
    }

    // Non-zero once it is known how the file is compressed.
    Result<std::size_t> decide()
    {
        m_hasOutput = false;
        std::optional<Compression> found = detectCompression(input(), m_finished);
        while (!found) {
            const Result<std::size_t> got = refill();
            if (!got || *got == 0)
                return got;
            found = detectCompression(input(), m_finished);
        }
        if (*found != Compression::None) {
            m_decoder = makeDecoder(*found);
            if (!m_decoder)
                return Error(ErrorCode::Unsupported,
                             fmt::format("{} is compressed with {}; plain, gzip and zstd files can be read",
                                         m_name, toString(*found)));
        }
        m_compression = found;
        return std::size_t(1);
    }

    Result<std::size_t> readDecided(char* to, std::size_t size)
    {
        m_hasOutput = true;
        if (!m_decoder) {
            if (m_begin == m_end)
                return m_raw->read(to, size);
            const std::size_t count = std::min(size, m_end - m_begin);
            std::memcpy(to, m_input.data() + m_begin, count);
            m_begin += count;
            return count;
        }
        while (!m_damage) {
            const Decoder::Step step = m_decoder->decode(input(), to, size);
            m_begin += step.consumed;
            if (step.damaged)
                m_damage =
                    Error(ErrorCode::Corrupt, fmt::format("{} is damaged: {} after {} bytes of log", m_name,
                                                          step.damage, m_delivered + step.produced));
            if (step.produced > 0)
                return step.produced;
            if (step.damaged)
                break;
            if (m_begin < m_end && step.consumed > 0)
                continue;
            const Result<std::size_t> got = refill();
            if (!got || *got == 0)
                return got;
        }
        return *m_damage;
    }

    std::unique_ptr<ByteStream> m_raw;
    std::string m_name;
    std::vector<char> m_input;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    std::optional<Compression> m_compression; // none yet = not decided
    std::unique_ptr<Decoder> m_decoder;
    std::optional<Error> m_damage; // found; what was decompressed before it goes first
    std::optional<Error> m_error;  // told
    std::uint64_t m_delivered = 0;
    bool m_finished = false;
    bool m_hasOutput = false;
};

Result<std::unique_ptr<ByteStream>> skipTo(std::unique_ptr<ByteStream> stream, const std::string& name,
                                           std::uint64_t offset)
{
    std::vector<char> dropped(256 * 1024);
    for (std::uint64_t left = offset; left > 0;) {
        const Result<std::size_t> got = stream->read(
            dropped.data(), static_cast<std::size_t>(std::min<std::uint64_t>(left, dropped.size())));
        if (!got)
            return got.error();
        if (*got == 0)
            return Error(
                ErrorCode::Conflict,
                fmt::format("{} holds only {} bytes of log, but reading should go on at {}: it is not the "
                            "file that was read before",
                            name, offset - left, offset));
        left -= *got;
    }
    return stream;
}

} // namespace

std::unique_ptr<ByteStream> uncompressed(std::unique_ptr<ByteStream> raw, std::string name)
{
    return std::make_unique<DetectingStream>(std::move(raw), std::move(name));
}

Result<std::unique_ptr<ByteStream>> openLogBytes(const std::filesystem::path& path, std::uint64_t offset)
{
    const std::string name = safeForDisplay(path.native());
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return fileError(name, "open", errno);
    auto file = std::make_unique<FileStream>(descriptor, name);
    struct stat status
    {};
    if (::fstat(descriptor, &status) != 0)
        return fileError(name, "look at", errno);
    if (S_ISDIR(status.st_mode))
        return Error(ErrorCode::InvalidArgument, fmt::format("{} is a directory, not a log file", name));

    if (offset > 0 && S_ISREG(status.st_mode)) {
        char start[kDetectBytes];
        const ssize_t got = ::pread(descriptor, start, sizeof start, 0);
        const bool plain = got >= 0 && detectCompression({start, static_cast<std::size_t>(got)},
                                                         /*complete=*/true) == Compression::None;
        if (plain && static_cast<std::uint64_t>(status.st_size) >= offset) {
            // No need to read what comes before; and what comes after must not be taken for a file's start.
            if (::lseek(descriptor, static_cast<off_t>(offset), SEEK_SET) < 0)
                return fileError(name, "read", errno);
            return std::unique_ptr<ByteStream>(std::move(file));
        }
    }
    return skipTo(uncompressed(std::move(file), name), name, offset);
}

} // namespace jetlag
