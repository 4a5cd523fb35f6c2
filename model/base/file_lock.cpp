// SPDX-License-Identifier: Apache-2.0
#include "model/base/file_lock.h"

#include "model/base/text.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace jetlag {

Result<FileLock> FileLock::acquire(const std::filesystem::path& path)
{
    const std::string shown = safeForDisplay(path.string());
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return Error(errno == EACCES ? ErrorCode::Denied : ErrorCode::Io,
                     fmt::format("{} cannot be opened: {}", shown, std::strerror(errno)));
    FileLock lock(fd);
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) {
        // Only for sentences: on a full disk the lock is good without it.
        const std::string pid = fmt::format("{}\n", ::getpid());
        if (::ftruncate(fd, 0) == 0)
            static_cast<void>(::pwrite(fd, pid.data(), pid.size(), 0) == 0);
        return lock;
    }
    if (errno == EWOULDBLOCK)
        return Error(ErrorCode::Conflict,
                     fmt::format("{} is held by another process{}", shown, describeHolder(path)));
    return Error(ErrorCode::Io, fmt::format("{} cannot be locked: {}", shown, std::strerror(errno)));
}

std::string FileLock::describeHolder(const std::filesystem::path& path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return {};
    char text[24] = {};
    const ssize_t size = ::pread(fd, text, sizeof(text), 0);
    ::close(fd);
    const std::string_view line(text, size > 0 ? static_cast<std::size_t>(size) : 0);
    const std::optional<std::uint64_t> pid = parseU64(line.substr(0, line.find('\n')));
    return pid ? fmt::format(" (pid {})", *pid) : std::string();
}

void FileLock::release() noexcept
{
    if (m_fd >= 0)
        ::close(std::exchange(m_fd, -1));
}

} // namespace jetlag
