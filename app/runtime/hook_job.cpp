// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/pipelines.h"
#include "model/base/text.h"
#include "model/profile/nats_context.h"
#include "nats/hook/hook.h"

#include <fmt/format.h>

namespace jetlag {

namespace {

Result<HookSummary> publish(const HookRequest& request, Job<HookSummary>& job)
{
    const std::optional<RecordKind> kind = recordKindFrom(request.kind);
    if (!kind)
        return Error(ErrorCode::InvalidArgument,
                     fmt::format("\"{}\" is no kind of log", safeForDisplay(request.kind)));
    const Result<ConnectionProfile> profile =
        chooseProfile(contextRoot(), request.connection.context, request.connection.server);
    if (!profile)
        return profile.error();
    HookOptions options;
    options.profile = *profile;
    options.kind = *kind;
    options.paths = request.paths;
    options.stream = request.stream;
    options.subjectPrefix = request.subjectPrefix;
    options.sourceName = request.sourceName;
    options.applicationId = request.applicationId;
    options.timeZone = request.timeZone;
    options.follow = request.follow;
    options.recordsPerSecond = request.recordsPerSecond;
    options.onProgress = [&job](const HookProgress& progress) {
        job.setProgress({.done = progress.records,
                         .unit = "records",
                         .words = progress.trouble.empty() ? "publishing" : "waiting: " + progress.trouble});
    };
    job.setProgress({.unit = "records", .words = "looking at the files"});
    Result<HookOutcome> outcome = runHook(options, job.stopToken());
    if (!outcome)
        return outcome.error();
    return HookSummary{.stream = std::move(outcome->stream),
                       .records = outcome->records,
                       .messages = outcome->messages,
                       .bytes = outcome->bytes,
                       .duplicates = outcome->duplicates,
                       .skippedRecords = outcome->skippedRecords,
                       .files = outcome->files,
                       .partial = outcome->partial,
                       .cancelled = outcome->stopped,
                       .created = std::move(outcome->created),
                       .problems = std::move(outcome->problems)};
}

} // namespace

JobPtr<HookSummary> RealPipelineService::hook(HookRequest request)
{
    return m_runner.start<HookSummary>(
        [request = std::move(request)](Job<HookSummary>& job) { return publish(request, job); });
}

} // namespace jetlag
