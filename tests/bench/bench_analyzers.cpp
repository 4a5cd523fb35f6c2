// SPDX-License-Identifier: Apache-2.0
#include "model/analyzers/hdfs/hdfs_analyzer.h"
#include "model/analyzers/hive/hive_analyzer.h"
#include "model/analyzers/traffic/traffic_analyzer.h"
#include "model/base/byte_arena.h"
#include "model/workload/workload.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <malloc.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

// The analyzers on one thread, without the engine, each beside the plainest loop that gives the same sums
// over the same records in memory: hdfs beside a split at tabs that counts, hive beside simdjson's DOM
// parser that reads five fields, traffic beside a loop that adds up sizes. One after the other, several
// rounds, medians. A side that counts wrong fails the run.
//
//     bench_analyzers [events] [rounds] [hdfs|traffic|hive]

using namespace jetlag;

namespace {

using Clock = std::chrono::steady_clock;

/// Records as a source hands them over: padded, with key and subject.
struct Records
{
    Records(const char* kind, const Analyzer& analyzer, std::size_t count)
    {
        const std::unique_ptr<Workload> workload = std::move(makeWorkload(kind, {})).value();
        for (std::size_t i = 0; i < count; ++i) {
            Event event;
            event.payload = arena.copy(workload->next().line);
            event.padded = true;
            event.subject = arena.copy(std::string(kind) + ".user-" + std::to_string(i / 64 % 16));
            event.key = arena.copy(analyzer.key(event));
            bytes += event.payload.size();
            events.push_back(event);
        }
    }

