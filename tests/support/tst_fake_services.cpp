// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_services.h"
#include "tests/support/wait_until.h"

#include <QTest>

#include <set>
#include <thread>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 30s;

Error boom()
{
    return Error(ErrorCode::Io, "boom");
}

EventsRequest eventsOf(const std::string& capture)
{
    return {.server = nullptr, .capture = capture};
}

} // namespace

class TestFakeServices : public QObject
{
    Q_OBJECT

private slots:
    void aCallStaysOpenUntilFinishedAndEndsOnce();
    void aCancelledCallEndsAsTold();
    void openCallsEndWithTheService();

    void serversAreWellDeniedDeadOrSilent();
    void aKilledServerTakesItsLinkAlong();

    void watchersGetReportsUntilTheyLeave();
    void aWatchersEndWaitsForItsCallback();
    void aFailedLookIsTheLastReportAgain();
    void aReportIsWaitedFor();

    void aThousandCollectorsAreThereAndOrdered();
    void theNextLookHasGrown();
    void hostileRowsKeepTheirNames();

    void aReplayAdvancesByHand();
    void aPausedReplayStands();
    void aCancelledReplaySaysSo();
    void aReplayMayFailAtOnce();
    void aReplayMayEndEarly();
    void heldTablesComeLater();

    void recordingsAndDescriptions();
    void eventsRespectRangeFilterAndCount();
    void eventsAreHeldAndCancelled();
    void localServersDie();
    void theDemoTellsItsStory();
    void hooksAndCollectorsEndCancelled();
    void theHistoryHandsOutMarks();
};

void TestFakeServices::aCallStaysOpenUntilFinishedAndEndsOnce()
{
    ScriptedCalls<int, std::string> calls;
    const JobPtr<std::string> job = calls.start(7);
    QVERIFY(!job->isFinished());
    QCOMPARE(calls.count(), std::size_t{1});
    QCOMPARE(calls.request(0), 7);
    QVERIFY(calls.finish(0, std::string("done")));
    QVERIFY(!calls.finish(0, std::string("twice")));
    QVERIFY(job->isFinished());
    QCOMPARE(job->takeResult().value(), std::string("done"));

    calls.answer = [](const int& request) -> std::optional<Result<std::string>> {
        return request == 1 ? std::optional<Result<std::string>>(boom()) : std::nullopt;
    };
    QVERIFY(calls.start(1)->isFinished());
    QVERIFY(!calls.start(2)->isFinished());
}

void TestFakeServices::aCancelledCallEndsAsTold()
{
    ScriptedCalls<int, int> calls;
    const JobPtr<int> plain = calls.start(1);
    plain->cancel();
    QVERIFY(plain->isFinished());
    QVERIFY(plain->takeResult().error().code() == ErrorCode::Cancelled);

    calls.whenCancelled = [](const int& request) -> Result<int> { return request * 10; };
    const JobPtr<int> partial = calls.start(4);
    partial->cancel();
    QCOMPARE(partial->takeResult().value(), 40);
    QVERIFY(!calls.finish(1, 5));
}

void TestFakeServices::openCallsEndWithTheService()
{
    JobPtr<int> job;
    {
        ScriptedCalls<int, int> calls;
        job = calls.start(1);
    }
    QVERIFY(job->isFinished());
}

void TestFakeServices::serversAreWellDeniedDeadOrSilent()
{
    FakeConnectionService connections;
    connections.addServer("production", reportWith(3));
    connections.deny("staging");
    connections.kill("backup");
    connections.stall("far");

    const JobPtr<std::shared_ptr<ServerLink>> open = connections.open({.context = "production"});
    const Result<std::shared_ptr<ServerLink>> link = open->takeResult();
    QVERIFY(link.hasValue());
    QCOMPARE((*link)->description().name, std::string("production"));
    QVERIFY((*link)->isConnected());

    QVERIFY(connections.open({.context = "staging"})->takeResult().error().code() == ErrorCode::Denied);
    QVERIFY(connections.open({.context = "backup"})->takeResult().error().code() == ErrorCode::Unavailable);
    QVERIFY(connections.open({.context = "nowhere"})->takeResult().error().code() == ErrorCode::NotFound);
    QVERIFY(connections.open({.server = "nats://x"})->takeResult().error().code() == ErrorCode::Unavailable);
    QVERIFY(!connections.open({.context = "far"})->isFinished());
    QVERIFY(connections.test({.context = "staging"})->takeResult().error().code() == ErrorCode::Denied);

    connections.setAbilities("production", {{.what = "Events", .grant = Grant::Missing}});
    const Result<ConnectionTest> test = connections.test({.context = "production"})->takeResult();
    QCOMPARE(test->abilities.size(), std::size_t{1});
    QVERIFY(test->abilities.front().grant == Grant::Missing);

    // Denied and dead are moods, not ends.
    connections.revive("staging");
    QVERIFY(connections.open({.context = "staging"})->takeResult().hasValue());
    QCOMPARE(connections.opened.count(), std::size_t{7});
}

