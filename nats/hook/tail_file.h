#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/record/line_reader.h"
#include "nats/hook/position_store.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>

namespace jetlag {

/// One log file that is read while it may still grow, be renamed, be cut to nothing or be removed. Holds on
/// to the file that it opened, whatever its name leads to later. One thread.
class TailFile final
{
public:
    enum class State {
        Same,  ///< the name still leads to this file
        Moved, ///< renamed or removed: the name leads elsewhere or nowhere; its writer may still hold it open
        Cut,   ///< shorter than what was read, or other bytes stand where was read: the rest is lost
    };

    /// Begins at uncompressed byte `offset`. `mayGrow`: a last line without an end is kept back until its end
    /// comes or finish() says that none will. Conflict: the file is shorter than `offset`.
    /// Cancelled: `stop` came while a compressed file was read up to there.
    [[nodiscard]] static Result<TailFile> open(const std::filesystem::path& path, bool mayGrow,
                                               std::uint64_t offset = 0, std::stop_token stop = {});
    ~TailFile();
    TailFile(TailFile&&) noexcept;
    TailFile& operator=(TailFile&&) noexcept;

    /// The very same file, whatever its name leads to now, read from `offset` on.
    [[nodiscard]] Result<TailFile> reopened(std::uint64_t offset, std::stop_token stop = {}) const;

    /// As LineReader::next().
    [[nodiscard]] Result<LineOutcome> next(LineBlock& block);
    /// It will not grow any more: a last line without an end is a line; call next() to the end again.
    void finish() noexcept;

    /// Looks at the file and at its name.
    [[nodiscard]] State look();
    [[nodiscard]] FileStamp stamp() const; ///< as of now
    [[nodiscard]] bool isCompressed() const noexcept;
    [[nodiscard]] std::uint64_t bytesRead() const noexcept;  ///< of the file as it lies on disk
    [[nodiscard]] std::uint64_t nextOffset() const noexcept; ///< where the next line begins, uncompressed
    [[nodiscard]] const std::filesystem::path& path() const noexcept;
    /// The same file has another name now.
    void setPath(std::filesystem::path path);

private:
    struct Impl;
    explicit TailFile(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// The stamp of what a path leads to.
[[nodiscard]] std::optional<FileStamp> stampOf(const std::filesystem::path& path);

} // namespace jetlag