    ByteArena arena;
    std::vector<Event> events;
    std::size_t bytes = 0;
};

std::uint64_t sumOf(const Analyzer& analyzer, const AnalyzerShard& shard, std::size_t tableIndex,
                    std::size_t column)
{
    std::vector<Table> tables;
    for (TableSchema& schema : analyzer.tables({}))
        tables.emplace_back(std::move(schema));
    shard.fillTables(tables);
    if (column == 0)
        return tables[tableIndex].rows().size();
    std::uint64_t sum = 0;
    for (const Row& row : tables[tableIndex].rows())
        sum += std::get<std::uint64_t>(row[column]);
    return sum;
}

/// A way through all records; what it returns tells, outside the measured time, what it counted.
using Count = std::function<std::uint64_t()>;
using Pass = std::function<Count(const Records&)>;

Pass analyzerPass(const Analyzer& analyzer, std::size_t tableIndex, std::size_t column)
{
    return [&analyzer, tableIndex, column](const Records& records) -> Count {
        const std::shared_ptr<AnalyzerShard> shard = analyzer.makeShard({});
        for (const Event& event : records.events) {
            if (!shard->decode(event))
                throw std::runtime_error("a record was refused");
            shard->apply();
        }
        return [&analyzer, shard, tableIndex, column] { return sumOf(analyzer, *shard, tableIndex, column); };
    };
}

Count splitAndCount(const Records& records)
{
    std::unordered_map<std::string_view, std::uint64_t> byCommand;
    std::unordered_map<std::string_view, std::uint64_t> byUser;
    for (const Event& event : records.events) {
        std::string_view rest = event.payload;
        while (!rest.empty()) {
            const std::size_t tab = rest.find('\t');
            const std::string_view field = rest.substr(0, tab);
            if (field.starts_with("cmd="))
                ++byCommand[field.substr(4, field.find(" (") - 4)];
            else if (field.starts_with("ugi="))
                ++byUser[field.substr(4, field.find_first_of("/@ ") - 4)];
            rest = tab == std::string_view::npos ? std::string_view() : rest.substr(tab + 1);
        }
    }
    std::uint64_t sum = 0;
    for (const auto& [command, count] : byCommand)
        sum += count;
    return [sum] { return sum; };
}

Count parseFiveFields(const Records& records)
{
    simdjson::dom::parser parser;
    std::uint64_t submissions = 0;
    std::uint64_t used = 0;
    for (const Event& event : records.events) {
        simdjson::dom::element root;
        if (parser.parse(event.payload.data(), event.payload.size(), false).get(root) != simdjson::SUCCESS)
            throw std::runtime_error("a record was refused");
        std::string_view text;
        for (const char* name : {"hiveQueryId", "user", "requestUser", "operationId"}) {
            if (root[name].get(text) == simdjson::SUCCESS)
                used += text.size();
        }
        if (root["eventType"].get(text) == simdjson::SUCCESS && text == "QUERY_SUBMITTED")
            ++submissions;
    }
    return [count = used == 0 ? 0 : submissions] { return count; };
}

Count addUpSizes(const Records& records)
{
    std::unordered_map<std::string_view, std::uint64_t> bySubject;
    std::uint64_t* last = nullptr;
    std::string_view lastSubject;
    std::uint64_t sum = 0;
    for (const Event& event : records.events) {
        if (!last || event.subject != lastSubject) {
            last = &bySubject[event.subject];
            lastSubject = event.subject;
        }
        *last += event.payload.size();
    }
    for (const auto& [subject, bytes] : bySubject)
        sum += bytes;
    return [sum] { return sum; };
}

double nanosPerEvent(const Pass& pass, const Records& records, std::uint64_t expected)
{
    const Clock::time_point from = Clock::now();
    const Count count = pass(records);
    const std::chrono::duration<double, std::nano> took = Clock::now() - from;
    const std::uint64_t counted = count();
    if (counted != expected)
        throw std::runtime_error(fmt::format("counted {} instead of {}", counted, expected));
    return took.count() / static_cast<double>(records.events.size());
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void compare(const char* name, const Records& records, const Pass& ours, const Pass& peer,
             std::uint64_t expected, int rounds)
{
    std::vector<double> mine;
    std::vector<double> theirs;
    for (int i = 0; i < rounds; ++i) {
        mine.push_back(nanosPerEvent(ours, records, expected));
        theirs.push_back(nanosPerEvent(peer, records, expected));
    }
    const double our = median(mine);
    const double their = median(theirs);
    fmt::print(
        "{:8} {:>9} events of {:>5} bytes   ours {:>6.0f} ns ({:>9.0f}/s)   loop {:>6.0f} ns ({:>9.0f}/s)   "
        "ours/loop {:.2f}\n",
        name, records.events.size(), records.bytes / records.events.size(), our, 1e9 / our, their,
        1e9 / their, their / our);
}

// How much one query costs as long as it is kept.
void printMemoryPerQuery(const Records& records)
{
    const std::size_t before = mallinfo2().uordblks;
    const std::unique_ptr<AnalyzerShard> shard = hiveAnalyzer().makeShard({});
    for (const Event& event : records.events) {
        if (shard->decode(event))
            shard->apply();
    }
    const std::size_t after = mallinfo2().uordblks;
    fmt::print("hive     {} bytes of memory per query\n",
               (after - before) / std::max<std::uint64_t>(sumOf(hiveAnalyzer(), *shard, 0, 0), 1));
}

} // namespace

int main(int argc, char** argv)
{
    try {
        const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000;
        const int rounds = argc > 2 ? std::atoi(argv[2]) : 7;

        const std::string_view only = argc > 3 ? argv[3] : "";
        const auto wanted = [only](std::string_view name) { return only.empty() || only == name; };

        if (wanted("hdfs") || wanted("traffic")) {
            const Records audit("hdfs", hdfsAnalyzer(), count);
            if (wanted("hdfs"))
                compare("hdfs", audit, analyzerPass(hdfsAnalyzer(), 0, 1), splitAndCount, count, rounds);
            if (wanted("traffic"))
                compare("traffic", audit, analyzerPass(trafficAnalyzer(), 0, 2), addUpSizes, audit.bytes,
                        rounds);
        }
        if (wanted("hive")) {
            const Records queries("hive", hiveAnalyzer(), count / 4);
            const std::uint64_t submissions = parseFiveFields(queries)();
            compare("hive", queries, analyzerPass(hiveAnalyzer(), 0, 0), parseFiveFields, submissions,
                    rounds);
            printMemoryPerQuery(queries);
        }
        return 0;
    } catch (const std::exception& failure) {
        fmt::print(stderr, "bench_analyzers: {}\n", failure.what());
        return 1;
    }
}
