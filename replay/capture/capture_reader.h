#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "replay/capture/capture_info.h"
#include "replay/capture/capture_rows.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace jetlag {

/// What a look at every row found.
struct CaptureCheck
{
    std::uint64_t rows = 0;
    std::uint64_t damagedRows = 0;
    std::uint64_t messages = 0;        ///< in good chunks
    std::vector<std::string> findings; ///< the first few, as sentences
    [[nodiscard]] bool good() const noexcept { return damagedRows == 0 && findings.empty(); }
};

/// Reads a capture file (FORMAT.md) and never changes it: after a clean close, after a crash, and while it is
/// being written. Where the folder cannot be written and SQLite needs that, a copy in the temporary folder is
/// read, and removed again. One thread.
class CaptureReader final
{
public:
    /// Corrupt: no capture, or cut short. Unsupported: a newer version wrote it. Conflict: a database of
    /// another kind. NotFound, Denied.
    [[nodiscard]] static Result<CaptureReader> open(const std::filesystem::path& path);
    ~CaptureReader();
    CaptureReader(CaptureReader&&) noexcept;
    CaptureReader& operator=(CaptureReader&&) noexcept;

    /// As of now (a capture that is being written grows).
    [[nodiscard]] Result<CaptureInfo> info();
    /// The row of that stream, or of the only one when no name is given. NotFound names those that there are.
    [[nodiscard]] Result<capture::StreamRow> stream(const std::optional<std::string>& name);

    enum class ChunkOutcome {
        Chunk,   ///< head and data are good
        Damaged, ///< there is or was a chunk; head.id says where to go on
        End,
    };
    /// The next chunk of `stream` behind row `afterId` (0: the first). `data` points into memory that is good
    /// until the next call. An error is one of the disk, not of the content.
    [[nodiscard]] Result<ChunkOutcome> nextChunk(std::int64_t stream, std::int64_t afterId,
                                                 capture::ChunkHead& head, std::string_view& data);
    /// Where a scan that wants everything from `sequence` on may begin: an id for `afterId`. 0 when the index
    /// does not tell.
    [[nodiscard]] std::int64_t seek(std::int64_t stream, StreamSequence sequence);
    /// The same for the first chunk that reaches to `time`, and the last that begins by `time`.
    [[nodiscard]] std::int64_t seekFirstReaching(std::int64_t stream, ServerTime time);
    [[nodiscard]] std::int64_t seekLastBeginningBy(std::int64_t stream, ServerTime time);
    /// Up to `limit` gaps that end at or behind `from`, ascending; damaged rows are left out and counted.
    [[nodiscard]] Result<std::vector<SequenceGap>> gapsFrom(std::int64_t stream, StreamSequence from,
                                                            std::size_t limit);

    /// Reads and checks every row, decoding every chunk. `progress` gets the rows so far, may be empty.
    [[nodiscard]] Result<CaptureCheck> check(std::stop_token stop,
                                             const std::function<void(std::uint64_t)>& progress = {});

private:
    struct Impl;
    explicit CaptureReader(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> m_impl;
};

} // namespace jetlag
