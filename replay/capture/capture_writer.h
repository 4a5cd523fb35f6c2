#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "model/base/result.h"
#include "model/event/message.h"
#include "model/event/stream_identity.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace jetlag {

struct CaptureWriterOptions
{
    enum class IfExists { Refuse, Overwrite, Append };
    IfExists ifExists = IfExists::Refuse;
    std::chrono::milliseconds commitEvery{500};  ///< a killed writer loses at most this much,
    std::uint64_t commitBytes = 4 * 1024 * 1024; ///< or so many bytes of chunks
    const Clock* clock = &systemClock();         ///< outlives the writer
    std::string vfs;                             ///< SQLite's file layer; empty = the system's
};

/// What is recorded of one stream.
struct CaptureStream
{
    StreamIdentity identity;
    std::string config;               ///< as the server sent it (JSON); may be empty
    std::vector<std::string> filters; ///< empty = every subject
    StreamSequence first;             ///< where recording begins
};

/// How far a writer is. Counts of this run; any thread.
struct CaptureProgress
{
    std::uint64_t messages = 0; ///< taken
    std::uint64_t bytes = 0;    ///< payload bytes taken
    std::uint64_t gaps = 0;
    std::uint64_t committedMessages = 0; ///< these survive whatever happens to the process
    std::uint64_t chunkBytes = 0;        ///< compressed, written
};

struct CaptureClosed
{
    /// False: somebody reads the file, so it keeps a `-wal` beside it until the last one has closed it.
    bool singleFile = true;
};

/// Writes a capture file (FORMAT.md). add() copies what it is given into columns; compressing, writing and
/// committing happen on a thread of the writer's own, behind a bounded queue: a slow disk slows add() down.
///
///     auto writer = CaptureWriter::open("incident.jetlag");
///     auto stream = writer->addStream({.identity = identity, .first = StreamSequence(1)});
///     writer->add(*stream, batch);      // as often as batches come
///     writer->add(*stream, {});         // when none comes: commits stay on time
///     auto closed = writer->close();
///
/// After an error every call returns it; what was committed stays readable, the error says how much. A writer
/// that is destroyed without close() commits what it has, but the file says that it was not closed.
/// One thread at a time; progress() from any.
class CaptureWriter final
{
public:
    /// Exists: the file is there and may not be overwritten. Conflict: somebody writes it, or it is no
    /// capture.
    [[nodiscard]] static Result<CaptureWriter> open(const std::filesystem::path& path,
                                                    CaptureWriterOptions options = {});
    ~CaptureWriter();
    CaptureWriter(CaptureWriter&&) noexcept;
    CaptureWriter& operator=(CaptureWriter&&) noexcept;

    /// A stream that this file holds, or will hold.
    struct Stream
    {
        std::size_t index = 0;
        StreamSequence coveredTo; ///< already in the file: recording goes on behind it; 0 when it is new
    };
    /// Appending: the file's stream of that name, if it is the same stream (isSameStream(); then what lies
    /// between becomes a gap `not-recorded`). Conflict when it is another one, or was recorded with another
    /// filter. InvalidArgument when `first` is in the file already.
    [[nodiscard]] Result<Stream> addStream(const CaptureStream& stream);

    /// Messages, gaps and coveredTo of the batch. Sequences must ascend over all calls.
    [[nodiscard]] Result<void> add(const Stream& stream, const MessageBatch& batch);
    /// Returns when everything so far is committed.
    [[nodiscard]] Result<void> commit();
    /// Commits and closes cleanly. The writer is of no further use, whatever comes back.
    [[nodiscard]] Result<CaptureClosed> close();

    [[nodiscard]] CaptureProgress progress() const noexcept;

private:
    struct Impl;
    explicit CaptureWriter(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> m_impl;
};

} // namespace jetlag
