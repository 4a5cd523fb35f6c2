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
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0)
        return lock;
    if (errno == EWOULDBLOCK)
        return Error(ErrorCode::Conflict, fmt::format("{} is held by another process", shown));
    return Error(ErrorCode::Io, fmt::format("{} cannot be locked: {}", shown, std::strerror(errno)));
}

void FileLock::release() noexcept
{
    if (m_fd >= 0)
        ::close(std::exchange(m_fd, -1));
}

} // namespace jetlag
