// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/history.h"
#include "model/sqlite/transaction.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_reports.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait_until.h"

#include <QTest>

#include <algorithm>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kConnection = "prod";

/// A small cluster over time, handed to a service.
class Cluster final
{
public:
    explicit Cluster(std::string connection = kConnection)
        : m_connection(std::move(connection))
    {}
    void feed(HistoryService& service, int reports)
    {
        for (int i = 0; i < reports; ++i) {
            m_report = later(std::move(m_report), 1s);
            for (CollectorReport& row : m_report.collectors) {
                row.verdict = verdict;
                row.cause = verdict == "keeping-up" ? "none" : verdict;
            }
            service.record(m_connection, std::make_shared<ClusterReport>(m_report));
        }
    }
    [[nodiscard]] const ClusterReport& newest() const { return m_report; }
    std::string verdict = "keeping-up";

private:
    std::string m_connection;
    ClusterReport m_report = reportWith(5);
};

std::size_t pointsOf(HistoryService& service, const std::string& connection = kConnection)
{
    const JobPtr<HistorySeries> job = service.series({.connection = connection,
                                                      .stream = "STREAM-0001",
                                                      .collector = "collector-0001",
                                                      .values = {HistoryValue::Lag},
                                                      .from = kReportTime,
                                                      .to = kReportTime + 24h,
                                                      .maxPoints = 100'000});
    if (!job->wait(30s))
        return 0;
    const Result<HistorySeries> series = job->takeResult();
    return series ? series->lines.front().size() : 0;
}

std::vector<HistoryMark> marksOf(HistoryService& service, const std::string& connection = kConnection)
{
    const JobPtr<std::vector<HistoryMark>> job = service.marks({.connection = connection});
    if (!job->wait(30s))
        return {};
    Result<std::vector<HistoryMark>> marks = job->takeResult();
    return marks ? *std::move(marks) : std::vector<HistoryMark>();
}

} // namespace

class TestHistoryService final : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder.emplace(); }

    void whatIsRecordedCanBeRead();
    void nothingIsLeftBehindUnasked();
    void changesAreToldAndKept();
    void anEchoSaysNothing();
    void whatComesTooFastIsCounted();
    void aFullDiskIsSaidAndPasses();
    void aFileThatIsNoneIsSaid();
    void theSecondConsoleReadsAndThenKeeps();
    void marksOfTheSecondConsoleAreKept();
    void twoConnectionsDoNotMix();
    void aConnectionThatBecomesFreeIsKeptThoughAnotherIsNot();

private:
    [[nodiscard]] HistoryKeeperOptions options(std::string vfs = {}) const
    {
        return {.file = *m_folder / "jetlag/history.sqlite",
                .writer = {.vfs = std::move(vfs)},
                .writeEvery = 20ms,
                .retryEvery = 50ms,
                .mostReports = 10'000};
    }
    FakeClock m_clock{kReportTime}; // of the reports, not of today: nothing may be too old
    std::optional<TempFolder> m_folder;
};

void TestHistoryService::whatIsRecordedCanBeRead()
{
    Cluster cluster;
    {
        RealHistoryService service(options(), m_clock);
        QCOMPARE(pointsOf(service), std::size_t{0}); // no file yet
        cluster.feed(service, 50);
        QVERIFY(waitUntil([&] { return pointsOf(service) == 50; }));
        cluster.feed(service, 20); // its end writes what is left
        const HistoryHealth health = service.health();
        QVERIFY2(health.problem.empty(), health.problem.c_str());
        QCOMPARE(health.maxBytes, kHistoryBytes);
    }
    RealHistoryService service(options(), m_clock);
    QCOMPARE(pointsOf(service), std::size_t{70});
    cluster.feed(service, 30);
    QVERIFY(waitUntil([&] { return pointsOf(service) == 100; }));
    QVERIFY(waitUntil([&] { return service.health().bytes > 0; }));
}

void TestHistoryService::nothingIsLeftBehindUnasked()
{
    {
        RealHistoryService service(options(), m_clock);
        QVERIFY(service.health().problem.empty());
        const Subscription watching = service.watchMarks([](const auto&, const auto&) {});
    }
    QVERIFY(!std::filesystem::exists(*m_folder / "jetlag"));
}

