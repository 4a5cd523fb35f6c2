// SPDX-License-Identifier: Apache-2.0
#include "replay/session/replay_session.h"
#include "tests/support/engine_fakes.h"
#include "tests/support/fake_clock.h"
#include "tests/support/order_analyzer.h"
#include "tests/support/wait_until.h"

#include <QTest>

#include <future>
#include <mutex>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMessages = 2'000;
constexpr std::size_t kBatch = 50;
constexpr auto kPatience = 30s;

const std::vector<FakeMessage>& stream()
{
    static const std::vector<FakeMessage> messages = hookMessages(kMessages, 40, 7);
    return messages;
}

StreamSequence last()
{
    return StreamSequence(stream().size());
}

/// A session over stream(), running on a thread of its own.
struct Running
{
    explicit Running(ReplaySessionOptions options = {})
        : session(analyzer, std::move(options))
        , source(stream(), kBatch)
    {
        source.sourceInfo.last = last();
    }
    ~Running() { stop.request_stop(); }

    void start()
    {
        outcome = std::async(std::launch::async, [this] {
            return session.run(source, stop.get_token(), [this](const ReplayProgress& now) {
                const std::lock_guard lock(mutex);
                reported.push_back(now);
            });
        });
    }
    Result<ReplayOutcome> result()
    {
        if (outcome.wait_for(kPatience) != std::future_status::ready) {
            stop.request_stop();
            return Error(ErrorCode::Timeout, "the session did not end");
        }
        return outcome.get();
    }

    OrderAnalyzer analyzer;
    ReplaySession session;
    FakeSource source;
    std::stop_source stop;
    std::mutex mutex;
    std::vector<ReplayProgress> reported;
    std::future<Result<ReplayOutcome>> outcome; // last: its thread uses all of the above
};

EngineResult undisturbed()
{
    OrderAnalyzer analyzer;
    ReplaySession session(analyzer, {});
    FakeSource source(stream(), kBatch);
    return session.run(source, {})->result;
}

/// Of these messages alone, in other batches.
Hash128 digestOf(const std::vector<FakeMessage>& messages)
{
    OrderAnalyzer analyzer;
    ReplaySession session(analyzer, {});
    FakeSource source(messages, 7);
    return session.run(source, {})->result.digest;
}

} // namespace

class TestReplaySession : public QObject
{
    Q_OBJECT

private slots:
    void aReplayEndsWithEverything();
    void aSessionIsPausedBeforeItsFirstMessage();
    void aPauseHoldsAndResumeGoesOn();
    void theDigestIsTheSameWhateverThePauses_data();
    void theDigestIsTheSameWhateverThePauses();
    void cancelHalfWayGivesThePartialResult();
    void cancelEndsAPause();
    void whatASourceGaveBeforeItFailedIsKept();
    void errorsOfTheSourceArrive();
    void errorsOfTheAnalyzerArrive();
    void progressNeverGoesBack();
    void progressOfWhatHasNoKnownLengthCountsEvents();
    void aRangeFromTheMiddleIsPartial();
    void tablesAreAskedForWhileItRuns();
    void quarantinedEventsAreListed();
    void thePaceIsKept();
    void aSessionRunsOnce();
};

void TestReplaySession::aReplayEndsWithEverything()
{
    Running run;
    QVERIFY(!run.session.range());
    run.start();
    const Result<ReplayOutcome> outcome = run.result();
    QVERIFY(outcome.hasValue());
    QVERIFY(!outcome->cancelled);
    QVERIFY(!outcome->result.partial);
    QVERIFY(outcome->result.lastSequence == last());
    QCOMPARE(outcome->result.counters.records.messages, std::uint64_t{stream().size()});
    QVERIFY(run.session.range() == std::pair(StreamSequence(1), last()));
    // What it had read stays there to be shown.
    QCOMPARE(run.session.progress().engine.messages, std::uint64_t{stream().size()});
    QVERIFY(!run.session.tables(0ms));
}

void TestReplaySession::aSessionIsPausedBeforeItsFirstMessage()
{
    Running run;
    run.session.pause();
    QVERIFY(run.session.isPaused());
    run.start();
    // It is at work (it answers), and has read nothing.
    QVERIFY(waitUntil([&] { return run.session.range().has_value(); }));
    std::optional<EngineResult> tables;
    QVERIFY(waitUntil([&] { return (tables = run.session.tables(1s)).has_value(); }));
    QCOMPARE(tables->counters.records.messages, std::uint64_t{0});
    QCOMPARE(run.source.handedOut().value(), std::uint64_t{0});
    run.session.resume();
    QVERIFY(run.result()->result.lastSequence == last());
}

void TestReplaySession::aPauseHoldsAndResumeGoesOn()
{
    Running run;
    // From the reading thread, so that it is known what was handed over before.
    run.source.beforeBatch = [&](StreamSequence first) {
        if (first == StreamSequence(501))
            run.session.pause();
    };
    run.start();
    QVERIFY(waitUntil([&] { return run.session.progress().engine.messages == 550; }));
    for (int i = 0; i < 3; ++i) { // the engine turns around and around, and stays where it is
        const std::optional<EngineResult> tables = run.session.tables(kPatience);
        QVERIFY(tables.has_value());
        QCOMPARE(tables->lastSequence.value(), std::uint64_t{550});
    }
    QCOMPARE(run.source.handedOut().value(), std::uint64_t{550});
    run.session.resume();
    const Result<ReplayOutcome> outcome = run.result();
    QVERIFY(outcome.hasValue());
    QVERIFY(outcome->result.lastSequence == last());
}

