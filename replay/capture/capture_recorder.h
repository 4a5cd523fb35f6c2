#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/engine/event_source.h"
#include "replay/capture/capture_writer.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

namespace jetlag {

/// How far a recording is. Never goes back.
struct RecordingProgress
{
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0; ///< payload bytes
    std::uint64_t gaps = 0;
    std::uint64_t done = 0;  ///< of `total` where that is known (sequences looked at), else messages
    std::uint64_t total = 0; ///< sequences of the range; 0 = it follows the tail, or is filtered
};

struct RecordingSummary
{
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0; ///< payload bytes
    std::uint64_t gaps = 0;
    StreamSequence firstSequence; ///< 0 when nothing was recorded
    StreamSequence lastSequence;
    bool cancelled = false; ///< stopped on the way: the file holds what came before, and is closed
    CaptureClosed closed;
};

/// Records one source, a stream's range or its tail, into a capture file: messages as they are, sequences
/// that do not exist any more as gaps. Changes nothing at the source.
///
///     CaptureRecorder recorder("incident.jetlag", {});
///     Result<RecordingSummary> recorded = recorder.record(source, stop, [](const RecordingProgress& now) { …
///     });
///
/// The file is made when the source is there already, and closed cleanly however reading ends. An error of
/// the source says so and how much is in the file; one of the disk (NoSpace, Io) how much is safe. One thread
/// at a time.
class CaptureRecorder final
{
public:
    CaptureRecorder(std::filesystem::path file, CaptureWriterOptions options);

    /// Until the source ends, fails or `stop` is requested. The source is read on a thread of its own;
    /// `onProgress` is called on this one, after each batch and while none comes. InvalidArgument: the source
    /// is no stream's.
    [[nodiscard]] Result<RecordingSummary>
    record(EventSource& source, std::stop_token stop,
           const std::function<void(const RecordingProgress&)>& onProgress = {});

private:
    const std::filesystem::path m_file;
    const CaptureWriterOptions m_options;
};

} // namespace jetlag
