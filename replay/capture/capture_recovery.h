#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/sqlite/connection.h"

#include <filesystem>
#include <optional>
#include <utility>

namespace jetlag::capture {

/// A folder of its own under the system's temporary one, removed with its files.
class CopyFolder final
{
public:
    [[nodiscard]] static Result<CopyFolder> make();
    ~CopyFolder();
    CopyFolder(CopyFolder&& other) noexcept
        : m_path(std::exchange(other.m_path, {}))
    {}
    CopyFolder& operator=(CopyFolder&&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }

private:
    explicit CopyFolder(std::filesystem::path path)
        : m_path(std::move(path))
    {}
    std::filesystem::path m_path;
};

/// A capture that is open for reading, however its writer ended.
struct OpenCapture
{
    std::optional<CopyFolder> copy; ///< set when a copy is read; goes after the connection
    sqlite::Connection connection;
    int version = 0;
};

/// Opens without changing anything, and checks that it is a capture of a version that we know. After a
/// crash in a folder that cannot be written, SQLite can read the file only together with its `-wal`, and
/// only where it may make a `-shm`: then both are copied to a temporary folder.
[[nodiscard]] Result<OpenCapture> openForReading(const std::filesystem::path& path);

[[nodiscard]] std::filesystem::path walOf(std::filesystem::path capture);

} // namespace jetlag::capture
