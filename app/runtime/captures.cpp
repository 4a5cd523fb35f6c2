// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/captures.h"

#include "app/runtime/connections.h"
#include "app/runtime/stream_range.h"
#include "replay/capture/capture_reader.h"
#include "replay/capture/capture_writer.h"

#include <algorithm>

namespace jetlag {

namespace {

Result<CaptureSummary> recordStream(const CaptureRequest& request, Job<CaptureSummary>& job)
{
    Result<std::shared_ptr<RealServerLink>> link = realLink(request.server);
    if (!link)
        return link.error();
    job.setProgress({.unit = "events", .words = "opening the stream"});
    Result<std::unique_ptr<SequenceSource>> source =
        openStreamRange((*link)->reads(), request.stream, request.range,
                        {.follow = request.follow, .headers = HeaderChoice::All}, job.stopToken());
    if (!source)
        return source.error();
    using IfExists = CaptureWriterOptions::IfExists;
    Result<CaptureWriter> writer = CaptureWriter::open(
        request.file, {.ifExists = request.force ? IfExists::Overwrite : IfExists::Refuse});
    if (!writer)
        return writer.error();
    const SourceInfo& info = (*source)->info();
    const Result<CaptureWriter::Stream> stream =
        writer->addStream({.identity = *info.stream, .first = info.first});
    if (!stream)
        return stream.error();

    CaptureSummary summary;
    MessageBatch batch;
    for (;;) {
        batch.clear();
        const Result<SourceOutcome> outcome =
            (*source)->next(batch, std::chrono::milliseconds(200), job.stopToken());
        if (!outcome) {
            // What was read so far is worth keeping: close cleanly, then say what happened.
            if (Result<CaptureClosed> closed = writer->close(); !closed)
                return closed.error();
            return outcome.error();
        }
        if (*outcome == SourceOutcome::End)
            break;
        if (job.isCancelled()) {
            summary.cancelled = true;
            if (batch.messages.empty())
                break;
        }
        if (Result<void> added = writer->add(*stream, batch); !added)
            return added.error();
        if (!batch.messages.empty()) {
            if (summary.firstSequence.isZero())
                summary.firstSequence = batch.messages.front().sequence;
            summary.lastSequence = batch.messages.back().sequence;
        }
        const CaptureProgress progress = writer->progress();
        JobProgress shown{.done = progress.messages, .unit = "events", .words = "recording"};
        if (info.last)
            shown.total = countBetween(info.first, *info.last);
        job.setProgress(std::move(shown));
        if (summary.cancelled)
            break;
    }
    if (Result<CaptureClosed> closed = writer->close(); !closed)
        return closed.error();
    const CaptureProgress progress = writer->progress();
    summary.messages = progress.messages;
    summary.bytes = progress.bytes;
    summary.gaps = progress.gaps;
    return summary;
}

Result<CaptureDescription> describeFile(const std::filesystem::path& file)
{
    Result<CaptureReader> reader = CaptureReader::open(file);
    if (!reader)
        return reader.error();
    Result<CaptureInfo> info = reader->info();
    if (!info)
        return info.error();
    CaptureDescription description{.messages = info->messages,
                                   .bytes = info->bytes,
                                   .fileBytes = info->fileBytes,
                                   .cleanClose = info->cleanClose,
                                   .recovery = info->recovery,
                                   .formatVersion = static_cast<std::uint32_t>(info->formatVersion),
                                   .writtenBy = info->writer};
    for (CaptureStreamInfo& stream : info->streams)
        description.streams.push_back({.identity = std::move(stream.identity),
                                       .messages = stream.messages,
                                       .bytes = stream.bytes,
                                       .firstSequence = stream.firstSequence,
                                       .lastSequence = stream.lastSequence,
                                       .firstTime = stream.firstTime,
                                       .lastTime = stream.lastTime,
                                       .gaps = std::move(stream.gaps)});
    return description;
}

} // namespace

JobPtr<CaptureSummary> RealCaptureService::record(CaptureRequest request)
{
    return m_runner.start<CaptureSummary>(
        [request = std::move(request)](Job<CaptureSummary>& job) { return recordStream(request, job); });
}

JobPtr<CaptureDescription> RealCaptureService::describe(std::filesystem::path file)
{
    return m_runner.start<CaptureDescription>(
        [file = std::move(file)](Job<CaptureDescription>&) { return describeFile(file); });
}

} // namespace jetlag
