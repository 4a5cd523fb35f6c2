// SPDX-License-Identifier: Apache-2.0
//
// What watching costs at the size of an installation, by the console's own path: probe, verdicts with time
// lags and diagnoses, rows, history. Beside it, in turns on the same server, a bare loop that fetches the
// same pages through nats.c and parses them with simdjson. A process of its own publishes and reads on some
// of the streams. The two must find the same consumers with the same numbers before anything is timed.
//
//     bench_monitor [STREAMSxCONSUMERS [rounds [milliseconds between]]]
//
// Without arguments: 50x20 each second for a minute, then 100x100 each ten seconds for two.

#include "app/runtime/history.h"
#include "model/cluster/cluster_monitor.h"
#include "nats/client/connection.h"
#include "nats/monitor/monitor_probe.h"
#include "nats/server/embedded_server.h"
#include "tests/bench/account.h"
#include "tests/bench/figures.h"
#include "tests/bench/raw_lister.h"
#include "tests/support/server_count.h"
#include "tests/support/temp_folder.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <map>
#include <thread>
#include <type_traits>

namespace jetlag::bench {

namespace {

using namespace std::chrono;

constexpr unsigned kWindow = 32;
constexpr const char* kOurName = "jetlag-bench";

template <typename T>
T orGiveUp(Result<T> result)
{
    if (!result)
        giveUp(result.error().message());
    return std::move(result).value();
}

struct Plan
{
    AccountSize size;
    int rounds = 60;
    milliseconds beat{1'000};
};

/// Wall and CPU time of a piece of work; the history's thread, which works beside it, is not counted.
class Meter final
{
public:
    explicit Meter(const std::optional<ThreadCpu>& beside)
        : m_beside(beside)
        , m_wall(steady_clock::now())
        , m_cpu(cpuMicros())
    {}
    [[nodiscard]] double wallMs() const
    {
        return duration<double, std::milli>(steady_clock::now() - m_wall).count();
    }
    [[nodiscard]] double cpuMs() const { return (cpuMicros() - m_cpu) / 1e3; }

private:
    [[nodiscard]] double cpuMicros() const
    {
        return processCpuMicros() - (m_beside ? m_beside->micros() : 0);
    }
    const std::optional<ThreadCpu>& m_beside;
    steady_clock::time_point m_wall;
    double m_cpu;
};

/// The product's probe, with what each kind of call cost.
class MeteredProbe final : public ClusterProbe
{
public:
    MeteredProbe(ClusterProbe& probe, const std::optional<ThreadCpu>& beside)
        : m_probe(probe)
        , m_beside(beside)
    {}

    Result<ClusterSnapshot> look(std::stop_token stop) override
    {
        lookMs = lookCpuMs = readMs = readCpuMs = 0;
        reads = 0;
        const Meter meter(m_beside);
        Result<ClusterSnapshot> snapshot = m_probe.look(std::move(stop));
        lookMs = meter.wallMs();
        lookCpuMs = meter.cpuMs();
        return snapshot;
    }
    std::vector<std::optional<OldestMessage>> oldestMessages(std::span<const OldestMessageQuery> queries,
                                                             std::stop_token stop) override
    {
        return metered(queries.size(), [&] { return m_probe.oldestMessages(queries, std::move(stop)); });
    }
    std::vector<std::optional<std::uint64_t>> countMatching(std::span<const MatchingQuery> queries,
                                                            std::stop_token stop) override
    {
        return metered(queries.size(), [&] { return m_probe.countMatching(queries, std::move(stop)); });
    }
    std::vector<Advisory> takeAdvisories() override { return m_probe.takeAdvisories(); }

    double lookMs = 0;
    double lookCpuMs = 0;
    double readMs = 0;
    double readCpuMs = 0;
    std::size_t reads = 0;

private:
    template <typename Call>
    std::invoke_result_t<Call> metered(std::size_t count, Call call)
    {
        const Meter meter(m_beside);
        auto answers = call();
        readMs += meter.wallMs();
        readCpuMs += meter.cpuMs();
        reads += count;
        return answers;
    }

