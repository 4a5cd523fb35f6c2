// SPDX-License-Identifier: Apache-2.0
#include "model/base/result.h"
#include "model/record/chain_writer.h"
#include "model/record/framer.h"
#include "model/record/outgoing.h"
#include "nats/client/connection.h"
#include "nats/client/status.h"
#include "nats/hook/publisher.h"
#include "nats/server/embedded_server.h"

#include <fmt/format.h>
#include <nats/nats.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

// Our publisher beside js_PublishMsgAsync: the same messages with the same headers into the same broker, one
// after the other, several rounds, medians. Each side publishes into a stream made anew and must find every
// message stored, or the run fails.
//
//     bench_hook [messages] [payload bytes] [rounds]

using namespace jetlag;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

struct Sample
{
    double perSecond = 0;
    double clientMicros = 0; // CPU of this process, per message
};

// What a hook of kind spark sends: one application, so one partition and one label.
struct Messages
{
    explicit Messages(std::size_t count, std::size_t bytes)
    {
        OutgoingOptions options;
        options.prefix = "bench";
        options.stream = "BENCH";
        OutgoingBuilder builder(options);
        const std::string body(bytes, 'x');
        std::optional<std::uint64_t> previous;
        list.reserve(count);
        payload = body;
        for (std::size_t i = 0; i < count; ++i) {
            FramedRecord record;
            record.source = "application_1538416563558_0014/1";
            record.firstOffset = record.lastOffset = i * (bytes + 1);
            record.key = "application_1538416563558_0014/1";
            record.label = "application_1538416563558_0014";
            record.payload = payload;
            record.fullLength = bytes;
            const auto built = builder.build(record, previous);
            if (!built || built->size() != 1)
                throw std::runtime_error("a record became several messages");
            list.push_back(built->front());
            previous = record.lastOffset;
        }
    }

    std::string payload;
    std::vector<OutgoingMessage> list;
};

template <typename T>
T need(Result<T> result)
{
    if (!result)
        throw std::runtime_error(result.error().message());
    if constexpr (!std::is_void_v<T>)
        return std::move(result).value();
}

void need(natsStatus status, const char* doing)
{
    if (status != NATS_OK)
        throw std::runtime_error(errorFromStatus(status, doing).message());
}