void TestReplaySession::theDigestIsTheSameWhateverThePauses_data()
{
    QTest::addColumn<unsigned>("workers");
    QTest::addColumn<double>("perSecond");
    QTest::newRow("one worker") << 1u << 0.0;
    QTest::newRow("three workers") << 3u << 0.0;
    QTest::newRow("two workers, in pieces of a rate") << 2u << 20'000.0;
}

void TestReplaySession::theDigestIsTheSameWhateverThePauses()
{
    QFETCH(const unsigned, workers);
    QFETCH(const double, perSecond);
    Running run({.engine = {.workers = workers}, .pace = {.perSecond = perSecond}});
    std::atomic<int> pauses = 0;
    run.source.beforeBatch = [&](StreamSequence first) {
        if (first.value() % 250 == 1) {
            run.session.pause();
            ++pauses;
        }
    };
    run.start();
    while (run.outcome.wait_for(1ms) != std::future_status::ready) {
        if (run.session.isPaused())
            run.session.resume();
    }
    const Result<ReplayOutcome> outcome = run.result();
    QVERIFY(outcome.hasValue());
    QVERIFY(pauses >= 8);
    const EngineResult wanted = undisturbed();
    QVERIFY(outcome->result.digest == wanted.digest);
    QCOMPARE(outcome->result.counters.events(), wanted.counters.events());
    QCOMPARE(outcome->result.counters.quarantined, wanted.counters.quarantined);
}