    ClusterProbe& m_probe;
    const std::optional<ThreadCpu>& m_beside;
};

/// One value of each round.
struct Series
{
    std::vector<double> values;
    void add(double value) { values.push_back(value); }
    [[nodiscard]] double mid() const { return median(values); }
    [[nodiscard]] double high() const { return quantile(values, 0.99); }
    [[nodiscard]] double sum() const
    {
        double all = 0;
        for (const double value : values)
            all += value;
        return all;
    }
};

struct Figures
{
    Series rawMs, rawCpu, rawServer;
    Series lookMs, lookCpu, refreshMs, refreshServer, readMs, readCpu, reads, judgeCpu, rowsCpu, historyCpu,
        wholeCpu, requests, bytes;
};

class MonitorBench final
{
public:
    explicit MonitorBench(Plan plan)
        : m_plan(plan)
        , m_monitoring(test::freePort())
        , m_server(orGiveUp(
              EmbeddedServer::start({.store = m_folder / "store",
                                     .extraConfig = fmt::format("http: \"127.0.0.1:{}\"\n", m_monitoring)})))
        , m_connection(orGiveUp(Connection::open(profileFromUrl(m_server.url()),
                                                 {.name = kOurName, .sendAsap = false}))) // as the console's
        , m_rawConnection(
              orGiveUp(Connection::open(profileFromUrl(m_server.url()), {.name = "raw", .sendAsap = false})))
        , m_api(*m_connection)
        , m_probe(m_api, {.window = kWindow})
        , m_metered(m_probe, m_historyThread)
        , m_raw(*m_rawConnection, kWindow)
        , m_history(HistoryKeeperOptions{.file = m_folder / "history.sqlite"}, systemClock())
    {}

    void run()
    {
        makeAccount(*m_rawConnection, m_plan.size);
        checkSame();
        const ChildProcess load = startLoad(m_server.url(), m_plan.size);
        const double heapBefore = heapBytes();
        ClusterMonitor monitor(m_metered);
        for (int round = -1; round < m_plan.rounds;
             ++round) { // -1: the first one has nothing to compare with
            const auto due = steady_clock::now() + m_plan.beat;
            const bool rawFirst = round % 2 == 0;
            if (rawFirst)
                measureRaw(round);
            measureOurs(monitor, round);
            if (!rawFirst)
                measureRaw(round);
            std::this_thread::sleep_until(due);
        }
        m_heapEach = (heapBytes() - heapBefore) / m_plan.size.collectors();
        checkHistory();
        print();
    }

private:
    /// Nothing flows yet: the same consumers with the same numbers.
    void checkSame()
    {
        Pendings raw;
        m_raw.refresh(&raw);
        Pendings ours;
        for (const ConsumerSnapshot& consumer : orGiveUp(m_probe.look({})).consumers)
            ours[{consumer.stream, consumer.name}] = consumer.pending;
        if (raw != ours || static_cast<int>(ours.size()) != m_plan.size.collectors())
            giveUp("the two do not find the same");
    }

    void measureRaw(int round)
    {
        const double server = processCpuMicros(m_server.pid());
        const Meter meter(m_historyThread);
        const std::size_t found = m_raw.refresh();
        if (static_cast<int>(found) != m_plan.size.collectors())
            giveUp("the bare loop does not find every consumer");
        if (round < 0)
            return;
        m_figures.rawMs.add(meter.wallMs());
        m_figures.rawCpu.add(meter.cpuMs());
        m_figures.rawServer.add((processCpuMicros(m_server.pid()) - server) / 1e3);
    }

