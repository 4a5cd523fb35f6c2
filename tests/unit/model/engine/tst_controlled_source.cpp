// SPDX-License-Identifier: Apache-2.0
#include "model/engine/controlled_source.h"
#include "tests/support/engine_fakes.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <future>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

std::vector<FakeMessage> messages(std::size_t count)
{
    std::vector<FakeMessage> all(count);
    for (std::size_t i = 0; i < count; ++i)
        all[i].payload = "key " + std::to_string(i + 1);
    return all;
}

/// Message i comes i - 1 steps after the first; those before `firstTimed` have no time, as the head of a log
/// may.
void spread(MessageBatch& batch, std::chrono::nanoseconds step, std::uint64_t firstTimed = 1)
{
    constexpr ServerTime kBegin{std::chrono::seconds(1'600'000'000)};
    for (Message& message : batch.messages) {
        const std::uint64_t sequence = message.sequence.value();
        message.time =
            sequence < firstTimed ? ServerTime() : kBegin + step * static_cast<std::int64_t>(sequence - 1);
    }
}

/// Messages handed over right now, without waiting.
std::size_t taken(ControlledSource& source)
{
    MessageBatch batch;
    const Result<SourceOutcome> outcome = source.next(batch, 0ms, {});
    return outcome && *outcome == SourceOutcome::Batch ? batch.messages.size() : 0;
}

} // namespace

class TestControlledSource : public QObject
{
    Q_OBJECT

private slots:
    void withoutAPaceBatchesPassAsTheyAre();
    void aPausedSourceGivesNothing();
    void resumeWakesWhoWaits();
    void stopWakesWhoWaits();
    void aPauseStopsAWaitForDueMessages();

    void speedFollowsTheMessagesOwnTime_data();
    void speedFollowsTheMessagesOwnTime();
    void timeStandsStillWhilePaused();
    void messagesWithoutTimeGoAlong();

    void aRateIsKept();
    void whatARateDidNotUseIsNotSavedUp();
    void aPauseEarnsNoCredit();
    void theSlowerOfRateAndSpeedCounts();

    void piecesCarryTheirGapsAndCover();
    void bytesStayGoodWhenTheirBatchIsThrough();
    void endAndErrorsPassThrough();
};

void TestControlledSource::withoutAPaceBatchesPassAsTheyAre()
{
    const auto all = messages(25);
    FakeSource inner(all, 10);
    FakeClock clock;
    ControlledSource source(inner, {}, clock);
    QCOMPARE(&source.info(), &inner.info());
    QCOMPARE(taken(source), std::size_t{10});
    QCOMPARE(taken(source), std::size_t{10});
    QCOMPARE(taken(source), std::size_t{5});
    MessageBatch batch;
    QVERIFY(*source.next(batch, 0ms, {}) == SourceOutcome::End);
}

void TestControlledSource::aPausedSourceGivesNothing()
{
    const auto all = messages(25);
    FakeSource inner(all, 10);
    FakeClock clock;
    ControlledSource source(inner, {}, clock);
    source.pause();
    source.pause(); // twice is once
    QVERIFY(source.isPaused());
    for (int i = 0; i < 3; ++i) {
        MessageBatch batch;
        QVERIFY(*source.next(batch, 0ms, {}) == SourceOutcome::Idle);
        QVERIFY(batch.messages.empty());
        clock.advance(1h);
    }
    QCOMPARE(inner.handedOut().value(), std::uint64_t{0}); // not even asked
    source.resume();
    QVERIFY(!source.isPaused());
    QCOMPARE(taken(source), std::size_t{10});
}

void TestControlledSource::resumeWakesWhoWaits()
{
    const auto all = messages(5);
    FakeSource inner(all, 10);
    FakeClock clock; // stands: only resume() can end the wait
    ControlledSource source(inner, {}, clock);
    source.pause();
    MessageBatch batch;
    auto waiting = std::async(std::launch::async, [&] { return source.next(batch, 1h, {}); });
    source.resume();
    QVERIFY(waiting.wait_for(30s) == std::future_status::ready);
    QVERIFY(*waiting.get() == SourceOutcome::Batch);
    QCOMPARE(batch.messages.size(), std::size_t{5});
}

void TestControlledSource::stopWakesWhoWaits()
{
    const auto all = messages(5);
    FakeSource inner(all, 10);
    FakeClock clock;
    for (const bool paused : {true, false}) {
        ControlledSource source(inner, {.perSecond = 1}, clock);
        if (paused)
            source.pause();
        std::stop_source stop;
        MessageBatch batch;
        auto waiting =
            std::async(std::launch::async, [&] { return source.next(batch, 1h, stop.get_token()); });
        stop.request_stop();
        QVERIFY(waiting.wait_for(30s) == std::future_status::ready);
        QVERIFY(*waiting.get() == SourceOutcome::Idle);
    }
}

void TestControlledSource::aPauseStopsAWaitForDueMessages()
{
    const auto all = messages(5);
    FakeSource inner(all, 10);
    FakeClock clock;
    ControlledSource source(inner, {.perSecond = 1}, clock);
    QCOMPARE(taken(source), std::size_t{0}); // has read; the first message is due in a second
    MessageBatch batch;
    auto waiting = std::async(std::launch::async, [&] { return source.next(batch, 1h, {}); });
    source.pause();
    clock.advance(5s);
    // Longer than the pieces that it waits in: were the pause ignored, the message would be there now.
    QVERIFY(waiting.wait_for(100ms) == std::future_status::timeout);
    source.resume();
    clock.advance(1s);
    QVERIFY(waiting.wait_for(30s) == std::future_status::ready);
    const Result<SourceOutcome> outcome = waiting.get();
    QVERIFY(*outcome == SourceOutcome::Batch);
    QCOMPARE(batch.messages.size(), std::size_t{1});
}

void TestControlledSource::speedFollowsTheMessagesOwnTime_data()
{
    QTest::addColumn<double>("factor");
    QTest::addColumn<int>("afterOneSecond");
    // Ten messages a second; the first one is due at once.
    QTest::newRow("as it was → ten more in a second") << 1.0 << 11;
    QTest::newRow("half as fast → five more") << 0.5 << 6;
    QTest::newRow("four times as fast → forty more") << 4.0 << 41;
    QTest::newRow("a thousand times → all") << 1'000.0 << 100;
}

void TestControlledSource::speedFollowsTheMessagesOwnTime()
{
    QFETCH(const double, factor);
    QFETCH(const int, afterOneSecond);
    const auto all = messages(100);
    FakeSource inner(all, 100);
    inner.editBatch = [](MessageBatch& batch) { spread(batch, 100ms); };
    FakeClock clock;
    ControlledSource source(inner, {.factor = factor}, clock);
    std::size_t count = taken(source);
    QCOMPARE(count, std::size_t{1});
    QCOMPARE(taken(source), std::size_t{0});
    for (int i = 0; i < 4; ++i) {
        clock.advance(250ms);
        count += taken(source);
    }
    QCOMPARE(count, static_cast<std::size_t>(afterOneSecond));
}

void TestControlledSource::timeStandsStillWhilePaused()
{
    const auto all = messages(100);
    FakeSource inner(all, 100);
    inner.editBatch = [](MessageBatch& batch) { spread(batch, 100ms); };
    FakeClock clock;
    ControlledSource source(inner, {.factor = 1}, clock);
    QCOMPARE(taken(source), std::size_t{1});
    clock.advance(50ms);
    source.pause();
    clock.advance(1h); // nobody even asks meanwhile
    source.resume();
    QCOMPARE(taken(source), std::size_t{0});
    clock.advance(49ms);
    QCOMPARE(taken(source), std::size_t{0});
    clock.advance(1ms);
    QCOMPARE(taken(source), std::size_t{1});
}

void TestControlledSource::messagesWithoutTimeGoAlong()
{
    const auto all = messages(20);
    FakeSource inner(all, 20);
    inner.editBatch = [](MessageBatch& batch) { spread(batch, 1s, /*firstTimed=*/8); };
    FakeClock clock;
    ControlledSource source(inner, {.factor = 1}, clock);
    QCOMPARE(taken(source), std::size_t{8});
    QCOMPARE(taken(source), std::size_t{0});
    clock.advance(2s);
    QCOMPARE(taken(source), std::size_t{2});
}

void TestControlledSource::aRateIsKept()
{
    const auto all = messages(500);
    FakeSource inner(all, 64); // batches of another size than the pieces
    FakeClock clock;
    ControlledSource source(inner, {.perSecond = 100}, clock);
    std::size_t count = taken(source);
    QCOMPARE(count, std::size_t{0});
    for (int i = 0; i < 300; ++i) {
        clock.advance(10ms);
        count += taken(source);
    }
    // Doubles add up to 300 or just below, and a piece ends with its batch: that one's rest comes next.
    QVERIFY2(count >= 298 && count <= 300, qPrintable(QString::number(count)));
}

void TestControlledSource::whatARateDidNotUseIsNotSavedUp()
{
    const auto all = messages(500);
    FakeSource inner(all, 500);
    FakeClock clock;
    ControlledSource source(inner, {.perSecond = 100}, clock);
    QCOMPARE(taken(source), std::size_t{0});
    clock.advance(1h);
    QCOMPARE(taken(source), std::size_t{10}); // a tenth of a second's worth
    QCOMPARE(taken(source), std::size_t{0});
}

void TestControlledSource::aPauseEarnsNoCredit()
{
    const auto all = messages(500);
    FakeSource inner(all, 500);
    FakeClock clock;
    ControlledSource source(inner, {.perSecond = 100}, clock);
    QCOMPARE(taken(source), std::size_t{0});
    source.pause();
    clock.advance(1h);
    source.resume();
    QCOMPARE(taken(source), std::size_t{0});
}

void TestControlledSource::theSlowerOfRateAndSpeedCounts()
{
    for (const bool rateIsSlower : {true, false}) {
        const auto all = messages(500);
        FakeSource inner(all, 500);
        inner.editBatch = [](MessageBatch& batch) { spread(batch, 1ms); }; // a thousand a second
        FakeClock clock;
        const Pace pace =
            rateIsSlower ? Pace{.factor = 1, .perSecond = 100} : Pace{.factor = 0.01, .perSecond = 100'000};
        ControlledSource source(inner, pace, clock);
        std::size_t count = taken(source);
        for (int i = 0; i < 100; ++i) {
            clock.advance(10ms);
            count += taken(source);
        }
        const std::size_t wanted = rateIsSlower ? 100 : 11;
        QVERIFY2(count + 1 >= wanted && count <= wanted, qPrintable(QString::number(count)));
    }
}

void TestControlledSource::piecesCarryTheirGapsAndCover()
{
    const auto all = messages(4);
    FakeSource inner(all, 4);
    // As if 2 were deleted, and a filter had passed over 5 to 9.
    inner.editBatch = [](MessageBatch& batch) {
        spread(batch, 1s);
        batch.messages.erase(batch.messages.begin() + 1);
        batch.gaps = {{StreamSequence(2), StreamSequence(2), GapReason::Deleted},
                      {StreamSequence(6), StreamSequence(7), GapReason::Deleted}};
        batch.coveredTo = StreamSequence(9);
    };
    FakeClock clock;
    ControlledSource source(inner, {.factor = 1}, clock);
    const auto next = [&] {
        MessageBatch batch;
        [[maybe_unused]] const auto outcome = source.next(batch, 0ms, {});
        return batch;
    };
    MessageBatch piece = next();
    QCOMPARE(piece.messages.size(), std::size_t{1});
    QCOMPARE(piece.coveredTo.value(), std::uint64_t{1});
    QVERIFY(piece.gaps.empty()); // 2 lies behind it
    clock.advance(2s);
    piece = next();
    QCOMPARE(piece.messages.front().sequence.value(), std::uint64_t{3});
    QCOMPARE(piece.coveredTo.value(), std::uint64_t{3});
    QCOMPARE(piece.gaps.size(), std::size_t{1});
    QCOMPARE(piece.gaps.front().first.value(), std::uint64_t{2});
    clock.advance(1s);
    piece = next();
    QCOMPARE(piece.messages.front().sequence.value(), std::uint64_t{4});
    QCOMPARE(piece.coveredTo.value(), std::uint64_t{9});
    QCOMPARE(piece.gaps.size(), std::size_t{1});
    QCOMPARE(piece.gaps.front().last.value(), std::uint64_t{7});
}

void TestControlledSource::bytesStayGoodWhenTheirBatchIsThrough()
{
    const auto all = messages(6);
    FakeSource inner(all, 3);
    inner.editBatch = [](MessageBatch& batch) { spread(batch, 1s); };
    FakeClock clock;
    ControlledSource source(inner, {.factor = 1}, clock);
    std::vector<MessageBatch> kept;
    for (int i = 0; i < 6; ++i) {
        MessageBatch batch;
        QVERIFY(*source.next(batch, 0ms, {}) == SourceOutcome::Batch);
        kept.push_back(std::move(batch));
        clock.advance(1s);
    }
    for (std::size_t i = 0; i < kept.size(); ++i)
        QCOMPARE(std::string(kept[i].messages.front().payload), all[i].payload);
    QCOMPARE(inner.batchesAlive(), 2); // two batches in six pieces
    kept.clear();
    QCOMPARE(inner.batchesAlive(), 0);
}

void TestControlledSource::endAndErrorsPassThrough()
{
    const auto all = messages(4);
    FakeSource inner(all, 2);
    inner.failsAt = {StreamSequence(3), Error(ErrorCode::Io, "boom")};
    FakeClock clock;
    ControlledSource source(inner, {.perSecond = 1'000}, clock);
    MessageBatch batch;
    QVERIFY(*source.next(batch, 0ms, {}) == SourceOutcome::Idle);
    clock.advance(1s);
    QCOMPARE(taken(source), std::size_t{2});
    const Result<SourceOutcome> failed = source.next(batch, 0ms, {});
    QVERIFY(!failed.hasValue());
    QCOMPARE(failed.error().message(), std::string("boom"));
    inner.failsAt.reset();
    clock.advance(1s);
    QCOMPARE(taken(source), std::size_t{2});
    QVERIFY(*source.next(batch, 0ms, {}) == SourceOutcome::End);
}

QTEST_GUILESS_MAIN(TestControlledSource)
#include "tst_controlled_source.moc"
