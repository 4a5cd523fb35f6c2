#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "nats/client/connection.h"
#include "nats/client/requester.h"
#include "nats/client/subscription.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace jetlag {

/// What watching has cost the servers so far. "Consumers created" is not counted because it cannot happen.
struct ReadFootprint
{
    std::uint64_t requests = 0;
    std::uint64_t bytesSent = 0;     ///< request bodies
    std::uint64_t bytesReceived = 0; ///< answer bodies
};

/// A subject that reads. Only ReadOnlyApi makes one, so whoever holds one was let through.
class ReadSubject final
{
public:
    [[nodiscard]] const std::string& text() const noexcept { return m_text; }

private:
    friend class ReadOnlyApi;
    explicit ReadSubject(std::string text)
        : m_text(std::move(text))
    {}
    std::string m_text;
};

class ReadRequester;

/// The one gate through which monitor, sequence source, event listing, capture and replay reach a server:
/// watch, don't touch. It lets the reading calls of the JetStream API through and nothing else; there is no
/// way from here to a publish, a consumer or an ack. Any thread; must outlive what is made from it.
///
/// While there is no connection nothing is sent and nothing is counted: nats.c would keep it all, and a
/// server that comes back would be asked at once what nobody waits for any more.
///
/// Let through: INFO, STREAM.NAMES, STREAM.LIST, STREAM.INFO, STREAM.MSG.GET, CONSUMER.NAMES, CONSUMER.LIST,
/// CONSUMER.INFO, DIRECT.GET; listening: JetStream's advisories and metrics, collectors' status.
class ReadOnlyApi final
{
public:
    explicit ReadOnlyApi(Connection& connection)
        : m_connection(connection)
    {}
    ReadOnlyApi(const ReadOnlyApi&) = delete;
    ReadOnlyApi& operator=(const ReadOnlyApi&) = delete;

    /// `call` stands behind the API prefix: "STREAM.INFO.ORDERS" (see api_calls.h). Anything that does not
    /// only read is Internal: it is a mistake of ours.
    [[nodiscard]] Result<ReadSubject> subject(std::string_view call) const;

    /// Asks once and waits, also for a connection that is being found again (Timeout when it is not). An
    /// answer that holds an API error is that error.
    [[nodiscard]] Result<std::string> request(std::string_view call, std::string_view body,
                                              std::chrono::milliseconds timeout, std::stop_token stop = {});
    /// Many in flight.
    [[nodiscard]] Result<ReadRequester> requester(Requester::Options options);
    /// Advisories, metrics, collectors' status; best effort, as the server sends them.
    [[nodiscard]] Result<NatsSubscription> listenTo(const std::string& subject,
                                                    NatsSubscription::Callback callback);

    /// Connection events, for those who must know that answers may be from before a break.
    [[nodiscard]] ConnectionListener listenToConnection(std::function<void(const ConnectionEvent&)> listener);
    [[nodiscard]] bool isConnected() const noexcept { return m_connection.isConnected(); }
    /// False: not within `patience`, or stopped.
    [[nodiscard]] bool waitUntilConnected(std::chrono::milliseconds patience,
                                          const std::stop_token& stop) const;
    [[nodiscard]] std::string connectedUrl() const { return m_connection.connectedUrl(); }
    [[nodiscard]] std::string connectedServerId() const { return m_connection.connectedServerId(); }
    [[nodiscard]] ServerInfo serverInfo() const { return m_connection.serverInfo(); }
    [[nodiscard]] const ConnectionProfile& profile() const noexcept { return m_connection.profile(); }

    [[nodiscard]] ReadFootprint footprint() const noexcept;

private:
    friend class ReadRequester;
    void countRequest(std::size_t bodyBytes) noexcept;
    void countAnswer(std::size_t bodyBytes) noexcept;

    Connection& m_connection;
    std::atomic<std::uint64_t> m_requests{0};
    std::atomic<std::uint64_t> m_bytesSent{0};
    std::atomic<std::uint64_t> m_bytesReceived{0};
};

/// A Requester that takes reading subjects only. One thread at a time.
class ReadRequester final
{
public:
    [[nodiscard]] bool hasRoom() const noexcept { return m_requester.hasRoom(); }
    [[nodiscard]] unsigned inFlight() const noexcept { return m_requester.inFlight(); }
    /// Unavailable while there is no connection.
    [[nodiscard]] Result<std::uint64_t> send(const ReadSubject& subject, std::string_view body);
    [[nodiscard]] std::optional<RequestAnswer> next(std::chrono::milliseconds wait,
                                                    std::stop_token stop = {});
    void abandon() { m_requester.abandon(); }

private:
    friend class ReadOnlyApi;
    ReadRequester(ReadOnlyApi& api, Requester requester)
        : m_api(&api)
        , m_requester(std::move(requester))
    {}

    ReadOnlyApi* m_api; // never null
    Requester m_requester;
};

} // namespace jetlag