void TestReplaySession::cancelHalfWayGivesThePartialResult()
{
    Running run;
    run.source.beforeBatch = [&](StreamSequence first) {
        if (first == StreamSequence(1'001))
            run.session.pause();
    };
    run.start();
    QVERIFY(waitUntil([&] { return run.session.progress().engine.messages == 1'050; }));
    run.stop.request_stop();
    const Result<ReplayOutcome> outcome = run.result();
    QVERIFY(outcome.hasValue());
    QVERIFY(outcome->cancelled);
    QVERIFY(outcome->result.lastSequence == StreamSequence(1'050));
    QCOMPARE(outcome->result.counters.records.messages, std::uint64_t{1'050});
    QVERIFY(!outcome->result.tables.empty());

    // The part is the one that a replay of that range gives.
    const std::vector<FakeMessage> part(stream().begin(), stream().begin() + 1'050);
    QVERIFY(digestOf(part) == outcome->result.digest);
}

void TestReplaySession::cancelEndsAPause()
{
    Running run;
    run.session.pause();
    run.start();
    QVERIFY(waitUntil([&] { return run.session.range().has_value(); }));
    run.stop.request_stop();
    const Result<ReplayOutcome> outcome = run.result();
    QVERIFY(outcome.hasValue());
    QVERIFY(outcome->cancelled);
    QCOMPARE(outcome->result.counters.events(), std::uint64_t{0});
}

void TestReplaySession::whatASourceGaveBeforeItFailedIsKept()
{
    Running run;
    run.source.failsAt = {StreamSequence(301), Error(ErrorCode::Unavailable, "the server went away")};
    run.start();
    const Result<ReplayOutcome> outcome = run.result();
    QVERIFY(outcome.hasValue());
    QVERIFY(outcome->sourceError.has_value());
    QVERIFY(outcome->sourceError->code() == ErrorCode::Unavailable);
    QVERIFY(outcome->sourceError->message().ends_with("the server went away"));
    QVERIFY(outcome->result.partial);
    QVERIFY(!outcome->cancelled); // nobody asked for it
    QVERIFY(outcome->result.lastSequence == StreamSequence(300));
    QCOMPARE(run.session.progress().engine.messages, std::uint64_t{300});
    const std::vector<FakeMessage> part(stream().begin(), stream().begin() + 300);
    QVERIFY(outcome->result.digest == digestOf(part));
}

void TestReplaySession::errorsOfTheSourceArrive()
{
    Running nothing;
    nothing.source.failsAt = {StreamSequence(1), Error(ErrorCode::Denied, "no permission")};
    nothing.start();
    QVERIFY(nothing.result().error().code() == ErrorCode::Denied);

    Running throwing;
    throwing.source.throws = true;
    throwing.start();
    QVERIFY(throwing.result().error().code() == ErrorCode::Internal);
}

void TestReplaySession::errorsOfTheAnalyzerArrive()
{
    const std::vector<FakeMessage> messages{{.payload = "a 1"}, {.payload = "boom"}, {.payload = "a 2"}};
    OrderAnalyzer analyzer;
    ReplaySession session(analyzer, {});
    FakeSource source(messages, 1);
    const Result<ReplayOutcome> outcome = session.run(source, {});
    QVERIFY(!outcome.hasValue());
    QVERIFY(outcome.error().message().find("order") != std::string::npos); // names the analyzer
    session.pause();                                                       // its parts are gone, it is not
    QVERIFY(session.isPaused());
}

void TestReplaySession::progressNeverGoesBack()
{
    Running run({.engine = {.workers = 2}, .progressEvery = 1ms});
    run.start();
    // Looked at from here too, while the session reports on its own.
    ReplayProgress before;
    while (run.outcome.wait_for(0ms) != std::future_status::ready) {
        const ReplayProgress now = run.session.progress();
        QVERIFY(now.done >= before.done);
        QVERIFY(now.engine.events >= before.engine.events);
        QVERIFY(now.engine.messages >= before.engine.messages);
        QVERIFY(now.engine.sequence >= before.engine.sequence);
        QVERIFY(now.engine.bytes >= before.engine.bytes);
        before = now;
    }
    QVERIFY(run.result().hasValue());
    QVERIFY(!run.reported.empty());
    for (std::size_t i = 1; i < run.reported.size(); ++i)
        QVERIFY(run.reported[i].done >= run.reported[i - 1].done);
    QCOMPARE(run.reported.back().done, std::uint64_t{stream().size()});
    QCOMPARE(run.reported.back().total, std::uint64_t{stream().size()});
}

void TestReplaySession::progressOfWhatHasNoKnownLengthCountsEvents()
{
    for (const bool filtered : {true, false}) {
        Running run;
        if (filtered)
            run.source.sourceInfo.filters = {"order.>"};
        else
            run.source.sourceInfo.stream.reset(); // a raw log
        run.start();
        const Result<ReplayOutcome> outcome = run.result();
        QVERIFY(outcome.hasValue());
        QCOMPARE(run.reported.back().total, std::uint64_t{0});
        QCOMPARE(run.reported.back().done, outcome->result.counters.events());
    }
}

void TestReplaySession::aRangeFromTheMiddleIsPartial()
{
    OrderAnalyzer analyzer;
    ReplaySession session(analyzer, {});
    FakeSource source(stream(), kBatch, StreamSequence(1'000));
    source.sourceInfo.first = StreamSequence(1'000);
    source.sourceInfo.last = last();
    const Result<ReplayOutcome> outcome = session.run(source, {});
    QVERIFY(outcome->result.partial);
    QVERIFY(outcome->result.firstSequence == StreamSequence(1'000));
    QCOMPARE(session.progress().done, std::uint64_t{stream().size() - 999});
    QCOMPARE(session.progress().total, std::uint64_t{stream().size() - 999});
}

void TestReplaySession::tablesAreAskedForWhileItRuns()
{
    Running run;
    run.source.beforeBatch = [&](StreamSequence first) {
        if (first == StreamSequence(1'951))
            run.session.pause();
    };
    QVERIFY(!run.session.tables(0ms)); // not yet
    run.start();
    QVERIFY(waitUntil([&] { return run.session.progress().engine.messages >= 2'000; }));
    const std::optional<EngineResult> tables = run.session.tables(kPatience);
    QVERIFY(tables.has_value());
    QCOMPARE(tables->tables.front().rows().size(), std::size_t{40});
    QCOMPARE(tables->lastSequence.value(), std::uint64_t{2'000});
    run.session.resume();
    QVERIFY(run.result().hasValue());
}

void TestReplaySession::quarantinedEventsAreListed()
{
    Running run;
    run.start();
    const Result<ReplayOutcome> outcome = run.result();
    QVERIFY(outcome->result.counters.quarantined > 10);
    QCOMPARE(outcome->result.quarantined.size(), std::size_t{outcome->result.counters.quarantined});
    QCOMPARE(outcome->result.quarantined.front().bytes, std::string("bad"));
    QVERIFY(outcome->result.quarantined.front().reason == QuarantineReason::Malformed);
}

void TestReplaySession::thePaceIsKept()
{
    FakeClock clock; // stands still but for what is said here
    Running run({.pace = {.perSecond = 1'000}, .clock = &clock});
    run.start();
    QVERIFY(waitUntil([&] { return run.source.handedOut().value() > 0; }));
    // Time counts from the session's first look at the clock, whenever that is.
    std::uint64_t allowed = 0;
    const auto messages = [&] { return run.session.progress().engine.messages; };
    QVERIFY(waitUntil([&] {
        clock.advance(50ms);
        allowed += 50;
        return messages() > 0;
    }));
    for (int i = 0; i < 5; ++i) {
        const std::uint64_t before = messages();
        clock.advance(50ms);
        allowed += 50;
        QVERIFY(waitUntil([&] { return messages() > before; }));
        QVERIFY(messages() <= allowed);
    }
    run.stop.request_stop();
    QVERIFY(run.result()->cancelled);
}

void TestReplaySession::aSessionRunsOnce()
{
    Running run;
    run.start();
    QVERIFY(run.result().hasValue());
    FakeSource source(stream(), kBatch);
    QVERIFY(run.session.run(source, {}).error().code() == ErrorCode::Internal);
}

QTEST_GUILESS_MAIN(TestReplaySession)
#include "tst_replay_session.moc"
