// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/registry.h"
#include "model/engine/engine.h"
#include "replay/capture/capture_writer.h"
#include "replay/source/capture_source.h"
#include "replay/source/log_source.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <zstd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

// Offline replay of a Spark event log beside a simdjson on-demand loop that takes five fields out of the same
// lines in memory; and a capture of the log, written and replayed by `traffic`, beside its zstd. Rounds take
// turns, medians (goals: offline 0.5, to capture 0.8, through traffic 0.85); event counts must agree before
// anything is timed. The log must be plain text.
//
//     bench_offline LOG [rounds] [spark|hdfs|hive]

using namespace jetlag;

namespace {

using Clock = std::chrono::steady_clock;

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// What rounds of one way took: by the clock, and of all cores together, which a busy machine disturbs less.
struct Times
{
    std::vector<double> wall, cpu;

    template <typename Work>
    void take(Work work)
    {
        const Clock::time_point begin = Clock::now();
        const std::clock_t cpuBegin = std::clock();
        work();
        cpu.push_back(static_cast<double>(std::clock() - cpuBegin) / CLOCKS_PER_SEC);
        wall.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
    }
};

void report(const char* way, const Times& ours, const char* peerName, const Times& peer, double events)
{
    fmt::print("{:<22}{:>10.0f}/s, {} {:>9.0f}/s, ratio {:.2f}, of CPU time {:.2f}\n", way,
               events / median(ours.wall), peerName, events / median(peer.wall),
               median(peer.wall) / median(ours.wall), median(peer.cpu) / median(ours.cpu));
}

template <typename Value>
Value checked(Result<Value> result)
{
    if (!result)
        throw std::runtime_error(result.error().message());
    return std::move(*result);
}

std::uint64_t engineOver(EventSource& source, const char* analyzer)
{
    Engine engine(*findAnalyzer(analyzer), {.workers = 1});
    static_cast<void>(checked(engine.run(source, {})));
    return engine.result().counters.events();
}

std::uint64_t fiveFields(const std::string& text)
{
    simdjson::ondemand::parser parser;
    std::uint64_t events = 0;
    std::uint64_t sum = 0;
    std::size_t begin = 0;
    for (std::size_t end = text.find('\n');
         end != std::string::npos && end + simdjson::SIMDJSON_PADDING < text.capacity();
         end = text.find('\n', begin)) {
        simdjson::ondemand::document line;
        const simdjson::padded_string_view view(text.data() + begin, end - begin, text.capacity() - begin);
        begin = end + 1;
        if (parser.iterate(view).get(line))
            continue;
        std::string_view event;
        std::uint64_t number = 0;
        if (!line["Event"].get(event))
            sum += event.size();
        for (const char* field : {"Stage ID", "Stage Attempt ID"}) {
            if (!line[field].get(number))
                sum += number;
        }
        simdjson::ondemand::object info;
        if (!line["Task Info"].get(info)) {
            for (const char* field : {"Task ID", "Launch Time"}) {
                if (!info[field].get(number))
                    sum += number;
            }
        }
        ++events;
    }
    // The sum is used, so that no compiler leaves the loop out.
    return sum == 1 ? 0 : events;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        fmt::print(stderr, "usage: bench_offline LOG [rounds] [spark|hdfs|hive]\n");
        return 2;
    }
    const std::filesystem::path log = argv[1];
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 7;
    const std::string analyzer = argc > 3 ? argv[3] : "spark";
    const RecordKind kind = logKindFor(analyzer).value_or(RecordKind::Lines);
    std::ifstream stream(log, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    const std::filesystem::path capture = std::filesystem::temp_directory_path() / "jetlag-bench.jetlag";

    const auto replayLog = [&] {
        const auto source = checked(LogSource::open({.paths = {log}, .kind = kind}));
        return engineOver(*source, analyzer.c_str());
    };
    const auto record = [&] {
        const auto source = checked(LogSource::open({.paths = {log}, .kind = kind}));
        auto writer =
            checked(CaptureWriter::open(capture, {.ifExists = CaptureWriterOptions::IfExists::Overwrite}));
        const auto into = checked(writer.addStream({.identity = {.name = "S"}, .first = StreamSequence(1)}));
        MessageBatch batch;
        while (checked(source->next(batch, std::chrono::seconds(1), {})) == SourceOutcome::Batch) {
            if (Result<void> added = writer.add(into, batch); !added)
                throw std::runtime_error(added.error().message());
            batch.clear();
        }
        static_cast<void>(checked(writer.close()));
    };
    const auto replayCapture = [&] {
        const auto source = checked(CaptureSource::open(capture));
        return engineOver(*source, "traffic");
    };
    std::string compressed(ZSTD_compressBound(text.size()), '\0');
    const auto compress = [&] {
        compressed.resize(
            ZSTD_compress(compressed.data(), compressed.capacity(), text.data(), text.size(), 1));
    };
    std::string back(text.size(), '\0');
    const auto decompress = [&] {
        ZSTD_decompress(back.data(), back.size(), compressed.data(), compressed.size());
    };

    record();
    compress();
    const std::uint64_t events = replayLog();
    // The other kinds have no peer of their own here.
    const bool isSpark = kind == RecordKind::Spark;
    if ((isSpark && events != fiveFields(text)) || events != replayCapture())
        throw std::runtime_error("the counts of the ways differ");

    Times ours, peer, writing, zstd, reading, unzstd;
    for (int round = 0; round < rounds; ++round) {
        peer.take([&] { fiveFields(text); });
        ours.take([&] { replayLog(); });
        zstd.take(compress);
        writing.take(record);
        unzstd.take(decompress);
        reading.take([&] { replayCapture(); });
    }
    const std::string level3 = [&] {
        std::string bytes(ZSTD_compressBound(text.size()), '\0');
        bytes.resize(ZSTD_compress(bytes.data(), bytes.size(), text.data(), text.size(), 3));
        return bytes;
    }();
    fmt::print("{} events, {:.1f} MB, medians of {} rounds\n", events, static_cast<double>(text.size()) / 1e6,
               rounds);
    const auto count = static_cast<double>(events);
    if (isSpark)
        report("offline spark replay", ours, "five-field loop", peer, count);
    report("log to capture", writing, "zstd -1 alone  ", zstd, count);
    report("capture through traffic", reading, "unzstd alone   ", unzstd, count);
    fmt::print("capture size / zstd -3 of the file: {:.2f} (goal 1.15)\n",
               static_cast<double>(std::filesystem::file_size(capture)) / static_cast<double>(level3.size()));
    std::filesystem::remove(capture);
    return 0;
}
