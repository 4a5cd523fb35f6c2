#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/capture_service.h"
#include "model/service/connection_service.h"
#include "model/service/demo_service.h"
#include "model/service/diagnosis_service.h"
#include "model/service/events_service.h"
#include "model/service/job_runner.h"
#include "model/service/local_server_service.h"
#include "model/service/monitor_service.h"
#include "model/service/pipeline_service.h"
#include "model/service/services.h"
#include "tests/support/fake_history.h"
#include "tests/support/fake_replay.h"
#include "tests/support/fake_reports.h"
#include "tests/support/scripted_calls.h"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace jetlag::test {

/// What flows, as the test says. setReport() reaches every watcher at once, in the test's thread; a new
/// watcher gets the report that is there. Without a report, report() stays open until one is set.
class FakeMonitorService final : public MonitorService
{
public:
    FakeMonitorService();

    void setReport(ClusterReport report);
    /// As when a look fails: the last report again, stale, with the reason.
    void failLook(std::string problem);

    [[nodiscard]] JobPtr<ClusterReport> report(MonitorRequest request) override;
    [[nodiscard]] Subscription
    watch(MonitorRequest request,
          std::function<void(std::shared_ptr<const ClusterReport>)> onReport) override;

    [[nodiscard]] std::size_t watchers() const;
    [[nodiscard]] std::vector<MonitorRequest> requests() const; ///< of both kinds, in order

private:
    struct Watcher
    {
        std::mutex mutex; // held while the callback runs: the subscription's end waits for it
        std::function<void(std::shared_ptr<const ClusterReport>)> onReport; // empty = ended
    };
    void send(std::shared_ptr<const ClusterReport> report);

    mutable std::mutex m_mutex; // guards what follows; never held while a callback runs
    std::shared_ptr<const ClusterReport> m_report;
    std::vector<std::weak_ptr<Watcher>> m_watchers;
    std::vector<MonitorRequest> m_requests;
    ScriptedCalls<MonitorRequest, ClusterReport> m_calls;
};

class FakeServerLink final : public ServerLink
{
public:
    explicit FakeServerLink(std::string name);

    [[nodiscard]] ServerDescription description() const override;
    [[nodiscard]] bool isConnected() const override { return m_connected; }
    [[nodiscard]] std::optional<NextTry> nextTry() const override;
    void tryNow() override { ++hurried; }
    [[nodiscard]] Footprint footprint() const override;
    [[nodiscard]] FakeMonitorService& monitor() override { return m_monitor; }

    void setDescription(ServerDescription description);
    void setConnected(bool connected) { m_connected = connected; }
    void setFootprint(Footprint footprint);
    void setNextTry(std::optional<NextTry> next);

    std::atomic<int> hurried = 0; ///< calls of tryNow()

private:
    mutable std::mutex m_mutex;
    std::optional<NextTry> m_nextTry;
    ServerDescription m_description;
    Footprint m_footprint;
    std::atomic<bool> m_connected = true;
    FakeMonitorService m_monitor;
};

/// Servers by the name of their context or by their address; neither means "the selected context".
///
///     auto link = connections.addServer("production", reportWith(1'000));
///     connections.deny("staging");
///     connections.kill("backup");
///     connections.stall("far-away");    // open() stays under way
///
/// An unknown context is NotFound, an unknown address has nobody who listens. All of it also holds for
/// test().
class FakeConnectionService final : public ConnectionService
{
public:
    FakeConnectionService();

    static constexpr const char* kSelected = ""; ///< the name of what is opened without context and address

    std::shared_ptr<FakeServerLink> addServer(const std::string& name,
                                              std::optional<ClusterReport> report = std::nullopt);
    void deny(const std::string& name);
    /// Nobody listens any more; a link that is open says that it is not connected.
    void kill(const std::string& name);
    void revive(const std::string& name);
    void stall(const std::string& name);
    /// What test() says of a server that can be used; all granted unless told.
    void setAbilities(const std::string& name, std::vector<Ability> abilities);
    void setContexts(std::vector<FoundContext> contexts);

