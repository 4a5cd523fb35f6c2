#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <filesystem>
#include <string>
#include <utility>

namespace jetlag {

/// One process at a time: an exclusive lock on a file, held while this object lives and given back by the
/// kernel when the process dies. The file stays behind and names the last holder; its presence means nothing.
class FileLock final
{
public:
    /// Makes the file if needed. Conflict when another process (or another FileLock of ours) holds it.
    [[nodiscard]] static Result<FileLock> acquire(const std::filesystem::path& path);
    /// For sentences: " (pid 123)" of the process that the file names, or nothing.
    [[nodiscard]] static std::string describeHolder(const std::filesystem::path& path);

    FileLock() = default; ///< holds nothing
    ~FileLock() { release(); }
    FileLock(FileLock&& other) noexcept
        : m_fd(std::exchange(other.m_fd, -1))
    {}
    FileLock& operator=(FileLock&& other) noexcept
    {
        if (this != &other) {
            release();
            m_fd = std::exchange(other.m_fd, -1);
        }
        return *this;
    }

private:
    explicit FileLock(int fd)
        : m_fd(fd)
    {}
    void release() noexcept;
    int m_fd = -1;
};

} // namespace jetlag
