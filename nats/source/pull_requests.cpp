// SPDX-License-Identifier: Apache-2.0
#include "nats/source/pull_requests.h"

#include "model/base/text.h"
#include "nats/client/api_calls.h"
#include "nats/client/status.h"
#include "nats/source/raw_headers.h"

#include <fmt/format.h>

#include <algorithm>

namespace jetlag {

namespace {

// Batches of a thousand and more: one of a hundred reaches a third of the speed.
constexpr std::size_t kLargestRequest = 2'000;
// The server lets go of a request after this; short enough to notice early that it forgot one.
constexpr std::chrono::seconds kExpires{5};

} // namespace

PullRequests::PullRequests(Connection& connection, std::string stream, std::string durable)
    : m_connection(&connection)
    , m_stream(std::move(stream))
    , m_durable(std::move(durable))
{}

Result<PullRequests> PullRequests::create(Connection& connection, std::string stream, std::string durable)
{
    PullRequests pulls(connection, std::move(stream), std::move(durable));
    const Result<std::string> call = consumerCall("CONSUMER.MSG.NEXT", pulls.m_stream, pulls.m_durable);
    if (!call)
        return call.error();
    pulls.m_subject = connection.apiPrefix() + '.' + *call;
    if (Result<void> made = pulls.reset(); !made)
        return made.error();
    return pulls;
}

Result<void> PullRequests::reset()
{
    m_subscription = NatsSubscription();
    m_onOrder = 0;
    m_inbox = m_connection->newInbox();
    Result<NatsSubscription> subscription = NatsSubscription::polled(
        m_connection->handle(), m_inbox, /*pendingMessages=*/static_cast<int>(16 * kLargestRequest));
    if (!subscription)
        return std::move(subscription).error().whileDoing("subscribing for deliveries");
    m_subscription = std::move(*subscription);
    return {};
}

Result<void> PullRequests::order(std::size_t most)
{
    if (m_onOrder > 0 && Steady::now() > m_ordersEnd)
        m_onOrder = 0; // the server has let go of them without a word
    // A new request when a third has come: the server never runs out, and requests stay large.
    if (most == 0 || m_onOrder > most - std::min(most, (most + 2) / 3))
        return {};
    std::size_t missing = most - m_onOrder;
    while (missing > 0) {
        const std::size_t batch = std::min(missing, kLargestRequest);
        const std::string body =
            fmt::format(R"({{"batch":{},"expires":{}}})", batch, std::chrono::nanoseconds(kExpires).count());
        const natsStatus status =
            natsConnection_PublishRequest(m_connection->handle(), m_subject.c_str(), m_inbox.c_str(),
                                          body.data(), static_cast<int>(body.size()));
        if (status != NATS_OK)
            return errorFromStatus(status, "asking for deliveries");
        missing -= batch;
        m_onOrder += batch;
        m_ordersEnd = Steady::now() + kExpires + std::chrono::seconds(1);
    }
    return {};
}

Result<MessageHandle> PullRequests::next(std::chrono::milliseconds wait)
{
    const Steady::time_point deadline = Steady::now() + wait;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now());
        Result<MessageHandle> message = m_subscription.next(std::max(left, std::chrono::milliseconds(0)));
        if (!message || !*message)
            return message;
        const char* reply = natsMsg_GetReply(message->get());
        if (reply && *reply) {
            m_onOrder -= std::min<std::size_t>(m_onOrder, 1);
            return message;
        }
        if (Result<void> taken = takeStatus(message->get()); !taken)
            return taken.error();
    }
}

Result<void> PullRequests::takeStatus(natsMsg* message)
{
    const std::string_view status = lastHeaderValue(message, "Status");
    const std::string_view description = lastHeaderValue(message, "Description");
    if (status == "100")
        return {}; // heartbeat
    if (status == "409" && (description.find("Deleted") != std::string_view::npos ||
                            description.find("push based") != std::string_view::npos))
        return Error(ErrorCode::NotFound,
                     fmt::format("consumer {} of stream {} is gone: {}", safeForDisplay(m_durable),
                                 safeForDisplay(m_stream), safeForDisplay(description)));
    // One request is over. How much of it was left is told by newer servers; else nothing counts as left, and
    // the next order asks for the whole again.
    const std::optional<std::uint64_t> left = parseU64(lastHeaderValue(message, "Nats-Pending-Messages"));
    m_onOrder -= std::min<std::size_t>(m_onOrder, left.value_or(m_onOrder));
    return {};
}

} // namespace jetlag