    [[nodiscard]] std::vector<FoundContext> contexts() override;
    [[nodiscard]] JobPtr<std::shared_ptr<ServerLink>> open(ConnectionRequest request) override;
    [[nodiscard]] JobPtr<ConnectionTest> test(ConnectionRequest request) override;

    ScriptedCalls<ConnectionRequest, std::shared_ptr<ServerLink>> opened;
    ScriptedCalls<ConnectionRequest, ConnectionTest> tested;

private:
    enum class Mood { Well, Denied, Dead, Stalled };
    struct Server
    {
        Mood mood = Mood::Well;
        std::shared_ptr<FakeServerLink> link;
        std::vector<Ability> abilities;
    };
    /// nullopt = no answer for now.
    [[nodiscard]] std::optional<Result<Server>> find(const ConnectionRequest& request) const;
    void setMood(const std::string& name, Mood mood);

    mutable std::mutex m_mutex;
    std::map<std::string, Server> m_servers;
    std::vector<FoundContext> m_contexts;
};

/// Recordings stay under way until the test finishes them (a cancel by the user ends them with what was set
/// as `partial`); files are described as put here, others do not exist.
class FakeCaptureService final : public CaptureService
{
public:
    FakeCaptureService();

    void addFile(const std::filesystem::path& file, Result<CaptureDescription> description);
    [[nodiscard]] JobPtr<CaptureSummary> record(CaptureRequest request) override;
    [[nodiscard]] JobPtr<CaptureDescription> describe(std::filesystem::path file) override;

    CaptureSummary partial{.cancelled = true}; ///< set before the cancel
    ScriptedCalls<CaptureRequest, CaptureSummary> recorded;
    ScriptedCalls<std::filesystem::path, CaptureDescription> described;

private:
    std::mutex m_mutex;
    std::map<std::filesystem::path, Result<CaptureDescription>> m_files;
};

/// A message that owns its bytes.
struct FakeEvent
{
    StreamSequence sequence;
    ServerTime time = kReportTime;
    std::string subject;
    std::string payload;
    std::vector<std::pair<std::string, std::string>> headers;
};

/// Streams of messages that are made when they are read, so that a stream may hold millions; read in a thread
/// of the job's own, as the real one does. A capture file is a stream under the file's name.
class FakeEventsService final : public EventsService
{
public:
    using Maker = std::function<std::optional<FakeEvent>(StreamSequence)>; ///< nullopt = a gap

    void addStream(const std::string& name, std::uint64_t lastSequence, Maker maker);
    void addStream(const std::string& name, std::vector<FakeEvent> messages);
    void failStream(const std::string& name, Error error);
    /// Reading stops before this sequence until release(), or until the job is cancelled.
    void holdAt(StreamSequence sequence);
    void release();

    [[nodiscard]] JobPtr<std::uint64_t> read(EventsRequest request,
                                             std::function<bool(const Message&)> each) override;
    /// Says what setDeleted() was told.
    [[nodiscard]] JobPtr<std::vector<SequenceGap>> deleted(std::shared_ptr<ServerLink> server,
                                                           std::string stream) override;
    void setDeleted(const std::string& name, std::vector<SequenceGap> gaps);
    [[nodiscard]] std::size_t deletedAsked() const;
    [[nodiscard]] std::vector<EventsRequest> requests() const;

private:
    struct Stream
    {
        std::uint64_t last = 0;
        Maker maker;
        std::optional<Error> error;
    };
    [[nodiscard]] Result<std::uint64_t> handOut(const EventsRequest& request,
                                                const std::function<bool(const Message&)>& each,
                                                Job<std::uint64_t>& job);
    /// False when the job was cancelled meanwhile.
    [[nodiscard]] bool passHold(StreamSequence sequence, std::stop_token stop);

