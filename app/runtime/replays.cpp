// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/replays.h"

#include "app/runtime/connections.h"
#include "app/runtime/stream_range.h"
#include "model/analyzers/registry.h"
#include "model/base/text.h"
#include "replay/session/replay_session.h"
#include "replay/source/capture_source.h"
#include "replay/source/log_source.h"

#include <fmt/format.h>

#include <mutex>
#include <optional>

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

JobProgress shownProgress(const ReplayProgress& progress)
{
    return {.done = progress.done,
            .total = progress.total,
            .unit = progress.total > 0 ? "messages" : "events",
            .words = "replaying"};
}

/// A session on the job's thread; without one where nobody knows the analyzer.
class RealReplayRun final : public ReplayRun, public std::enable_shared_from_this<RealReplayRun>
{
public:
    RealReplayRun(JobRunner& runner, ReplayRequest request)
        : m_runner(runner)
        , m_request(std::move(request))
        , m_analyzer(findAnalyzer(m_request.analyzer))
    {
        if (m_analyzer)
            m_session.emplace(
                *m_analyzer,
                ReplaySessionOptions{.engine = {.workers = m_request.workers,
                                                .analyzer = {.onDemandTables = m_request.onDemandTables}},
                                     .pace = {.factor = m_request.speed}});
    }

    void begin()
    {
        m_job = m_runner.start<ReplayResult>(
            [self = shared_from_this()](Job<ReplayResult>& job) { return self->work(job); });
    }

    void pause() override
    {
        if (m_session)
            m_session->pause();
    }
    void resume() override
    {
        if (m_session)
            m_session->resume();
    }
    bool isPaused() const override { return m_session && m_session->isPaused(); }
    EngineProgress progress() const override
    {
        return m_session ? m_session->progress().engine : EngineProgress();
    }
    std::optional<std::pair<StreamSequence, StreamSequence>> range() const override
    {
        return m_session ? m_session->range() : std::nullopt;
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
                std::optional<EngineResult> result;
                if (self->m_session)
                    result = self->m_session->tables(std::chrono::seconds(10));
                if (!result)
                    return Error(ErrorCode::Unavailable,
                                 "the replay is not at work; its result holds the tables");
                return std::move(*result);
            });
    }

    JobPtr<ReplayResult> job() override { return m_job; }

private:
    /// Lets others look at the log while it is read.
    class LogInSight final
    {
    public:
        LogInSight(RealReplayRun& run, LogSource* log)
            : m_run(run)
        {
            show(log);
        }
        ~LogInSight() { show(nullptr); }
        LogInSight(const LogInSight&) = delete;
        LogInSight& operator=(const LogInSight&) = delete;

    private:
        void show(LogSource* log)
        {
            const std::lock_guard lock(m_run.m_mutex);
            m_run.m_log = log;
        }
        RealReplayRun& m_run;
    };

    Result<ReplayResult> work(Job<ReplayResult>& job)
    {
        if (!m_session)
            return Error(ErrorCode::InvalidArgument,
                         fmt::format("there is no analyzer \"{}\"", safeForDisplay(m_request.analyzer)));
        job.setProgress({.unit = "events", .words = "opening the source"});
        Result<OpenedSource> opened = std::visit(
            [&](const auto& from) { return open(from, m_request, job.stopToken()); }, m_request.source);
        if (!opened)
            return opened.error();
        const LogInSight inSight(*this, opened->log);
        Result<ReplayOutcome> outcome =
            m_session->run(*opened->source, job.stopToken(), [&job](const ReplayProgress& progress) {
                job.setProgress(shownProgress(progress));
            });
        if (!outcome)
            return outcome.error();
        ReplayResult result{.analyzer = std::string(m_analyzer->name()),
                            .version = m_analyzer->version(),
                            .engine = std::move(outcome->result),
                            .cancelled = outcome->cancelled};
        if (outcome->sourceError)
            result.problem = outcome->sourceError->message();
        if (opened->log && opened->log->partial())
            result.engine.partial = true;
        return result;
    }

    JobRunner& m_runner;
    const ReplayRequest m_request;
    const Analyzer* const m_analyzer; // null: there is none of that name
    std::optional<ReplaySession> m_session;
    JobPtr<ReplayResult> m_job;

    mutable std::mutex m_mutex;
    LogSource* m_log = nullptr; // null but while logs are read
};

} // namespace

std::shared_ptr<ReplayRun> RealReplayService::start(ReplayRequest request)
{
    auto run = std::make_shared<RealReplayRun>(m_runner, std::move(request));
    run->begin();
    return run;
}

} // namespace jetlag
