// SPDX-License-Identifier: Apache-2.0
#include "model/engine/state_lock.h"

#include "model/base/text.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace jetlag {

namespace {

Error cannotUse(const std::filesystem::path& directory, int reason)
{
    const ErrorCode code = reason == EACCES || reason == EPERM || reason == EROFS ? ErrorCode::Denied
                           : reason == ENOSPC || reason == EDQUOT                 ? ErrorCode::NoSpace
                                                                                  : ErrorCode::Io;
    return {code, fmt::format("state directory {} cannot be used: {}", safeForDisplay(directory.string()),
                              std::strerror(reason))};
}

// Whom the file names; empty when it has not got that far.
std::string holderOf(int file)
{
    char text[32] = {};
    const ssize_t size = pread(file, text, sizeof(text) - 1, 0);
    if (size <= 0)
        return {};
    const std::string_view line(text, static_cast<std::size_t>(size));
    return safeForDisplay(line.substr(0, line.find('\n')));
}

} // namespace

Result<StateLock> StateLock::take(const std::filesystem::path& directory)
{
    // What was read may be confidential: quarantined bytes lie in here.
    std::error_code failure;
    if (std::filesystem::create_directories(directory, failure))
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failure);
    if (failure)
        return cannotUse(directory, failure.value());

    // Not inherited: a child that lives longer must not keep the lock.
    const int file = ::open((directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return cannotUse(directory, errno);
    StateLock lock(file);
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return cannotUse(directory, errno);
        const std::string holder = holderOf(file);
        return Error(ErrorCode::Conflict,
                     fmt::format("state directory {} is used by another process{}",
                                 safeForDisplay(directory.string()),
                                 holder.empty() ? std::string() : fmt::format(" (pid {})", holder)));
    }
    const std::string name = fmt::format("{}\n", getpid());
    if (ftruncate(file, 0) != 0 ||
        pwrite(file, name.data(), name.size(), 0) != static_cast<ssize_t>(name.size()))
        return cannotUse(directory, errno);
    return lock;
}

StateLock::~StateLock()
{
    // The file stays: removing it would let two processes lock two files of one name.
    if (m_file >= 0)
        ::close(m_file);
}

} // namespace jetlag
