// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_services.h"

#include "model/event/subject.h"
#include "model/profile/connection_profile.h"

#include <fmt/format.h>

#include <algorithm>

namespace jetlag::test {

// --- monitor

FakeMonitorService::FakeMonitorService()
{
    m_calls.answer = [this](const MonitorRequest&) -> std::optional<Result<ClusterReport>> {
        const std::lock_guard lock(m_mutex);
        return m_report ? std::optional<Result<ClusterReport>>(*m_report) : std::nullopt;
    };
}

void FakeMonitorService::setReport(ClusterReport report)
{
    send(std::make_shared<const ClusterReport>(std::move(report)));
}

void FakeMonitorService::failLook(std::string problem)
{
    std::shared_ptr<const ClusterReport> last;
    {
        const std::lock_guard lock(m_mutex);
        last = m_report;
    }
    send(std::make_shared<const ClusterReport>(echoOf(last ? *last : ClusterReport(), std::move(problem))));
}

void FakeMonitorService::send(std::shared_ptr<const ClusterReport> report)
{
    std::vector<std::shared_ptr<Watcher>> watchers;
    {
        const std::lock_guard lock(m_mutex);
        m_report = report;
        for (const std::weak_ptr<Watcher>& weak : m_watchers) {
            if (std::shared_ptr<Watcher> watcher = weak.lock())
                watchers.push_back(std::move(watcher));
        }
    }
    for (const std::shared_ptr<Watcher>& watcher : watchers) {
        const std::lock_guard lock(watcher->mutex);
        if (watcher->onReport)
            watcher->onReport(report);
    }
    for (std::size_t i = 0; i < m_calls.count(); ++i)
        m_calls.finish(i, *report);
}

JobPtr<ClusterReport> FakeMonitorService::report(MonitorRequest request)
{
    {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(request);
    }
    return m_calls.start(request);
}

Subscription FakeMonitorService::watch(MonitorRequest request,
                                       std::function<void(std::shared_ptr<const ClusterReport>)> onReport)
{
    auto watcher = std::make_shared<Watcher>();
    watcher->onReport = std::move(onReport);
    std::shared_ptr<const ClusterReport> now;
    {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(request);
        m_watchers.push_back(watcher);
        now = m_report;
    }
    if (now) {
        const std::lock_guard lock(watcher->mutex);
        watcher->onReport(now);
    }
    return Subscription([watcher]() mutable {
        {
            const std::lock_guard lock(watcher->mutex);
            watcher->onReport = nullptr;
        }
        watcher.reset();
    });
}

std::size_t FakeMonitorService::watchers() const
{
    const std::lock_guard lock(m_mutex);
    return static_cast<std::size_t>(std::count_if(m_watchers.begin(), m_watchers.end(),
                                                  [](const auto& watcher) { return !watcher.expired(); }));
}

std::vector<MonitorRequest> FakeMonitorService::requests() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

// --- connections

FakeServerLink::FakeServerLink(std::string name)
    : m_description{.name = std::move(name),
                    .url = "nats://127.0.0.1:4222",
                    .version = "2.10.0",
                    .maxPayload = 1'048'576,
                    .jetStream = true}
{}

std::optional<NextTry> FakeServerLink::nextTry() const
{
    const std::lock_guard lock(m_mutex);
    return m_nextTry;
}

void FakeServerLink::setNextTry(std::optional<NextTry> next)
{
    const std::lock_guard lock(m_mutex);
    m_nextTry = next;
}

ServerDescription FakeServerLink::description() const
{
    const std::lock_guard lock(m_mutex);
    return m_description;
}

void FakeServerLink::setDescription(ServerDescription description)
{
    const std::lock_guard lock(m_mutex);
    m_description = std::move(description);
}

Footprint FakeServerLink::footprint() const
{
    const std::lock_guard lock(m_mutex);
    return m_footprint;
}

void FakeServerLink::setFootprint(Footprint footprint)
{
    const std::lock_guard lock(m_mutex);
    m_footprint = footprint;
}

FakeConnectionService::FakeConnectionService()
{
    opened.answer =
        [this](const ConnectionRequest& request) -> std::optional<Result<std::shared_ptr<ServerLink>>> {
        const std::optional<Result<Server>> server = find(request);
        if (!server)
            return std::nullopt;
        if (!*server)
            return server->error();
        return std::shared_ptr<ServerLink>((*server)->link);
    };
    tested.answer = [this](const ConnectionRequest& request) -> std::optional<Result<ConnectionTest>> {
        const std::optional<Result<Server>> server = find(request);
        if (!server)
            return std::nullopt;
        if (!*server)
            return server->error();
        return ConnectionTest{.server = (*server)->link->description(),
                              .answeredIn = std::chrono::milliseconds(3),
                              .abilities = (*server)->abilities};
    };
}

std::shared_ptr<FakeServerLink> FakeConnectionService::addServer(const std::string& name,
                                                                 std::optional<ClusterReport> report)
{
    // As the real one: what an address calls itself has no login.
    const bool isAddress = name.find("://") != std::string::npos;
    auto link = std::make_shared<FakeServerLink>(name == kSelected ? "selected"
                                                 : isAddress       ? profileFromUrl(name).title()
                                                                   : name);
    if (report)
        link->monitor().setReport(std::move(*report));
    const std::lock_guard lock(m_mutex);
    m_servers[name] = {
        .link = link,
        .abilities = {{.what = "Streams: list, detail", .grant = Grant::Yes, .note = "What flows"}}};
    return link;
}

void FakeConnectionService::setMood(const std::string& name, Mood mood)
{
    const std::lock_guard lock(m_mutex);
    Server& server = m_servers[name];
    server.mood = mood;
    if (!server.link)
        server.link = std::make_shared<FakeServerLink>(name);
    server.link->setConnected(mood != Mood::Dead);
}

void FakeConnectionService::deny(const std::string& name)
{
    setMood(name, Mood::Denied);
}

void FakeConnectionService::kill(const std::string& name)
{
    setMood(name, Mood::Dead);
}

void FakeConnectionService::revive(const std::string& name)
{
    setMood(name, Mood::Well);
}

void FakeConnectionService::stall(const std::string& name)
{
    setMood(name, Mood::Stalled);
}

void FakeConnectionService::setAbilities(const std::string& name, std::vector<Ability> abilities)
{
    const std::lock_guard lock(m_mutex);
    m_servers[name].abilities = std::move(abilities);
}

void FakeConnectionService::setContexts(std::vector<FoundContext> contexts)
{
    const std::lock_guard lock(m_mutex);
    m_contexts = std::move(contexts);
}

std::optional<Result<FakeConnectionService::Server>>
FakeConnectionService::find(const ConnectionRequest& request) const
{
    const std::string name = request.context ? *request.context : request.server.value_or(kSelected);
    const std::lock_guard lock(m_mutex);
    const auto found = m_servers.find(name);
    if (found == m_servers.end()) {
        if (request.context)
            return Error(ErrorCode::NotFound, fmt::format("there is no context \"{}\"", name));
        return Error(ErrorCode::Unavailable, fmt::format("nobody listens at {}", name));
    }
    switch (found->second.mood) {
    case Mood::Denied:
        return Error(ErrorCode::Denied,
                     fmt::format("{} refused the login: check user, password, token or credentials", name));
    case Mood::Dead:
        return Error(ErrorCode::Unavailable, fmt::format("nobody listens at {}", name));
    case Mood::Stalled:
        return std::nullopt;
    case Mood::Well:
        break;
    }
    return found->second;
}

std::vector<FoundContext> FakeConnectionService::contexts()
{
    const std::lock_guard lock(m_mutex);
    return m_contexts;
}

JobPtr<std::shared_ptr<ServerLink>> FakeConnectionService::open(ConnectionRequest request)
{
    return opened.start(std::move(request));
}

JobPtr<ConnectionTest> FakeConnectionService::test(ConnectionRequest request)
{
    return tested.start(std::move(request));
}

// --- captures

FakeCaptureService::FakeCaptureService()
{
    recorded.whenCancelled = [this](const CaptureRequest&) -> Result<CaptureSummary> { return partial; };
    described.answer =
        [this](const std::filesystem::path& file) -> std::optional<Result<CaptureDescription>> {
        const std::lock_guard lock(m_mutex);
        const auto found = m_files.find(file);
        if (found != m_files.end())
            return found->second;
        return Error(ErrorCode::NotFound, fmt::format("{} does not exist", file.string()));
    };
}

void FakeCaptureService::addFile(const std::filesystem::path& file, Result<CaptureDescription> description)
{
    const std::lock_guard lock(m_mutex);
    m_files.insert_or_assign(file, std::move(description));
}

JobPtr<CaptureSummary> FakeCaptureService::record(CaptureRequest request)
{
    return recorded.start(std::move(request));
}

JobPtr<CaptureDescription> FakeCaptureService::describe(std::filesystem::path file)
{
    return described.start(std::move(file));
}

// --- events

void FakeEventsService::addStream(const std::string& name, std::uint64_t lastSequence, Maker maker)
{
    const std::lock_guard lock(m_mutex);
    m_streams.insert_or_assign(name, Stream{.last = lastSequence, .maker = std::move(maker)});
}

void FakeEventsService::addStream(const std::string& name, std::vector<FakeEvent> messages)
{
    auto stored = std::make_shared<std::map<StreamSequence, FakeEvent>>();
    for (FakeEvent& message : messages) {
        const StreamSequence sequence = message.sequence;
        stored->insert_or_assign(sequence, std::move(message));
    }
    const std::uint64_t last = stored->empty() ? 0 : stored->rbegin()->first.value();
    addStream(name, last, [stored](StreamSequence sequence) -> std::optional<FakeEvent> {
        const auto found = stored->find(sequence);
        return found == stored->end() ? std::nullopt : std::optional(found->second);
    });
}

void FakeEventsService::failStream(const std::string& name, Error error)
{
    const std::lock_guard lock(m_mutex);
    m_streams[name].error = std::move(error);
}

void FakeEventsService::holdAt(StreamSequence sequence)
{
    const std::lock_guard lock(m_mutex);
    m_hold = sequence;
}

void FakeEventsService::release()
{
    {
        const std::lock_guard lock(m_mutex);
        m_hold.reset();
    }
    m_released.notify_all();
}

bool FakeEventsService::passHold(StreamSequence sequence, std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    return m_released.wait(lock, stop, [&] { return !m_hold || sequence < *m_hold; });
}

JobPtr<std::uint64_t> FakeEventsService::read(EventsRequest request, std::function<bool(const Message&)> each)
{
    {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(request);
    }
    return m_runner.start<std::uint64_t>(
        [this, request = std::move(request), each = std::move(each)](Job<std::uint64_t>& job) {
            return handOut(request, each, job);
        });
}

JobPtr<std::vector<SequenceGap>> FakeEventsService::deleted(std::shared_ptr<ServerLink>, std::string stream)
{
    using Gaps = std::vector<SequenceGap>;
    return m_runner.start<Gaps>([this, stream = std::move(stream)](Job<Gaps>&) -> Result<Gaps> {
        const std::lock_guard lock(m_mutex);
        ++m_deletedAsked;
        if (const auto found = m_streams.find(stream); found != m_streams.end() && found->second.error)
            return *found->second.error;
        return m_deleted[stream];
    });
}

void FakeEventsService::setDeleted(const std::string& name, std::vector<SequenceGap> gaps)
{
    const std::lock_guard lock(m_mutex);
    m_deleted[name] = std::move(gaps);
}

std::size_t FakeEventsService::deletedAsked() const
{
    const std::lock_guard lock(m_mutex);
    return m_deletedAsked;
}

std::vector<EventsRequest> FakeEventsService::requests() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

Result<std::uint64_t> FakeEventsService::handOut(const EventsRequest& request,
                                                 const std::function<bool(const Message&)>& each,
                                                 Job<std::uint64_t>& job)
{
    const std::string name = request.server ? request.stream : request.capture.string();
    Stream stream;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_streams.find(name);
        if (found == m_streams.end())
            return Error(ErrorCode::NotFound, fmt::format("there is no stream {}", name));
        stream = found->second;
    }
    if (stream.error)
        return *stream.error;

