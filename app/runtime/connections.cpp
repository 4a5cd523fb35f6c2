// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/connections.h"

#include "model/base/text.h"
#include "model/cluster/poller.h"
#include "model/profile/nats_context.h"
#include "nats/monitor/ability_probe.h"
#include "nats/monitor/monitor_probe.h"

#include <condition_variable>
#include <mutex>
#include <vector>

namespace jetlag {

namespace {

constexpr std::chrono::seconds kLongestWait{5}; // between tries to reach a server that is lost

ServerDescription describe(const Connection& connection)
{
    const ServerInfo info = connection.serverInfo();
    ServerDescription description;
    description.name = connection.profile().title();
    description.colorScheme = connection.profile().colorScheme;
    description.url = connection.connectedUrl();
    description.version = info.version.value_or("");
    description.cluster = info.cluster.value_or("");
    description.maxPayload = static_cast<std::uint64_t>(std::max<std::int64_t>(0, info.maxPayload));
    description.jetStream = info.jetStream.value_or(true);
    return description;
}

/// Where the login comes from, never what it is.
std::string describeCredentials(const ConnectionProfile& profile)
{
    if (profile.creds)
        return "creds " + describeSecret(*profile.creds);
    if (profile.nkey)
        return "nkey " + describeSecret(*profile.nkey);
    if (profile.userJwt)
        return "user JWT " + describeSecret(*profile.userJwt);
    if (!profile.user.empty()) {
        const std::string user = "user " + safeForDisplay(profile.user);
        return profile.password ? user + ", password " + describeSecret(*profile.password) : user;
    }
    if (profile.token)
        return "token " + describeSecret(*profile.token);
    return profile.certFile.empty() ? "" : "certificate " + safeForDisplay(profile.certFile);
}

} // namespace

/// Reports of one connection. Holds no thread but those of its subscribers' pollers.
class RealServerLink::Monitor final : public MonitorService
{
public:
    Monitor(RealServerLink& link, JobRunner& runner)
        : m_link(link)
        , m_runner(runner)
    {}

    JobPtr<ClusterReport> report(MonitorRequest request) override
    {
        return m_runner.start<ClusterReport>(
            [link = m_link.shared_from_this(), request](Job<ClusterReport>& job) -> Result<ClusterReport> {
                MonitorProbe probe(link->reads(), {.includeHidden = request.all});
                ClusterMonitor monitor(probe);
                Result<ClusterReport> report = monitor.sample(request.all, job.stopToken());
                if (!report)
                    return report;
                std::mutex mutex;
                std::condition_variable_any never;
                std::unique_lock lock(mutex);
                never.wait_for(lock, job.stopToken(), request.interval, [] { return false; });
                report = monitor.sample(request.all, job.stopToken());
                if (report && report->server.empty())
                    report->server = link->description().name;
                return report;
            });
    }

    Subscription watch(MonitorRequest request,
                       std::function<void(std::shared_ptr<const ClusterReport>)> onReport) override
    {
        struct Watching
        {
            MonitorProbe probe;
            Poller poller;
            ConnectionListener listener;
            Watching(ReadOnlyApi& reads, const MonitorRequest& wanted, Poller::Callback callback)
                : probe(reads, {.includeHidden = wanted.all})
                , poller(probe, wanted.interval, wanted.all, std::move(callback))
                , listener(reads.listenToConnection([this](const ConnectionEvent& event) {
                    // A refusal or an overflow is told the same way, and breaks nothing.
                    if (event.kind == ConnectionEvent::Kind::Disconnected ||
                        event.kind == ConnectionEvent::Kind::Reconnected)
                        poller.connectionChanged();
                }))
            {}
        };
        auto watching = std::make_shared<Watching>(m_link.reads(), request, std::move(onReport));
        {
            const std::lock_guard lock(m_mutex);
            std::erase_if(m_pollers, [](const auto& poller) { return poller.expired(); });
            m_pollers.push_back(std::shared_ptr<Poller>(watching, &watching->poller));
        }
        return Subscription([watching]() mutable { watching.reset(); });
    }

