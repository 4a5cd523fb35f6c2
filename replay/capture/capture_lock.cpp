// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/capture_lock.h"

#include "model/base/text.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace jetlag::capture {

namespace {

std::filesystem::path lockPath(std::filesystem::path capture)
{
    capture += "-writer";
    return capture;
}

} // namespace

Result<WriterLock> WriterLock::take(const std::filesystem::path& capture)
{
    std::filesystem::path path = lockPath(capture);
    for (;;) {
        const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (descriptor < 0) {
            const ErrorCode code = errno == EACCES || errno == EPERM || errno == EROFS ? ErrorCode::Denied
                                   : errno == ENOENT || errno == ENOTDIR               ? ErrorCode::NotFound
                                   : errno == ENOSPC                                   ? ErrorCode::NoSpace
                                                                                       : ErrorCode::Io;
            return Error(code, fmt::format("{} cannot be written there ({})",
                                           safeForDisplay(capture.string()), std::strerror(errno)));
        }
        WriterLock lock(path, descriptor);
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            lock.m_path.clear(); // somebody else's
            return Error(ErrorCode::Conflict, fmt::format("{} is being written by another process",
                                                          safeForDisplay(capture.string())));
        }
        // Its holder may have taken the file away between our open and our lock: then we hold nothing.
        struct stat held
        {
        }, named{};
        if (::fstat(descriptor, &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
            held.st_ino == named.st_ino && held.st_dev == named.st_dev)
            return lock;
        lock.m_path.clear();
    }
}

bool WriterLock::isTaken(const std::filesystem::path& capture)
{
    const int descriptor = ::open(lockPath(capture).c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool taken = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(descriptor);
    return taken;
}

WriterLock::~WriterLock()
{
    if (m_descriptor < 0)
        return;
    if (!m_path.empty())
        ::unlink(m_path.c_str());
    ::close(m_descriptor);
}

} // namespace jetlag::capture