    const auto isBefore = [](const FakeEvent& message, const std::optional<Position>& from) {
        const ServerTime* time = from ? std::get_if<ServerTime>(&*from) : nullptr;
        return time && message.time < *time;
    };
    const auto isBehind = [](const FakeEvent& message, const std::optional<Position>& to) {
        const ServerTime* time = to ? std::get_if<ServerTime>(&*to) : nullptr;
        return time && message.time > *time;
    };
    const auto sequenceOf = [](const std::optional<Position>& end, std::uint64_t otherwise) {
        const StreamSequence* sequence = end ? std::get_if<StreamSequence>(&*end) : nullptr;
        return sequence ? sequence->value() : otherwise;
    };
    const std::uint64_t last = std::min(stream.last, sequenceOf(request.range.to, stream.last));
    std::uint64_t handedOut = 0;
    for (std::uint64_t next = std::max<std::uint64_t>(1, sequenceOf(request.range.from, 1)); next <= last;
         ++next) {
        if (request.count && handedOut >= *request.count)
            break;
        if (job.isCancelled() || !passHold(StreamSequence(next), job.stopToken()))
            break;
        const std::optional<FakeEvent> stored = stream.maker(StreamSequence(next));
        if (!stored || isBefore(*stored, request.range.from))
            continue;
        if (isBehind(*stored, request.range.to))
            break;
        const bool wanted =
            request.filters.empty() ||
            std::any_of(request.filters.begin(), request.filters.end(),
                        [&](const std::string& filter) { return subjectMatches(filter, stored->subject); });
        if (!wanted)
            continue;
        std::vector<HeaderField> headers;
        for (const auto& [header, value] : stored->headers)
            headers.push_back({header, value});
        Message message;
        message.sequence = StreamSequence(next);
        message.time = stored->time;
        message.subject = stored->subject;
        message.headers = headers;
        message.payload = stored->payload;
        ++handedOut;
        job.setProgress({.done = handedOut, .total = request.count.value_or(0), .unit = "events"});
        if (!each(message))
            break;
    }
    return handedOut;
}