    void measureOurs(ClusterMonitor& monitor, int round)
    {
        std::optional<ClusterSnapshot> before;
        if (monitor.latest() != nullptr)
            before = *monitor.latest();
        const double server = processCpuMicros(m_server.pid());
        const ReadFootprint footprint = m_api.footprint();
        const Meter meter(m_historyThread);
        auto report = std::make_shared<const ClusterReport>(orGiveUp(monitor.sample(/*all=*/false)));
        const double wallMs = meter.wallMs();
        const double cpuMs = meter.cpuMs();
        const double serverMs = (processCpuMicros(m_server.pid()) - server) / 1e3;
        if (static_cast<int>(report->collectors.size()) != m_plan.size.collectors())
            giveUp("not every collector has a row");
        m_history.record(kOurName, report);
        if (!m_historyThread)
            m_historyThread = ThreadCpu::named("history");
        m_last = report;
        const double historyNow = m_historyThread ? m_historyThread->micros() / 1e3 : 0;
        const double historyMs = historyNow - std::exchange(m_historyBefore, historyNow);
        if (round < 0 || !before)
            return;

        // The rows once more, alone: what they cost is not told apart inside sample().
        const Meter rows(m_historyThread);
        const ClusterReport again = makeReport(&*before, *monitor.latest(), /*all=*/false);
        const double rowsMs = rows.cpuMs();
        if (again.collectors.size() != report->collectors.size())
            giveUp("rows differ");

        const ReadFootprint after = m_api.footprint();
        m_figures.lookMs.add(m_metered.lookMs);
        m_figures.lookCpu.add(m_metered.lookCpuMs);
        m_figures.readMs.add(m_metered.readMs);
        m_figures.readCpu.add(m_metered.readCpuMs);
        m_figures.reads.add(static_cast<double>(m_metered.reads));
        m_figures.refreshMs.add(wallMs);
        m_figures.refreshServer.add(serverMs);
        m_figures.rowsCpu.add(rowsMs);
        m_figures.judgeCpu.add(cpuMs - m_metered.lookCpuMs - m_metered.readCpuMs - rowsMs);
        m_figures.historyCpu.add(historyMs);
        m_figures.wholeCpu.add(cpuMs + historyMs);
        m_figures.requests.add(static_cast<double>(after.requests - footprint.requests));
        m_figures.bytes.add(static_cast<double>(after.bytesReceived - footprint.bytesReceived +
                                                after.bytesSent - footprint.bytesSent));
    }

