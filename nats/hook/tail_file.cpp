// SPDX-License-Identifier: Apache-2.0
#include "nats/hook/tail_file.h"

#include "model/base/text.h"
#include "model/record/byte_stream.h"
#include "model/record/compression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace jetlag {

namespace {

// What is remembered of the bytes that were read last. A file that was cut and has grown past the old place
// looks like one that only grew; these bytes then differ (log lines hold a time).
constexpr std::size_t kRememberedBytes = 128;

Error fileError(const std::string& name, std::string_view what, int number)
{
    ErrorCode code = ErrorCode::Io;
    if (number == ENOENT)
        code = ErrorCode::NotFound;
    else if (number == EACCES || number == EPERM)
        code = ErrorCode::Denied;
    return {code, fmt::format("cannot {} {}: {}", what, name, std::generic_category().message(number))};
}

FileStamp stampFrom(const struct stat& status)
{
    FileStamp stamp;
    stamp.device = status.st_dev;
    stamp.inode = status.st_ino;
    stamp.size = static_cast<std::uint64_t>(status.st_size);
    stamp.modified = status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec;
    return stamp;
}

// The open file, and where in it reading is.
struct OpenFile
{
    int descriptor = -1;
    std::string name; // for sentences
    std::uint64_t position = 0;
    std::string last; // bytes before `position`, at most kRememberedBytes

    OpenFile() = default;
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile()
    {
        if (descriptor >= 0)
            ::close(descriptor);
    }

    void remember(const char* bytes, std::size_t size)
    {
        if (size >= kRememberedBytes) {
            last.assign(bytes + size - kRememberedBytes, kRememberedBytes);
            return;
        }
        last.append(bytes, size);
        if (last.size() > kRememberedBytes)
            last.erase(0, last.size() - kRememberedBytes);
    }

    // Do the bytes before `position` still stand there?
    bool isAsRead() const
    {
        char now[kRememberedBytes];
        const ssize_t got = ::pread(descriptor, now, last.size(), static_cast<off_t>(position - last.size()));
        return got == static_cast<ssize_t>(last.size()) && std::memcmp(now, last.data(), last.size()) == 0;
    }
};

class OpenFileStream final : public ByteStream
{
public:
    explicit OpenFileStream(std::shared_ptr<OpenFile> file)
        : m_file(std::move(file))
    {}

    Result<std::size_t> read(char* to, std::size_t size) override
    {
        std::size_t filled = 0;
        while (filled < size) {
            const ssize_t got = ::pread(m_file->descriptor, to + filled, size - filled,
                                        static_cast<off_t>(m_file->position + filled));
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0 && filled == 0)
                return fileError(m_file->name, "read", errno);
            if (got <= 0)
                break;
            filled += static_cast<std::size_t>(got);
        }
        m_file->position += filled;
        m_file->remember(to, filled);
        return filled;
    }
    Result<void> finish() override { return {}; }

private:
    std::shared_ptr<OpenFile> m_file;
};

Result<void> skip(ByteStream& stream, std::uint64_t count, const std::string& name,
                  const std::stop_token& stop)
{
    std::vector<char> dropped(256 * 1024);
    for (std::uint64_t left = count; left > 0;) {
        if (stop.stop_requested())
            return Error(ErrorCode::Cancelled, "stopped while looking for the place to go on in " + name);
        const Result<std::size_t> got = stream.read(
            dropped.data(), static_cast<std::size_t>(std::min<std::uint64_t>(left, dropped.size())));
        if (!got)
            return got.error();
        if (*got == 0)
            return Error(
                ErrorCode::Conflict,
                fmt::format("{} holds {} bytes of log, less than was published of it", name, count - left));
        left -= *got;
    }
    return {};
}

} // namespace

struct TailFile::Impl
{
    std::filesystem::path path;
    std::shared_ptr<OpenFile> file = std::make_shared<OpenFile>();
    std::optional<LineReader> reader;
    FileStamp seen; // at the last look
    bool mayGrow = false;
    bool finished = false;

