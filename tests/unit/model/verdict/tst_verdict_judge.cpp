// SPDX-License-Identifier: Apache-2.0
//
// The rules on collectors that a test makes up, second by second.

#include "model/verdict/judge.h"

#include <QTest>

#include <cmath>
#include <malloc.h>
#include <map>

using namespace jetlag;

namespace {

constexpr ServerTime kStart{std::chrono::seconds(1'700'000'000)};

ServerTime after(double seconds)
{
    return kStart + std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
}

/// A stream and a collector that move at the rates a test sets; one sample every `step` seconds.
class World final
{
public:
    double step = 1;
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
        m_at += step;
        m_last += in * step;
        m_published.emplace(number(m_last), m_at);
        const double delivered = std::min(taken * step, m_last - m_delivered);
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
            sample.unread = FoundMessage{number(m_delivered) + 1, publishedAt(number(m_delivered) + 1)};
        if (m_acked < m_last)
            sample.afterFloor = FoundMessage{number(m_acked) + 1, publishedAt(number(m_acked) + 1)};
        sample.stream = std::make_shared<const StreamSnapshot>(stream);
        sample.consumer = std::make_shared<const ConsumerSnapshot>(collector);
        return sample;
    }
    /// Retention takes everything below.
    void evictBelow(std::uint64_t first) { m_first = first; }
    [[nodiscard]] std::uint64_t last() const { return number(m_last); }

private:
    [[nodiscard]] ServerTime publishedAt(std::uint64_t sequence) const
    {
        return after(m_published.lower_bound(sequence)->second);
    }
    static std::uint64_t number(double value) { return static_cast<std::uint64_t>(value); }
    double m_at = 0;
    std::map<std::uint64_t, double> m_published; ///< the last sequence of each step
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
        QCOMPARE(saidAfter(judge, world, 30), QByteArray("slow"));
        world.taken = 250;
        QCOMPARE(saidAfter(judge, world, 5), QByteArray("catching-up"));
        QCOMPARE(saidAfter(judge, world, 20), QByteArray("none"));
    }

    // However large the backlog is beside what is added to it.
    void whoIsTooSlowStaysSlow_data()
    {
        QTest::addColumn<double>("taken");
        QTest::newRow("half of what comes") << 50.0;
        QTest::newRow("nearly all that comes") << 97.0;
        QTest::newRow("as much as comes, with a backlog from before") << 100.0;
    }
    void whoIsTooSlowStaysSlow()
    {
        QFETCH(double, taken);
        VerdictJudge judge;
        World world;
        (void)saidAfter(judge, world, 10);
        world.taken = 20;
        (void)saidAfter(judge, world, 60);
        world.taken = taken;
        (void)saidAfter(judge, world, 20);
        for (int second = 0; second < 1'800; ++second)
            QCOMPARE(word(judge.add(world.next())), QByteArray("slow"));
        world.taken = 250; // and it is seen when that ends
        QCOMPARE(saidAfter(judge, world, 8), QByteArray("catching-up"));
        for (int second = 0; second < 10; ++second)
            QCOMPARE(word(judge.add(world.next())), QByteArray("catching-up"));
    }

    void aBurstThatDoesNotEndIsTheNewUsual()
    {
        VerdictJudge judge;
        World world;
        (void)saidAfter(judge, world, 20);
        world.in = 500;
        world.taken = 200;
        QCOMPARE(saidAfter(judge, world, 10), QByteArray("burst"));
        QCOMPARE(saidAfter(judge, world, 60), QByteArray("slow"));
        world.in = 100;
        QCOMPARE(saidAfter(judge, world, 10), QByteArray("catching-up"));
    }

    void aBurstStaysOneWhileItIsWorkedOff()
    {
        VerdictJudge judge;
        World world;
        (void)saidAfter(judge, world, 20);
        world.in = 1'000;
        world.taken = 150;
        (void)saidAfter(judge, world, 10);
        world.in = 100;
        QCOMPARE(saidAfter(judge, world, 100), QByteArray("burst"));
        QCOMPARE(saidAfter(judge, world, 100), QByteArray("none"));
    }

    // Three polls are half a minute: a name comes with the fourth or fifth look, and none is held for long.
    void slowPollsNameWithTheFourthOrFifthLook()
    {
        VerdictJudge judge;
        World world;
        world.step = 10;
        QCOMPARE(saidAfter(judge, world, 5), QByteArray("none"));
        world.taken = 40;
        QCOMPARE(saidAfter(judge, world, 3), QByteArray("(observing)"));
        QCOMPARE(saidAfter(judge, world, 2), QByteArray("slow"));
        world.taken = 0;
        world.pulls = false;
        QCOMPARE(saidAfter(judge, world, 4), QByteArray("no-pulls"));
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

    // A handful that waits is no backlog, but nobody has come for it since somebody looks.
    void aFewThatNobodyFetchesAreNotCalledWell_data()
    {
        QTest::addColumn<double>("step");
        QTest::newRow("looks that come a little early") << 0.98;
        QTest::newRow("a look every second") << 1.0;
        QTest::newRow("every two seconds") << 2.0;
    }
    void aFewThatNobodyFetchesAreNotCalledWell()
    {
        QFETCH(double, step);
        VerdictJudge judge;
        World world;
        world.step = step;
        world.taken = 0;
        world.pulls = false;
        world.in = 5 / step;
        QByteArray said = word(judge.add(world.next()));
        world.in = 0;
        for (int look = 1; look * step < 12; ++look) {
            said = word(judge.add(world.next()));
            QVERIFY2(said == "(observing)" || said == "no-pulls", said.constData());
        }
        QCOMPARE(said, QByteArray("no-pulls"));
    }

    // It takes all there is once a minute: between its steps something always waits.
    void whoWorksInStepsKeepsUp_data()
    {
        QTest::addColumn<double>("step");
        QTest::newRow("a look every second") << 1.0;
        QTest::newRow("every two seconds") << 2.0;
        QTest::newRow("every five seconds") << 5.0;
    }
    void whoWorksInStepsKeepsUp()
    {
        QFETCH(double, step);
        VerdictJudge judge;
        World world;
        world.step = step;
        world.pulls = false;
        int kept = 0;
        for (int look = 0; look * step < 1'200; ++look) {
            world.taken = std::fmod(look * step, 60) < step ? 1'000'000 : 0;
            const QByteArray said = word(judge.add(world.next()));
            if (look * step < 200) // two steps must be seen
                continue;
            QVERIFY2(said == "none" || said == "(observing)", said.constData());
            kept += said == "none" ? 1 : 0;
        }
        QVERIFY2(kept * step > 900, QByteArray::number(kept).constData());
    }

    // Two pauses of the same kind are a habit, an outage is not.
    void anOutageTeachesNoRhythm()
    {
        VerdictJudge judge;
        World world;
        (void)saidAfter(judge, world, 20);
        const auto pause = [&](int seconds) {
            world.taken = 0;
            world.pulls = false;
            const QByteArray said = saidAfter(judge, world, seconds);
            world.taken = 1'000'000;
            world.pulls = true;
            (void)saidAfter(judge, world, 20);
            return said;
        };
        QCOMPARE(pause(600), QByteArray("no-pulls"));
        (void)pause(4);
        QCOMPARE(pause(20), QByteArray("no-pulls"));
        QVERIFY(pause(20) != QByteArray("no-pulls")); // a habit by now
        QCOMPARE(pause(100), QByteArray("no-pulls"));
        (void)saidAfter(judge, world, 1'500); // long ago
        QCOMPARE(pause(20), QByteArray("no-pulls"));
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

    // A thousand of them are watched at once, for days.
    void aCollectorCostsLittleHoweverLongItIsWatched_data()
    {
        QTest::addColumn<double>("step");
        QTest::newRow("ten minutes, every second") << 1.0;
        QTest::newRow("ten minutes, ten times a second") << 0.1;
        QTest::newRow("ten hours, every minute") << 60.0;
    }
    void aCollectorCostsLittleHoweverLongItIsWatched()
    {
        QFETCH(double, step);
        constexpr std::size_t kCollectors = 50;
        const std::size_t before = mallinfo2().uordblks;
        std::vector<std::unique_ptr<VerdictJudge>> judges;
        for (std::size_t number = 0; number < kCollectors; ++number) {
            judges.push_back(std::make_unique<VerdictJudge>());
            World world;
            world.step = step;
            world.taken = 60; // lags ever more: the rules read on
            world.collector.maxAckPending = 1'000'000;
            for (int sample = 0; sample < 600 * std::max(1.0, 1 / step); ++sample) {
                VerdictSample next = world.next();
                next.advisories = {{.kind = "nak", .sequence = next.unread->sequence, .deliveries = 1},
                                   {.kind = "max_deliver", .sequence = next.unread->sequence}};
                (void)judges.back()->add(std::move(next));
            }
        }
        const std::size_t after = mallinfo2().uordblks;
        if (after == 0)
            QSKIP("this allocator does not tell what is used");
        const std::size_t each = (after - before) / kCollectors;
        qInfo("%zu bytes each", each);
        QVERIFY(each > 2'000);
        QVERIFY(each < 20'000);
    }

    // Old readings are merged by twos; what they told in sum stays.
    void mergedReadingsKeepTheirSums()
    {
        VerdictWindow window;
        World world;
        world.step = 0.25;
        world.taken = 60;
        for (int sample = 0; sample < 400; ++sample)
            window.add(world.next());
        QCOMPARE(window.intervals().size() + 1, window.readings().size());
        QVERIFY(window.readings().size() <= 64);
        double seconds = 0;
        double arrived = 0;
        double first = 0;
        for (std::size_t at = 0; at < window.intervals().size(); ++at) {
            const Interval& interval = window.intervals()[at];
            QCOMPARE(interval.end, window.readings()[at + 1].at);
            QVERIFY(qAbs(interval.seconds - (interval.end - window.readings()[at].at)) < 1e-9);
            seconds += interval.seconds;
            arrived += interval.arrived;
            first += interval.first;
        }
        QCOMPARE(seconds, 99.75); // nothing is older than two minutes
        QCOMPARE(arrived, 9'975.0);
        QCOMPARE(first, 5'985.0);
        QCOMPARE(window.poll(), 0.25);
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
