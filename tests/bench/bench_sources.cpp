// SPDX-License-Identifier: Apache-2.0
#include "model/engine/event_source.h"
#include "nats/client/read_only_api.h"
#include "nats/client/status.h"
#include "nats/client/write_api.h"
#include "nats/server/embedded_server.h"
#include "nats/source/durable_source.h"
#include "nats/source/sequence_source.h"

#include <fmt/format.h>
#include <nats/nats.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <unistd.h>
#include <vector>

// Our sources beside plain nats.c on the same stream: by sequence beside an ordered push consumer that does
// nothing; the durable beside a pull subscription with ack-all that reads the same two headers. Rounds take
// turns, medians; every side must see every message, or the run fails.
//
//     bench_sources [messages] [payload bytes] [rounds]

using namespace jetlag;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

void check(natsStatus status, const char* doing)
{
    if (status != NATS_OK)
        throw std::runtime_error(errorFromStatus(status, doing).message());
}

template <typename Value>
Value checked(Result<Value> result)
{
    if (!result)
        throw std::runtime_error(result.error().message());
    return std::move(*result);
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

std::uint64_t drain(EventSource& source, const std::function<void(StreamSequence)>& done = {})
{
    std::uint64_t count = 0;
    MessageBatch batch;
    for (;;) {
        batch.clear();
        const SourceOutcome outcome = checked(source.next(batch, 1s, {}));
        if (outcome == SourceOutcome::End)
            return count;
        count += batch.messages.size();
        if (done && !batch.messages.empty())
            done(batch.messages.back().sequence);
    }
}

struct Bench
{
    std::uint64_t messages;
    std::unique_ptr<Connection> connection;
    int durables = 0;

    double bySequence()
    {
        ReadOnlyApi reads(*connection);
        const Clock::time_point begin = Clock::now();
        const auto source = checked(SequenceSource::open(reads, "B", {}));
        expect(drain(*source));
        return seconds(begin);
    }

    double orderedPush()
    {
        const JetStreamHandle js = checked(connection->jetStream());
        jsSubOptions options;
        jsSubOptions_Init(&options);
        options.Ordered = true;
        natsSubscription* subscription = nullptr;
        const Clock::time_point begin = Clock::now();
        check(js_SubscribeSync(&subscription, js.get(), "b.>", nullptr, &options, nullptr), "subscribing");
        for (std::uint64_t i = 0; i < messages; ++i) {
            natsMsg* message = nullptr;
            check(natsSubscription_NextMsg(&message, subscription, 10'000), "next message");
            natsMsg_Destroy(message);
        }
        const double took = seconds(begin);
        natsSubscription_Unsubscribe(subscription);
        natsConnection_FlushTimeout(connection->handle(), 1'000);
        natsSubscription_Destroy(subscription);
        return took;
    }

    double durable()
    {
        ReadOnlyApi reads(*connection);
        WriteApi writes(*connection);
        std::string created;
        const Clock::time_point begin = Clock::now();
        const auto source = checked(DurableSource::open(
            reads, writes,
            {.stream = "B", .durable = fmt::format("ours{}", ++durables), .untilCaughtUp = true}, created));
        // Checkpoints as an engine without a disk would make them: every 50,000 events.
        std::uint64_t since = 0;
        StreamSequence last;
        expect(drain(*source, [&](StreamSequence sequence) {
            since += sequence.value() - last.value();
            last = sequence;
            if (since >= 50'000) {
                since = 0;
                if (Result<void> acked = source->checkpointed(sequence); !acked)
                    throw std::runtime_error(acked.error().message());
            } else if (since % 1'000 == 0) {
                if (Result<void> acked = source->checkpointed(sequence); !acked)
                    throw std::runtime_error(acked.error().message());
            }
        }));
        return seconds(begin);
    }

    double rawPull()
    {
        const JetStreamHandle js = checked(connection->jetStream());
        const std::string name = fmt::format("raw{}", ++durables);
        jsSubOptions options;
        jsSubOptions_Init(&options);
        options.Stream = "B";
        options.Config.AckPolicy = js_AckAll;
        options.Config.MaxAckPending = 100'000;
        natsSubscription* subscription = nullptr;
        const Clock::time_point begin = Clock::now();
        check(js_PullSubscribe(&subscription, js.get(), "b.>", name.c_str(), nullptr, &options, nullptr),
              "subscribing");
        std::uint64_t count = 0;
        while (count < messages) {
            natsMsgList list;
            check(natsSubscription_Fetch(&list, subscription,
                                         static_cast<int>(std::min<std::uint64_t>(5'000, messages - count)),
                                         10'000, nullptr),
                  "fetching");
            for (int i = 0; i < list.Count; ++i) {
                const char* value = nullptr;
                natsMsgHeader_Get(list.Msgs[i], "Nats-Msg-Id", &value);
                natsMsgHeader_Get(list.Msgs[i], "Jetlag-Prev", &value);
            }
            if (list.Count > 0)
                natsMsg_Ack(list.Msgs[list.Count - 1], nullptr);
            count += static_cast<std::uint64_t>(list.Count);
            natsMsgList_Destroy(&list);
        }
        const double took = seconds(begin);
        natsSubscription_Unsubscribe(subscription);
        natsConnection_FlushTimeout(connection->handle(), 1'000);
        natsSubscription_Destroy(subscription);
        return took;
    }

    void expect(std::uint64_t count) const
    {
        if (count != messages)
            throw std::runtime_error(fmt::format("{} messages came, {} were published", count, messages));
    }
    static double seconds(Clock::time_point begin)
    {
        return std::chrono::duration<double>(Clock::now() - begin).count();
    }
};

void publish(Connection& connection, std::uint64_t count, std::size_t bytes)
{
    const JetStreamHandle js = checked(connection.jetStream([](jsOptions& options) {
        options.PublishAsync.MaxPending = 4'000;
        options.PublishAsync.StallWait = 10'000;
    }));
    const std::string body(bytes, 'x');
    for (std::uint64_t i = 0; i < count; ++i) {
        natsMsg* message = nullptr;
        check(natsMsg_Create(&message, "b.0.x", nullptr, body.data(), static_cast<int>(body.size())),
              "making a message");
        natsMsgHeader_Set(message, "Nats-Msg-Id", fmt::format("s:{0}-{0}", i).c_str());
        natsMsgHeader_Set(message, "Jetlag-Prev", i ? fmt::to_string(i - 1).c_str() : "-");
        check(js_PublishMsgAsync(js.get(), &message, nullptr), "publishing");
    }
    check(js_PublishAsyncComplete(js.get(), nullptr), "publishing");
}

} // namespace

int main(int argc, char** argv)
{
    const std::uint64_t messages = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000;
    const std::size_t bytes = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'024;
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / fmt::format("jetlag-bench-{}", getpid());
    {
        EmbeddedServer server = checked(EmbeddedServer::start({.store = folder}));
        Bench bench{.messages = messages,
                    .connection = checked(Connection::open(profileFromUrl(server.url()), {.sendAsap = false}))};
        static_cast<void>(
            checked(WriteApi(*bench.connection).createStream({.name = "B", .subjects = {"b.>"}}, 5s)));
        publish(*bench.connection, messages, bytes);
        std::vector<double> sequence, push, durable, pull;
        for (int round = 0; round < rounds; ++round) {
            sequence.push_back(bench.bySequence());
            push.push_back(bench.orderedPush());
            durable.push_back(bench.durable());
            pull.push_back(bench.rawPull());
        }
        const auto rate = [messages](const std::vector<double>& seconds) {
            return static_cast<double>(messages) / median(seconds);
        };
        fmt::print("{} messages of {} bytes, medians of {} rounds\n", messages, bytes, rounds);
        fmt::print("by sequence {:.0f}/s, ordered push {:.0f}/s, ratio {:.2f} (goal 0.5)\n", rate(sequence),
                   rate(push), median(push) / median(sequence));
        fmt::print("durable {:.0f}/s, raw pull with ack-all {:.0f}/s, ratio {:.2f} (goal 0.9)\n",
                   rate(durable), rate(pull), median(pull) / median(durable));
    }
    std::filesystem::remove_all(folder);
    return 0;
}