    Result<void> begin(std::uint64_t offset, const std::stop_token& stop)
    {
        struct stat status
        {};
        if (::fstat(file->descriptor, &status) != 0)
            return fileError(file->name, "look at", errno);
        if (!S_ISREG(status.st_mode))
            return Error(ErrorCode::InvalidArgument, fmt::format("{} is no regular file", file->name));
        seen = stampFrom(status);

        auto raw = std::make_unique<OpenFileStream>(file);
        std::unique_ptr<ByteStream> stream;
        if (offset > 0 && !compressed()) {
            // No need to read what comes before; and what comes after must not be taken for a file's start.
            if (seen.size < offset)
                return Error(ErrorCode::Conflict,
                             fmt::format("{} holds {} bytes of log, less than was published of it",
                                         file->name, seen.size));
            file->position = offset;
            stream = std::move(raw);
        } else {
            stream = uncompressed(std::move(raw), file->name);
            if (Result<void> skipped = skip(*stream, offset, file->name, stop); !skipped)
                return skipped;
        }
        reader.emplace(std::move(stream), mayGrow ? LastLine::MayGrow : LastLine::IsRecord, offset);
        return {};
    }

    bool compressed() const
    {
        char start[kDetectBytes];
        const ssize_t got = ::pread(file->descriptor, start, sizeof start, 0);
        return got > 0 && detectCompression({start, static_cast<std::size_t>(got)}, /*complete=*/true) !=
                              Compression::None;
    }
};

TailFile::TailFile(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{}
TailFile::~TailFile() = default;
TailFile::TailFile(TailFile&&) noexcept = default;
TailFile& TailFile::operator=(TailFile&&) noexcept = default;

Result<TailFile> TailFile::open(const std::filesystem::path& path, bool mayGrow, std::uint64_t offset,
                                std::stop_token stop)
{
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    impl->mayGrow = mayGrow;
    impl->file->name = safeForDisplay(path.native());
    // A FIFO or a device must not hold us up.
    impl->file->descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (impl->file->descriptor < 0)
        return fileError(impl->file->name, "open", errno);
    if (Result<void> begun = impl->begin(offset, stop); !begun)
        return std::move(begun).error();
    return TailFile(std::move(impl));
}

Result<TailFile> TailFile::reopened(std::uint64_t offset, std::stop_token stop) const
{
    auto impl = std::make_unique<Impl>();
    impl->path = m_impl->path;
    impl->mayGrow = m_impl->mayGrow;
    impl->file->name = m_impl->file->name;
    impl->file->descriptor = ::fcntl(m_impl->file->descriptor, F_DUPFD_CLOEXEC, 0);
    if (impl->file->descriptor < 0)
        return fileError(impl->file->name, "open", errno);
    if (Result<void> begun = impl->begin(offset, stop); !begun)
        return std::move(begun).error();
    return TailFile(std::move(impl));
}

Result<LineOutcome> TailFile::next(LineBlock& block)
{
    return m_impl->finished ? m_impl->reader->close(block) : m_impl->reader->next(block);
}

void TailFile::finish() noexcept
{
    m_impl->finished = true;
}

TailFile::State TailFile::look()
{
    Impl& impl = *m_impl;
    const FileStamp now = stamp();
    if (now.size < impl.file->position)
        return State::Cut;
    if (now != impl.seen) {
        if (!impl.file->isAsRead())
            return State::Cut;
        impl.seen = now;
    }
    const std::optional<FileStamp> named = stampOf(impl.path);
    return named && named->device == now.device && named->inode == now.inode ? State::Same : State::Moved;
}

FileStamp TailFile::stamp() const
{
    struct stat status
    {};
    if (::fstat(m_impl->file->descriptor, &status) != 0)
        return {};
    return stampFrom(status);
}

bool TailFile::isCompressed() const noexcept
{
    return m_impl->compressed();
}

std::uint64_t TailFile::bytesRead() const noexcept
{
    return m_impl->file->position;
}

std::uint64_t TailFile::nextOffset() const noexcept
{
    return m_impl->reader->nextOffset();
}

const std::filesystem::path& TailFile::path() const noexcept
{
    return m_impl->path;
}

void TailFile::setPath(std::filesystem::path path)
{
    m_impl->path = std::move(path);
}

std::optional<FileStamp> stampOf(const std::filesystem::path& path)
{
    struct stat status
    {};
    if (::stat(path.c_str(), &status) != 0)
        return std::nullopt;
    return stampFrom(status);
}

} // namespace jetlag
