// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/pipelines.h"
#include "model/analyzers/registry.h"
#include "model/base/state_folder.h"
#include "model/base/text.h"
#include "model/engine/checkpoint_owner.h"
#include "model/engine/controlled_source.h"
#include "model/engine/sqlite_checkpoint_store.h"
#include "model/profile/nats_context.h"
#include "nats/source/durable_source.h"
#include "nats/source/stream_lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace jetlag {

namespace {

Result<std::filesystem::path> stateFolder(const CollectorRequest& request)
{
    if (!request.stateFolder.empty())
        return request.stateFolder;
    Result<std::filesystem::path> base = defaultStateFolder();
    if (!base)
        return base;
    // Names may hold anything but `.`, `*`, `>` and blanks; a folder's name may not hold `/`.
    return *base / "collectors" / percentEncode(request.stream, "_-") / percentEncode(request.durable, "_-");
}

// What the state directory holds, once it is known to belong to this stream, filter and analyzer.
Result<std::optional<StreamSequence>> ownCheckpoint(SqliteCheckpointStore& store, const Analyzer& analyzer,
                                                    ReadOnlyApi& reads, const CollectorRequest& request,
                                                    std::stop_token stop)
{
    const Result<std::optional<RestoredState>> restored = store.load();
    if (!restored)
        return restored.error();
    if (!*restored)
        return std::optional<StreamSequence>();
    const CheckpointHeader& header = (*restored)->header;
    const Result<StreamSnapshot> stream = lookUpStream(reads, request.stream, stop);
    if (!stream)
        return stream.error();
    CheckpointOwner owner{.analyzer = analyzer.name(),
                          .analyzerVersion = analyzer.version(),
                          .stream = identityOf(*stream),
                          .filters = request.filters};
    const Result<ConsumerSnapshot> consumer = lookUpConsumer(reads, request.stream, request.durable, stop);
    if (consumer)
        owner.filters = consumer->filters;
    else if (consumer.error().code() != ErrorCode::NotFound)
        return consumer.error();
    if (needsKnownMessage(header, owner.stream)) {
        const Result<std::optional<FoundSequence>> known =
            firstMessageFrom(reads, request.stream, header.stream.knownSequence, stop);
        if (!known)
            return known.error();
        if (*known && (*known)->sequence == header.stream.knownSequence)
            owner.knownMessageTime = (*known)->time;
    }
    if (Result<void> belongs = checkBelongs(header, owner, store.describe()); !belongs)
        return belongs.error();
    return std::optional(header.sequence);
}

void watchEngine(Job<CollectorSummary>& job, const Engine& engine, std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        job.setProgress({.done = engine.progress().events, .unit = "events", .words = "collecting"});
        never.wait_for(lock, stop, std::chrono::milliseconds(100), [] { return false; });
    }
}

Result<CollectorSummary> collectStream(const CollectorRequest& request, Job<CollectorSummary>& job)
{
    const Analyzer* analyzer = findAnalyzer(request.analyzer);
    if (!analyzer)
        return Error(ErrorCode::InvalidArgument,
                     fmt::format("there is no analyzer \"{}\"", safeForDisplay(request.analyzer)));
    const Result<ConnectionProfile> profile =
        chooseProfile(contextRoot(), request.connection.context, request.connection.server);
    if (!profile)
        return profile.error();
    const Result<std::filesystem::path> folder = stateFolder(request);
    if (!folder)
        return folder.error();
    Result<std::unique_ptr<SqliteCheckpointStore>> store = SqliteCheckpointStore::open(*folder);
    if (!store)
        return store.error();
    Result<std::unique_ptr<Connection>> connection =
        Connection::open(*profile, {.name = "jetlag collector " + request.durable});
    if (!connection)
        return connection.error();
    ReadOnlyApi reads(**connection);
    WriteApi writes(**connection);
    const Result<std::optional<StreamSequence>> checkpoint =
        ownCheckpoint(**store, *analyzer, reads, request, job.stopToken());
    if (!checkpoint)
        return checkpoint.error();

    std::string created;
    Result<std::unique_ptr<DurableSource>> source =
        DurableSource::open(reads, writes,
                            {.stream = request.stream,
                             .durable = request.durable,
                             .filters = request.filters,
                             .ackWait = request.ackWait,
                             .checkpoint = *checkpoint,
                             .acceptPartial = request.acceptPartial,
                             .untilCaughtUp = request.untilCaughtUp},
                            created, job.stopToken());
    if (!source)
        return source.error();
    if (!created.empty())
        job.setProgress({.unit = "events", .words = created});

    EngineOptions options{.workers = request.workers, .analyzer = {.onDemandTables = request.onDemandTables}};
    // An ack that comes after ack_wait comes too late.
    options.checkpointEvery =
        std::clamp(std::chrono::duration_cast<std::chrono::milliseconds>((*source)->ackWait() / 4),
                   std::chrono::milliseconds(50), std::chrono::milliseconds(1'000));
    options.partial =
        (*source)->start().partial || (!*checkpoint && (*source)->info().first > StreamSequence(1));
    Engine engine(*analyzer, options);
    if (*checkpoint) {
        if (Result<void> restored = engine.restore(**store); !restored)
            return restored.error();
    }
    ControlledSource throttled(**source, {.perSecond = request.eventsPerSecond});
    std::jthread watcher([&](std::stop_token stop) { watchEngine(job, engine, stop); });
    const Result<EngineOutcome> outcome = engine.run(throttled, job.stopToken(), store->get(), source->get());
    watcher.request_stop();
    watcher.join();
    if (!outcome)
        return outcome.error();
    if (Result<void> flushed = (*source)->flushAcks(std::chrono::seconds(10)); !flushed)
        return flushed.error();

    CollectorSummary summary;
    summary.result = {
        .analyzer = std::string(analyzer->name()), .version = analyzer->version(), .engine = engine.result()};
    summary.result.cancelled = *outcome == EngineOutcome::Stopped;
    summary.stream = request.stream;
    summary.collector = request.durable;
    const DurableCounters counters = (*source)->counters();
    summary.readAgain = counters.readAgain;
    summary.redelivered = counters.redelivered;
    return summary;
}

} // namespace

JobPtr<CollectorSummary> RealPipelineService::collect(CollectorRequest request)
{
    return m_runner.start<CollectorSummary>(
        [request = std::move(request)](Job<CollectorSummary>& job) { return collectStream(request, job); });
}

} // namespace jetlag