// --- hooks and collectors

FakePipelineService::FakePipelineService()
{
    hooks.whenCancelled = [](const HookRequest& request) -> Result<HookSummary> {
        return HookSummary{.stream = request.stream, .cancelled = true};
    };
    collectors.whenCancelled = [](const CollectorRequest& request) -> Result<CollectorSummary> {
        CollectorSummary summary{.stream = request.stream, .collector = request.durable};
        summary.result.analyzer = request.analyzer;
        summary.result.cancelled = true;
        return summary;
    };
}

JobPtr<HookSummary> FakePipelineService::hook(HookRequest request)
{
    return hooks.start(std::move(request));
}

JobPtr<CollectorSummary> FakePipelineService::collect(CollectorRequest request)
{
    return collectors.start(std::move(request));
}

// --- local servers

class FakeLocalServerService::Server final : public LocalServer
{
public:
    Server(std::shared_ptr<State> state, std::uint16_t port)
        : m_state(std::move(state))
        , m_generation(m_state->generation)
        , m_port(port)
    {
        ++m_state->alive;
    }
    ~Server() override
    {
        if (isRunning())
            --m_state->alive;
    }
    std::string url() const override { return fmt::format("nats://127.0.0.1:{}", m_port); }
    bool isRunning() override { return m_state->generation == m_generation; }

private:
    const std::shared_ptr<State> m_state;
    const int m_generation;
    const std::uint16_t m_port;
};

