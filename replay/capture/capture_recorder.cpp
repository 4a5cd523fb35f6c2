// SPDX-License-Identifier: Apache-2.0
#include "replay/capture/capture_recorder.h"

#include "model/base/text.h"
#include "model/engine/read_ahead.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace jetlag {

namespace {

// While nothing comes the writer is asked so often whether a commit is due; below half of its own beat.
constexpr std::chrono::milliseconds kIdleBeat{200};

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
Error sourceFailed(const Error& error, CaptureWriter& writer, const std::filesystem::path& file)
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
    // Reading waits for the network, adding packs into columns: on threads of their own neither waits for the
    // other.
    ReadAhead reader(source, stop);
    std::shared_ptr<MessageBatch> batch;
    const MessageBatch none;
    for (bool more = true; more;) {
        switch (reader.wait(std::chrono::steady_clock::now() + kIdleBeat, batch)) {
        case ReadAhead::Wake::Batch:
        case ReadAhead::Wake::Attention:
            break;
        case ReadAhead::Wake::End:
            more = false;
            continue;
        case ReadAhead::Wake::Stopped:
            summary.cancelled = true;
            more = false;
            continue;
        case ReadAhead::Wake::Failed:
            return sourceFailed(reader.error(), *writer, m_file);
        }
        if (Result<void> added = writer->add(*stream, batch ? *batch : none); !added)
            return added.error();
        if (batch && !batch->messages.empty()) {
            if (summary.firstSequence.isZero())
                summary.firstSequence = batch->messages.front().sequence;
            summary.lastSequence = batch->messages.back().sequence;
        }
        lookedAt = std::max(lookedAt, batch ? batch->coveredTo : StreamSequence());
        if (onProgress)
            onProgress(progressOf(*writer, info, lookedAt));
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
