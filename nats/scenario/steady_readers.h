#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "nats/client/connection.h"
#include "nats/client/subscription.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

namespace jetlag::scenario {

/// Reads any number of consumers by pulls and acks each message at once: collectors that keep up, a thousand
/// of them on one thread, where a Worker each would be a thousand threads.
///
/// The connection must outlive it.
class SteadyReaders final
{
public:
    /// `nextSubjects`: where pulls go, `$JS.API.CONSUMER.MSG.NEXT.<stream>.<consumer>`, one each.
    [[nodiscard]] static Result<std::unique_ptr<SteadyReaders>> start(Connection& connection,
                                                                      std::vector<std::string> nextSubjects);
    ~SteadyReaders() = default; ///< what it has in hand stays unanswered
    SteadyReaders(const SteadyReaders&) = delete;
    SteadyReaders& operator=(const SteadyReaders&) = delete;

private:
    struct Reader
    {
        std::string nextSubject;
        unsigned onOrder = 0; ///< what the running pull may still bring
        std::chrono::steady_clock::time_point giveUp;
    };
    SteadyReaders(Connection& connection, std::vector<std::string> nextSubjects, std::string inbox);
    void run(std::stop_token stop);
    void take(natsMsg* message);
    [[nodiscard]] Reader* readerAt(std::string_view number);
    [[nodiscard]] Reader* readerOf(std::string_view ackReply);
    void pullWhereNoneRuns();

    Connection& m_connection;
    const std::string m_inbox;
    std::vector<Reader> m_readers;                         // the thread's
    std::unordered_map<std::string, std::size_t> m_places; ///< of "stream.consumer" in m_readers
    NatsSubscription m_subscription;
    std::jthread m_thread; // last: it uses all of the above
};

} // namespace jetlag::scenario
