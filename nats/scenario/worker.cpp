// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/worker.h"

#include "model/base/log.h"
#include "model/base/thread_name.h"
#include "nats/source/ack_reply.h"

#include <fmt/format.h>

#include <deque>
#include <optional>

namespace jetlag::scenario {

namespace {

using namespace std::chrono;

// A pull lost with a broken connection costs no more than this.
constexpr auto kPullExpires = 1s;
constexpr auto kSlice = 20ms; // how soon a stop is seen

void pause(microseconds time, std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, time, [] { return false; });
}

std::string pullRequest(unsigned batch, bool noWait)
{
    if (noWait)
        return fmt::format(R"({{"batch":{},"no_wait":true}})", batch);
    return fmt::format(R"({{"batch":{},"expires":{}}})", batch, nanoseconds(kPullExpires).count());
}

} // namespace

std::unique_ptr<Worker> Worker::pulling(Connection& connection, std::string nextSubject, Work work,
                                        unsigned threads)
{
    std::unique_ptr<Worker> worker(new Worker(connection, std::move(nextSubject), std::move(work)));
    for (unsigned i = 0; i < threads; ++i)
        worker->m_threads.emplace_back([self = worker.get(), after = worker->m_work->stagger * i](
                                           std::stop_token stop) { self->pull(after, stop); });
    return worker;
}

std::unique_ptr<Worker> Worker::subscribed(Connection& connection, std::string deliverSubject, Work work)
{
    std::unique_ptr<Worker> worker(new Worker(connection, std::move(deliverSubject), std::move(work)));
    worker->m_threads.emplace_back([self = worker.get()](std::stop_token stop) { self->listen(stop); });
    return worker;
}

void Worker::change(Work work)
{
    auto next = std::make_shared<const Work>(std::move(work));
    const std::lock_guard lock(m_mutex);
    m_work = std::move(next);
}

void Worker::ackKept()
{
    std::vector<std::string> kept;
    {
        const std::lock_guard lock(m_mutex);
        kept.swap(m_kept);
    }
    for (const std::string& reply : kept)
        (void)m_connection.publish(reply, "+ACK");
}

void Worker::finish()
{
    m_finishing = true;
    for (std::jthread& thread : m_threads)
        thread.join();
    m_threads.clear();
}

void Worker::stop()
{
    for (std::jthread& thread : m_threads)
        thread.request_stop();
    m_threads.clear();
}

std::optional<Worker::Held> Worker::heldFrom(natsMsg* message)
{
    const char* reply = natsMsg_GetReply(message);
    const std::optional<AckReply> parsed = reply ? parseAckReply(reply) : std::nullopt;
    if (!parsed)
        return std::nullopt;
    return Held{{parsed->stream.value(), parsed->deliveries}, reply};
}

std::shared_ptr<const Work> Worker::work() const
{
    const std::lock_guard lock(m_mutex);
    return m_work;
}

void Worker::pull(milliseconds after, std::stop_token stop)
{
    setCurrentThreadName("worker");
    const std::string base = m_connection.newInbox();
    Result<NatsSubscription> inbox = NatsSubscription::polled(m_connection.handle(), base + ".*");
    if (!inbox) {
        log().warn("a scenario's worker: {}", inbox.error().message());
        return;
    }
    pause(after, stop);
    if (work()->ahead)
        return pullAhead(*inbox, base, stop);
    for (std::uint64_t number = 1; !stop.stop_requested() && !m_finishing; ++number) {
        const std::shared_ptr<const Work> now = work();
        const std::string replyTo = fmt::format("{}.{}", base, number);
        if (sendPull(replyTo, now->batch, now->noWait))
            takeBatch(*inbox, replyTo, *now, stop);
        else
            pause(kSlice, stop); // the reconnect buffer is full
        if (now->between > 0ms)
            pause(now->between, stop);
    }
}

bool Worker::sendPull(const std::string& replyTo, unsigned batch, bool noWait)
{
    const std::string request = pullRequest(batch, noWait);
    return natsConnection_PublishRequest(m_connection.handle(), m_subject.c_str(), replyTo.c_str(),
                                         request.data(), static_cast<int>(request.size())) == NATS_OK;
}

void Worker::pullAhead(NatsSubscription& inbox, const std::string& base, std::stop_token stop)
{
    std::deque<Held> hand;
    std::size_t onOrder = 0;
    std::string replyTo;
    steady_clock::time_point giveUp{};
    for (std::uint64_t number = 0; !stop.stop_requested() && !(m_finishing && hand.empty());) {
        const std::size_t batch = work()->batch;
        if (onOrder > 0 && steady_clock::now() >= giveUp)
            onOrder = 0;
        if (onOrder == 0 && hand.size() <= batch / 2) {
            replyTo = fmt::format("{}.{}", base, ++number);
            onOrder = batch - hand.size();
            giveUp = steady_clock::now() + kPullExpires + kSlice * 5;
            if (!sendPull(replyTo, static_cast<unsigned>(onOrder), /*noWait=*/false))
                onOrder = 0;
        }
        while (Result<MessageHandle> message = inbox.next(hand.empty() ? milliseconds(kSlice) : 0ms)) {
            if (!*message)
                break;
            if (std::optional<Held> held = heldFrom(message->get())) {
                hand.push_back(std::move(*held));
                onOrder -= onOrder > 0 ? 1 : 0;
            } else if (replyTo == natsMsg_GetSubject(message->get())) {
                onOrder = 0;
            }
        }
        if (hand.empty())
            continue;
        handle(hand.front(), stop);
        hand.pop_front();
    }
}

