// SPDX-License-Identifier: Apache-2.0
#include "nats/client/read_only_api.h"

#include "model/base/text.h"
#include "model/event/subject.h"
#include "nats/client/api_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace jetlag {

namespace {

// Whole calls, as subject patterns: `*` is one name, `>` the subject of a last-by-subject get.
constexpr std::string_view kReadingCalls[] = {
    "INFO",
    "STREAM.NAMES",
    "STREAM.LIST",
    "STREAM.INFO.*",
    "STREAM.MSG.GET.*",
    "CONSUMER.NAMES.*",
    "CONSUMER.LIST.*",
    "CONSUMER.INFO.*.*",
    "DIRECT.GET.*",
    "DIRECT.GET.*.>",
};

constexpr std::string_view kCollectorStatusPrefix = "jetlag.status.";

bool hasProtocolBytes(std::string_view subject) noexcept
{
    return std::any_of(subject.begin(), subject.end(),
                       [](char c) { return static_cast<unsigned char>(c) <= ' '; });
}

} // namespace

Result<ReadSubject> ReadOnlyApi::subject(std::string_view call) const
{
    const bool reads =
        !hasProtocolBytes(call) &&
        std::any_of(std::begin(kReadingCalls), std::end(kReadingCalls),
                    [call](std::string_view pattern) { return subjectMatches(pattern, call); });
    if (!reads)
        return Error(ErrorCode::Internal,
                     fmt::format("{} is no reading call; watching must not touch", safeForDisplay(call)));
    return ReadSubject(fmt::format("{}.{}", m_connection.apiPrefix(), call));
}

Result<std::string> ReadOnlyApi::request(std::string_view call, std::string_view body,
                                         std::chrono::milliseconds timeout, std::stop_token stop)
{
    const Result<ReadSubject> allowed = subject(call);
    if (!allowed)
        return allowed.error();
    const auto until = std::chrono::steady_clock::now() + timeout;
    if (!waitUntilConnected(timeout, stop)) {
        if (stop.stop_requested())
            return Error(ErrorCode::Cancelled, "stopped while waiting for a connection");
        return Error(ErrorCode::Timeout, fmt::format("no connection to {} within {} ms",
                                                     m_connection.connectedUrl(), timeout.count()));
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    countRequest(body.size());
    Result<std::string> answer =
        m_connection.request(allowed->text(), body, std::max(left, std::chrono::milliseconds(1)), stop);
    if (!answer)
        return answer;
    countAnswer(answer->size());
    if (const std::optional<ApiError> error = findApiError(*answer))
        return error->toError();
    return answer;
}

bool ReadOnlyApi::waitUntilConnected(std::chrono::milliseconds patience, const std::stop_token& stop) const
{
    constexpr std::chrono::milliseconds kLookAround{20};
    const auto until = std::chrono::steady_clock::now() + patience;
    std::mutex mutex;
    std::condition_variable_any never;
    while (!m_connection.isConnected()) {
        if (stop.stop_requested() || std::chrono::steady_clock::now() >= until)
            return false;
        std::unique_lock lock(mutex);
        never.wait_for(lock, stop, kLookAround, [] { return false; });
    }
    return true;
}

Result<ReadRequester> ReadOnlyApi::requester(Requester::Options options)
{
    Result<Requester> made = Requester::create(m_connection, options);
    if (!made)
        return std::move(made).error();
    return ReadRequester(*this, std::move(*made));
}

Result<NatsSubscription> ReadOnlyApi::listenTo(const std::string& subject,
                                               NatsSubscription::Callback callback)
{
    const bool advisory = subject.starts_with(m_connection.profile().eventPrefix() + '.');
    if (hasProtocolBytes(subject) || (!advisory && !subject.starts_with(kCollectorStatusPrefix)))
        return Error(ErrorCode::Internal,
                     fmt::format("{} is neither an advisory nor a status; watching must not touch",
                                 safeForDisplay(subject)));
    return NatsSubscription::calledBack(
        m_connection.handle(), subject, [this, callback = std::move(callback)](MessageHandle message) {
            countAnswer(static_cast<std::size_t>(natsMsg_GetDataLength(message.get())));
            callback(std::move(message));
        });
}

ConnectionListener ReadOnlyApi::listenToConnection(std::function<void(const ConnectionEvent&)> listener)
{
    return m_connection.listen(std::move(listener));
}

ReadFootprint ReadOnlyApi::footprint() const noexcept
{
    return {m_requests.load(std::memory_order_relaxed), m_bytesSent.load(std::memory_order_relaxed),
            m_bytesReceived.load(std::memory_order_relaxed)};
}

void ReadOnlyApi::countRequest(std::size_t bodyBytes) noexcept
{
    m_requests.fetch_add(1, std::memory_order_relaxed);
    m_bytesSent.fetch_add(bodyBytes, std::memory_order_relaxed);
}

void ReadOnlyApi::countAnswer(std::size_t bodyBytes) noexcept
{
    m_bytesReceived.fetch_add(bodyBytes, std::memory_order_relaxed);
}

Result<std::uint64_t> ReadRequester::send(const ReadSubject& subject, std::string_view body)
{
    if (!m_api->isConnected())
        return Error(ErrorCode::Unavailable,
                     fmt::format("there is no connection to {} now", m_api->connectedUrl()));
    m_api->countRequest(body.size());
    return m_requester.send(subject.text(), body);
}

std::optional<RequestAnswer> ReadRequester::next(std::chrono::milliseconds wait, std::stop_token stop)
{
    std::optional<RequestAnswer> answer = m_requester.next(wait, std::move(stop));
    if (answer && answer->message)
        m_api->countAnswer(answer->body().size());
    return answer;
}

} // namespace jetlag