void TestFakeServices::aKilledServerTakesItsLinkAlong()
{
    FakeConnectionService connections;
    const auto link = connections.addServer("production");
    connections.kill("production");
    QVERIFY(!link->isConnected());
    connections.revive("production");
    QVERIFY(link->isConnected());
    link->setFootprint({.requests = 12});
    QCOMPARE(link->footprint().requests, std::uint64_t{12});
}

void TestFakeServices::watchersGetReportsUntilTheyLeave()
{
    FakeMonitorService monitor;
    monitor.setReport(reportWith(2));
    std::vector<std::size_t> seen;
    Subscription subscription =
        monitor.watch({.all = true}, [&](auto report) { seen.push_back(report->collectors.size()); });
    QVERIFY((seen == std::vector<std::size_t>{2})); // what is there comes at once
    monitor.setReport(reportWith(5));
    QVERIFY((seen == std::vector<std::size_t>{2, 5}));
    QCOMPARE(monitor.watchers(), std::size_t{1});
    QVERIFY(monitor.requests().front().all);

    subscription.reset();
    QCOMPARE(monitor.watchers(), std::size_t{0});
    monitor.setReport(reportWith(9));
    QCOMPARE(seen.size(), std::size_t{2});
}

void TestFakeServices::aWatchersEndWaitsForItsCallback()
{
    FakeMonitorService monitor;
    std::atomic<bool> inside = false;
    std::atomic<bool> mayLeave = false;
    std::atomic<bool> left = false;
    Subscription subscription = monitor.watch({}, [&](auto) {
        inside = true;
        while (!mayLeave)
            std::this_thread::yield();
        left = true;
    });
    std::jthread sender([&] { monitor.setReport(reportWith(1)); });
    QVERIFY(waitUntil([&] { return inside.load(); }));
    std::jthread opener([&] { mayLeave = true; });
    subscription.reset();
    QVERIFY(left);
}

void TestFakeServices::aFailedLookIsTheLastReportAgain()
{
    FakeMonitorService monitor;
    std::shared_ptr<const ClusterReport> latest;
    const Subscription subscription = monitor.watch({}, [&](auto report) { latest = std::move(report); });
    monitor.setReport(reportWith(3));
    const ServerTime at = latest->at;
    monitor.failLook("no answer");
    QVERIFY(latest->at == at);
    QVERIFY(latest->streams.front().stream.stale);
    QVERIFY(latest->collectors.back().consumer.stale);
    QCOMPARE(latest->problems.front(), std::string("no answer"));
}

void TestFakeServices::aReportIsWaitedFor()
{
    FakeMonitorService monitor;
    const JobPtr<ClusterReport> job = monitor.report({});
    QVERIFY(!job->isFinished());
    monitor.setReport(reportWith(4));
    QCOMPARE(job->takeResult()->collectors.size(), std::size_t{4});
    QCOMPARE(monitor.report({})->takeResult()->collectors.size(), std::size_t{4});
}

