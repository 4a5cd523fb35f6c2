#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/result.h"
#include "nats/client/connection.h"
#include "nats/client/handles.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace jetlag {

/// What came back for one request: a message or an error (Timeout, Denied, Unavailable), never both.
struct RequestAnswer
{
    std::uint64_t id = 0; ///< what send() returned
    MessageHandle message;
    std::optional<Error> error;

    [[nodiscard]] std::string_view body() const noexcept;
};

/// Many requests in flight on one inbox subscription: a lone round trip costs up to 70 us and one request
/// after the other runs at a few thousand a second, a window of some hundreds at 200,000.
///
///     while (more || requester.inFlight()) {
///         while (more && requester.hasRoom())
///             ids[requester.send(subject, body).value()] = ...;
///         if (std::optional<RequestAnswer> answer = requester.next(100ms, stop)) ...
///     }
///
/// Answers come in the order in which they arrive. Every request gets exactly one answer: the server's, or
/// an error when its time is up, when the account may not publish to its subject, when nobody listens there,
/// or when the connection breaks before the answer came (ask again then). A late answer is dropped.
///
/// One thread at a time. The connection must outlive it.
class Requester final
{
public:
    struct Options
    {
        unsigned window = 64;
        std::chrono::milliseconds timeout{5'000}; ///< of each request
    };

    [[nodiscard]] static Result<Requester> create(Connection& connection, Options options);
    ~Requester();
    Requester(Requester&&) noexcept;
    Requester& operator=(Requester&&) noexcept;

    [[nodiscard]] bool hasRoom() const noexcept;
    [[nodiscard]] unsigned inFlight() const noexcept; ///< sent, and not yet returned by next()
    /// The request's id, ascending from 1. InvalidArgument when there is no room.
    [[nodiscard]] Result<std::uint64_t> send(const std::string& subject, std::string_view body);
    /// nullopt: nothing within `wait`, or stopped, or nothing in flight.
    [[nodiscard]] std::optional<RequestAnswer> next(std::chrono::milliseconds wait,
                                                    std::stop_token stop = {});
    /// Forgets what is in flight. After it an inbox that was refused is asked for again: each refusal is a
    /// line in the server's log, so do not do it in a loop.
    void abandon();
    void setTimeout(std::chrono::milliseconds timeout) noexcept;

private:
    struct State;
    explicit Requester(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace jetlag