    /// What was kept is there.
    void checkHistory()
    {
        const auto limit = steady_clock::now() + 30s;
        for (;;) {
            const JobPtr<HistorySeries> job =
                m_history.series({.connection = kOurName,
                                  .stream = streamName(0),
                                  .collector = collectorName(0),
                                  .values = {HistoryValue::Lag},
                                  .from = m_last->at - m_plan.beat * (m_plan.rounds + 2),
                                  .to = m_last->at,
                                  .maxPoints = 10'000});
            while (!job->isFinished() && steady_clock::now() < limit)
                std::this_thread::sleep_for(1ms);
            if (job->isFinished()) {
                const HistorySeries series = orGiveUp(job->takeResult());
                if (static_cast<int>(series.lines.front().size()) >= m_plan.rounds)
                    return;
            }
            if (steady_clock::now() >= limit)
                giveUp("the history does not hold every sample");
            std::this_thread::sleep_for(100ms);
        }
    }

    void print() const
    {
        const Figures& f = m_figures;
        const AccountSize size = m_plan.size;
        fmt::print("\n{} streams x {} consumers, a look each {:.1f} s, {} rounds\n", size.streams,
                   size.consumers, duration<double>(m_plan.beat).count(), m_plan.rounds);
        fmt::print("{:<34}{:>9}{:>9}\n", "milliseconds", "median", "p99");
        const auto row = [](const char* what, const Series& series) {
            fmt::print("{:<34}{:>9.2f}{:>9.2f}\n", what, series.mid(), series.high());
        };
        row("time: raw LIST, parsed", f.rawMs);
        row("time: our look", f.lookMs);
        row("time: reads of messages", f.readMs);
        row("time: whole refresh", f.refreshMs);
        row("CPU: raw LIST, parsed", f.rawCpu);
        row("CPU: fetch and parse", f.lookCpu);
        row("CPU: reads of messages", f.readCpu);
        row("CPU: judge and explain", f.judgeCpu);
        row("CPU: rows", f.rowsCpu);
        row("CPU: history, since the last look", f.historyCpu);
        row("CPU: all of it", f.wholeCpu);
        row("server CPU: raw", f.rawServer);
        row("server CPU: whole refresh", f.refreshServer);
        fmt::print("look / raw: time {:.2f}, CPU {:.2f} (goals 1.20); all of it / raw: CPU {:.2f}\n",
                   f.lookMs.mid() / f.rawMs.mid(), f.lookCpu.mid() / f.rawCpu.mid(),
                   f.wholeCpu.mid() / f.rawCpu.mid());
        fmt::print("share of one core at this beat: {:.2f} %, fetch {:.2f}, reads {:.2f}, judge {:.2f}, rows "
                   "{:.2f}, history {:.2f}\n",
                   share(f.wholeCpu), share(f.lookCpu), share(f.readCpu), share(f.judgeCpu), share(f.rowsCpu),
                   share(f.historyCpu));
        fmt::print("requests {:.0f} (of them reads {:.0f}, p99 {:.0f}), {:.0f} kB a refresh\n",
                   f.requests.mid(), f.reads.mid(), f.reads.high(), f.bytes.mid() / 1e3);
        printFootprint();
        fmt::print("memory: {:.0f} MB resident (peer and history too), {:.1f} kB a collector on the heap\n",
                   residentMegabytes(), m_heapEach / 1e3);
        std::map<std::string, int> causes;
        for (const CollectorReport& collector : m_last->collectors)
            ++causes[collector.cause.value_or("(observing)")];
        fmt::print("called in the end:");
        for (const auto& [cause, count] : causes)
            fmt::print(" {} {}", cause, count);
        fmt::print("\n");
        std::fflush(stdout);
    }
    [[nodiscard]] double share(const Series& cpuMs) const
    {
        return 100 * cpuMs.sum() /
               (static_cast<double>(cpuMs.values.size()) * duration<double, std::milli>(m_plan.beat).count());
    }

    /// What we show an operator beside what the server counted of this connection.
    void printFootprint() const
    {
        const ReadFootprint ours = m_api.footprint();
        const auto server = test::countOf(m_monitoring, kOurName).value();
        fmt::print(
            "footprint: ours {} requests, {} bytes sent, {} received; the server's count {}, {}, {}: {}\n",
            ours.requests, ours.bytesSent, ours.bytesReceived, server.received, server.bytesReceived,
            server.bytesSent,
            ours.requests == server.received && ours.bytesSent == server.bytesReceived &&
                    ours.bytesReceived == server.bytesSent
                ? "equal"
                : "DIFFERENT");
    }

    const Plan m_plan;
    const test::TempFolder m_folder;
    const std::uint16_t m_monitoring;
    EmbeddedServer m_server;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<Connection> m_rawConnection;
    std::optional<ThreadCpu> m_historyThread;
    ReadOnlyApi m_api;
    MonitorProbe m_probe;
    MeteredProbe m_metered;
    RawLister m_raw;
    RealHistoryService m_history;
    Figures m_figures;
    std::shared_ptr<const ClusterReport> m_last;
    double m_historyBefore = 0;
    double m_heapEach = 0;
};

std::optional<Plan> planFrom(int count, char** arguments)
{
    Plan plan;
    if (std::sscanf(arguments[1], "%dx%d", &plan.size.streams, &plan.size.consumers) != 2)
        return std::nullopt;
    if (count > 2)
        plan.rounds = std::atoi(arguments[2]);
    if (count > 3)
        plan.beat = milliseconds(std::atoi(arguments[3]));
    // The bare loop reads first pages only.
    const bool fits = plan.size.streams > 0 && plan.size.streams <= 256 && plan.size.consumers > 0 &&
                      plan.size.consumers <= 256;
    return fits && plan.rounds > 0 && plan.beat.count() > 0 ? std::optional(plan) : std::nullopt;
}

} // namespace

int runMonitorBench(int count, char** arguments)
{
    if (count > 1 && std::strcmp(arguments[1], kLoadMode) == 0)
        return runLoad(count, arguments);
    if (count > 1) {
        const std::optional<Plan> plan = planFrom(count, arguments);
        if (!plan)
            giveUp("bench_monitor [STREAMSxCONSUMERS [rounds [milliseconds between]]], at most 256x256");
        MonitorBench(*plan).run();
        return 0;
    }
    MonitorBench({.size = {50, 20}, .rounds = 60, .beat = 1s}).run();
    MonitorBench({.size = {100, 100}, .rounds = 12, .beat = 10s}).run();
    return 0;
}

} // namespace jetlag::bench

int main(int count, char** arguments)
{
    return jetlag::bench::runMonitorBench(count, arguments);
}