void TestHistoryService::changesAreToldAndKept()
{
    RealHistoryService service(options(), m_clock);
    std::mutex mutex;
    std::vector<HistoryMark> told;
    Subscription watching =
        service.watchMarks([&](const std::string& connection, const std::vector<HistoryMark>& marks) {
            const std::lock_guard lock(mutex);
            if (connection == kConnection)
                told.insert(told.end(), marks.begin(), marks.end());
        });
    const auto count = [&] {
        const std::lock_guard lock(mutex);
        return told.size();
    };
    Cluster cluster;
    cluster.feed(service, 3);
    cluster.verdict = "slow";
    cluster.feed(service, 1);
    QVERIFY(waitUntil([&] { return count() == 5; }));
    for (const HistoryMark& mark : told) {
        QVERIFY(mark.id > 0);
        QCOMPARE(mark.word, std::string("slow"));
        QCOMPARE(mark.verdictBefore, std::string("keeping-up"));
    }
    service.addMark(kConnection, {.at = kReportTime, .kind = MarkKind::Note, .word = "deploy"});
    QVERIFY(waitUntil([&] { return count() == 6; }));
    QCOMPARE(marksOf(service).size(), std::size_t{6});
    service.setReviewed({told.front().id}, true);
    QVERIFY(waitUntil([&] {
        return std::ranges::count_if(marksOf(service),
                                     [](const HistoryMark& mark) { return mark.reviewed; }) == 1;
    }));
    watching.reset();
    cluster.verdict = "stuck";
    cluster.feed(service, 1);
    QVERIFY(waitUntil([&] { return marksOf(service).size() == 11; }));
    QCOMPARE(count(), std::size_t{6});
}

void TestHistoryService::anEchoSaysNothing()
{
    RealHistoryService service(options(), m_clock);
    Cluster cluster;
    cluster.feed(service, 3);
    ClusterReport echo = echoOf(cluster.newest(), "no answer");
    for (CollectorReport& row : echo.collectors)
        row.verdict = "stale";
    service.record(kConnection, std::make_shared<ClusterReport>(echo));
    service.record(kConnection, nullptr);
    cluster.feed(service, 1);
    QVERIFY(waitUntil([&] { return pointsOf(service) == 4; }));
    QVERIFY(marksOf(service).empty());
}

void TestHistoryService::whatComesTooFastIsCounted()
{
    HistoryKeeperOptions slow = options();
    slow.mostReports = 5;
    RealHistoryService service(slow, m_clock);
    Cluster cluster;
    cluster.feed(service, 1);
    QVERIFY(waitUntil([&] { return pointsOf(service) == 1; }));
    QCOMPARE(service.health().reportsDropped, std::uint64_t{0});
    {
        // The keeper waits for this lock, at most three seconds.
        Result<sqlite::Connection> other = sqlite::Connection::open(slow.file);
        Result<sqlite::Transaction> held = sqlite::Transaction::begin(*other);
        QVERIFY(held);
        QVERIFY(waitUntil([&] {
            cluster.feed(service, 1);
            return service.health().reportsDropped > 0;
        }));
    }
    const std::uint64_t dropped = service.health().reportsDropped;
    cluster.feed(service, 1);
    const std::uint64_t all = static_cast<std::uint64_t>((cluster.newest().at - kReportTime) / 1s);
    QVERIFY(waitUntil([&] { return pointsOf(service) + service.health().reportsDropped >= all; }));
    QVERIFY(service.health().reportsDropped <= dropped + 1);
}

void TestHistoryService::aFullDiskIsSaidAndPasses()
{
    FaultyVfs vfs;
    RealHistoryService service(options(vfs.name()), m_clock);
    Cluster cluster;
    cluster.feed(service, 10);
    QVERIFY(waitUntil([&] { return pointsOf(service) == 10; }));
    vfs.failWrites(0, FaultyVfs::Fault::DiskFull);
    cluster.feed(service, 10);
    QVERIFY(waitUntil([&] {
        return service.health().problem.starts_with(
            "The history is not being kept: no space left on the disk");
    }));
    vfs.heal();
    QVERIFY(waitUntil([&] { return pointsOf(service) == 20; }));
    QVERIFY(waitUntil([&] { return service.health().problem.empty(); }));
    QCOMPARE(service.health().samplesLost, std::uint64_t{0});
}

void TestHistoryService::aFileThatIsNoneIsSaid()
{
    const HistoryKeeperOptions wanted = options();
    std::filesystem::create_directories(wanted.file.parent_path());
    m_folder->write("jetlag/history.sqlite", std::string(9000, 'x'));
    RealHistoryService service(wanted, m_clock);
    std::atomic<int> told = 0;
    const Subscription watching =
        service.watchMarks([&](const std::string&, const std::vector<HistoryMark>& marks) {
            told += static_cast<int>(marks.size());
        });
    Cluster cluster;
    cluster.feed(service, 2);
    cluster.verdict = "stuck";
    cluster.feed(service, 1);
    QVERIFY(waitUntil([&] { return told == 5; })); // who is told does not depend on the disk
    QVERIFY(waitUntil([&] {
        return service.health().problem.find("Move the file away to begin a new one") != std::string::npos;
    }));
    std::filesystem::remove(wanted.file);
    QVERIFY(waitUntil([&] { return pointsOf(service) == 3; })); // and nothing was lost meanwhile
    QVERIFY(waitUntil([&] { return marksOf(service).size() == 5; }));
}