void Worker::takeBatch(NatsSubscription& inbox, const std::string& replyTo, const Work& work,
                       std::stop_token stop)
{
    std::vector<Held> whole;
    // Whoever asked just before the break of a connection is told nothing at all.
    const auto giveUp = steady_clock::now() + kPullExpires + kSlice * 5;
    for (unsigned got = 0; got < work.batch && !stop.stop_requested();) {
        Result<MessageHandle> message = inbox.next(kSlice);
        if (!message)
            return pause(kSlice, stop);
        if (!*message) {
            if (steady_clock::now() >= giveUp)
                break;
            continue;
        }
        std::optional<Held> held = heldFrom(message->get());
        if (!held) { // a status: this pull ended, or an older one did
            if (replyTo != natsMsg_GetSubject(message->get()))
                continue;
            if (got == 0)
                pause(kSlice, stop); // refused perhaps: don't hammer
            break;
        }
        ++got;
        if (work.wholeBatch)
            whole.push_back(std::move(*held));
        else
            handle(*held, stop);
    }
    if (whole.empty())
        return;
    if (work.perBatch > 0ms)
        pause(work.perBatch, stop);
    const std::shared_ptr<const Work> now = this->work();
    for (const Held& held : whole) {
        if (stop.stop_requested())
            return;
        answer(held, *now);
    }
}

void Worker::listen(std::stop_token stop)
{
    setCurrentThreadName("subscriber");
    Result<NatsSubscription> subscription = NatsSubscription::polled(m_connection.handle(), m_subject);
    if (!subscription) {
        log().warn("a scenario's subscriber: {}", subscription.error().message());
        return;
    }
    while (!stop.stop_requested()) {
        Result<MessageHandle> message = subscription->next(kSlice);
        if (!message || !*message)
            continue;
        if (const std::optional<Held> held = heldFrom(message->get()))
            handle(*held, stop);
    }
}

void Worker::handle(const Held& held, std::stop_token stop)
{
    const std::shared_ptr<const Work> now = work();
    spend(now->time ? now->time(held.delivery) : now->perMessage, stop);
    if (!stop.stop_requested())
        answer(held, *now);
}

void Worker::answer(const Held& held, const Work& work)
{
    const Reply reply = work.answer(held.delivery);
    switch (reply.kind) {
    case Reply::Kind::Ack:
        (void)m_connection.publish(held.reply, "+ACK");
        return;
    case Reply::Kind::Nak:
        (void)m_connection.publish(
            held.reply, reply.delay > 0ms
                            ? fmt::format(R"(-NAK {{"delay":{}}})", nanoseconds(reply.delay).count())
                            : std::string("-NAK"));
        return;
    case Reply::Kind::Keep:
        const std::lock_guard lock(m_mutex);
        m_kept.push_back(held.reply);
        return;
    }
}

void Worker::spend(microseconds time, std::stop_token stop)
{
    if (time <= 0us)
        return;
    thread_local steady_clock::time_point free{};
    constexpr auto kMakesUp = 100ms; // for sleeps that took longer than asked
    const auto now = steady_clock::now();
    free = std::max(free, now - kMakesUp) + time;
    if (free > now)
        pause(duration_cast<microseconds>(free - now), stop);
}

RunawayPuller::RunawayPuller(Connection& connection, std::string nextSubject, double perSecond)
    : m_thread([&connection, subject = std::move(nextSubject), perSecond](std::stop_token stop) {
        setCurrentThreadName("runaway");
        const std::string replyTo = connection.newInbox();
        Result<NatsSubscription> inbox = NatsSubscription::polled(connection.handle(), replyTo);
        const std::string request = R"({"batch":1,"expires":60000000000})";
        const auto step = duration_cast<steady_clock::duration>(duration<double>(1 / perSecond));
        auto next = steady_clock::now();
        while (inbox && !stop.stop_requested()) {
            natsConnection_PublishRequest(connection.handle(), subject.c_str(), replyTo.c_str(),
                                          request.data(), static_cast<int>(request.size()));
            while (true) {
                const Result<MessageHandle> message = inbox->next(0ms);
                if (!message || !*message)
                    break;
            }
            next = std::max(next + step, steady_clock::now() - 100ms);
            pause(duration_cast<microseconds>(next - steady_clock::now()), stop);
        }
    })
{}

} // namespace jetlag::scenario
