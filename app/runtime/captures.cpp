// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/captures.h"

#include "app/runtime/connections.h"
#include "app/runtime/stream_range.h"
#include "replay/capture/capture_reader.h"
#include "replay/capture/capture_recorder.h"

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
    CaptureRecorder recorder(request.file,
                             {.ifExists = request.force ? IfExists::Overwrite : IfExists::Refuse});
    const Result<RecordingSummary> recorded =
        recorder.record(**source, job.stopToken(), [&job](const RecordingProgress& now) {
            job.setProgress({.done = now.done, .total = now.total, .unit = "messages", .words = "recording"});
        });
    if (!recorded)
        return recorded.error();
    return CaptureSummary{.messages = recorded->messages,
                          .bytes = recorded->bytes,
                          .gaps = recorded->gaps,
                          .firstSequence = recorded->firstSequence,
                          .lastSequence = recorded->lastSequence,
                          .cancelled = recorded->cancelled};
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
