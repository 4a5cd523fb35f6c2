// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/steady_readers.h"

#include "model/base/log.h"
#include "model/base/thread_name.h"
#include "nats/source/ack_reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace jetlag::scenario {

namespace {

using namespace std::chrono;

constexpr unsigned kBatch = 20;
constexpr auto kExpires = 20s; // a thousand consumers are a pull each 20 ms, not a load of their own
constexpr auto kSlice = 20ms;  // how soon a stop is seen
constexpr auto kLookAround = 200ms;
constexpr std::string_view kNextPrefix = "$JS.API.CONSUMER.MSG.NEXT.";
constexpr std::string_view kAckPrefix = "$JS.ACK.";
constexpr int kShortDots = 6; // stream.consumer and five numbers

} // namespace

Result<std::unique_ptr<SteadyReaders>> SteadyReaders::start(Connection& connection,
                                                            std::vector<std::string> nextSubjects)
{
    std::unique_ptr<SteadyReaders> readers(
        new SteadyReaders(connection, std::move(nextSubjects), connection.newInbox()));
    // All that can be on order at once, and as many statuses: nothing of it is dropped.
    const std::size_t most = readers->m_readers.size() * (kBatch + 2) + 1'024;
    Result<NatsSubscription> subscription =
        NatsSubscription::polled(connection.handle(), readers->m_inbox + ".*", static_cast<int>(most));
    if (!subscription)
        return subscription.error();
    readers->m_subscription = std::move(*subscription);
    readers->m_thread =
        std::jthread([self = readers.get()](std::stop_token stop) { self->run(std::move(stop)); });
    return readers;
}

SteadyReaders::SteadyReaders(Connection& connection, std::vector<std::string> nextSubjects, std::string inbox)
    : m_connection(connection)
    , m_inbox(std::move(inbox))
{
    for (std::string& subject : nextSubjects) {
        m_places[subject.substr(std::min(kNextPrefix.size(), subject.size()))] = m_readers.size();
        m_readers.push_back({.nextSubject = std::move(subject), .onOrder = 0, .giveUp = {}});
    }
}

void SteadyReaders::run(std::stop_token stop)
{
    setCurrentThreadName("steady readers");
    auto lookAround = steady_clock::now();
    while (!stop.stop_requested()) {
        if (steady_clock::now() >= lookAround) {
            pullWhereNoneRuns();
            lookAround = steady_clock::now() + kLookAround;
        }
        if (const Result<MessageHandle> message = m_subscription.next(kSlice); message && *message)
            take(message->get());
    }
}

void SteadyReaders::take(natsMsg* message)
{
    const char* reply = natsMsg_GetReply(message);
    if (reply == nullptr || !parseAckReply(reply)) { // a status, to the inbox of its pull: it has ended
        const std::string_view inbox = natsMsg_GetSubject(message);
        if (Reader* reader = readerAt(inbox.substr(inbox.rfind('.') + 1)))
            reader->onOrder = 0;
        return;
    }
    (void)m_connection.publish(reply, "+ACK");
    // A message keeps the subject it was published to; whose it is stands in the place for its ack.
    if (Reader* reader = readerOf(reply); reader != nullptr && reader->onOrder > 0)
        --reader->onOrder;
}

SteadyReaders::Reader* SteadyReaders::readerAt(std::string_view number)
{
    std::size_t at = 0;
    const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), at);
    return failure == std::errc{} && at < m_readers.size() ? &m_readers[at] : nullptr;
}

SteadyReaders::Reader* SteadyReaders::readerOf(std::string_view ackReply)
{
    ackReply.remove_prefix(std::min(kAckPrefix.size(), ackReply.size()));
    if (std::ranges::count(ackReply, '.') > kShortDots) { // newer servers put domain and account first
        for (int token = 0; token < 2; ++token)
            ackReply.remove_prefix(ackReply.find('.') + 1);
    }
    const std::size_t stream = ackReply.find('.');
    const auto at = m_places.find(std::string(ackReply.substr(0, ackReply.find('.', stream + 1))));
    return at == m_places.end() ? nullptr : &m_readers[at->second];
}

// A refused pull is asked again with the next look around, not at once.
void SteadyReaders::pullWhereNoneRuns()
{
    const auto now = steady_clock::now();
    const std::string request =
        fmt::format(R"({{"batch":{},"expires":{}}})", kBatch, nanoseconds(kExpires).count());
    for (std::size_t at = 0; at < m_readers.size(); ++at) {
        Reader& reader = m_readers[at];
        if (reader.onOrder > 0 && now < reader.giveUp)
            continue;
        const std::string replyTo = fmt::format("{}.{}", m_inbox, at);
        if (natsConnection_PublishRequest(m_connection.handle(), reader.nextSubject.c_str(), replyTo.c_str(),
                                          request.data(), static_cast<int>(request.size())) != NATS_OK)
            return; // the reconnect buffer is full
        reader.onOrder = kBatch;
        reader.giveUp = now + kExpires + 1s;
    }
}

} // namespace jetlag::scenario
