// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_reader.h"
#include "model/history/history_samples.h"
#include "model/history/history_writer.h"
#include "model/sqlite/statement.h"
#include "model/sqlite/transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

// Keeps the history of many collectors, all of them busy: every number of every one changes each second. Says
// what that costs (CPU of the keeping thread against the time that it stands for, bytes by tier, what sixty
// days come to) and how long a plot's query takes, with the file in memory and with the system's cache
// dropped; beside it one SQLite row for each sample, committed as often. What is read must be what was
// written, or the run fails.
//
//     bench_history [hours] [collectors] [minutes of the peer]

using namespace jetlag;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;
constexpr std::size_t kPerStream = 20;
constexpr ServerTime kStart{std::chrono::seconds(1'760'000'000)};
constexpr int kWriteEach = 2; // reports, as the keeper does
constexpr std::size_t kOldCollectors = 20;

template <typename Value>
Value checked(Result<Value> result)
{
    if (!result)
        throw std::runtime_error(result.error().message());
    return std::move(*result);
}
void checked(Result<void> result)
{
    if (!result)
        throw std::runtime_error(result.error().message());
}

double threadCpu()
{
    rusage usage{};
    getrusage(RUSAGE_THREAD, &usage);
    const auto seconds = [](timeval time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Busy collectors: rates tremble by a tenth, lags wander, now and then a spike or another verdict.
class Cluster final
{
public:
    Cluster(std::size_t collectors, ServerTime at)
    {
        m_report.at = at;
        for (std::size_t i = 0; i < collectors; ++i) {
            if (i % kPerStream == 0) {
                StreamReport stream;
                stream.stream.name = fmt::format("STREAM-{:04}", i / kPerStream);
                stream.stream.firstSequence = StreamSequence(1);
                stream.stream.lastSequence = StreamSequence(40'000'000 + m_random() % 10'000'000);
                m_report.streams.push_back(std::move(stream));
            }
            CollectorReport row;
            row.consumer.stream = m_report.streams.back().stream.name;
            row.consumer.name = fmt::format("collector-{:04}", i);
            row.consumer.pending = m_random() % 50'000;
            row.verdict = "keeping-up";
            row.cause = "none";
            m_report.collectors.push_back(std::move(row));
            m_rates.push_back(50 + static_cast<double>(m_random() % 5000));
        }
    }

    const ClusterReport& next(std::chrono::seconds by)
    {
        m_report.at += by + std::chrono::milliseconds(m_random() % 3);
        const auto seconds = static_cast<double>(by.count());
        for (StreamReport& row : m_report.streams) {
            const double in = 3000 * tremble();
            row.inPerSecond = in;
            row.inBytesPerSecond = in * 700;
            row.stream.lastSequence =
                StreamSequence(row.stream.lastSequence.value() + static_cast<std::uint64_t>(in * seconds));
            row.stream.messages = row.stream.lastSequence.value();
            row.stream.bytes = row.stream.messages * 700;
        }
        for (std::size_t i = 0; i < m_report.collectors.size(); ++i)
            step(m_report.collectors[i], m_rates[i], seconds);
        return m_report;
    }
    [[nodiscard]] ServerTime now() const { return m_report.at; }

private:
    double tremble() { return 0.9 + static_cast<double>(m_random() % 2001) / 10'000; }
    void step(CollectorReport& row, double rate, double seconds)
    {
        ConsumerSnapshot& consumer = row.consumer;
        const double delivered = rate * tremble();
        const double acked = rate * tremble();
        const auto count = static_cast<std::uint64_t>(delivered * seconds);
        consumer.delivered = {ConsumerSequence(consumer.delivered.consumer.value() + count),
                              StreamSequence(consumer.delivered.stream.value() + count)};
        consumer.ackPending = m_random() % 2000;
        consumer.ackFloor = {ConsumerSequence(consumer.delivered.consumer.value() -
                                              std::min<std::uint64_t>(consumer.ackPending,
                                                                      consumer.delivered.consumer.value())),
                             consumer.delivered.stream};
        const auto wander = static_cast<std::int64_t>(m_random() % 401) - 200;
        consumer.pending = static_cast<std::uint64_t>(
            std::max<std::int64_t>(static_cast<std::int64_t>(consumer.pending) + wander, 0));
        if (m_random() % 5000 == 0)
            consumer.pending += 20'000;
        consumer.waiting = m_random() % 4;
        consumer.redelivered = m_random() % 50 == 0 ? 3 : 0;
        row.lag = consumer.lag();
        row.deliveredPerSecond = delivered;
        row.ackedPerSecond = acked;
        row.redeliveredPerSecond = consumer.redelivered > 0 ? 3.0 : 0.0;
        row.timeLagSeconds = static_cast<double>(row.lag) / rate;
        row.runwaySeconds = 86'400 * tremble();
        row.etaSeconds = row.timeLagSeconds;
        if (m_random() % 20'000 == 0) {
            row.verdict = row.verdict == "slow" ? "keeping-up" : "slow";
            row.cause = row.verdict == "slow" ? "slow" : "none";
        }
    }

    std::mt19937_64 m_random{7};
    ClusterReport m_report;
    std::vector<double> m_rates;
};

struct Cost
{
    double cpu = 0;  ///< seconds, of keeping alone
    double wall = 0; ///< the same
    double longest = 0;
    std::uint64_t samples = 0;
};

Cost keep(HistoryWriter& writer, Cluster& cluster, std::chrono::seconds length, std::chrono::seconds each,
          int writeEach)
{
    Cost cost;
    HistoryTails tails;
    checked(writer.takeUp("bench", tails));
    const auto reports = static_cast<int>(length / each);
    for (int i = 0; i < reports; ++i) {
        const ClusterReport& report = cluster.next(each);
        const double cpu = threadCpu();
        const auto begin = Steady::now();
        tails.add(report);
        if (i % writeEach == writeEach - 1)
            checked(writer.write("bench", tails, {}, report.at));
        if (i % 600 == 599)
            checked(writer.prune(report.at));
        cost.cpu += threadCpu() - cpu;
        const double took = std::chrono::duration<double>(Steady::now() - begin).count();
        cost.wall += took;
        cost.longest = std::max(cost.longest, took);
        cost.samples += report.collectors.size() + report.streams.size();
    }
    checked(writer.write("bench", tails, {}, cluster.now()));
    return cost;
}

/// Bytes of the blobs of each tier.
std::vector<double> tierBytes(const std::filesystem::path& file)
{
    sqlite::Connection connection =
        checked(sqlite::Connection::open(file, {.mode = sqlite::OpenMode::ReadOnly}));
    std::vector<double> bytes;
    for (const HistoryTier& tier : historyTiers())
        bytes.push_back(static_cast<double>(checked(connection.queryInteger(fmt::format(
            "SELECT coalesce(sum(length(data)), 0) FROM blocks WHERE (id>>36)&3={}", tier.number)))));
    return bytes;
}

void dropCache(const std::filesystem::path& file)
{
    const int fd = ::open(file.c_str(), O_RDONLY);
    ::fsync(fd);
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    ::close(fd);
}

/// What a page with throughput, lag, time lag and offsets asks for.
HistoryQuery plotQuery(std::size_t collector, ServerTime from, ServerTime to)
{
    return {.connection = "bench",
            .stream = fmt::format("STREAM-{:04}", collector / kPerStream),
            .collector = fmt::format("collector-{:04}", collector),
            .values = {HistoryValue::DeliveredRate, HistoryValue::AckedRate, HistoryValue::RedeliveredRate,
                       HistoryValue::Lag, HistoryValue::TimeLag, HistoryValue::DeliveredStream,
                       HistoryValue::AckFloorStream, HistoryValue::Runway, HistoryValue::State},
            .from = from,
            .to = to,
            .maxPoints = 2000};
}

void measureQueries(const std::filesystem::path& file, ServerTime now)
{
    fmt::print("\n{:>8}  {:>7}  {:>9} {:>9} {:>9}  {:>9} {:>9}\n", "range", "points", "warm p50", "worst",
               "CPU p50", "cold p50", "worst");
    for (const auto& [name, width] : {std::pair<const char*, std::chrono::seconds>{"1 m", 1min},
                                      {"15 m", 15min},
                                      {"1 h", 1h},
                                      {"2 h", 2h},
                                      {"6 h", 6h},
                                      {"24 h", 24h},
                                      {"2 d", 48h},
                                      {"7 d", 7 * 24h},
                                      {"60 d", 60 * 24h}}) {
        std::vector<double> warm;
        std::vector<double> cold;
        std::vector<double> cpu; // of the warm ones: what other work on the machine does not touch
        std::size_t points = 0;
        for (std::size_t collector = 0; collector < kOldCollectors; ++collector) {
            for (const bool isCold : {true, false}) {
                if (isCold)
                    dropCache(file);
                HistoryReader reader = checked(HistoryReader::open(file));
                const double cpuBefore = threadCpu();
                const auto begin = Steady::now();
                const HistorySeries series = checked(reader.series(plotQuery(collector, now - width, now)));
                (isCold ? cold : warm)
                    .push_back(std::chrono::duration<double, std::milli>(Steady::now() - begin).count());
                if (!isCold)
                    cpu.push_back(1000 * (threadCpu() - cpuBefore));
                points = series.lines.front().size();
            }
        }
        std::ranges::sort(warm);
        std::ranges::sort(cold);
        std::ranges::sort(cpu);
        fmt::print("{:>8}  {:>7}  {:>6.1f} ms {:>6.1f} ms {:>6.1f} ms  {:>6.1f} ms {:>6.1f} ms\n", name,
                   points, warm[warm.size() / 2], warm.back(), cpu[cpu.size() / 2], cold[cold.size() / 2],
                   cold.back());
    }
}

/// One row for each sample, found by collector and time.
void measurePeer(const std::filesystem::path& file, std::size_t collectors, std::chrono::seconds length)
{
    sqlite::Connection connection = checked(sqlite::Connection::open(
        file, {.journal = sqlite::Journal::Wal, .synchronous = sqlite::Synchronous::Normal}));
    checked(connection.execute(
        "CREATE TABLE samples(row INTEGER, at INTEGER, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, "
        "PRIMARY KEY(row, at)) WITHOUT ROWID"));
    sqlite::Statement insert = checked(connection.prepare(
        "INSERT INTO samples VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)"));
    Cluster cluster(collectors, kStart);
    double cpu = 0;
    std::uint64_t samples = 0;
    std::optional<sqlite::Transaction> transaction;
    for (int i = 0; i < length / 1s; ++i) {
        const ClusterReport& report = cluster.next(1s);
        const double begin = threadCpu();
        if (!transaction)
            transaction.emplace(checked(sqlite::Transaction::begin(connection)));
        std::int64_t row = 0;
        const auto put = [&](const HistorySample& sample) {
            const auto& v = sample.values;
            checked(insert.run(row++, sample.at, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9],
                               v[10], v[11], v[12], v[13], v[14], v[15]));
            ++samples;
        };
        for (const CollectorReport& one : report.collectors)
            put(sampleOf(one, report.at));
        for (const StreamReport& one : report.streams)
            put(sampleOf(one, report.at));
        if (i % kWriteEach == kWriteEach - 1) {
            checked(transaction->commit());
            transaction.reset();
        }
        cpu += threadCpu() - begin;
    }
    if (transaction)
        checked(transaction->commit());
    transaction.reset();
    checked(connection.checkpointWal());
    const double bytes = static_cast<double>(std::filesystem::file_size(file));
    fmt::print("\none row per sample, {:.0f} min: {:.2f} % of a core at 1 Hz, {:.2f} us and {:.0f} bytes a "
               "sample; 24 h: {:.1f} "
               "GB\n",
               static_cast<double>(length.count()) / 60, 100 * cpu / static_cast<double>(length.count()),
               1e6 * cpu / static_cast<double>(samples), bytes / static_cast<double>(samples),
               bytes / static_cast<double>(length.count()) * 86'400 / 1e9);
}

void run(std::chrono::seconds length, std::size_t collectors, std::chrono::seconds peer)
{
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / fmt::format("bench-history-{}", getpid());
    std::filesystem::create_directories(folder);
    const std::filesystem::path file = folder / "history.sqlite";
    {
        HistoryWriter writer = checked(HistoryWriter::open(file));
        {
            Cluster old(kOldCollectors, kStart - 59 * 24h - 1h); // its jitter adds up
            static_cast<void>(keep(writer, old, 59 * 24h, 60s, 10));
        }
        const std::vector<double> before = tierBytes(file);
        Cluster cluster(collectors, kStart);
        const Cost cost = keep(writer, cluster, length, 1s, kWriteEach);
        const double seconds = static_cast<double>(length.count());
        fmt::print("{} collectors, {:.1f} h at 1 Hz kept in {:.0f} s: {:.0f} times as fast as it comes\n",
                   collectors, seconds / 3600, cost.wall, seconds / cost.wall);
        fmt::print("CPU {:.2f} % of a core at 1 Hz, {:.2f} us a sample; longest write {:.0f} ms\n",
                   100 * cost.cpu / seconds, 1e6 * cost.cpu / static_cast<double>(cost.samples),
                   1000 * cost.longest);
        const std::vector<double> bytes = tierBytes(file);
        const double blobs = bytes[0] + bytes[1] + bytes[2];
        const double used = static_cast<double>(writer.bytes());
        const double day = 86'400;
        const double rows = static_cast<double>(collectors);
        const double samplesEach = bytes[0] / rows;
        const double tensEach = (bytes[1] - before[1]) / rows / std::min(seconds, 2 * day) * 2 * day;
        const double minutesEach = (bytes[2] - before[2]) / rows / seconds * 60 * day;
        fmt::print(
            "a busy collector (with its share of a stream): samples of 2 h {:.0f} kB, 10 s of 2 d "
            "{:.0f} kB, 1 min of "
            "60 d {:.0f} kB; blocks {:.0f} MB in {:.0f} MB of pages, file {:.0f} MB; 60 d of all {:.1f} GB\n",
            samplesEach / 1e3, tensEach / 1e3, minutesEach / 1e3, blobs / 1e6, used / 1e6,
            static_cast<double>(std::filesystem::file_size(file)) / 1e6,
            (samplesEach + tensEach + minutesEach) * rows / 1e9);

        // The newest hour of one collector, against what was fed.
        HistoryReader reader = checked(HistoryReader::open(file));
        const HistorySeries series =
            checked(reader.series(plotQuery(3, cluster.now() - 30min, cluster.now())));
        const auto expected = static_cast<std::size_t>(std::min<std::int64_t>(1795, length / 1s - 5));
        if (series.lines[3].size() < expected)
            throw std::runtime_error(
                fmt::format("samples are missing: {} of {}", series.lines[3].size(), expected));
        const double newest =
            static_cast<double>(cluster.next(0s).collectors[3].consumer.delivered.stream.value());
        if (std::abs(series.lines[5].back().value - newest) > 0)
            throw std::runtime_error("the newest position is another one");
        measureQueries(file, cluster.now());
    }
    measurePeer(folder / "peer.sqlite", collectors, peer);
    std::filesystem::remove_all(folder);
}

} // namespace

int main(int argc, char** argv)
{
    const double hours = argc > 1 ? std::atof(argv[1]) : 24;
    const std::size_t collectors = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1000;
    const double minutes = argc > 3 ? std::atof(argv[3]) : 10;
    try {
        run(std::chrono::seconds(static_cast<long>(hours * 3600)), collectors,
            std::chrono::seconds(static_cast<long>(minutes * 60)));
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
    return 0;
}
