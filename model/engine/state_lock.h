#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <filesystem>
#include <utility>

namespace jetlag {

/// One process per state directory: an advisory lock on the file `lock` in it, which names the process.
/// The system gives it back when the process ends, however it ends.
class StateLock final
{
public:
    /// Makes the directory when it is missing. Conflict when somebody else has it.
    [[nodiscard]] static Result<StateLock> take(const std::filesystem::path& directory);
    ~StateLock();
    StateLock(StateLock&& other) noexcept
        : m_file(std::exchange(other.m_file, -1))
    {}
    StateLock& operator=(StateLock&&) = delete;

private:
    explicit StateLock(int file)
        : m_file(file)
    {}

    int m_file;
};

} // namespace jetlag
