// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/capture_recorder.h"

#include "model/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace jetlag {

namespace {

// How long a source may look for something; decides how soon a recording that follows a tail commits what it
// has.
constexpr std::chrono::milliseconds kSourceWait{200};

RecordingProgress progressOf(const CaptureWriter& writer, const SourceInfo& info, StreamSequence lookedAt)
{
    const CaptureProgress written = writer.progress();
    RecordingProgress now{.messages = written.messages, .bytes = written.bytes, .gaps = written.gaps};
    if (info.last) {
        now.done = countBetween(info.first, std::min(lookedAt, *info.last));
        now.total = countBetween(info.first, *info.last);
    } else {
        now.done = now.messages;
    }
    return now;
}

/// What was read is worth keeping: closes the file, then tells both.
Error sourceFailed(Error error, CaptureWriter& writer, const std::filesystem::path& file)
{
    if (const Result<CaptureClosed> closed = writer.close(); !closed)
        return Error(closed.error().code(),
                     fmt::format("{}; and before that: {}", closed.error().message(), error.message()));
    return Error(error.code(), fmt::format("{}; the {} messages before it are in {}", error.message(),
                                           writer.progress().messages, safeForDisplay(file.string())));
}

} // namespace

CaptureRecorder::CaptureRecorder(std::filesystem::path file, CaptureWriterOptions options)
    : m_file(std::move(file))
    , m_options(std::move(options))
{}

Result<RecordingSummary>
CaptureRecorder::record(EventSource& source, std::stop_token stop,
                        const std::function<void(const RecordingProgress&)>& onProgress)
{
    const SourceInfo& info = source.info();
    if (!info.stream)
        return Error(ErrorCode::InvalidArgument, "only streams can be recorded: raw logs are files already");
    Result<CaptureWriter> writer = CaptureWriter::open(m_file, m_options);
    if (!writer)
        return writer.error();
    const Result<CaptureWriter::Stream> stream =
        writer->addStream({.identity = *info.stream, .filters = info.filters, .first = info.first});
    if (!stream)
        return stream.error();

    RecordingSummary summary;
    StreamSequence lookedAt;
    MessageBatch batch;
    for (;;) {
        batch.clear();
        Result<SourceOutcome> outcome = source.next(batch, kSourceWait, stop);
        if (!outcome)
            return sourceFailed(std::move(outcome).error(), *writer, m_file);
        if (*outcome == SourceOutcome::End)
            break;
        summary.cancelled = stop.stop_requested();
        // An empty batch is added too: it keeps the commits on time.
        if (Result<void> added = writer->add(*stream, batch); !added)
            return added.error();
        if (!batch.messages.empty()) {
            if (summary.firstSequence.isZero())
                summary.firstSequence = batch.messages.front().sequence;
            summary.lastSequence = batch.messages.back().sequence;
        }
        lookedAt = std::max(lookedAt, batch.coveredTo);
        if (onProgress)
            onProgress(progressOf(*writer, info, lookedAt));
        if (summary.cancelled)
            break;
    }
    const Result<CaptureClosed> closed = writer->close();
    if (!closed)
        return closed.error();
    const CaptureProgress written = writer->progress();
    summary.messages = written.messages;
    summary.bytes = written.bytes;
    summary.gaps = written.gaps;
    summary.closed = *closed;
    return summary;
}

} // namespace jetlag
