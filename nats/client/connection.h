#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "model/profile/connection_profile.h"
#include "nats/client/handles.h"
#include "nats/client/reconnect_wait.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace jetlag {

struct ConnectOptions
{
    std::string name = "jetlag"; ///< what the server's connection list shows
    /// Send each small write at once. Right where one asks and waits: without it nats.c holds a lone request
    /// for up to a millisecond. Wrong where single messages are acked one by one (20-25 % slower).
    bool sendAsap = true;
    std::chrono::milliseconds timeout{2'000}; ///< per server of the list
    /// Bytes that publishes may pile up while reconnecting; beyond them publishing fails.
    int reconnectBufferBytes = 8 * 1024 * 1024;
    /// False: a lost connection is closed for good. For those who must know exactly what was sent on which
    /// connection: nats.c sends what it had buffered before its user knows of the break.
    bool reconnect = true;
    /// Waits between tries to reach a lost server grow up to this: who only watches need not knock four times
    /// a second.
    std::chrono::milliseconds longestReconnectWait = ReconnectWait::kFirst;
};

/// Something that nats.c found out by itself, not as the answer to a call.
struct ConnectionEvent
{
    enum class Kind {
        Disconnected,    ///< nats.c reconnects by itself, forever
        Reconnected,     ///< maybe to another server of the list
        Closed,          ///< for good: by us, or because the login was refused when reconnecting
        PublishDenied,   ///< `subject`
        SubscribeDenied, ///< `subject`
        SlowConsumer,    ///< a subscription overflowed; messages were dropped
        Other,
    };
    Kind kind = Kind::Other;
    std::string subject; ///< of a denial
    std::string text;    ///< the library's words, fit for display
};

/// The server that answered, from its first protocol line. Unknown where that cannot be read (TLS).
struct ServerInfo
{
    std::optional<std::string> version; ///< "2.9.10"
    std::optional<std::string> name;
    std::optional<std::string> cluster;
    std::optional<bool> jetStream;
    std::string id;
    std::string url;             ///< without a password
    std::int64_t maxPayload = 0; ///< bytes, headers included
};

class ConnectionListener;

/// One connection to a NATS account, as a profile describes it. It reconnects by itself until it is
/// destroyed (see ConnectOptions::reconnect). Any thread may use it; destroy it after everything made from it
/// (subscriptions, requesters, listeners), and not from a callback of nats.c.
///
///     auto connection = Connection::open(profile);
///     if (!connection) ... "no NATS server answers at nats://..."
///     Result<std::string> answer = (*connection)->request("$JS.API.INFO", "", 2s);
class Connection final
{
public:
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const ConnectionProfile& profile,
                                                                  const ConnectOptions& options = {});
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// For code inside nats/ only.
    [[nodiscard]] natsConnection* handle() const noexcept;
    [[nodiscard]] const ConnectionProfile& profile() const noexcept;
    /// `$JS.API`, or what domain or prefix of the profile make of it.
    [[nodiscard]] const std::string& apiPrefix() const noexcept;
    /// A JetStream context of nats.c with that prefix; `adjust` may set more.
    [[nodiscard]] Result<JetStreamHandle> jetStream(const std::function<void(jsOptions&)>& adjust = {}) const;

    /// Asks once and waits; the raw answer. Denied when the account may not publish there (known at once, not
    /// after the timeout), Unavailable when nobody listens or the connection breaks, Timeout, Cancelled.
    [[nodiscard]] Result<std::string> request(const std::string& subject, std::string_view body,
                                              std::chrono::milliseconds timeout, std::stop_token stop = {});
    /// The same for the JetStream API: `call` stands behind the prefix ("STREAM.INFO.ORDERS"); an answer that
    /// holds an API error is that error.
    [[nodiscard]] Result<std::string> apiRequest(std::string_view call, std::string_view body,
                                                 std::chrono::milliseconds timeout,
                                                 std::stop_token stop = {});

    [[nodiscard]] Result<void> publish(const std::string& subject, std::string_view body);
    /// Everything sent so far has reached the server.
    [[nodiscard]] Result<void> flush(std::chrono::milliseconds timeout);

    /// `listener` is called on a thread of nats.c: store, notify, return. It must not make or drop listeners.
    [[nodiscard]] ConnectionListener listen(std::function<void(const ConnectionEvent&)> listener);

    [[nodiscard]] bool isConnected() const noexcept;
    /// While the server is lost and waits grow (see ConnectOptions::longestReconnectWait). Waits for no lock
    /// of nats.c.
    [[nodiscard]] std::optional<NextTry> nextTry() const;
    /// The try that is waited for comes now.
    void tryNow();
    /// A fresh inbox subject, under the profile's inbox prefix.
    [[nodiscard]] std::string newInbox() const;
    [[nodiscard]] std::string connectedUrl() const; ///< fit for display
    /// Another one after each start of a server; empty while there is no connection.
    [[nodiscard]] std::string connectedServerId() const;
    /// Opens a second, plain connection for a moment to read the server's greeting: not for hot paths.
    [[nodiscard]] ServerInfo serverInfo() const;

private:
    struct Impl;
    explicit Connection(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
    friend class ConnectionListener;
};

/// Keeps a listener alive. After its destructor no call comes any more.
class ConnectionListener final
{
public:
    ConnectionListener() = default;
    ~ConnectionListener();
    ConnectionListener(ConnectionListener&& other) noexcept;
    ConnectionListener& operator=(ConnectionListener&& other) noexcept;

private:
    friend class Connection;
    struct Hub;
    ConnectionListener(std::shared_ptr<Hub> hub, std::uint64_t id);

    std::shared_ptr<Hub> m_hub;
    std::uint64_t m_id = 0;
};

} // namespace jetlag
