#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "nats/client/connection.h"
#include "nats/client/subscription.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace jetlag::scenario {

/// One message as it reached a worker.
struct Delivery
{
    std::uint64_t sequence = 0; ///< of the stream
    std::uint64_t deliveries = 1;
};

/// What a worker says of a message.
struct Reply
{
    enum class Kind {
        Ack,
        Nak,  ///< after `delay`, 0 = at once
        Keep, ///< nothing, as one that hangs or dies; see Worker::ackKept
    };
    Kind kind = Kind::Ack;
    std::chrono::milliseconds delay{};
};

[[nodiscard]] inline Reply ackIt(const Delivery&)
{
    return {Reply::Kind::Ack};
}
[[nodiscard]] inline Reply keepIt(const Delivery&)
{
    return {Reply::Kind::Keep};
}

/// How a worker works.
struct Work
{
    unsigned batch = 10;                                            ///< messages a pull asks for
    std::chrono::microseconds perMessage{};                         ///< work time of one message
    std::function<std::chrono::microseconds(const Delivery&)> time; ///< instead of perMessage
    std::function<Reply(const Delivery&)> answer = ackIt;
    bool wholeBatch = false; ///< take the batch first, then work for `perBatch`, then answer all of it
    std::chrono::milliseconds perBatch{};
    std::chrono::milliseconds between{}; ///< pause between two pulls
    bool noWait = false;                 ///< pull only what is there
    /// Pull more as soon as half of the batch is worked off, as clients do that prefetch.
    bool ahead = false;
    std::chrono::milliseconds stagger{}; ///< between the starts of two threads
};

/// Reads a consumer: pulls, or listens on a push consumer's deliver subject; some number of threads, each
/// with pulls of its own. It stops as a process that is killed: what it has in hand stays unanswered.
///
/// Any thread; the connection must outlive it.
class Worker final
{
public:
    /// `nextSubject`: where pulls go, `$JS.API.CONSUMER.MSG.NEXT.<stream>.<consumer>`.
    [[nodiscard]] static std::unique_ptr<Worker> pulling(Connection& connection, std::string nextSubject,
                                                         Work work, unsigned threads);
    [[nodiscard]] static std::unique_ptr<Worker> subscribed(Connection& connection,
                                                            std::string deliverSubject, Work work);
    ~Worker() { stop(); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void change(Work work); ///< from the next message on; threads stay as many
    void ackKept();         ///< all that was kept so far
    void finish();          ///< ends in good order: works off what the running pulls bring, then stops
    void stop();

private:
    struct Held
    {
        Delivery delivery;
        std::string reply;
    };
    Worker(Connection& connection, std::string subject, Work work)
        : m_connection(connection)
        , m_subject(std::move(subject))
        , m_work(std::make_shared<const Work>(std::move(work)))
    {}
    /// nullopt: a status, not a message.
    [[nodiscard]] static std::optional<Held> heldFrom(natsMsg* message);
    [[nodiscard]] std::shared_ptr<const Work> work() const;
    void pull(std::chrono::milliseconds after, std::stop_token stop);
    [[nodiscard]] bool sendPull(const std::string& replyTo, unsigned batch, bool noWait);
    void pullAhead(NatsSubscription& inbox, const std::string& base, std::stop_token stop);
    void listen(std::stop_token stop);
    void takeBatch(NatsSubscription& inbox, const std::string& replyTo, const Work& work,
                   std::stop_token stop);
    void handle(const Held& held, std::stop_token stop);
    void answer(const Held& held, const Work& work);
    /// Work takes its time on a schedule of the calling thread, so that a rate holds on average.
    void spend(std::chrono::microseconds time, std::stop_token stop);

    Connection& m_connection;
    const std::string m_subject;
    std::atomic<bool> m_finishing{false};

    mutable std::mutex m_mutex; // guards the two below
    std::shared_ptr<const Work> m_work;
    std::vector<std::string> m_kept; // replies

    std::vector<std::jthread> m_threads; // last: they use all of the above
};

/// A client in a bug: it sends pulls at a rate, takes what comes and answers nothing.
class RunawayPuller final
{
public:
    RunawayPuller(Connection& connection, std::string nextSubject, double perSecond);

private:
    std::jthread m_thread;
};

} // namespace jetlag::scenario
