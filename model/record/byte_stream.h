#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace jetlag {

/// Uncompressed bytes of a log, front to back. One thread.
class ByteStream
{
public:
    virtual ~ByteStream() = default;

    /// Fills up to `size` bytes and returns how many; fewer only where the file ends or is damaged, 0 when
    /// there is nothing more now. A file that grew meanwhile gives its new bytes at the next call. Bytes
    /// before damage are returned first, the error comes with the call after them, and stays.
    [[nodiscard]] virtual Result<std::size_t> read(char* to, std::size_t size) = 0;
    /// The file will not grow any more. Corrupt when it ends inside a compressed member.
    [[nodiscard]] virtual Result<void> finish() = 0;
};

/// Opens a log file that is plain, gzip (any number of members) or zstd (any number of frames), told apart
/// by its first bytes, never by its name, from uncompressed byte `offset` on (a compressed file is read and
/// dropped up to there). The stream's errors name the file and how far it was read. Conflict: shorter than
/// `offset`; Unsupported: compressed in another way (LZ4, Snappy, LZF, bzip2, xz).
[[nodiscard]] Result<std::unique_ptr<ByteStream>> openLogBytes(const std::filesystem::path& path,
                                                               std::uint64_t offset = 0);

/// The same over compressed or plain bytes from anywhere; `name` is for error sentences.
[[nodiscard]] std::unique_ptr<ByteStream> uncompressed(std::unique_ptr<ByteStream> raw, std::string name);

} // namespace jetlag
