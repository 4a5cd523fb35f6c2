// SPDX-License-Identifier: Apache-2.0
#include "nats/client/connection.h"

#include "model/base/log.h"
#include "model/base/text.h"
#include "nats/client/api_error.h"
#include "nats/client/login.h"
#include "nats/client/requester.h"
#include "nats/client/server_greeting.h"
#include "nats/client/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <vector>

namespace jetlag {

using namespace std::chrono;

struct ConnectionListener::Hub
{
    void tell(const ConnectionEvent& event) noexcept
    {
        // Held while calling: a listener that was taken out is not running any more.
        const std::lock_guard lock(mutex);
        for (const auto& [id, listener] : listeners) {
            try {
                listener(event);
            } catch (const std::exception& exception) {
                log().error("a connection listener failed: {}", exception.what());
            }
        }
    }

    std::mutex mutex;
    std::map<std::uint64_t, std::function<void(const ConnectionEvent&)>> listeners;
    std::uint64_t lastId = 0;
};

ConnectionListener::ConnectionListener(std::shared_ptr<Hub> hub, std::uint64_t id)
    : m_hub(std::move(hub))
    , m_id(id)
{}

ConnectionListener::~ConnectionListener()
{
    if (!m_hub)
        return;
    const std::lock_guard lock(m_hub->mutex);
    m_hub->listeners.erase(m_id);
}

ConnectionListener::ConnectionListener(ConnectionListener&& other) noexcept = default;

ConnectionListener& ConnectionListener::operator=(ConnectionListener&& other) noexcept
{
    if (this != &other) {
        ConnectionListener old(std::move(*this));
        m_hub = std::move(other.m_hub);
        m_id = other.m_id;
    }
    return *this;
}

namespace {

// `Permissions Violation for Publish to "ORDERS.new"`, in the server's words.
std::optional<ConnectionEvent> denialFromText(std::string_view text)
{
    const bool publish = text.find("ublish to \"") != std::string_view::npos;
    const bool subscribe = text.find("ubscription to \"") != std::string_view::npos;
    const std::size_t open = text.find('"');
    const std::size_t close =
        text.find('"', open + 1); // a subject holds no quote that the server would not escape
    if (!(publish || subscribe) || close == std::string_view::npos)
        return std::nullopt;
    ConnectionEvent event;
    event.kind = publish ? ConnectionEvent::Kind::PublishDenied : ConnectionEvent::Kind::SubscribeDenied;
    event.subject = text.substr(open + 1, close - open - 1);
    event.text = safeForDisplay(text);
    return event;
}

} // namespace

struct Connection::Impl
{
    explicit Impl(milliseconds longestReconnectWait)
        : reconnectWait(longestReconnectWait)
    {}

    ConnectionProfile profile;
    std::string apiPrefix;
    std::unique_ptr<Login> login;
    std::shared_ptr<ConnectionListener::Hub> hub = std::make_shared<ConnectionListener::Hub>();

    std::mutex mutex;
    std::condition_variable changed;
    bool closed = false;
    ReconnectWait reconnectWait;

    // Requesters of one request at a time, lent to whoever asks: as many as threads ask at once.
    std::mutex requestersMutex;
    std::vector<Requester> idleRequesters;

    ConnectionHandle handle;