void TestHistoryService::theSecondConsoleReadsAndThenKeeps()
{
    auto first = std::make_unique<RealHistoryService>(options(), m_clock);
    Cluster cluster;
    Cluster same;
    cluster.feed(*first, 10);
    QVERIFY(waitUntil([&] { return pointsOf(*first) == 10; }));

    RealHistoryService second(options(), m_clock);
    same.feed(second, 10);
    QVERIFY(waitUntil([&] {
        return second.health().note.starts_with("Another console (pid ") &&
               second.health().note.ends_with(" keeps the history of prod; this one reads it.");
    }));
    QVERIFY(second.health().problem.empty());
    QCOMPARE(pointsOf(second), std::size_t{10}); // not twice
    first.reset();
    QVERIFY(waitUntil([&] {
        same.feed(second, 1);
        return second.health().note.empty() && pointsOf(second) > 10;
    }));
}

void TestHistoryService::marksOfTheSecondConsoleAreKept()
{
    RealHistoryService first(options(), m_clock);
    Cluster cluster;
    cluster.feed(first, 10);
    QVERIFY(waitUntil([&] { return pointsOf(first) == 10; }));
    RealHistoryService second(options(), m_clock);
    Cluster same;
    same.feed(second, 10);
    QVERIFY(waitUntil([&] { return !second.health().note.empty(); }));
    second.addMark(kConnection, {.at = kReportTime, .kind = MarkKind::Note, .word = "deploy"});
    QVERIFY(waitUntil([&] { return marksOf(first).size() == 1; }));
    QCOMPARE(pointsOf(first), std::size_t{10}); // the journal of the first is whole
    // What both see is written by one of them.
    cluster.verdict = same.verdict = "slow";
    same.feed(second, 1);
    cluster.feed(first, 1);
    QVERIFY(waitUntil([&] { return marksOf(second).size() == 6; }));
}

// The same streams and collectors on two connections, at the same times.
void TestHistoryService::twoConnectionsDoNotMix()
{
    RealHistoryService service(options(), m_clock);
    Cluster production;
    Cluster staging("nats://jane@stage:4222");
    staging.feed(service, 10);
    production.feed(service, 30);
    production.verdict = "slow";
    production.feed(service, 1);
    service.addMark("nats://jane@stage:4222", {.at = kReportTime, .kind = MarkKind::Note, .word = "deploy"});
    QVERIFY(waitUntil([&] { return pointsOf(service) == 31; }));
    QVERIFY(waitUntil([&] { return pointsOf(service, "nats://jane@stage:4222") == 10; }));
    QCOMPARE(pointsOf(service, "nats://john@stage:4222"), std::size_t{0});
    QVERIFY(waitUntil([&] { return marksOf(service).size() == 5; }));
    const std::vector<HistoryMark> marks = marksOf(service, "nats://jane@stage:4222");
    QCOMPARE(marks.size(), std::size_t{1});
    QCOMPARE(marks.front().word, std::string("deploy"));
}

void TestHistoryService::aConnectionThatBecomesFreeIsKeptThoughAnotherIsNot()
{
    RealHistoryService first(options(), m_clock);
    auto second = std::make_unique<RealHistoryService>(options(), m_clock);
    Cluster("a").feed(first, 10);
    Cluster("b").feed(*second, 10);
    QVERIFY(waitUntil([&] { return pointsOf(first, "a") == 10 && pointsOf(first, "b") == 10; }));

    RealHistoryService third(options(), m_clock);
    Cluster a("a");
    Cluster b("b");
    a.feed(third, 10);
    b.feed(third, 10);
    QVERIFY(waitUntil([&] { return !third.health().note.empty(); }));
    second.reset();
    QVERIFY(waitUntil([&] {
        a.feed(third, 1); // is asked for again too, and stays with the first
        b.feed(third, 1);
        return pointsOf(third, "b") > 10;
    }));
    QCOMPARE(pointsOf(third, "a"), std::size_t{10});
}

QTEST_GUILESS_MAIN(TestHistoryService)
#include "tst_history_service.moc"
