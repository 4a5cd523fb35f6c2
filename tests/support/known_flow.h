#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/clock.h"
#include "nats/client/subscription.h"
#include "tests/support/broker.h"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace jetlag::test {

/// What a flow answers to one delivery.
enum class FlowAnswer {
    Ack,
    Nak,
    Hold, ///< nothing, for good
};

class KnownFlow;

/// One stream (`<name>.>`) with one publisher and one collector, "c". Times are seconds since the flow began.
struct FlowPlan
{
    std::string stream;
    std::string streamMembers;        ///< JSON members of the stream's config, on top of name and subjects
    std::string consumerMembers;      ///< of the consumer's: `"ack_wait":1000000000`
    std::vector<std::string> filters; ///< tokens behind the stream's name; empty = no filter
    std::size_t payload = 64;         ///< bytes
    /// So many messages are published in all at second t; never falls.
    std::function<double(double)> published = [](double) { return 0.0; };
    std::function<std::string(std::uint64_t)> token = [](std::uint64_t) {
        return "a";
    }; ///< of the nth, from 0
    /// So many deliveries are answered in all at second t; never falls. With `ack_policy: none`: read.
    std::function<double(double)> answered = [](double) { return 0.0; };
    std::function<FlowAnswer(std::uint64_t, unsigned)> answer = [](std::uint64_t, unsigned) {
        return FlowAnswer::Ack;
    };                     ///< sequence, deliveries of it
    unsigned batch = 50;   ///< a pull asks for so many; the next one follows when all of it is answered
    bool ackAll = false;   ///< the consumer's policy is `all`: the last one of a batch answers for all
    bool outlives = false; ///< servers may go away and come back; then messages have no known sequence
    double maxAge = 0;     ///< seconds, when the stream has a max_age
    std::function<void(double, KnownFlow&)> act; ///< again and again; what else happens to the stream
};

/// Seconds. A message was stored some time between its publish and the ack of it.
struct FlowAge
{
    double least = 0;
    double most = 0;
};

/// Counts up to a moment.
struct FlowCounts
{
    std::uint64_t published = 0;
    std::uint64_t first = 0;       ///< first deliveries
    std::uint64_t redelivered = 0; ///< further ones
    std::uint64_t acked = 0;
};

/// Drives a stream and its collector, and knows the truth about both: when each message was published,
/// delivered, acked and deleted. It runs on a thread of its own until it is destroyed; throws when it cannot
/// begin.
class KnownFlow final
{
public:
    KnownFlow(const ConnectionProfile& profile, FlowPlan plan);
    ~KnownFlow() { stop(); }
    KnownFlow(const KnownFlow&) = delete;
    KnownFlow& operator=(const KnownFlow&) = delete;

    void stop();
    [[nodiscard]] const FlowPlan& plan() const noexcept { return m_plan; }
    [[nodiscard]] std::string problem() const; ///< why it ended early; empty = it did not

    // The truth; any thread.
    /// Age at `time` of the oldest message that the collector should get and that was not acked
    /// (`undelivered`: not even delivered) by then; 0 = there is none.
    [[nodiscard]] FlowAge oldestAge(ServerTime time, bool undelivered) const;
    [[nodiscard]] FlowCounts countsAt(ServerTime time) const;
    /// What happened then is dated later by so much at the most: the flow's thread had its turn that seldom.
    [[nodiscard]] std::chrono::nanoseconds lateBy(ServerTime from, ServerTime to) const;
    /// When the stream's limit removed a message first that the collector should have got; `maxMessages`: the
    /// limit, 0 = the plan's max_age. Counts what was published since the flow began.
    [[nodiscard]] std::optional<ServerTime> firstLoss(std::uint64_t maxMessages) const;

    // For `act`, in the flow's own thread.
    TestClient& client() noexcept { return m_client; }
    [[nodiscard]] bool once(const std::string& what) { return m_done.insert(what).second; }
    void deleteMessage(std::uint64_t sequence);
    void purge(const std::string& token); ///< "" = all
    void makeStream();
    void makeConsumer();

private:
    struct Message
    {
        std::string token;
        ServerTime published{};
        ServerTime stored{};    ///< at the latest
        ServerTime delivered{}; ///< 0 = not yet
        ServerTime acked{};
        ServerTime gone{};
    };
    struct InHand
    {
        std::uint64_t sequence = 0;
        unsigned deliveries = 1;
        std::string reply;
    };
    struct Counted
    {
        ServerTime at{};
        FlowCounts counts;
    };

    struct Step
    {
        ServerTime from{};
        ServerTime to{};
    };

    void run(const std::stop_token& stop);
    void publishDue(double now);
    void receive();
    void answerDue(double now);
    void pull();
    void count(std::uint64_t FlowCounts::*what, std::uint64_t more = 1); // m_mutex held
    [[nodiscard]] bool isWanted(const Message& message) const;
    [[nodiscard]] bool acksNothing() const;

    const FlowPlan m_plan;
    TestClient m_client;
    std::string m_inbox;
    NatsSubscription m_deliveries;
    std::set<std::string> m_done;
    std::vector<InHand> m_hand;
    std::size_t m_onOrder = 0;
    std::chrono::steady_clock::time_point m_orderExpires{};
    std::uint64_t m_publishedCount = 0;
    std::uint64_t m_answeredCount = 0;

    mutable std::mutex m_mutex; // guards the four below
    std::map<std::uint64_t, Message> m_messages;
    std::vector<Counted> m_counted;
    std::vector<Step> m_steps; ///< from one look at what came to the next
    std::string m_problem;

    std::jthread m_thread; // last
};

} // namespace jetlag::test