void TestFakeServices::aThousandCollectorsAreThereAndOrdered()
{
    const ClusterReport report = reportWith(1'000);
    QCOMPARE(report.collectors.size(), std::size_t{1'000});
    QCOMPARE(report.streams.size(), std::size_t{100});
    std::set<std::string> names;
    std::uint64_t before = UINT64_MAX;
    for (const CollectorReport& row : report.collectors) {
        names.insert(row.consumer.name);
        QVERIFY(row.lag <= before);
        before = row.lag;
        QCOMPARE(row.lag, row.consumer.lag());
        QVERIFY(row.consumer.delivered.stream >= row.consumer.ackFloor.stream);
    }
    QCOMPARE(names.size(), std::size_t{1'000});
    QCOMPARE(report.collectors.back().lag, std::uint64_t{0});
    QVERIFY(report.collectors.front().lag > 50'000);
}

void TestFakeServices::theNextLookHasGrown()
{
    const ClusterReport now = reportWith(20);
    const ClusterReport next = later(now, 2s);
    QVERIFY(next.at == now.at + 2s);
    QCOMPARE(next.collectors.size(), now.collectors.size());
    for (std::size_t i = 0; i < now.streams.size(); ++i)
        QCOMPARE(next.streams[i].stream.lastSequence.value(),
                 now.streams[i].stream.lastSequence.value() + 2'000);
    for (const CollectorReport& row : next.collectors)
        QCOMPARE(row.lag, row.consumer.lag());
    // Grey again, and back: as when the server comes back.
    QVERIFY(!later(echoOf(now, "gone"), 1s).streams.front().stream.stale);
}

void TestFakeServices::hostileRowsKeepTheirNames()
{
    const ClusterReport report = hostileReport();
    QCOMPARE(report.collectors.size(), hostileNames().size());
    for (std::size_t i = 0; i < hostileNames().size(); ++i)
        QCOMPARE(report.collectors[i].consumer.name, hostileNames()[i]);
}

void TestFakeServices::aReplayAdvancesByHand()
{
    FakeReplayService replays;
    replays.onStart = [](FakeReplayRun& run) { run.setRange(StreamSequence(11), StreamSequence(110)); };
    const std::shared_ptr<ReplayRun> run = replays.start({.analyzer = "spark"});
    const std::shared_ptr<FakeReplayRun> hand = replays.lastRun();
    QCOMPARE(hand->request().analyzer, std::string("spark"));
    QCOMPARE(run->progress().events, std::uint64_t{0});

    QVERIFY(hand->advance(40));
    hand->quarantine(quarantinedEvent(StreamSequence(20), "{"));
    hand->setTables({tableOf("jobs", {{.name = "jobId"}, {.name = "status"}},
                             {{std::int64_t{1}, std::string("SUCCEEDED")}})});
    QCOMPARE(run->progress().events, std::uint64_t{40});
    QCOMPARE(run->progress().sequence.value(), std::uint64_t{50});
    QCOMPARE(run->progress().quarantined, std::uint64_t{1});
    QCOMPARE(run->job()->progress().done, std::uint64_t{40});
    QCOMPARE(run->job()->progress().total, std::uint64_t{100});

    const Result<EngineResult> tables = run->tables()->takeResult();
    QCOMPARE(tables->tables.front().rows().size(), std::size_t{1});
    QCOMPARE(tables->quarantined.size(), std::size_t{1});
    QCOMPARE(tables->lastSequence.value(), std::uint64_t{50});

    QVERIFY(hand->advance(60));
    QVERIFY(!run->job()->isFinished());
    QVERIFY(hand->finish());
    QVERIFY(!hand->finish());
    QVERIFY(!hand->advance(1));
    const Result<ReplayResult> result = run->job()->takeResult();
    QVERIFY(!result->cancelled);
    QCOMPARE(result->engine.counters.events(), std::uint64_t{100});
    QCOMPARE(result->engine.counters.quarantined, std::uint64_t{1});
    QVERIFY(run->tables()->takeResult().error().code() == ErrorCode::Unavailable);
}

void TestFakeServices::aPausedReplayStands()
{
    FakeReplayRun run({});
    run.pause();
    QVERIFY(run.isPaused());
    QVERIFY(!run.advance(5));
    QCOMPARE(run.progress().events, std::uint64_t{0});
    run.resume();
    QVERIFY(run.advance(5));
}

void TestFakeServices::aCancelledReplaySaysSo()
{
    FakeReplayRun run({.analyzer = "hdfs"});
    run.advance(5);
    run.job()->cancel();
    const Result<ReplayResult> result = run.job()->takeResult();
    QVERIFY(result->cancelled);
    QCOMPARE(result->engine.counters.events(), std::uint64_t{5});

    FakeReplayRun slow({});
    slow.holdCancel(true);
    slow.job()->cancel();
    QVERIFY(!slow.job()->isFinished());
    QVERIFY(slow.finish());
    QVERIFY(slow.job()->takeResult()->cancelled);
}

void TestFakeServices::aReplayMayFailAtOnce()
{
    FakeReplayService replays;
    replays.onStart = [](FakeReplayRun& run) { run.fail(boom()); };
    const std::shared_ptr<ReplayRun> run = replays.start({});
    QCOMPARE(run->job()->takeResult().error().message(), std::string("boom"));
    QCOMPARE(replays.count(), std::size_t{1});
}

void TestFakeServices::aReplayMayEndEarly()
{
    FakeReplayRun run({});
    run.setRange(StreamSequence(1), StreamSequence(10));
    run.advance(5);
    QCOMPARE(run.fraction().value_or(-1), 0.5);
    run.endEarly("the server went away");
    const Result<ReplayResult> result = run.job()->takeResult();
    QCOMPARE(result->problem, std::string("the server went away"));
    QVERIFY(result->engine.partial);
    QCOMPARE(result->engine.counters.events(), std::uint64_t{5});
}

void TestFakeServices::heldTablesComeLater()
{
    FakeReplayRun run({});
    run.holdTables(true);
    const JobPtr<EngineResult> held = run.tables();
    QVERIFY(!held->isFinished());
    run.advance(3);
    run.holdTables(false);
    QCOMPARE(held->takeResult()->counters.events(), std::uint64_t{3});

    run.holdTables(true);
    const JobPtr<EngineResult> tooLate = run.tables();
    run.finish();
    QVERIFY(tooLate->takeResult().error().code() == ErrorCode::Unavailable);
}

void TestFakeServices::recordingsAndDescriptions()
{
    FakeCaptureService captures;
    const JobPtr<CaptureSummary> first = captures.record({.stream = "SPARK"});
    captures.recorded.finish(0, CaptureSummary{.messages = 9});
    QCOMPARE(first->takeResult()->messages, std::uint64_t{9});

    const JobPtr<CaptureSummary> stopped = captures.record({.stream = "HDFS"});
    captures.partial.messages = 4;
    stopped->cancel();
    const Result<CaptureSummary> partial = stopped->takeResult();
    QVERIFY(partial->cancelled);
    QCOMPARE(partial->messages, std::uint64_t{4});

    captures.addFile("a.jetlag", CaptureDescription{.messages = 12});
    captures.addFile("b.jetlag", Error(ErrorCode::Corrupt, "cut short"));
    QCOMPARE(captures.describe("a.jetlag")->takeResult()->messages, std::uint64_t{12});
    QVERIFY(captures.describe("b.jetlag")->takeResult().error().code() == ErrorCode::Corrupt);
    QVERIFY(captures.describe("c.jetlag")->takeResult().error().code() == ErrorCode::NotFound);
}

void TestFakeServices::eventsRespectRangeFilterAndCount()
{
    FakeEventsService events;
    events.addStream("million", 1'000'000, [](StreamSequence sequence) -> std::optional<FakeEvent> {
        if (sequence.value() % 10 == 0)
            return std::nullopt; // a gap
        FakeEvent message;
        message.time = kReportTime + sequence.value() * 1ms;
        message.subject = sequence.value() % 2 == 0 ? "a.even" : "a.odd";
        message.headers = {{"Jetlag-Key", "k"}};
        return message;
    });
    std::vector<std::uint64_t> seen;
    const auto keep = [&](const Message& message) {
        seen.push_back(message.sequence.value());
        return findHeader(message.headers, "Jetlag-Key") == "k";
    };
    EventsRequest request = eventsOf("million");
    request.range = {.from = StreamSequence(999'989)};
    request.filters = {"*.even"};
    JobPtr<std::uint64_t> job = events.read(request, keep);
    QVERIFY(job->wait(kPatience));
    QCOMPARE(job->takeResult().value(), std::uint64_t{4});
    QVERIFY((seen == std::vector<std::uint64_t>{999'992, 999'994, 999'996, 999'998}));

    seen.clear();
    request = eventsOf("million");
    request.range = {.from = kReportTime + 3ms, .to = kReportTime + 100ms};
    request.count = 2;
    job = events.read(request, keep);
    QVERIFY(job->wait(kPatience));
    QVERIFY((seen == std::vector<std::uint64_t>{3, 4}));

    job = events.read(eventsOf("nothing"), keep);
    QVERIFY(job->wait(kPatience));
    QVERIFY(job->takeResult().error().code() == ErrorCode::NotFound);
    events.failStream("million", boom());
    job = events.read(eventsOf("million"), keep);
    QVERIFY(job->wait(kPatience));
    QVERIFY(job->takeResult().error().code() == ErrorCode::Io);
}

void TestFakeServices::eventsAreHeldAndCancelled()
{
    FakeEventsService events;
    std::vector<FakeEvent> messages(5);
    for (std::size_t i = 0; i < messages.size(); ++i)
        messages[i].sequence = StreamSequence(i + 1);
    events.addStream("five", messages);
    events.holdAt(StreamSequence(4));
    std::atomic<int> seen = 0;
    const auto count = [&](const Message&) {
        ++seen;
        return true;
    };
    const JobPtr<std::uint64_t> stopped = events.read(eventsOf("five"), count);
    QVERIFY(waitUntil([&] { return seen == 3; }));
    QVERIFY(!stopped->isFinished());
    stopped->cancel();
    QVERIFY(stopped->wait(kPatience));
    QCOMPARE(stopped->takeResult().value(), std::uint64_t{3});

    const JobPtr<std::uint64_t> whole = events.read(eventsOf("five"), count);
    QVERIFY(waitUntil([&] { return seen == 6; }));
    events.release();
    QVERIFY(whole->wait(kPatience));
    QCOMPARE(whole->takeResult().value(), std::uint64_t{5});
    QCOMPARE(events.requests().size(), std::size_t{2});
}

void TestFakeServices::localServersDie()
{
    FakeLocalServerService servers;
    Result<std::unique_ptr<LocalServer>> server = servers.start({.port = 4'333});
    QCOMPARE((*server)->url(), std::string("nats://127.0.0.1:4333"));
    QCOMPARE(servers.alive(), 1);
    servers.kill();
    QVERIFY(!(*server)->isRunning());
    QCOMPARE(servers.alive(), 0);
    {
        const Result<std::unique_ptr<LocalServer>> other = servers.start({});
        QCOMPARE(servers.alive(), 1);
    }
    QCOMPARE(servers.alive(), 0);
    servers.failWith(boom());
    QVERIFY(!servers.start({}).hasValue());
}

void TestFakeServices::theDemoTellsItsStory()
{
    FakeDemoService demos;
    demos.stall(true);
    std::unique_ptr<DemoRun> run;
    std::jthread starter([&] { run = std::move(*demos.start({})); });
    QVERIFY(waitUntil([&] { return demos.started() == 1; }));
    QCOMPARE(demos.alive(), 0);
    demos.stall(false);
    starter.join();
    QCOMPARE(demos.alive(), 1);

    demos.happens({.at = 5s, .what = "hive-queries stopped"});
    QCOMPARE(run->takeMoments().size(), std::size_t{1});
    QVERIFY(run->takeMoments().empty());
    demos.setProblem("the hook ended");
    QCOMPARE(run->problem(), std::string("the hook ended"));
    demos.setCollectors({{.name = "spark-jobs", .digest = "00"}});
    QCOMPARE(run->stopPipelines().front().name, std::string("spark-jobs"));
    run.reset();
    QCOMPARE(demos.alive(), 0);
    demos.failWith(boom());
    QVERIFY(!demos.start({}).hasValue());
}

void TestFakeServices::hooksAndCollectorsEndCancelled()
{
    FakeServices fakes;
    const Services services = fakes.services();
    const JobPtr<HookSummary> hook = services.pipeline.hook({.stream = "SPARK"});
    hook->cancel();
    QVERIFY(hook->takeResult()->cancelled);
    const JobPtr<CollectorSummary> collector = services.pipeline.collect({.durable = "jobs"});
    QCOMPARE(fakes.pipeline.collectors.request(0).durable, std::string("jobs"));
    collector->cancel();
    QCOMPARE(collector->takeResult()->collector, std::string("jobs"));
}

void TestFakeServices::theHistoryHandsOutMarks()
{
    FakeHistoryService history;
    std::vector<HistoryMark> seen;
    Subscription watching =
        history.watchMarks([&](const std::string& connection, const std::vector<HistoryMark>& marks) {
            QCOMPARE(connection, std::string("prod"));
            seen.insert(seen.end(), marks.begin(), marks.end());
        });
    const ServerTime at = kReportTime;
    history.addMark("prod", {.at = at + 2s, .kind = MarkKind::Verdict, .stream = "S", .collector = "a"});
    history.addMark("prod", {.at = at + 1s, .kind = MarkKind::Leader, .stream = "S"});
    watching.reset();
    history.addMark("prod", {.at = at + 3s, .kind = MarkKind::Verdict, .stream = "S", .collector = "b"});
    QCOMPARE(seen.size(), std::size_t{2});

    const auto ids = [&](MarkQuery query) {
        query.connection = "prod";
        std::vector<std::int64_t> found;
        const Result<std::vector<HistoryMark>> answer = history.marks(query)->takeResult();
        for (const HistoryMark& mark : *answer)
            found.push_back(mark.id);
        return found;
    };
    QCOMPARE(ids({}), (std::vector<std::int64_t>{2, 1, 3}));
    QCOMPARE(ids({.stream = "S", .collector = "a"}), (std::vector<std::int64_t>{2, 1}));
    QCOMPARE(ids({.kinds = {MarkKind::Verdict}, .limit = 1}), (std::vector<std::int64_t>{3}));
    QCOMPARE(ids({.from = at + 2s, .to = at + 2s}), (std::vector<std::int64_t>{1}));
    history.setReviewed({1}, true);
    QVERIFY(history.marks({.connection = "prod"})->takeResult()->at(1).reviewed);
}

QTEST_GUILESS_MAIN(TestFakeServices)
#include "tst_fake_services.moc"
