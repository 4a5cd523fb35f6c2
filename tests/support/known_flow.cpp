// SPDX-License-Identifier: Apache-2.0
#include "tests/support/known_flow.h"

#include "nats/source/ack_reply.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace jetlag::test {

namespace {

using namespace std::chrono;
using Json = nlohmann::json;

constexpr auto kStep = 4ms;
constexpr auto kPullExpires = 2s;

ServerTime now()
{
    return systemClock().now();
}

bool isBy(ServerTime event, ServerTime time)
{
    return event != ServerTime{} && event <= time;
}

} // namespace

KnownFlow::KnownFlow(const ConnectionProfile& profile, FlowPlan plan)
    : m_plan(std::move(plan))
    , m_client(profile)
    , m_inbox(m_client.connection().newInbox())
    , m_deliveries(NatsSubscription::polled(m_client.connection().handle(), m_inbox + ".>").value())
{
    makeStream();
    makeConsumer();
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void KnownFlow::makeStream()
{
    Json stream = {{"name", m_plan.stream}, {"subjects", {m_plan.stream + ".>"}}, {"storage", "file"}};
    stream.update(Json::parse('{' + m_plan.streamMembers + '}'));
    m_client.createStream(stream.dump());
}

void KnownFlow::makeConsumer()
{
    // What an earlier one had given out is not its own.
    m_hand.clear();
    m_onOrder = 0;
    {
        const std::lock_guard lock(m_mutex);
        for (auto& [sequence, message] : m_messages)
            message.delivered = message.acked = {};
    }
    Json consumer = {{"durable_name", "c"}, {"ack_policy", "explicit"}, {"max_ack_pending", 100'000}};
    std::vector<std::string> filters;
    for (const std::string& token : m_plan.filters)
        filters.push_back(m_plan.stream + '.' + token);
    if (filters.size() == 1)
        consumer["filter_subject"] = filters.front();
    else if (!filters.empty())
        consumer["filter_subjects"] = filters;
    consumer.update(Json::parse('{' + m_plan.consumerMembers + '}'));
    m_client.createConsumer(m_plan.stream, consumer.dump());
}

void KnownFlow::stop()
{
    m_thread.request_stop();
    if (m_thread.joinable())
        m_thread.join();
}

std::string KnownFlow::problem() const
{
    const std::lock_guard lock(m_mutex);
    return m_problem;
}

void KnownFlow::run(const std::stop_token& stop)
{
    const auto begin = steady_clock::now();
    Step step{.from = now(), .to = {}};
    try {
        while (!stop.stop_requested()) {
            const double at = duration<double>(steady_clock::now() - begin).count();
            publishDue(at);
            if (m_plan.act)
                m_plan.act(at, *this);
            receive();
            answerDue(at);
            pull();
            std::this_thread::sleep_for(kStep);
            step.to = now();
            const std::lock_guard lock(m_mutex);
            m_steps.push_back(step);
            step.from = step.to;
        }
    } catch (const std::exception& exception) {
        const std::lock_guard lock(m_mutex);
        m_problem = exception.what();
    }
}

void KnownFlow::count(std::uint64_t FlowCounts::*what, std::uint64_t more)
{
    Counted counted{now(), m_counted.empty() ? FlowCounts() : m_counted.back().counts};
    counted.counts.*what += more;
    m_counted.push_back(counted);
}

void KnownFlow::publishDue(double at)
{
    const auto due = static_cast<std::uint64_t>(m_plan.published(at));
    const std::string payload(m_plan.payload, 'x');
    for (; m_publishedCount < due; ++m_publishedCount) {
        Message message{.token = m_plan.token(m_publishedCount), .published = now()};
        const std::string subject = m_plan.stream + '.' + message.token;
        if (m_plan.outlives) {
            if (!m_client.connection().isConnected())
                return;
            (void)m_client.connection().publish(subject, payload);
            const std::lock_guard lock(m_mutex);
            count(&FlowCounts::published);
            continue;
        }
        const std::uint64_t sequence = m_client.publish(subject, payload);
        message.stored = now();
        if (m_plan.maxAge > 0)
            message.gone = message.published + duration_cast<nanoseconds>(duration<double>(m_plan.maxAge));
        const std::lock_guard lock(m_mutex);
        m_messages[sequence] = std::move(message);
        count(&FlowCounts::published);
    }
}

bool KnownFlow::acksNothing() const
{
    return m_plan.consumerMembers.find(R"("ack_policy":"none")") != std::string::npos;
}

void KnownFlow::receive()
{
    while (Result<MessageHandle> message = m_deliveries.next(0ms)) {
        if (!*message)
            return;
        const char* reply = natsMsg_GetReply(message->get());
        const std::optional<AckReply> parsed = reply ? parseAckReply(reply) : std::nullopt;
        if (!parsed) { // a status: this pull is over
            m_onOrder = 0;
            continue;
        }
        m_onOrder -= std::min<std::size_t>(m_onOrder, 1);
        m_hand.push_back({parsed->stream.value(), parsed->deliveries, reply});
        const std::lock_guard lock(m_mutex);
        Message& known = m_messages[parsed->stream.value()];
        // Once more: a killed server forgot that it gave this one out, or an ack was lost in an election.
        // Either way it took no ack of it.
        if (parsed->deliveries == 1 || m_plan.outlives)
            known.acked = {};
        if (known.delivered == ServerTime{})
            known.delivered = now();
        count(parsed->deliveries > 1 ? &FlowCounts::redelivered : &FlowCounts::first);
        if (acksNothing() && known.acked == ServerTime{}) {
            known.acked = known.delivered;
            count(&FlowCounts::acked);
        }
    }
}

void KnownFlow::answerDue(double at)
{
    const auto due = static_cast<std::uint64_t>(m_plan.answered(at));
    std::size_t done = 0;
    for (; m_answeredCount < due && done < m_hand.size(); ++m_answeredCount, ++done) {
        const InHand& held = m_hand[done];
        const FlowAnswer answer = m_plan.answer(held.sequence, held.deliveries);
        if (answer == FlowAnswer::Hold || acksNothing() || (m_plan.ackAll && done + 1 < m_hand.size()))
            continue;
        const Result<void> sent =
            m_client.connection().publish(held.reply, answer == FlowAnswer::Ack ? "+ACK" : "-NAK");
        if (!sent && !m_plan.outlives)
            throw std::runtime_error(sent.error().message());
        if (answer == FlowAnswer::Nak)
            continue;
        const std::lock_guard lock(m_mutex);
        std::uint64_t acked = 0;
        for (auto& [sequence, message] : m_messages) {
            const bool isMeant =
                sequence == held.sequence || (m_plan.ackAll && sequence < held.sequence && isWanted(message));
            if (isMeant && message.acked == ServerTime{}) {
                message.acked = now();
                ++acked;
            }
        }
        count(&FlowCounts::acked, acked);
    }
    m_hand.erase(m_hand.begin(), m_hand.begin() + static_cast<std::ptrdiff_t>(done));
    // Who does nothing now does not catch up on it later.
    m_answeredCount = std::max(m_answeredCount, due);
}

void KnownFlow::pull()
{
    if (m_plan.batch == 0 || !m_hand.empty() ||
        (m_onOrder > 0 && steady_clock::now() < m_orderExpires + 500ms))
        return;
    m_onOrder = m_plan.batch;
    m_orderExpires = steady_clock::now() + kPullExpires;
    const std::string request =
        fmt::format(R"({{"batch":{},"expires":{}}})", m_plan.batch, nanoseconds(kPullExpires).count());
    const std::string subject = fmt::format("$JS.API.CONSUMER.MSG.NEXT.{}.c", m_plan.stream);
    (void)natsConnection_PublishRequest(m_client.connection().handle(), subject.c_str(),
                                        (m_inbox + ".1").c_str(), request.data(),
                                        static_cast<int>(request.size()));
}

void KnownFlow::deleteMessage(std::uint64_t sequence)
{
    m_client.api("STREAM.MSG.DELETE." + m_plan.stream, fmt::format(R"({{"seq":{}}})", sequence));
    const std::lock_guard lock(m_mutex);
    m_messages[sequence].gone = now();
}

void KnownFlow::purge(const std::string& token)
{
    m_client.api("STREAM.PURGE." + m_plan.stream,
                 token.empty() ? "" : fmt::format(R"({{"filter":"{}.{}"}})", m_plan.stream, token));
    const std::lock_guard lock(m_mutex);
    for (auto& [sequence, message] : m_messages) {
        if (message.gone == ServerTime{} && (token.empty() || message.token == token))
            message.gone = now();
    }
}

bool KnownFlow::isWanted(const Message& message) const
{
    return m_plan.filters.empty() || std::ranges::find(m_plan.filters, message.token) != m_plan.filters.end();
}

FlowAge KnownFlow::oldestAge(ServerTime time, bool undelivered) const
{
    const std::lock_guard lock(m_mutex);
    for (const auto& [sequence, message] : m_messages) {
        if (!isBy(message.published, time) || isBy(message.gone, time) || !isWanted(message))
            continue;
        if (!isBy(undelivered ? message.delivered : message.acked, time))
            return {std::max(0.0, duration<double>(time - message.stored).count()),
                    duration<double>(time - message.published).count()};
    }
    return {};
}

std::optional<ServerTime> KnownFlow::firstLoss(std::uint64_t maxMessages) const
{
    const std::lock_guard lock(m_mutex);
    for (const auto& [sequence, message] : m_messages) {
        if (!isWanted(message))
            continue;
        ServerTime removed = message.gone;
        if (maxMessages > 0) {
            const auto pusher = m_messages.find(sequence + maxMessages);
            removed = pusher == m_messages.end() ? ServerTime{} : pusher->second.published;
        }
        if (removed == ServerTime{} || removed > now())
            return std::nullopt; // none of the later ones is gone either
        if (!isBy(message.delivered, removed))
            return removed;
    }
    return std::nullopt;
}

nanoseconds KnownFlow::lateBy(ServerTime from, ServerTime to) const
{
    const std::lock_guard lock(m_mutex);
    nanoseconds late{};
    for (const Step& step : m_steps) {
        if (step.from <= to && step.to >= from)
            late = std::max<nanoseconds>(late, step.to - step.from);
    }
    return late;
}

FlowCounts KnownFlow::countsAt(ServerTime time) const
{
    const std::lock_guard lock(m_mutex);
    const auto after = std::ranges::upper_bound(m_counted, time, {}, &Counted::at);
    return after == m_counted.begin() ? FlowCounts() : std::prev(after)->counts;
}

} // namespace jetlag::test
