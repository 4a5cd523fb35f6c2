#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <filesystem>
#include <utility>

namespace jetlag::capture {

/// The lock of the one process that writes a capture: `<file>-writer`, held by the kernel for as long as
/// the process lives, so that a killed writer leaves no lock behind (an empty file at most).
class WriterLock final
{
public:
    /// Conflict when somebody writes that capture.
    [[nodiscard]] static Result<WriterLock> take(const std::filesystem::path& capture);
    /// Is a writer at work on it, in this or another process?
    [[nodiscard]] static bool isTaken(const std::filesystem::path& capture);

    WriterLock(WriterLock&& other) noexcept
        : m_path(std::move(other.m_path))
        , m_descriptor(std::exchange(other.m_descriptor, -1))
    {}
    WriterLock& operator=(WriterLock&&) = delete;
    /// Takes the lock file away with the lock.
    ~WriterLock();

private:
    WriterLock(std::filesystem::path path, int descriptor)
        : m_path(std::move(path))
        , m_descriptor(descriptor)
    {}

    std::filesystem::path m_path;
    int m_descriptor;
};

} // namespace jetlag::capture
