// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/replays.h"

#include "app/runtime/connections.h"
#include "app/runtime/stream_range.h"
#include "model/analyzers/registry.h"
#include "model/base/text.h"
#include "model/engine/controlled_source.h"
#include "replay/source/capture_source.h"
#include "replay/source/log_source.h"

#include <fmt/format.h>

#include <mutex>

namespace jetlag {

namespace {

/// What a range reads from, with whatever must live as long.
struct OpenedSource
{
    std::shared_ptr<RealServerLink> link;
    std::unique_ptr<EventSource> source;
    LogSource* log = nullptr; ///< the source, when it is one
};

Result<OpenedSource> open(const StreamReplaySource& from, const ReplayRequest& request, std::stop_token stop)
{
    Result<std::shared_ptr<RealServerLink>> link = realLink(from.server);
    if (!link)
        return link.error();
    SequenceSourceOptions options;
    options.filters = request.filters;
    if (from.likeDurable) {
        const Result<ConsumerSnapshot> durable =
            lookUpConsumer((*link)->reads(), from.stream, *from.likeDurable, stop);
        if (!durable)
            return durable.error();
        options.filters = durable->filters;
    }
    Result<std::unique_ptr<SequenceSource>> source =
        openStreamRange((*link)->reads(), from.stream, request.range, std::move(options), stop);
    if (!source)
        return source.error();
    return OpenedSource{*link, std::move(*source)};
}

Result<OpenedSource> open(const CaptureReplaySource& from, const ReplayRequest& request, std::stop_token)
{
    Result<std::unique_ptr<CaptureSource>> source = CaptureSource::open(
        from.file, {.stream = from.stream, .range = request.range, .filters = request.filters});
    if (!source)
        return source.error();
    return OpenedSource{nullptr, std::move(*source)};
}

Result<OpenedSource> open(const LogReplaySource& from, const ReplayRequest& request, std::stop_token)
{
    const std::optional<RecordKind> kind = logKindFor(request.analyzer);
    if (!kind)
        return Error(ErrorCode::InvalidArgument,
                     fmt::format("{} reads no raw logs", safeForDisplay(request.analyzer)));
    Result<std::unique_ptr<LogSource>> source = LogSource::open({.paths = from.paths,
                                                                 .kind = *kind,
                                                                 .timeZone = from.timeZone,
                                                                 .application = from.applicationId,
                                                                 .range = request.range,
                                                                 .filters = request.filters,
                                                                 .wantTimes = request.speed > 0});
    if (!source)
        return source.error();
    LogSource* log = source->get();
    return OpenedSource{nullptr, std::move(*source), log};
}

class RealReplayRun final : public ReplayRun, public std::enable_shared_from_this<RealReplayRun>
{
public:
    RealReplayRun(JobRunner& runner, ReplayRequest request)
        : m_runner(runner)
        , m_request(std::move(request))
    {}

    void begin()
    {
        m_job = m_runner.start<ReplayResult>(
            [self = shared_from_this()](Job<ReplayResult>& job) { return self->work(job); });
    }

    void pause() override { setPaused(true); }
    void resume() override { setPaused(false); }
    bool isPaused() const override
    {
        const std::lock_guard lock(m_mutex);
        return m_paused;
    }

    EngineProgress progress() const override
    {
        const std::lock_guard lock(m_mutex);
        return m_engine ? m_engine->progress() : m_lastProgress;
    }

    std::optional<std::pair<StreamSequence, StreamSequence>> range() const override
    {
        const std::lock_guard lock(m_mutex);
        return m_range;
    }

    std::optional<double> fraction() const override
    {
        {
            const std::lock_guard lock(m_mutex);
            if (m_log)
                return m_log->fractionRead();
        }
        return ReplayRun::fraction();
    }

    JobPtr<EngineResult> tables() override
    {
        return m_runner.start<EngineResult>(
            [self = shared_from_this()](Job<EngineResult>&) -> Result<EngineResult> {
                std::shared_ptr<Engine> engine;
                {
                    const std::lock_guard lock(self->m_mutex);
                    engine = self->m_engine;
                }
                std::optional<EngineResult> result;
                if (engine)
                    result = engine->requestTables(std::chrono::seconds(10));
                if (!result)
                    return Error(ErrorCode::Unavailable,
                                 "the replay is not at work; its result holds the tables");
                return std::move(*result);
            });
    }