double cpuSeconds()
{
    timespec spent{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

void makeStream(Connection& connection)
{
    (void)connection.apiRequest("STREAM.DELETE.BENCH", {}, 30s);
    need(connection.apiRequest(
        "STREAM.CREATE.BENCH",
        R"({"name":"BENCH","subjects":["bench.>"],"storage":"file","allow_direct":true,)"
        R"("duplicate_window":30000000000})",
        30s));
}

void checkStored(Connection& connection, std::size_t count)
{
    const std::string answer = need(connection.apiRequest("STREAM.INFO.BENCH", {}, 30s));
    if (answer.find(fmt::format("\"messages\":{},", count)) == std::string::npos)
        throw std::runtime_error("not every message was stored: " + answer);
}

Sample ours(const ConnectionProfile& profile, const Messages& messages)
{
    PublisherOptions options;
    options.stream = "BENCH";
    Publisher publisher(profile, options);
    need(publisher.connect());
    makeStream(*publisher.connection());
    const Publisher::Lane lane = publisher.openLane();

    const Clock::time_point begin = Clock::now();
    const double cpu = cpuSeconds();
    std::size_t sent = 0;
    while (publisher.ackedRecords(lane) < messages.list.size()) {
        const std::size_t before = sent;
        while (sent < messages.list.size() && sent - before < 64 && publisher.hasRoom(lane))
            need(publisher.publish(lane, {&messages.list[sent++], 1}));
        need(publisher.poll(sent == before ? 100ms : 0ms));
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    const auto count = static_cast<double>(messages.list.size());
    const Sample sample{count / seconds, (cpuSeconds() - cpu) / count * 1e6};
    if (publisher.stats().duplicates || publisher.stats().resent)
        throw std::runtime_error("messages were sent again");
    checkStored(*publisher.connection(), messages.list.size());
    return sample;
}

Sample raw(const ConnectionProfile& profile, const Messages& messages)
{
    ConnectOptions how;
    how.sendAsap = false;
    const std::unique_ptr<Connection> connection = need(Connection::open(profile, how));
    makeStream(*connection);
    const JetStreamHandle js = need(connection->jetStream([](jsOptions& options) {
        options.PublishAsync.MaxPending = 4'096; // as ours
        options.PublishAsync.StallWait = 60'000; // 200 ms otherwise: it gives up while the window is full
    }));

    const Clock::time_point begin = Clock::now();
    const double cpu = cpuSeconds();
    for (const OutgoingMessage& message : messages.list) {
        natsMsg* made = nullptr;
        need(natsMsg_Create(&made, message.subject.c_str(), nullptr, message.payload.data(),
                            static_cast<int>(message.payload.size())),
             "making a message");
        for (const OutgoingHeader& field : message.headers)
            need(natsMsgHeader_Set(made, field.name.data(), field.value.c_str()), "setting a header");
        need(js_PublishMsgAsync(js.get(), &made, nullptr), "publishing");
    }
    jsPubOptions wait;
    jsPubOptions_Init(&wait);
    wait.MaxWait = 60'000;
    need(js_PublishAsyncComplete(js.get(), &wait), "waiting for acks");
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    const auto count = static_cast<double>(messages.list.size());
    const Sample sample{count / seconds, (cpuSeconds() - cpu) / count * 1e6};
    checkStored(*connection, messages.list.size());
    return sample;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

std::size_t argument(int argc, char** argv, int index, std::size_t otherwise)
{
    return argc > index ? std::strtoull(argv[index], nullptr, 10) : otherwise;
}

} // namespace

int main(int argc, char** argv)
try {
    const std::size_t count = argument(argc, argv, 1, 200'000);
    const std::size_t bytes = argument(argc, argv, 2, 1'024);
    const std::size_t rounds = argument(argc, argv, 3, 5);
    const Messages messages(count, bytes);

    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / fmt::format("jetlag-bench-hook-{}", ::getpid());
    EmbeddedServerOptions serverOptions;
    serverOptions.store = folder;
    EmbeddedServer server = need(EmbeddedServer::start(serverOptions));
    const ConnectionProfile profile = profileFromUrl(server.url());

    std::vector<double> ratios;
    std::vector<double> oursRate;
    std::vector<double> rawRate;
    std::vector<double> oursCpu;
    std::vector<double> rawCpu;
    for (std::size_t round = 0; round < rounds; ++round) {
        // Who goes first changes: the machine slows down and speeds up for whole minutes.
        const bool first = round % 2 == 0;
        Sample mine;
        if (first)
            mine = ours(profile, messages);
        const Sample theirs = raw(profile, messages);
        if (!first)
            mine = ours(profile, messages);
        ratios.push_back(mine.perSecond / theirs.perSecond);
        fmt::print(
            "round {}: publisher {:.0f}/s ({:.2f} us CPU), js_PublishMsgAsync {:.0f}/s ({:.2f} us CPU)\n",
            round + 1, mine.perSecond, mine.clientMicros, theirs.perSecond, theirs.clientMicros);
        oursRate.push_back(mine.perSecond);
        rawRate.push_back(theirs.perSecond);
        oursCpu.push_back(mine.clientMicros);
        rawCpu.push_back(theirs.clientMicros);
    }
    fmt::print("medians of {} rounds, {} messages of {} bytes: publisher {:.0f}/s ({:.2f} us CPU), "
               "js_PublishMsgAsync {:.0f}/s ({:.2f} us CPU), ratio of medians {:.2f}, median of the rounds' "
               "ratios {:.2f} (goal 1.0)\n",
               rounds, count, bytes, median(oursRate), median(oursCpu), median(rawRate), median(rawCpu),
               median(oursRate) / median(rawRate), median(ratios));
    server.stop();
    std::filesystem::remove_all(folder);
    return 0;
} catch (const std::exception& exception) {
    fmt::print(stderr, "error: {}\n", exception.what());
    return 1;
}
