// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/traffic/traffic_analyzer.h"
#include "model/record/outgoing.h"
#include "model/workload/workload.h"
#include "nats/client/read_only_api.h"
#include "nats/client/status.h"
#include "nats/client/write_api.h"
#include "nats/server/embedded_server.h"
#include "nats/source/sequence_source.h"
#include "replay/capture/capture_reader.h"
#include "replay/capture/capture_recorder.h"
#include "replay/session/replay_session.h"

#include <fmt/format.h>
#include <nats/nats.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <unistd.h>
#include <vector>

// Recording a stream into a capture beside a live replay of the same stream with `traffic`. Rounds take turns;
// medians, the ratio's over the pairs, as other work on the machine comes and goes. Both must see every message,
// and the captures must hold them, or the run fails.
//
//     bench_recording [messages] [spark|hdfs|hive] [rounds]

using namespace jetlag;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;

template <typename Value>
Value checked(Result<Value> result)
{
    if (!result)
        throw std::runtime_error(result.error().message());
    return std::move(*result);
}

void check(natsStatus status, const char* doing)
{
    if (status != NATS_OK)
        throw std::runtime_error(errorFromStatus(status, doing).message());
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

double secondsSince(Steady::time_point begin)
{
    return std::chrono::duration<double>(Steady::now() - begin).count();
}

/// The workload's records as a hook would publish them. Returns their payload bytes.
std::uint64_t publish(Connection& connection, const char* kind, std::uint64_t count)
{
    const JetStreamHandle js = checked(connection.jetStream([](jsOptions& options) {
        options.PublishAsync.MaxPending = 4'000;
        options.PublishAsync.StallWait = 10'000;
    }));
    const std::unique_ptr<Workload> workload = checked(makeWorkload(kind, {}));
    OutgoingBuilder builder({.prefix = "b", .stream = "B"});
    std::map<std::string, std::uint64_t, std::less<>> offsets;                 // by file: where it ends
    std::map<std::pair<std::string, unsigned>, std::uint64_t> previousRecords; // by file and partition
    std::uint64_t bytes = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const WorkloadRecord line = workload->next();
        std::uint64_t& offset = offsets[std::string(line.file)];
        FramedRecord record;
        record.source = record.key = record.label = line.file;
        record.firstOffset = record.lastOffset = offset;
        record.payload = line.line;
        record.fullLength = line.line.size();
        offset += line.line.size() + 1;
        bytes += line.line.size();
        const std::pair place(std::string(line.file), builder.partitionFor(record));
        const auto before = previousRecords.find(place);
        const auto built = checked(builder.build(
            record, before == previousRecords.end() ? std::nullopt : std::optional(before->second)));
        if (built.size() != 1)
            throw std::runtime_error("a record of the workload needs parts");
        previousRecords[place] = record.lastOffset;
        natsMsg* message = nullptr;
        check(natsMsg_Create(&message, built[0].subject.c_str(), nullptr, built[0].payload.data(),
                             static_cast<int>(built[0].payload.size())),
              "making a message");
        for (const OutgoingHeader& field : built[0].headers)
            natsMsgHeader_Set(message, field.name.data(), field.value.c_str());
        check(js_PublishMsgAsync(js.get(), &message, nullptr), "publishing");
    }
    check(js_PublishAsyncComplete(js.get(), nullptr), "publishing");
    return bytes;
}

struct Bench
{
    std::uint64_t messages;
    std::unique_ptr<Connection> connection;
    std::filesystem::path folder;

    double replay() const
    {
        ReadOnlyApi reads(*connection);
        const Steady::time_point begin = Steady::now();
        const auto source = checked(SequenceSource::open(reads, "B", {}));
        ReplaySession session(trafficAnalyzer(), {});
        const ReplayOutcome outcome = checked(session.run(*source, {}));
        const double took = secondsSince(begin);
        expect(outcome.result.counters.events());
        return took;
    }

    double record(const std::filesystem::path& file) const
    {
        ReadOnlyApi reads(*connection);
        const Steady::time_point begin = Steady::now();
        const auto source = checked(SequenceSource::open(reads, "B", {.headers = HeaderChoice::All}));
        CaptureRecorder recorder(file, {.ifExists = CaptureWriterOptions::IfExists::Overwrite});
        expect(checked(recorder.record(*source, {})).messages);
        return secondsSince(begin);
    }

    void expect(std::uint64_t count) const
    {
        if (count != messages)
            throw std::runtime_error(fmt::format("{} messages came, {} were published", count, messages));
    }
};

} // namespace

int main(int argc, char** argv)
{
    const std::uint64_t messages = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000;
    const char* const kind = argc > 2 ? argv[2] : "spark";
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / fmt::format("jetlag-bench-{}", getpid());
    {
        EmbeddedServer server = checked(EmbeddedServer::start({.store = folder / "js"}));
        const Bench bench{.messages = messages,
                          .connection =
                              checked(Connection::open(profileFromUrl(server.url()), {.sendAsap = false})),
                          .folder = folder};
        static_cast<void>(
            checked(WriteApi(*bench.connection).createStream({.name = "B", .subjects = {"b.>"}}, 5s)));
        const std::uint64_t bytes = publish(*bench.connection, kind, messages);
        const std::filesystem::path file = folder / "bench.jetlag";
        std::vector<double> replayed, recorded, ratios;
        for (int round = 0; round < rounds; ++round) {
            replayed.push_back(bench.replay());
            recorded.push_back(bench.record(file));
            ratios.push_back(replayed.back() / recorded.back());
        }
        const CaptureInfo info = checked(checked(CaptureReader::open(file)).info());
        bench.expect(info.messages);
        const auto rate = [messages](const std::vector<double>& seconds) {
            return static_cast<double>(messages) / median(seconds);
        };
        fmt::print("{} {} messages of {} bytes, medians of {} rounds\n", messages, kind, bytes / messages,
                   rounds);
        fmt::print("recording {:.0f}/s, live replay with traffic {:.0f}/s, ratio {:.2f} (goal 0.9)\n",
                   rate(recorded), rate(replayed), median(ratios));
    }
    std::filesystem::remove_all(folder);
    return 0;
}
