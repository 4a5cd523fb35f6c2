// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/capture_recovery.h"

#include "model/base/number_text.h"
#include "model/base/text.h"
#include "replay/capture/capture_format.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <unistd.h>

namespace jetlag::capture {

namespace {

namespace fs = std::filesystem;

/// What the first bytes of a SQLite file say (sqlite.org/fileformat.html). Only read while no connection of
/// this process has the file open: closing any descriptor of a file drops SQLite's locks on it.
struct FileHeader
{
    bool isSqlite = false;
    bool isWal = false;
    std::uint64_t claimedBytes = 0; ///< 0 = it does not say
};

std::uint64_t bigEndian(const unsigned char* bytes, int size)
{
    std::uint64_t value = 0;
    for (int i = 0; i < size; ++i)
        value = value << 8 | bytes[i];
    return value;
}

FileHeader readHeader(const fs::path& path)
{
    std::array<unsigned char, 100> bytes{};
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(bytes.data()), bytes.size());
    FileHeader header;
    constexpr std::string_view kMagic("SQLite format 3\0", 16);
    if (file.gcount() < static_cast<std::streamsize>(kMagic.size()))
        return header;
    header.isSqlite = std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) == 0;
    header.isWal = header.isSqlite && bytes[18] == 2;
    const std::uint64_t pageSize = bigEndian(&bytes[16], 2) == 1 ? 65'536 : bigEndian(&bytes[16], 2);
    if (header.isSqlite && bigEndian(&bytes[24], 4) == bigEndian(&bytes[92], 4))
        header.claimedBytes = pageSize * bigEndian(&bytes[28], 4);
    return header;
}

Result<void> lookAt(const fs::path& path)
{
    std::error_code failed;
    const fs::file_status status = fs::status(path, failed);
    const std::string shown = safeForDisplay(path.string());
    if (status.type() == fs::file_type::not_found)
        return Error(ErrorCode::NotFound, fmt::format("{} does not exist", shown));
    if (failed)
        return Error(ErrorCode::Denied, fmt::format("{} cannot be looked at ({})", shown, failed.message()));
    if (!fs::is_regular_file(status))
        return Error(ErrorCode::InvalidArgument, fmt::format("{} is no file", shown));
    if (::access(path.c_str(), R_OK) != 0)
        return Error(ErrorCode::Denied, fmt::format("{} may not be read ({})", shown, std::strerror(errno)));
    return {};
}

Error notACapture(const fs::path& path)
{
    return {ErrorCode::Corrupt, fmt::format("{} is not a capture file", safeForDisplay(path.string()))};
}

/// The words for a file that SQLite refused.
Error explain(const fs::path& path, const Error& refused)
{
    if (refused.code() != ErrorCode::Corrupt)
        return refused;
    const FileHeader header = readHeader(path);
    if (!header.isSqlite)
        return notACapture(path);
    std::error_code failed;
    const std::uint64_t size = fs::file_size(path, failed);
    if (!failed && size < header.claimedBytes)
        return {ErrorCode::Corrupt,
                fmt::format("{} is cut short: {} of its {} are there", safeForDisplay(path.string()),
                            shortBytes(static_cast<double>(size)),
                            shortBytes(static_cast<double>(header.claimedBytes)))};
    return refused;
}

Result<void> copyFile(const fs::path& from, const fs::path& to)
{
    std::error_code failed;
    if (fs::copy_file(from, to, failed))
        return {};
    return Error(failed.value() == ENOSPC ? ErrorCode::NoSpace : ErrorCode::Io,
                 fmt::format("{} needs a copy to be read, which failed ({})", safeForDisplay(from.string()),
                             failed.message()));
}

} // namespace

fs::path walOf(fs::path capture)
{
    capture += "-wal";
    return capture;
}

Result<CopyFolder> CopyFolder::make()
{
    std::error_code failed;
    std::string pattern = (fs::temp_directory_path(failed) / "jetlag-capture-XXXXXX").string();
    if (failed || !::mkdtemp(pattern.data()))
        return Error(ErrorCode::Io,
                     "the temporary folder cannot be written, and a copy of the capture is needed");
    return CopyFolder(fs::path(pattern));
}

CopyFolder::~CopyFolder()
{
    std::error_code ignored;
    if (!m_path.empty())
        fs::remove_all(m_path, ignored);
}

Result<OpenCapture> openForReading(const fs::path& path)
{
    if (Result<void> there = lookAt(path); !there)
        return there.error();

    std::optional<CopyFolder> copy;
    Result<sqlite::Connection> connection =
        sqlite::Connection::open(path, {.mode = sqlite::OpenMode::ReadOnly});
    if (!connection) {
        const ErrorCode code = connection.error().code();
        const bool folderMayBeWhy =
            code == ErrorCode::Denied || code == ErrorCode::NotFound || code == ErrorCode::Io;
        if (!folderMayBeWhy || !readHeader(path).isWal)
            return explain(path, connection.error());
        Result<CopyFolder> folder = CopyFolder::make();
        if (!folder)
            return folder.error();
        copy.emplace(std::move(*folder));
        const fs::path copied = copy->path() / "capture.jetlag";
        std::error_code ignored;
        Result<void> done = copyFile(path, copied);
        if (done && fs::exists(walOf(path), ignored))
            done = copyFile(walOf(path), walOf(copied));
        if (!done)
            return done.error();
        connection = sqlite::Connection::open(copied, {.mode = sqlite::OpenMode::ReadWrite});
        if (!connection)
            return explain(copied, connection.error());
    }

    const Result<int> version = sqlite::checkSchema(*connection, schema());
    if (!version)
        return version.error().code() == ErrorCode::Conflict ? notACapture(path) : version.error();
    return OpenCapture{std::move(copy), std::move(*connection), *version};
}

} // namespace jetlag::capture