    static void onDisconnected(natsConnection*, void* closure)
    {
        static_cast<Impl*>(closure)->hub->tell(
            {ConnectionEvent::Kind::Disconnected, {}, "the connection was lost"});
    }
    static void onReconnected(natsConnection*, void* closure)
    {
        auto* self = static_cast<Impl*>(closure);
        self->reconnectWait.connected();
        self->hub->tell({ConnectionEvent::Kind::Reconnected, {}, "connected again"});
    }
    static std::int64_t onReconnectWait(natsConnection*, int number, void* closure)
    {
        static_cast<Impl*>(closure)->reconnectWait.waitFor(static_cast<unsigned>(std::max(number, 1)));
        return 1; // it was waited here, where the wait can be ended
    }
    static void onClosed(natsConnection*, void* closure)
    {
        auto* self = static_cast<Impl*>(closure);
        self->hub->tell({ConnectionEvent::Kind::Closed, {}, "the connection is closed"});
        const std::lock_guard lock(self->mutex);
        self->closed = true;
        self->changed.notify_all();
    }
    static void onError(natsConnection*, natsSubscription*, natsStatus status, void* closure)
    {
        const char* words = nats_GetLastError(nullptr);
        ConnectionEvent event;
        event.text = safeForDisplay(words ? words : natsStatus_GetText(status));
        if (status == NATS_SLOW_CONSUMER)
            event.kind = ConnectionEvent::Kind::SlowConsumer;
        else if (status == NATS_NOT_PERMITTED && words)
            event = denialFromText(words).value_or(std::move(event));
        static_cast<Impl*>(closure)->hub->tell(event);
    }
};

namespace {

constexpr int kReconnectForever = -1;

Result<void> checkSupported(const ConnectionProfile& profile)
{
    if (profile.tlsFirst)
        return Error(ErrorCode::Unsupported,
                     "tls_first (TLS before the server's greeting) is not supported by nats.c 3.4");
    if (!profile.socksProxy.empty())
        return Error(ErrorCode::Unsupported, "socks_proxy is not supported by nats.c");
    // nats.c would ask for a host of that name, and nobody would answer.
    const auto isWrong = [](unsigned char byte) { return byte <= ' ' || byte == 0x7f; };
    if (std::ranges::any_of(profile.urls,
                            [&](const std::string& url) { return std::ranges::any_of(url, isWrong); }))
        return Error(ErrorCode::InvalidArgument,
                     fmt::format("{} is not an address: a blank or a control character is in it; "
                                 "nats://host:port is one, several stand with commas",
                                 safeForDisplay(profile.displayUrls())));
    return {};
}

Result<OptionsHandle> makeOptions(const ConnectionProfile& profile, const ConnectOptions& options)
{
    natsOptions* raw = nullptr;
    if (const natsStatus status = natsOptions_Create(&raw))
        return errorFromStatus(status, "preparing a connection");
    OptionsHandle handle(raw);
    std::vector<const char*> servers;
    bool secure = false;
    for (const std::string& url : profile.urls) {
        servers.push_back(url.c_str());
        // nats.c takes the word and then speaks in clear to a server that does not insist.
        secure = secure || url.starts_with("tls://");
    }
    natsStatus status = natsOptions_SetServers(raw, servers.data(), static_cast<int>(servers.size()));
    if (status != NATS_OK)
        return connectError(status, profile.displayUrls());
    status = natsOptions_SetName(raw, options.name.c_str());
    if (status == NATS_OK)
        status = natsOptions_SetTimeout(raw, options.timeout.count());
    if (status == NATS_OK)
        status = natsOptions_SetSendAsap(raw, options.sendAsap);
    if (status == NATS_OK && secure)
        status = natsOptions_SetSecure(raw, true);
    if (status == NATS_OK)
        status = natsOptions_SetMaxReconnect(raw, kReconnectForever);
    if (status == NATS_OK)
        status = natsOptions_SetAllowReconnect(raw, options.reconnect);
    if (status == NATS_OK)
        status = natsOptions_SetReconnectWait(raw, ReconnectWait::kFirst.count()); // jitter comes on top
    if (status == NATS_OK)
        status = natsOptions_SetReconnectBufSize(raw, options.reconnectBufferBytes);
    if (status == NATS_OK && !profile.inboxPrefix.empty())
        status = natsOptions_SetCustomInboxPrefix(raw, profile.inboxPrefix.c_str());
    if (status != NATS_OK)
        return errorFromStatus(status, "preparing a connection");
    return handle;
}

} // namespace

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionProfile& profile,
                                                     const ConnectOptions& options)
{
    if (Result<void> supported = checkSupported(profile); !supported)
        return std::move(supported).error();
    auto impl = std::make_unique<Impl>(options.longestReconnectWait);
    impl->profile = profile;
    impl->apiPrefix = profile.apiPrefix();
    Result<OptionsHandle> natsOptions = makeOptions(profile, options);
    if (!natsOptions)
        return std::move(natsOptions).error();
    Result<std::unique_ptr<Login>> login = applyLogin(profile, natsOptions->get());
    if (!login)
        return std::move(login).error();
    impl->login = std::move(*login);

    natsOptions_SetDisconnectedCB(natsOptions->get(), &Impl::onDisconnected, impl.get());
    natsOptions_SetReconnectedCB(natsOptions->get(), &Impl::onReconnected, impl.get());
    natsOptions_SetClosedCB(natsOptions->get(), &Impl::onClosed, impl.get());
    natsOptions_SetErrorHandler(natsOptions->get(), &Impl::onError, impl.get());
    if (options.longestReconnectWait > ReconnectWait::kFirst)
        natsOptions_SetCustomReconnectDelay(natsOptions->get(), &Impl::onReconnectWait, impl.get());

    natsConnection* raw = nullptr;
    natsStatus status = natsConnection_Connect(&raw, natsOptions->get());
    if (status == NATS_SECURE_CONNECTION_REQUIRED) {
        // The URL did not say tls://, the server insists: do what it wants, with the system's authorities.
        natsOptions_SetSecure(natsOptions->get(), true);
        status = natsConnection_Connect(&raw, natsOptions->get());
    }
    if (status != NATS_OK)
        return connectError(status, profile.displayUrls());
    impl->handle.reset(raw);
    return std::unique_ptr<Connection>(new Connection(std::move(impl)));
}

