// SPDX-License-Identifier: Apache-2.0
//
// The rules on collectors that a test makes up, second by second.

#include "model/verdict/judge.h"

#include <QTest>

using namespace jetlag;

namespace {

constexpr ServerTime kStart{std::chrono::seconds(1'700'000'000)};

ServerTime after(double seconds)
{
    return kStart + std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
}

/// A stream and a collector that move at the rates a test sets; one sample a second.
class World final
{
public:
    double in = 100;       ///< published a second
    double taken = 100;    ///< delivered a second, at most what is there
    bool acks = true;      ///< what is delivered is acked at once
    bool pulls = true;     ///< somebody waits for more
    StreamSnapshot stream; ///< its config
    ConsumerSnapshot collector;

    World()
    {
        stream.name = "S";
        stream.retention = "limits";
        stream.discard = "old";
        collector.stream = "S";
        collector.name = collector.durable = "c";
        collector.deliverPolicy = "all";
        collector.ackPolicy = "explicit";
        collector.ackWait = std::chrono::seconds(30);
        collector.maxAckPending = 1'000;
        collector.maxWaiting = 512;
        collector.created = kStart;
    }

    [[nodiscard]] VerdictSample next()
    {
        m_at += 1;
        m_last += in;
        const double delivered = std::min(taken, m_last - m_delivered);
        m_delivered += delivered;
        if (delivered > 0)
            collector.lastDelivered = after(m_at);
        if (acks && m_acked < m_delivered) {
            m_acked = m_delivered;
            collector.lastAcked = after(m_at);
        }
        VerdictSample sample{.at = m_at, .serverNow = after(m_at)};
        stream.messages = number(m_last) - m_first + 1;
        stream.firstSequence = StreamSequence(m_first);
        stream.lastSequence = StreamSequence(number(m_last));
        stream.firstTime = kStart;
        stream.lastTime = in > 0 ? after(m_at) : stream.lastTime;
        collector.delivered = {ConsumerSequence(number(m_delivered)), StreamSequence(number(m_delivered))};
        collector.ackFloor = {ConsumerSequence(number(m_acked)), StreamSequence(number(m_acked))};
        collector.pending = number(m_last) - std::max(number(m_delivered), m_first - 1);
        collector.ackPending = number(m_delivered) - number(m_acked);
        collector.waiting = pulls && collector.pending == 0 ? 1 : 0;
        if (collector.pending > 0)
            sample.unread = FoundMessage{number(m_delivered) + 1, after(m_delivered / std::max(1.0, in))};
        if (m_acked < m_last)
            sample.afterFloor = FoundMessage{number(m_acked) + 1, after(m_acked / std::max(1.0, in))};
        sample.stream = std::make_shared<const StreamSnapshot>(stream);
        sample.consumer = std::make_shared<const ConsumerSnapshot>(collector);
        return sample;
    }
    /// Retention takes everything below.
    void evictBelow(std::uint64_t first) { m_first = first; }
    [[nodiscard]] std::uint64_t last() const { return number(m_last); }

private:
    static std::uint64_t number(double value) { return static_cast<std::uint64_t>(value); }
    double m_at = 0;
    double m_last = 0;
    double m_delivered = 0;
    double m_acked = 0;
    std::uint64_t m_first = 1;
};

QByteArray word(const Judgement& judgement)
{
    return judgement.cause ? QByteArray(toString(*judgement.cause).data()) : QByteArray("(observing)");
}

/// What is said after so many seconds.
QByteArray saidAfter(VerdictJudge& judge, World& world, int seconds)
{
    Judgement last;
    for (int second = 0; second < seconds; ++second)
        last = judge.add(world.next());
    return word(last);
}

} // namespace

class TestVerdictJudge : public QObject
{
    Q_OBJECT

private slots:
    void nothingIsNamedFromOneLook()
    {
        VerdictJudge judge;
        World world;
        QCOMPARE(saidAfter(judge, world, 1), QByteArray("(observing)"));
        QCOMPARE(saidAfter(judge, world, 4), QByteArray("none"));
    }

    void aSteadyCollectorKeepsUpForAsLongAsOneLooks()
    {
        VerdictJudge judge;
        World world;
        (void)saidAfter(judge, world, 4);
        for (int second = 0; second < 120; ++second)
            QCOMPARE(word(judge.add(world.next())), QByteArray("none"));
    }

    void aProducerThatStopsLeavesItIdle()
    {
        VerdictJudge judge;
        World world;
        (void)saidAfter(judge, world, 10);
        world.in = 0;
        QCOMPARE(saidAfter(judge, world, 8), QByteArray("idle"));
        world.in = 100;
        QCOMPARE(saidAfter(judge, world, 8), QByteArray("none"));
    }

    void whoTakesLessThanComesIsSlowAndThenCatchesUp()
    {
        VerdictJudge judge;
        World world;
        (void)saidAfter(judge, world, 10);
        world.taken = 40;
        QCOMPARE(saidAfter(judge, world, 15), QByteArray("slow"));
        world.taken = 250;
        QCOMPARE(saidAfter(judge, world, 5), QByteArray("catching-up"));
        QCOMPARE(saidAfter(judge, world, 20), QByteArray("none"));
    }

    void whoStopsPullingIsStopped()
    {
        VerdictJudge judge;
        World world;
        (void)saidAfter(judge, world, 10);
        world.taken = 0;
        world.pulls = false;
        QVERIFY(saidAfter(judge, world, 4) != QByteArray("no-pulls")); // not too early
        QCOMPARE(saidAfter(judge, world, 5), QByteArray("no-pulls"));
        world.taken = 100; // one delivery refutes it
        QVERIFY(saidAfter(judge, world, 1) != QByteArray("no-pulls"));
    }

    void whoNeverAcksHitsItsCap()
    {
        VerdictJudge judge;
        World world;
        world.collector.maxAckPending = 200;
        (void)saidAfter(judge, world, 5);
        world.acks = false;
        (void)saidAfter(judge, world, 2);
        world.taken = 0; // 200 in hand
        Judgement last;
        for (int second = 0; second < 10; ++second) {
            VerdictSample sample = world.next();
            ConsumerSnapshot waiting = *sample.consumer;
            waiting.waiting = 1; // its pulls wait in vain
            sample.consumer = std::make_shared<const ConsumerSnapshot>(std::move(waiting));
            last = judge.add(std::move(sample));
        }
        QCOMPARE(word(last), QByteArray("capped"));
    }

    void aPausedOneIsPausedAtOnce()
    {
        VerdictJudge judge;
        World world;
        world.collector.paused = true;
        QCOMPARE(saidAfter(judge, world, 1), QByteArray("paused"));
        world.collector.paused = false;
        QVERIFY(saidAfter(judge, world, 5) != QByteArray("paused"));
    }

    void retentionThatOvertakesTheReaderLosesMessages()
    {
        VerdictJudge judge;
        World world;
        world.stream.maxMessages = 500;
        world.taken = 10;
        (void)saidAfter(judge, world, 6);
        world.evictBelow(world.last() - 400);
        QCOMPARE(saidAfter(judge, world, 1), QByteArray("lost"));
    }

    void aKeyValueStreamOnlySupersedes()
    {
        VerdictJudge judge;
        World world;
        world.stream.maxMessagesPerSubject = 1;
        world.taken = 10;
        (void)saidAfter(judge, world, 6);
        world.evictBelow(world.last() - 400);
        QVERIFY(saidAfter(judge, world, 1) != QByteArray("lost"));
    }

    void nobodyListensToAPushConsumer()
    {
        VerdictJudge judge;
        World world;
        world.collector.deliverSubject = "deliver";
        world.taken = 0;
        QCOMPARE(saidAfter(judge, world, 3), QByteArray("no-interest"));
    }

    void aServerThatDoesNotAnswerIsNoCause()
    {
        VerdictJudge judge;
        World world;
        (void)saidAfter(judge, world, 6);
        const Judgement judgement = judge.add({.at = 100, .error = SampleError::NoAnswer});
        QVERIFY(!judgement.cause);
        QVERIFY(judgement.unreachable);
    }

    void theSameSamplesGiveTheSameJudgements()
    {
        VerdictJudge one;
        VerdictJudge other;
        World a;
        World b;
        a.taken = b.taken = 60;
        for (int second = 0; second < 60; ++second)
            QCOMPARE(word(one.add(a.next())), word(other.add(b.next())));
    }

    void everyCauseHasAVerdictAndAWord()
    {
        QVERIFY(toString(Cause::NoPulls) == "no-pulls");
        for (const Rule& rule : verdictRules()) {
            QVERIFY(!toString(rule.cause).empty());
            QVERIFY(!verdictOf(rule.cause).empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestVerdictJudge)
#include "tst_verdict_judge.moc"