    JobPtr<ReplayResult> job() override { return m_job; }

private:
    void setPaused(bool paused)
    {
        const std::lock_guard lock(m_mutex);
        m_paused = paused;
        if (!m_control)
            return;
        if (paused)
            m_control->pause();
        else
            m_control->resume();
    }

    Result<ReplayResult> work(Job<ReplayResult>& job)
    {
        const Analyzer* analyzer = findAnalyzer(m_request.analyzer);
        if (!analyzer)
            return Error(ErrorCode::InvalidArgument,
                         fmt::format("there is no analyzer \"{}\"", safeForDisplay(m_request.analyzer)));
        job.setProgress({.unit = "events", .words = "opening the source"});
        Result<OpenedSource> opened = std::visit(
            [&](const auto& from) { return open(from, m_request, job.stopToken()); }, m_request.source);
        if (!opened)
            return opened.error();
        const SourceInfo info = opened->source->info();
        ControlledSource control(*opened->source, {.factor = m_request.speed});
        const auto engine = std::make_shared<Engine>(
            *analyzer, EngineOptions{.workers = m_request.workers,
                                     .analyzer = {.onDemandTables = m_request.onDemandTables},
                                     .partial = info.first > StreamSequence(1)});
        begun(info, control, opened->log, engine);

        // The engine keeps the thread busy: progress is looked at from beside it.
        std::jthread watcher([&job, engine, info](std::stop_token stop) { watch(job, *engine, info, stop); });
        const Result<EngineOutcome> outcome = engine->run(control, job.stopToken());
        watcher.request_stop();
        watcher.join();
        ended(*engine);
        // What was read before a source failed is worth having; a state that was lost is not.
        if (!outcome && (outcome.error().code() == ErrorCode::Internal || engine->progress().messages == 0))
            return outcome.error();
        ReplayResult result{.analyzer = std::string(analyzer->name()),
                            .version = analyzer->version(),
                            .engine = engine->result()};
        if (outcome)
            result.cancelled = *outcome == EngineOutcome::Stopped;
        else
            result.problem = outcome.error().message();
        if (!result.problem.empty())
            result.engine.partial = true;
        if (opened->log && opened->log->partial())
            result.engine.partial = true;
        return result;
    }

    static void watch(Job<ReplayResult>& job, const Engine& engine, const SourceInfo& info,
                      std::stop_token stop)
    {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        while (!stop.stop_requested()) {
            const EngineProgress progress = engine.progress();
            JobProgress shown{.done = progress.events, .unit = "events", .words = "replaying"};
            if (info.last && info.stream && info.filters.empty())
                shown.total = countBetween(info.first, *info.last);
            job.setProgress(std::move(shown));
            never.wait_for(lock, stop, std::chrono::milliseconds(100), [] { return false; });
        }
    }

    void begun(const SourceInfo& info, ControlledSource& control, LogSource* log,
               std::shared_ptr<Engine> engine)
    {
        const std::lock_guard lock(m_mutex);
        m_control = &control;
        m_log = log;
        if (m_paused)
            control.pause();
        m_engine = std::move(engine);
        if (info.last)
            m_range = {info.first, *info.last};
    }

    void ended(const Engine& engine)
    {
        const std::lock_guard lock(m_mutex);
        m_lastProgress = engine.progress();
        m_control = nullptr;
        m_log = nullptr;
        m_engine.reset();
    }

    JobRunner& m_runner;
    const ReplayRequest m_request;
    JobPtr<ReplayResult> m_job;

    mutable std::mutex m_mutex; // guards the rest, which the job's thread sets and others look at
    bool m_paused = false;
    ControlledSource* m_control = nullptr; // null before and after the run
    LogSource* m_log = nullptr;            // likewise; null where no logs are read
    std::shared_ptr<Engine> m_engine;
    EngineProgress m_lastProgress;
    std::optional<std::pair<StreamSequence, StreamSequence>> m_range;
};

} // namespace

std::shared_ptr<ReplayRun> RealReplayService::start(ReplayRequest request)
{
    auto run = std::make_shared<RealReplayRun>(m_runner, std::move(request));
    run->begin();
    return run;
}

} // namespace jetlag
