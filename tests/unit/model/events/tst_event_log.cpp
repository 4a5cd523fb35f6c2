// SPDX-License-Identifier: Apache-2.0
#include "model/events/event_log.h"
#include "tests/support/fake_reports.h"

#include <QTest>

#include <memory>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

ServerTime at(int second)
{
    return kReportTime + std::chrono::seconds(second);
}

/// A stream S with one collector c.
ClusterReport report(int second, std::optional<std::string> verdict = std::nullopt,
                     std::optional<std::string> cause = std::nullopt)
{
    ClusterReport made;
    made.at = at(second);
    made.streams.push_back(streamRow("S", 1'000));
    made.collectors.push_back(collectorRow(made.streams.front(), "c", 10));
    made.collectors.front().verdict = std::move(verdict);
    made.collectors.front().cause = std::move(cause);
    return made;
}

Advisory advisory(const char* kind, int second, std::uint64_t sequence = 0, const char* action = "")
{
    return {.kind = kind,
            .time = at(second),
            .stream = "S",
            .consumer = "c",
            .sequence = sequence,
            .deliveries = sequence != 0 ? 3U : 0U,
            .action = action};
}

/// "word severity count" of each, oldest first.
QStringList words(const EventLog& log)
{
    QStringList list;
    for (const ClusterEvent& event : log.events())
        list << QStringLiteral("%1 %2 %3")
                    .arg(QString::fromStdString(event.word),
                         QString::fromStdString(std::string(toString(event.severity))))
                    .arg(event.count);
    return list;
}

} // namespace

class TestEventLog : public QObject
{
    Q_OBJECT

    std::unique_ptr<EventLog> m_held;

    void verdicts(const QList<std::pair<int, const char*>>& turns)
    {
        for (const auto& [second, verdict] : turns)
            m_held->add(report(second, verdict, "none"), {});
    }

private slots:
    void init() { m_held = std::make_unique<EventLog>(); }

    void aChangeIsOneEventWithBothVerdicts()
    {
        m_held->add(report(0, "keeping-up", "none"), {});
        QVERIFY(m_held->events().empty()); // that all is well is no news
        m_held->add(report(1, "stopped", "no-pulls"), {});
        m_held->add(report(2, "stopped", "no-pulls"), {});
        QCOMPARE(words(*m_held), QStringList{QStringLiteral("no-pulls bad 1")});
        const ClusterEvent& event = m_held->events().front();
        QCOMPARE(event.verdictBefore, std::string("keeping-up"));
        QCOMPARE(event.collector, std::string("c"));
        QCOMPARE(event.sentence, std::string("stopped (no pulls); it was keeping up"));
        QVERIFY(event.at == at(1) && event.isNews && event.isSerious());
    }

    void whatIsTakenBackAtOnceIsOneEventNotThree()
    {
        verdicts({{0, "keeping-up"}, {5, "slow"}, {9, "keeping-up"}});
        QCOMPARE(words(*m_held), QStringList{QStringLiteral("slow warning 2")});
        QCOMPARE(m_held->events().front().sentence, std::string("slow for 4 s, then keeping up again"));
        QCOMPARE(m_held->events().front().verdict, std::string("keeping-up"));
        verdicts({{12, "slow"}, {15, "keeping-up"}});
        QCOMPARE(words(*m_held), QStringList{QStringLiteral("slow warning 4")});
        QCOMPARE(m_held->events().front().sentence,
                 std::string("changed 4 times in 10 s between keeping up and slow; now keeping up"));
    }

    void whatStandsIsNotTakenBack()
    {
        verdicts({{0, "keeping-up"}, {5, "slow"}, {30, "keeping-up"}});
        QCOMPARE(words(*m_held),
                 (QStringList{QStringLiteral("slow warning 1"), QStringLiteral("keeping-up good 1")}));
    }

    void anotherVerdictIsAnotherEvent()
    {
        verdicts({{0, "keeping-up"}, {5, "slow"}, {8, "stopped"}});
        QCOMPARE(words(*m_held),
                 (QStringList{QStringLiteral("slow warning 1"), QStringLiteral("stopped bad 1")}));
    }

    void anAlarmThatIsOverIsAWarning()
    {
        verdicts({{0, "keeping-up"}, {5, "stopped"}, {8, "keeping-up"}});
        QCOMPARE(words(*m_held), QStringList{QStringLiteral("stopped warning 2")});
        verdicts({{10, "stopped"}});
        QCOMPARE(words(*m_held), QStringList{QStringLiteral("stopped bad 3")});
    }

    void troubleThatWasThereBeforeIsListedButNoNews()
    {
        m_held->add(report(0), {});
        m_held->add(report(6, "stopped", "no-pulls"), {});
        QCOMPARE(words(*m_held), QStringList{QStringLiteral("no-pulls bad 1")});
        QVERIFY(!m_held->events().front().isNews);
    }

    void troubleOfOneThatCameLaterIsNews()
    {
        ClusterReport empty = report(0);
        empty.collectors.clear();
        m_held->add(empty, {});
        m_held->add(report(100, "stopped", "no-pulls"), {});
        QVERIFY(m_held->events().back().isNews);
        QCOMPARE(m_held->events().back().word, std::string("no-pulls"));
    }

    void sameAdvisoriesAreCounted()
    {
        m_held->add(report(0), std::vector{advisory("max_deliver", 0, 17), advisory("max_deliver", 1, 18)});
        m_held->add(report(2), std::vector{advisory("max_deliver", 2, 19)});
        QCOMPARE(words(*m_held), QStringList{QStringLiteral("max deliveries warning 3")});
        QCOMPARE(m_held->events().front().sequence, 19u);
        QCOMPARE(m_held->events().front().sentence,
                 std::string("3 messages are given up after 3 deliveries; the newest is 19"));
        m_held->add(report(100), std::vector{advisory("max_deliver", 100, 20)});
        QCOMPARE(words(*m_held).size(), 2);
    }

    void oneDeliveryIsSaidAsOne()
    {
        std::vector said{advisory("max_deliver", 0, 17)};
        said.front().deliveries = 1;
        m_held->add(report(0), said);
        QCOMPARE(m_held->events().front().sentence,
                 std::string("message 17 was delivered once and is given up"));
        said.front().sequence = 18;
        m_held->add(report(1), said);
        QCOMPARE(m_held->events().front().sentence,
                 std::string("2 messages are given up after one delivery; the newest is 18"));
    }

    void naksAreNoEvents()
    {
        m_held->add(report(0), std::vector{advisory("nak", 0, 17)});
        QVERIFY(m_held->events().empty());
    }

    void deletedBeforeItWasAckedIsWorseThanTerminated()
    {
        Advisory lost = advisory("terminated", 0, 4);
        lost.reason = "Unacknowledged message was deleted";
        Advisory given = advisory("terminated", 0, 5);
        given.reason = "no such\x1b[31m user";
        m_held->add(report(0), std::vector{lost, given});
        QCOMPARE(words(*m_held), (QStringList{QStringLiteral("deleted unacked bad 1"),
                                              QStringLiteral("terminated warning 1")}));
        QCOMPARE(m_held->events().back().sentence.find('\x1b'), std::string::npos);
    }

    void whatServerAndSampleBothSayIsOneEventWithTheDetail()
    {
        m_held->add(report(0), {});
        ClusterReport edited = report(2);
        edited.collectors.front().consumer.maxDeliver = 7;
        m_held->add(edited, std::vector{advisory("consumer_action", 1, 0, "modify")});
        QCOMPARE(words(*m_held), QStringList{QStringLiteral("config information 1")});
        QVERIFY(m_held->events().front().sentence.find("max_deliver") != std::string::npos);
        // The other way round too.
        ClusterReport again = edited;
        again.at = at(200);
        again.collectors.front().consumer.maxDeliver = 8;
        m_held->add(again, {});
        again.at = at(201);
        m_held->add(again, std::vector{advisory("consumer_action", 200, 0, "modify")});
        QCOMPARE(words(*m_held).size(), 2);
        QVERIFY(m_held->events().back().sentence.find("max_deliver") != std::string::npos);
    }

    void aLeaderThatIsElectedAndSeen()
    {
        const auto led = [](int second, const char* leader) {
            ClusterReport made = report(second);
            made.streams.front().stream.placement = {.cluster = "c", .leader = leader};
            return made;
        };
        Advisory elected = advisory("stream_leader_elected", 3, 0, "n2");
        elected.consumer.clear();
        m_held->add(led(0, "n1"), {});
        m_held->add(led(2, ""), {});
        m_held->add(led(4, "n2"), std::vector{elected});
        QCOMPARE(words(*m_held), QStringList{QStringLiteral("leader n2 bad 2")});
        QVERIFY(m_held->events().front().sentence.find("nobody leads it") != std::string::npos);
    }

    void quorumLostIsBad()
    {
        m_held->add(report(0), std::vector{advisory("consumer_quorum_lost", 0)});
        QCOMPARE(words(*m_held), QStringList{QStringLiteral("quorum lost bad 1")});
    }

    void unknownAdvisoriesAreToldAsTheyCame()
    {
        m_held->add(report(0), std::vector{advisory("stream_batch_abandoned", 0)});
        QCOMPARE(words(*m_held), QStringList{QStringLiteral("stream_batch_abandoned information 1")});
    }

    void thresholdsAreCrossedAndKeptAgain()
    {
        const auto crossed = [](int second, bool isCrossed) {
            ClusterReport made = report(second);
            ConsumerSnapshot& row = made.collectors.front().consumer;
            row.metadata = {{"io.nats.monitor.unprocessed-critical", "50"}};
            row.pending = isCrossed ? 50 : 49;
            return made;
        };
        m_held->add(crossed(0, false), {});
        m_held->add(crossed(1, true), {});
        m_held->add(crossed(2, true), {});
        QCOMPARE(words(*m_held), QStringList{QStringLiteral("unprocessed-critical bad 1")});
        QVERIFY(m_held->events().front().isNews);
        m_held->add(crossed(5, false), {}); // soon
        QCOMPARE(words(*m_held), QStringList{QStringLiteral("unprocessed-critical warning 1")});
        m_held->add(crossed(6, true), {});
        QCOMPARE(words(*m_held), QStringList{QStringLiteral("unprocessed-critical bad 2")});
        m_held->add(crossed(60, false), {}); // it stood
        QCOMPARE(words(*m_held).last(), QStringLiteral("unprocessed-critical good 1"));
        QCOMPARE(m_held->events().size(), 2u);
    }

    void troubleOfAStreamItselfBeginsAndEnds()
    {
        const auto look = [](int second, std::vector<StreamFinding> findings) {
            ClusterReport made = report(second);
            StreamReport& row = made.streams.empty() ? made.streams.emplace_back() : made.streams.front();
            row.stream.name = "SPARK";
            row.findings = std::move(findings);
            return made;
        };
        const StreamFinding full{"refusing", "it is full: publishers are refused"};
        const StreamFinding behind{"source-behind", "its source EU lags 4 k messages"};
        m_held->add(look(0, {}), {});
        m_held->add(look(1, {full, behind}), {});
        m_held->add(look(2, {full, behind}), {});
        QCOMPARE(words(*m_held),
                 (QStringList{QStringLiteral("refusing bad 1"), QStringLiteral("source-behind warning 1")}));
        QVERIFY(m_held->events().front().sentence == full.sentence && m_held->events().front().isNews);
        QVERIFY(m_held->events().front().collector.empty());
        m_held->add(look(60, {behind}), {});
        QCOMPARE(words(*m_held).last(), QStringLiteral("refusing good 1"));
        ClusterReport unknown = look(61, {});
        unknown.streams.front().stream.stale = true; // nothing is known: nothing is over
        m_held->add(unknown, {});
        QCOMPARE(m_held->events().size(), 3u);
    }

    void theConnectionIsLostOnceAndComesBackOnce()
    {
        m_held->connectionBack(at(0)); // it was never away
        m_held->connectionLost(at(1), {});
        m_held->connectionLost(at(2), {});
        m_held->connectionBack(at(61));
        QCOMPARE(words(*m_held), (QStringList{QStringLiteral("connection lost bad 1"),
                                              QStringLiteral("connected again good 1")}));
        QVERIFY(m_held->events().back().sentence.find("1 m") != std::string::npos);
    }

    void itIsBoundedAndCountsWhatWent()
    {
        EventLog small(3);
        for (int i = 0; i < 5; ++i) {
            Advisory one = advisory("max_deliver", i, 1);
            one.consumer = "c" + std::to_string(i);
            small.add(report(i), std::vector{one});
        }
        QCOMPARE(small.events().size(), 3u);
        QCOMPARE(small.dropped(), 2u);
        const std::uint64_t first = small.events().front().number;
        QVERIFY(small.find(first - 1) == nullptr && small.find(first) != nullptr);
        QVERIFY(small.find(first + 3) == nullptr);
        QCOMPARE(small.takeTouched(), (std::vector<std::uint64_t>{first, first + 1, first + 2}));
        QVERIFY(small.takeTouched().empty());
    }

    void thePastComesFirstAndIsNoNews()
    {
        const auto slowAt = [](int second) {
            return HistoryMark{.at = at(second),
                               .kind = MarkKind::Verdict,
                               .stream = "S",
                               .collector = "c",
                               .word = "slow",
                               .detail = "it was so",
                               .verdict = "slow",
                               .verdictBefore = "keeping-up"};
        };
        verdicts({{0, "keeping-up"}, {1, "stopped"}});
        const std::vector<HistoryMark> past{slowAt(-60), slowAt(-30), slowAt(1)}; // the last is its own
        m_held->addPast(past);
        QCOMPARE(words(*m_held),
                 (QStringList{QStringLiteral("slow warning 1"), QStringLiteral("slow warning 1"),
                              QStringLiteral("stopped bad 1")}));
        QVERIFY(m_held->events().front().at == at(-60) && !m_held->events().front().isNews);
        for (const ClusterEvent& event : m_held->events())
            QVERIFY(m_held->find(event.number) == &event);
    }

    // Whoever starts the program ten times in a night finds each trouble once, not ten times.
    void startsThatFoundItAsItWasAreNoEvents()
    {
        const auto mark = [](int second, const char* collector, const char* verdict, const char* before) {
            return HistoryMark{.at = at(second),
                               .kind = MarkKind::Verdict,
                               .stream = "S",
                               .collector = collector,
                               .word = verdict,
                               .detail = {},
                               .verdict = verdict,
                               .verdictBefore = before};
        };
        m_held->addPast(std::vector<HistoryMark>{
            mark(-90, "a", "lost", ""), mark(-80, "b", "lost", ""), // a first start
            mark(-70, "a", "lost", ""),                             // another one: nothing has happened
            mark(-60, "b", "slow", ""),                             // this has
            mark(-50, "a", "keeping-up", "lost"), mark(-40, "a", "lost", "keeping-up"),
            mark(-30, "a", "lost", ""), mark(-20, "b", "slow", "")});
        QCOMPARE(words(*m_held),
                 (QStringList{QStringLiteral("lost bad 1"), QStringLiteral("lost bad 1"),
                              QStringLiteral("slow warning 1"), QStringLiteral("keeping-up good 1"),
                              QStringLiteral("lost bad 1")}));
        QVERIFY(m_held->events().front().at == at(-90) && m_held->events().back().at == at(-40));
    }

    void thePastMayComeBeforeTheFirstReport()
    {
        m_held->addPast(std::vector<HistoryMark>{{.at = at(-5), .word = "noted"}});
        verdicts({{0, "keeping-up"}, {1, "stopped"}});
        QCOMPARE(words(*m_held),
                 (QStringList{QStringLiteral("noted information 1"), QStringLiteral("stopped bad 1")}));
        QVERIFY(m_held->events().front().number + 1 == m_held->events().back().number);
    }

    void jsonHoldsAllAndNullForUnknown()
    {
        m_held->add(report(0), std::vector{advisory("max_deliver", 0, 17)});
        const std::string json = eventJson(m_held->events().front());
        QVERIFY(json.find("\"sequence\": 17") != std::string::npos);
        QVERIFY(json.find("\"verdict\": null") != std::string::npos);
        QVERIFY(json.find("\"severity\": \"warning\"") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestEventLog)
#include "tst_event_log.moc"
