// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/verdict_board.h"

#include <QTest>

#include <malloc.h>

using namespace jetlag;
using namespace std::chrono_literals;

namespace {

constexpr ServerTime kStart{std::chrono::seconds(1'700'000'000)};

/// Answers reads from a stream in which every message has the time of its look.
class FakeProbe final : public ClusterProbe
{
public:
    Result<ClusterSnapshot> look(std::stop_token) override { return ClusterSnapshot{}; }
    std::vector<std::optional<OldestMessage>> oldestMessages(std::span<const OldestMessageQuery> queries,
                                                             std::stop_token) override
    {
        reads += queries.size();
        std::vector<std::optional<OldestMessage>> answers;
        for (const OldestMessageQuery& query : queries) {
            const std::uint64_t next = query.after.value() + 1;
            answers.push_back(OldestMessage{.sequence = StreamSequence(next),
                                            .time = kStart + std::chrono::seconds(next / kPerLook),
                                            .subject = "s"});
        }
        return answers;
    }
    static constexpr std::uint64_t kPerLook = 100;
    std::size_t reads = 0;
};

/// One stream and its collectors; a look a second, a hundred messages in each.
class Account final
{
public:
    explicit Account(std::size_t collectors)
    {
        StreamSnapshot stream;
        stream.name = "S";
        stream.retention = "limits";
        stream.discard = "old";
        stream.created = kStart;
        m_snapshot.streams = {stream};
        for (std::size_t number = 0; number < collectors; ++number) {
            ConsumerSnapshot collector;
            collector.stream = "S";
            collector.name = collector.durable = "collector-number-" + std::to_string(number);
            collector.created = kStart;
            collector.deliverPolicy = "all";
            collector.ackPolicy = "explicit";
            collector.ackWait = 30s;
            collector.maxAckPending = 1'000;
            collector.maxWaiting = 512;
            m_snapshot.consumers.push_back(collector);
        }
    }

    /// Of each hundred a collector takes so many.
    void look(std::uint64_t taken, bool connectionBroke = false)
    {
        ++m_looks;
        m_snapshot.at = kStart + std::chrono::seconds(m_looks);
        m_snapshot.sampled += 1s;
        StreamSnapshot& stream = m_snapshot.streams.front();
        stream.messages = FakeProbe::kPerLook * static_cast<std::uint64_t>(m_looks);
        stream.firstSequence = StreamSequence(1);
        stream.lastSequence = StreamSequence(stream.messages);
        stream.firstTime = kStart;
        stream.lastTime = m_snapshot.at;
        for (ConsumerSnapshot& collector : m_snapshot.consumers) {
            const std::uint64_t position =
                std::min(stream.messages, collector.delivered.stream.value() + taken);
            collector.delivered = {ConsumerSequence(position - m_deliveriesLess), StreamSequence(position)};
            collector.ackFloor = {ConsumerSequence(position), StreamSequence(position)};
            collector.pending = stream.messages - position;
            collector.waiting = collector.pending == 0 ? 1 : 0;
            collector.lastDelivered = collector.lastAcked = collector.answered = m_snapshot.at;
        }
        board.look(m_snapshot, {}, connectionBroke, probe, {});
    }
    ConsumerSnapshot takeAway()
    {
        ConsumerSnapshot gone = m_snapshot.consumers.back();
        m_snapshot.consumers.pop_back();
        return gone;
    }
    void putBack(ConsumerSnapshot collector) { m_snapshot.consumers.push_back(std::move(collector)); }

    [[nodiscard]] QByteArray said(std::size_t number = 0) const
    {
        const VerdictBoard::Standing* standing =
            board.standing({"S", "collector-number-" + std::to_string(number)});
        if (standing == nullptr || !standing->diagnosis)
            return "(never seen)";
        const std::optional<Cause>& cause = standing->diagnosis->cause;
        return cause ? QByteArray(toString(*cause).data()) : QByteArray("(observing)");
    }

    /// It was delivered fewer than its position tells: reset, or left behind.
    void countAnew(const std::string& serverVersion)
    {
        m_snapshot.serverVersion = serverVersion;
        m_deliveriesLess = 50;
    }

    FakeProbe probe;
    VerdictBoard board;

private:
    ClusterSnapshot m_snapshot;
    std::uint64_t m_deliveriesLess = 0;
    int m_looks = 0;
};

} // namespace

class TestVerdictBoard : public QObject
{
    Q_OBJECT

private slots:
    // Lists do not tell the version, as STREAM.INFO does.
    void whoCanBeResetIsNotTakenForStranded()
    {
        for (const auto& [version, said] :
             {std::pair{"2.15.1", "none"}, std::pair{"2.13.2", "stranded"}, std::pair{"", "stranded"}}) {
            Account account(1);
            account.countAnew(version);
            for (int look = 0; look < 8; ++look)
                account.look(FakeProbe::kPerLook);
            QCOMPARE(account.said(), QByteArray(said));
        }
        StreamSnapshot stream;
        QVERIFY(!canBeReset(stream, ""));
        stream.metadata = {{"_nats.req.level", "0"}}; // 2.11 or later, and nobody knows which
        QVERIFY(canBeReset(stream, ""));
        QVERIFY(!canBeReset(stream, "2.12.1"));
        stream.metadata = {{"_nats.ver", "2.14.0"}};
        QVERIFY(canBeReset(stream, "2.12.1"));
    }

    void everyCollectorGetsItsOwnVerdict()
    {
        Account account(2);
        QCOMPARE(account.said(), QByteArray("(never seen)"));
        for (int look = 0; look < 10; ++look)
            account.look(100);
        QCOMPARE(account.said(0), QByteArray("none"));
        QCOMPARE(account.said(1), QByteArray("none"));
        for (int look = 0; look < 20; ++look)
            account.look(40);
        QCOMPARE(account.said(0), QByteArray("slow"));
        QVERIFY(account.board.standing({"S", "collector-number-0"})->deliveryLagSeconds.value_or(0) > 5);
    }

    // One that was deleted and is back is another one; one that was not seen for a broken connection is not.
    void whoIsMadeAnewIsRecreated()
    {
        Account account(2);
        for (int look = 0; look < 10; ++look)
            account.look(100);
        ConsumerSnapshot gone = account.takeAway();
        account.look(100);
        QCOMPARE(account.said(1), QByteArray("(observing)"));
        gone.created = kStart + 11s;
        gone.delivered = {};
        gone.ackFloor = {};
        account.putBack(gone);
        account.look(100);
        QCOMPARE(account.said(1), QByteArray("recreated"));
        QCOMPARE(account.said(0), QByteArray("none"));
    }
    void aBrokenConnectionMakesNobodyAnew()
    {
        Account account(1);
        for (int look = 0; look < 10; ++look)
            account.look(100);
        account.board.noAnswer(std::chrono::steady_clock::time_point(11s), kStart + 11s,
                               SampleError::NoAnswer);
        QCOMPARE(account.said(), QByteArray("(observing)"));
        QVERIFY(account.board.standing({"S", "collector-number-0"})->diagnosis->unreachable);
        account.look(100, /*connectionBroke=*/true);
        for (int look = 0; look < 5; ++look)
            account.look(100);
        QCOMPARE(account.said(), QByteArray("none"));
    }

    void whatWasKnownStaysWhileNobodyAnswers()
    {
        Account account(1);
        for (int look = 0; look < 30; ++look)
            account.look(40);
        const VerdictBoard::Standing& now = *account.board.standing({"S", "collector-number-0"});
        const VerdictBoard::Standing before = now;
        QVERIFY(before.diagnosis->cause == Cause::Slow && before.deliveryLagSeconds && before.timeLagSeconds);
        for (const auto after : {31s, 32s})
            account.board.noAnswer(std::chrono::steady_clock::time_point(after), kStart + after,
                                   SampleError::NoAnswer);
        QVERIFY(now.diagnosis->unreachable);
        QVERIFY(now.answered == before.diagnosis);
        QVERIFY(now.deliveryLagSeconds == before.deliveryLagSeconds);
        QVERIFY(now.timeLagSeconds == before.timeLagSeconds);
        QVERIFY(now.runwaySeconds == before.runwaySeconds);
        account.look(40, /*connectionBroke=*/true);
        QVERIFY(now.deliveryLagSeconds && now.deliveryLagSeconds != before.deliveryLagSeconds);
        QVERIFY(now.answered == now.diagnosis);
    }

    // What a thousand collectors of one account cost after ten minutes.
    void aThousandCollectorsCostLittle()
    {
        constexpr std::size_t kCollectors = 200;
        const std::size_t before = mallinfo2().uordblks;
        Account account(kCollectors);
        for (int look = 0; look < 600; ++look)
            account.look(60);
        const std::size_t after = mallinfo2().uordblks;
        if (after == 0)
            QSKIP("this allocator does not tell what is used");
        const std::size_t each = (after - before) / kCollectors;
        qInfo("%zu bytes for each collector; %zu reads", each, account.probe.reads);
        QVERIFY(each > 5'000);
        QVERIFY(each < 25'000);
        QCOMPARE(account.said(), QByteArray("slow"));
    }
};

QTEST_GUILESS_MAIN(TestVerdictBoard)
#include "tst_verdict_board.moc"