void FakeLocalServerService::failWith(std::optional<Error> error)
{
    const std::lock_guard lock(m_mutex);
    m_error = std::move(error);
}

void FakeLocalServerService::kill()
{
    ++m_state->generation;
    m_state->alive = 0;
}

Result<std::unique_ptr<LocalServer>> FakeLocalServerService::start(LocalServerOptions options)
{
    const std::lock_guard lock(m_mutex);
    if (m_error)
        return *m_error;
    return std::unique_ptr<LocalServer>(
        std::make_unique<Server>(m_state, options.port == 0 ? std::uint16_t{14'222} : options.port));
}

// --- demo

class FakeDemoService::Run final : public DemoRun
{
public:
    explicit Run(std::shared_ptr<State> state)
        : m_state(std::move(state))
    {}
    ~Run() override
    {
        const std::lock_guard lock(m_state->mutex);
        --m_state->alive;
    }
    std::string url() const override { return kUrl; }
    std::vector<DemoMoment> takeMoments() override
    {
        const std::lock_guard lock(m_state->mutex);
        return std::exchange(m_state->moments, {});
    }
    std::string problem() override
    {
        const std::lock_guard lock(m_state->mutex);
        return m_state->problem;
    }
    std::vector<DemoCollector> stopPipelines() override
    {
        const std::lock_guard lock(m_state->mutex);
        return m_state->collectors;
    }

private:
    const std::shared_ptr<State> m_state;
};

void FakeDemoService::failWith(std::optional<Error> error)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->error = std::move(error);
}

void FakeDemoService::stall(bool stalled)
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->stalled = stalled;
    }
    m_state->changed.notify_all();
}

void FakeDemoService::happens(DemoMoment moment)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->moments.push_back(std::move(moment));
}

void FakeDemoService::setProblem(std::string problem)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->problem = std::move(problem);
}

void FakeDemoService::setCollectors(std::vector<DemoCollector> collectors)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->collectors = std::move(collectors);
}

int FakeDemoService::alive() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->alive;
}

std::size_t FakeDemoService::started() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->started;
}

Result<std::unique_ptr<DemoRun>> FakeDemoService::start(DemoOptions)
{
    const std::shared_ptr<State> state = m_state;
    std::unique_lock lock(state->mutex);
    ++state->started;
    state->changed.wait(lock, [&] { return !state->stalled; });
    if (state->error)
        return *state->error;
    ++state->alive;
    return std::unique_ptr<DemoRun>(std::make_unique<Run>(state));
}

} // namespace jetlag::test