Connection::Connection(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{}

Connection::~Connection()
{
    m_impl->idleRequesters.clear();
    m_impl->reconnectWait.stop(); // else the end waits for it
    natsConnection_Close(m_impl->handle.get());
    // nats.c tells the end on a thread of its own; what its callbacks use must live until then.
    std::unique_lock lock(m_impl->mutex);
    m_impl->changed.wait(lock, [this] { return m_impl->closed; });
}

natsConnection* Connection::handle() const noexcept
{
    return m_impl->handle.get();
}

const ConnectionProfile& Connection::profile() const noexcept
{
    return m_impl->profile;
}

const std::string& Connection::apiPrefix() const noexcept
{
    return m_impl->apiPrefix;
}

Result<JetStreamHandle> Connection::jetStream(const std::function<void(jsOptions&)>& adjust) const
{
    jsOptions options;
    jsOptions_Init(&options);
    options.Prefix = m_impl->apiPrefix.c_str();
    if (adjust)
        adjust(options);
    jsCtx* raw = nullptr;
    if (const natsStatus status = natsConnection_JetStream(&raw, handle(), &options))
        return errorFromStatus(status, "making a JetStream context");
    return JetStreamHandle(raw);
}

Result<std::string> Connection::request(const std::string& subject, std::string_view body,
                                        milliseconds timeout, std::stop_token stop)
{
    std::optional<Requester> requester;
    {
        const std::lock_guard lock(m_impl->requestersMutex);
        if (!m_impl->idleRequesters.empty()) {
            requester = std::move(m_impl->idleRequesters.back());
            m_impl->idleRequesters.pop_back();
        }
    }
    if (!requester) {
        Result<Requester> made = Requester::create(*this, {1, timeout});
        if (!made)
            return std::move(made).error();
        requester = std::move(*made);
    }
    requester->setTimeout(timeout);
    Result<std::uint64_t> sent = requester->send(subject, body);
    std::optional<RequestAnswer> answer;
    if (sent) {
        while (!answer && !stop.stop_requested())
            answer = requester->next(timeout, stop);
        requester->abandon();
    }
    {
        const std::lock_guard lock(m_impl->requestersMutex);
        m_impl->idleRequesters.push_back(std::move(*requester));
    }
    if (!sent)
        return std::move(sent).error();
    if (!answer)
        return Error(ErrorCode::Cancelled, "stopped while waiting for an answer");
    if (answer->error)
        return std::move(*answer->error);
    return std::string(answer->body());
}

Result<std::string> Connection::apiRequest(std::string_view call, std::string_view body, milliseconds timeout,
                                           std::stop_token stop)
{
    Result<std::string> answer = request(fmt::format("{}.{}", m_impl->apiPrefix, call), body, timeout, stop);
    if (!answer)
        return answer;
    if (const std::optional<ApiError> error = findApiError(*answer))
        return error->toError();
    return answer;
}

Result<void> Connection::publish(const std::string& subject, std::string_view body)
{
    const natsStatus status =
        natsConnection_Publish(handle(), subject.c_str(), body.data(), static_cast<int>(body.size()));
    if (status != NATS_OK)
        return errorFromStatus(status, fmt::format("publishing to {}", safeForDisplay(subject)));
    return {};
}

Result<void> Connection::flush(milliseconds timeout)
{
    if (const natsStatus status = natsConnection_FlushTimeout(handle(), timeout.count()))
        return errorFromStatus(status, "waiting for the server to confirm");
    return {};
}

ConnectionListener Connection::listen(std::function<void(const ConnectionEvent&)> listener)
{
    const std::lock_guard lock(m_impl->hub->mutex);
    const std::uint64_t id = ++m_impl->hub->lastId;
    m_impl->hub->listeners.emplace(id, std::move(listener));
    return {m_impl->hub, id};
}

bool Connection::isConnected() const noexcept
{
    return natsConnection_Status(handle()) == NATS_CONN_STATUS_CONNECTED;
}

std::optional<NextTry> Connection::nextTry() const
{
    return m_impl->reconnectWait.next();
}

void Connection::tryNow()
{
    m_impl->reconnectWait.hurry();
}

std::string Connection::newInbox() const
{
    natsInbox* raw = nullptr;
    if (natsInbox_Create(&raw) != NATS_OK)
        return "_INBOX";
    const InboxHandle inbox(raw);
    std::string subject = raw;
    // The library's function knows only the default prefix.
    if (const std::string& prefix = m_impl->profile.inboxPrefix; !prefix.empty())
        subject.replace(0, std::string_view("_INBOX").size(),
                        prefix.ends_with('.') ? prefix.substr(0, prefix.size() - 1) : prefix);
    return subject;
}

std::string Connection::connectedUrl() const
{
    char url[1024] = "";
    natsConnection_GetConnectedUrl(handle(), url, sizeof url);
    ConnectionProfile shown;
    shown.urls = {*url ? url : "(not connected)"};
    return *url ? shown.displayUrls() : m_impl->profile.displayUrls();
}

std::string Connection::connectedServerId() const
{
    char id[256] = "";
    natsConnection_GetConnectedServerId(handle(), id, sizeof id);
    return id;
}

ServerInfo Connection::serverInfo() const
{
    ServerInfo info;
    info.url = connectedUrl();
    info.maxPayload = natsConnection_GetMaxPayload(handle());
    info.id = connectedServerId();
    const auto address = hostAndPort(info.url);
    // Behind TLS the server would log a failed handshake for the short visit: do without.
    if (!address || info.url.starts_with("tls") || !m_impl->profile.caFile.empty())
        return info;
    const Result<ServerGreeting> greeting = readServerGreeting(address->first, address->second, 1s);
    // Behind a load balancer somebody else may answer.
    if (!greeting || greeting->id != info.id)
        return info;
    info.version = greeting->version;
    info.name = greeting->name;
    info.cluster = greeting->cluster;
    info.jetStream = greeting->jetStream;
    return info;
}

} // namespace jetlag