    void refreshNow() override
    {
        std::vector<std::weak_ptr<Poller>> pollers;
        {
            const std::lock_guard lock(m_mutex);
            pollers = m_pollers;
        }
        for (const std::weak_ptr<Poller>& one : pollers) {
            if (const std::shared_ptr<Poller> poller = one.lock())
                poller->sampleNow();
        }
    }

private:
    RealServerLink& m_link;
    JobRunner& m_runner;
    std::mutex m_mutex;
    std::vector<std::weak_ptr<Poller>> m_pollers; ///< of the subscriptions that are alive
};

RealServerLink::RealServerLink(std::unique_ptr<Connection> connection, JobRunner& runner)
    : m_connection(std::move(connection))
    , m_reads(*m_connection)
    , m_description(describe(*m_connection))
    , m_monitor(std::make_unique<Monitor>(*this, runner))
    , m_listener(m_connection->listen([this](const ConnectionEvent& event) { note(event.kind); }))
{
    // What broke before anybody listened is told by nobody.
    const std::lock_guard lock(m_stateMutex);
    if (!m_wasTold)
        m_connected = m_connection->isConnected();
}
RealServerLink::~RealServerLink() = default;

void RealServerLink::note(ConnectionEvent::Kind kind)
{
    using Kind = ConnectionEvent::Kind;
    if (kind != Kind::Disconnected && kind != Kind::Reconnected && kind != Kind::Closed)
        return;
    const std::lock_guard lock(m_stateMutex);
    m_wasTold = true;
    m_connected = kind == Kind::Reconnected;
}

std::optional<NextTry> RealServerLink::nextTry() const
{
    return m_connected ? std::nullopt : m_connection->nextTry();
}

MonitorService& RealServerLink::monitor()
{
    return *m_monitor;
}

Footprint RealServerLink::footprint() const
{
    const ReadFootprint footprint = m_reads.footprint();
    return {.requests = footprint.requests,
            .bytesSent = footprint.bytesSent,
            .bytesReceived = footprint.bytesReceived};
}

Result<std::shared_ptr<RealServerLink>> realLink(const std::shared_ptr<ServerLink>& link)
{
    std::shared_ptr<RealServerLink> real = std::dynamic_pointer_cast<RealServerLink>(link);
    if (!real)
        return Error(ErrorCode::Internal, "this connection was not made by this program's runtime");
    return real;
}

std::vector<FoundContext> RealConnectionService::contexts()
{
    std::vector<FoundContext> found;
    for (const ContextFile& file : listContexts(contextRoot())) {
        FoundContext context{.name = file.name, .file = file.path, .selected = file.selected};
        if (const Result<ConnectionProfile> profile = loadContext(contextRoot(), file.name)) {
            context.description = profile->description;
            context.url = profile->displayUrls();
            context.colorScheme = profile->colorScheme;
            context.credentials = describeCredentials(*profile);
        } else {
            context.problem = profile.error().message();
        }
        found.push_back(std::move(context));
    }
    return found;
}

JobPtr<ConnectionTest> RealConnectionService::test(ConnectionRequest request)
{
    return m_runner.start<ConnectionTest>([request = std::move(request)](
                                              Job<ConnectionTest>& job) -> Result<ConnectionTest> {
        const Result<ConnectionProfile> profile =
            chooseProfile(contextRoot(), request.context, request.server);
        if (!profile)
            return profile.error();
        const auto began = std::chrono::steady_clock::now();
        Result<std::unique_ptr<Connection>> connection = Connection::open(*profile);
        if (!connection)
            return connection.error();
        ConnectionTest test{.user = profile->user};
        test.answeredIn =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
        test.server = describe(**connection);
        ReadOnlyApi reads(**connection);
        if (test.server.jetStream)
            test.abilities = probeAbilities(reads, job.stopToken());
        return test;
    });
}

JobPtr<std::shared_ptr<ServerLink>> RealConnectionService::open(ConnectionRequest request)
{
    using Link = std::shared_ptr<ServerLink>;
    return m_runner.start<Link>(
        [&runner = m_runner, request = std::move(request)](Job<Link>& job) -> Result<Link> {
            const Result<ConnectionProfile> profile =
                chooseProfile(contextRoot(), request.context, request.server);
            if (!profile)
                return profile.error();
            Result<std::unique_ptr<Connection>> connection =
                Connection::open(*profile, {.sendAsap = false, .longestReconnectWait = kLongestWait});
            if (!connection)
                return connection.error();
            if (job.isCancelled()) // let go here: the UI thread waits for no server
                return Error(ErrorCode::Cancelled, "connecting was given up");
            return Link(std::make_shared<RealServerLink>(std::move(*connection), runner));
        });
}

} // namespace jetlag
