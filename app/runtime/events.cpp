// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/events.h"

#include "app/runtime/connections.h"
#include "app/runtime/stream_range.h"
#include "nats/source/stream_lookup.h"
#include "replay/source/capture_source.h"

#include <algorithm>

namespace jetlag {

namespace {

Result<std::unique_ptr<EventSource>> openEvents(const EventsRequest& request, std::stop_token stop)
{
    if (!request.server) {
        CaptureSourceOptions options{.range = request.range, .filters = request.filters};
        if (!request.stream.empty())
            options.stream = request.stream;
        Result<std::unique_ptr<CaptureSource>> source =
            CaptureSource::open(request.capture, std::move(options));
        if (!source)
            return source.error();
        return std::unique_ptr<EventSource>(std::move(*source));
    }
    Result<std::shared_ptr<RealServerLink>> link = realLink(request.server);
    if (!link)
        return link.error();
    SequenceSourceOptions options{.filters = request.filters, .headers = HeaderChoice::All};
    // A few events need no wide window.
    if (request.count)
        options.window = static_cast<unsigned>(std::clamp<std::uint64_t>(*request.count, 1, options.window));
    Result<std::unique_ptr<SequenceSource>> source =
        openStreamRange((*link)->reads(), request.stream, request.range, std::move(options), stop);
    if (!source)
        return source.error();
    return std::unique_ptr<EventSource>(std::move(*source));
}

} // namespace

JobPtr<std::uint64_t> RealEventsService::read(EventsRequest request, std::function<bool(const Message&)> each)
{
    return m_runner.start<std::uint64_t>([request = std::move(request), each = std::move(each)](
                                             Job<std::uint64_t>& job) -> Result<std::uint64_t> {
        Result<std::unique_ptr<EventSource>> source = openEvents(request, job.stopToken());
        if (!source)
            return source.error();
        std::uint64_t shown = 0;
        MessageBatch batch;
        while (!job.isCancelled()) {
            batch.clear();
            const Result<SourceOutcome> outcome =
                (*source)->next(batch, std::chrono::milliseconds(200), job.stopToken());
            if (!outcome)
                return outcome.error();
            if (*outcome == SourceOutcome::End)
                break;
            for (const Message& message : batch.messages) {
                if (request.count && shown >= *request.count)
                    return shown;
                ++shown;
                if (!each(message))
                    return shown;
            }
            if (request.count && shown >= *request.count)
                return shown;
            job.setProgress(
                {.done = shown, .total = request.count.value_or(0), .unit = "events", .words = "reading"});
        }
        return shown;
    });
}

JobPtr<std::vector<SequenceGap>> RealEventsService::deleted(std::shared_ptr<ServerLink> server,
                                                            std::string stream)
{
    using Gaps = std::vector<SequenceGap>;
    return m_runner.start<Gaps>(
        [server = std::move(server), stream = std::move(stream)](Job<Gaps>& job) -> Result<Gaps> {
            Result<std::shared_ptr<RealServerLink>> link = realLink(server);
            if (!link)
                return link.error();
            return lookUpDeleted((*link)->reads(), stream, job.stopToken());
        });
}

} // namespace jetlag
