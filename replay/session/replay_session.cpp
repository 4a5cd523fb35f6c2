// SPDX-License-Identifier: Apache-2.0
#include "replay/session/replay_session.h"

#include "model/base/thread_name.h"

#include <condition_variable>
#include <thread>

namespace jetlag {

/// What a session shows of itself while it runs; takes it back however the run ends.
class ReplaySession::AtWork final
{
public:
    AtWork(ReplaySession& session, ControlledSource& control, std::shared_ptr<Engine> engine)
        : m_session(session)
    {
        const SourceInfo& info = control.info();
        const std::lock_guard lock(m_session.m_mutex);
        if (m_session.m_paused)
            control.pause();
        m_session.m_control = &control;
        m_session.m_engine = std::move(engine);
        if (info.last)
            m_session.m_range = {info.first, *info.last};
        m_session.m_countsMessages = info.last && info.stream && info.filters.empty();
    }
    ~AtWork()
    {
        const std::lock_guard lock(m_session.m_mutex);
        m_session.m_lastProgress = m_session.m_engine->progress();
        m_session.m_control = nullptr;
        m_session.m_engine.reset();
    }
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;

private:
    ReplaySession& m_session;
};

namespace {

/// Calls `report` at a steady beat, beside the engine, which keeps its own thread busy; and once at the end.
class Beat final
{
public:
    Beat(std::chrono::milliseconds every, std::function<void()> report)
        : m_report(std::move(report))
        , m_thread([this, every](const std::stop_token& stop) {
            setCurrentThreadName("jetlag-progress");
            std::mutex mutex;
            std::condition_variable_any never;
            std::unique_lock lock(mutex);
            do {
                m_report();
            } while (!never.wait_for(lock, stop, every, [&stop] { return stop.stop_requested(); }));
        })
    {}
    ~Beat()
    {
        m_thread.request_stop();
        m_thread.join();
        m_report();
    }
    Beat(const Beat&) = delete;
    Beat& operator=(const Beat&) = delete;

private:
    const std::function<void()> m_report;
    std::jthread m_thread;
};

} // namespace

ReplaySession::ReplaySession(const Analyzer& analyzer, ReplaySessionOptions options)
    : m_analyzer(analyzer)
    , m_options(std::move(options))
{}

ReplaySession::~ReplaySession() = default;

Result<ReplayOutcome> ReplaySession::run(EventSource& source, std::stop_token stop,
                                         std::function<void(const ReplayProgress&)> onProgress)
{
    {
        const std::lock_guard lock(m_mutex);
        if (std::exchange(m_started, true))
            return Error(ErrorCode::Internal, "a replay session runs once");
    }
    ControlledSource control(source, m_options.pace, *m_options.clock);
    EngineOptions options = m_options.engine;
    options.partial = options.partial || source.info().first > StreamSequence(1);
    const auto engine = std::make_shared<Engine>(m_analyzer, std::move(options));
    const AtWork atWork(*this, control, engine);

    std::optional<Beat> beat;
    if (onProgress)
        beat.emplace(m_options.progressEvery, [this, &onProgress] { onProgress(progress()); });
    const Result<EngineOutcome> ended = engine->run(control, std::move(stop));
    beat.reset();
    if (!ended && (ended.error().code() == ErrorCode::Internal || engine->progress().messages == 0))
        return ended.error();
    ReplayOutcome outcome{.result = engine->result()};
    if (ended) {
        outcome.cancelled = *ended == EngineOutcome::Stopped;
    } else {
        outcome.sourceError = ended.error();
        outcome.result.partial = true;
    }
    return outcome;
}

void ReplaySession::setPaused(bool paused)
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

bool ReplaySession::isPaused() const
{
    const std::lock_guard lock(m_mutex);
    return m_paused;
}

ReplayProgress ReplaySession::progress() const
{
    const std::lock_guard lock(m_mutex);
    ReplayProgress now{.engine = m_engine ? m_engine->progress() : m_lastProgress};
    if (m_countsMessages) {
        now.done = countBetween(m_range->first, now.engine.sequence);
        now.total = countBetween(m_range->first, m_range->second);
    } else {
        now.done = now.engine.events;
    }
    return now;
}

std::optional<std::pair<StreamSequence, StreamSequence>> ReplaySession::range() const
{
    const std::lock_guard lock(m_mutex);
    return m_range;
}

std::optional<EngineResult> ReplaySession::tables(std::chrono::milliseconds patience)
{
    std::shared_ptr<Engine> engine;
    {
        const std::lock_guard lock(m_mutex);
        engine = m_engine;
    }
    return engine ? engine->requestTables(patience) : std::nullopt;
}

} // namespace jetlag