    mutable std::mutex m_mutex; // guards what follows
    std::condition_variable_any m_released;
    std::optional<StreamSequence> m_hold;
    std::map<std::string, Stream> m_streams;
    std::map<std::string, std::vector<SequenceGap>> m_deleted;
    std::size_t m_deletedAsked = 0;
    std::vector<EventsRequest> m_requests;

    JobRunner m_runner; // last: its threads use all of the above
};

/// Hooks and collectors that a test finishes by hand; a cancel ends them with a summary that says so.
class FakePipelineService final : public PipelineService
{
public:
    FakePipelineService();
    [[nodiscard]] JobPtr<HookSummary> hook(HookRequest request) override;
    [[nodiscard]] JobPtr<CollectorSummary> collect(CollectorRequest request) override;

    ScriptedCalls<HookRequest, HookSummary> hooks;
    ScriptedCalls<CollectorRequest, CollectorSummary> collectors;
};

/// "Starts" at once. The servers it handed out end when kill() says so.
class FakeLocalServerService final : public LocalServerService
{
public:
    void failWith(std::optional<Error> error);
    void kill(); ///< all that run
    [[nodiscard]] int alive() const { return m_state->alive; }

    [[nodiscard]] Result<std::unique_ptr<LocalServer>> start(LocalServerOptions options) override;

private:
    struct State
    {
        std::atomic<int> alive = 0;
        std::atomic<int> generation = 0; ///< a server of an older one is dead
    };
    class Server;

    std::mutex m_mutex;
    std::optional<Error> m_error;
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

/// A demo without processes; its server is one of FakeConnectionService under the address kUrl.
class FakeDemoService final : public DemoService
{
public:
    static constexpr const char* kUrl = "nats://127.0.0.1:14222";

    void failWith(std::optional<Error> error);
    /// start() waits until it is false again (its caller must be in the background).
    void stall(bool stalled);
    void happens(DemoMoment moment);
    void setProblem(std::string problem);
    void setCollectors(std::vector<DemoCollector> collectors);
    [[nodiscard]] int alive() const;
    [[nodiscard]] std::size_t started() const;

    [[nodiscard]] Result<std::unique_ptr<DemoRun>> start(DemoOptions options) override;

private:
    struct State
    {
        mutable std::mutex mutex;
        std::condition_variable changed;
        bool stalled = false;
        int alive = 0;
        std::size_t started = 0;
        std::optional<Error> error;
        std::vector<DemoMoment> moments;
        std::string problem;
        std::vector<DemoCollector> collectors;
    };
    class Run;

    std::shared_ptr<State> m_state = std::make_shared<State>();
};

/// Judgements that a test finishes by hand.
class FakeDiagnosisService final : public DiagnosisService
{
public:
    [[nodiscard]] JobPtr<std::uint64_t> judge(SamplesRequest request,
                                              std::function<void(const JudgedSample&)>) override
    {
        return judged.start(std::move(request));
    }

    [[nodiscard]] JobPtr<Diagnosis> diagnose(DiagnosisRequest request,
                                             std::function<void(std::shared_ptr<const Diagnosis>)>) override
    {
        return diagnosed.start(std::move(request));
    }

    ScriptedCalls<SamplesRequest, std::uint64_t> judged;
    ScriptedCalls<DiagnosisRequest, Diagnosis> diagnosed;
};

/// All of them, as the window takes them.
struct FakeServices
{
    FakeConnectionService connections;
    FakeReplayService replays;
    FakeCaptureService captures;
    FakeEventsService events;
    FakePipelineService pipeline;
    FakeLocalServerService localServers;
    FakeDemoService demos;
    FakeDiagnosisService diagnosis;
    FakeHistoryService history;

    [[nodiscard]] Services services()
    {
        return {connections, replays, captures, events, pipeline, localServers, demos, diagnosis, history};
    }
};

} // namespace jetlag::test
