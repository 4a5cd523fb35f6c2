// SPDX-License-Identifier: Apache-2.0
#include "model/events/notice_planner.h"
#include "tests/support/fake_reports.h"

#include <QTest>

using namespace jetlag;
using namespace jetlag::test;
using namespace std::chrono_literals;

namespace {

/// A log of `collectors` that all keep up, and a planner that sees what it says, second by second.
class Desk
{
public:
    explicit Desk(int collectors)
        : m_verdicts(static_cast<std::size_t>(collectors), "keeping-up")
    {
        pass(1);
    }

    void set(int collector, const char* verdict)
    {
        m_verdicts[static_cast<std::size_t>(collector)] = verdict;
    }
    void mute(const std::string& collector) { m_muted = collector; }
    void setLevel(NoticeLevel level) { m_level = level; }
    /// Goes on for so many seconds; what was told.
    std::vector<Notice> pass(int seconds)
    {
        std::vector<Notice> told;
        for (; seconds > 0; --seconds) {
            ++m_now;
            m_log.add(report(), {});
            const auto now = NoticePlanner::Time(std::chrono::seconds(m_now));
            for (const std::uint64_t number : m_log.takeTouched())
                m_planner.consider(*m_log.find(number), now);
            if (auto notice = m_planner.take(m_log, now, m_level,
                                             [&](const ConsumerName& one) { return one.name == m_muted; }))
                told.push_back(*notice);
        }
        return told;
    }

private:
    [[nodiscard]] ClusterReport report() const
    {
        ClusterReport made;
        made.at = kReportTime + std::chrono::seconds(m_now);
        made.streams.push_back(streamRow("S", 1'000));
        for (std::size_t at = 0; at < m_verdicts.size(); ++at) {
            made.collectors.push_back(collectorRow(made.streams.front(), "c" + std::to_string(at), 10));
            made.collectors.back().verdict = m_verdicts[at];
            made.collectors.back().cause = "none";
        }
        return made;
    }

    std::vector<std::string> m_verdicts;
    std::string m_muted;
    NoticeLevel m_level = NoticeLevel::OnlyBad;
    int m_now = 0;
    EventLog m_log;
    NoticePlanner m_planner;
};

} // namespace

class TestNoticePlanner : public QObject
{
    Q_OBJECT

private slots:
    void whatStandsIsToldOnce()
    {
        Desk desk(3);
        desk.set(1, "stopped");
        QVERIFY(desk.pass(3).empty()); // not yet
        const auto told = desk.pass(60);
        QCOMPARE(told.size(), 1u);
        QCOMPARE(told.front().title, std::string("c1: stopped"));
        QCOMPARE(told.front().text, std::string("S › c1: stopped; it was keeping up"));
        QVERIFY((told.front().collector == ConsumerName{"S", "c1"}));
    }

    void whatIsTakenBackAtOnceIsNotTold()
    {
        Desk desk(1);
        desk.set(0, "stopped");
        QVERIFY(desk.pass(2).empty());
        desk.set(0, "keeping-up");
        QVERIFY(desk.pass(30).empty());
    }

    void flappingIsToldOnce()
    {
        Desk desk(1);
        std::size_t told = 0;
        for (int turn = 0; turn < 8; ++turn) {
            desk.set(0, turn % 2 == 0 ? "stopped" : "keeping-up");
            told += desk.pass(6).size();
        }
        QCOMPARE(told, 1u);
    }

    void itMayComeAgainLater()
    {
        Desk desk(1);
        desk.set(0, "stopped");
        QCOMPARE(desk.pass(30).size(), 1u);
        desk.set(0, "keeping-up");
        QVERIFY(desk.pass(180).empty());
        desk.set(0, "stopped");
        QCOMPARE(desk.pass(30).size(), 1u);
    }

    void manyAtOnceAreOneNotice()
    {
        Desk desk(10);
        for (int at = 0; at < 7; ++at)
            desk.set(at, "stopped");
        const auto told = desk.pass(10);
        QCOMPARE(told.size(), 1u);
        QCOMPARE(told.front().title, std::string("7 collectors stopped"));
        QCOMPARE(told.front().events, 7u);
        QVERIFY(told.front().text.ends_with("and 3 more"));
    }

    void theWorstComesFirstAndGoodNewsStandApart()
    {
        Desk desk(4);
        desk.setLevel(NoticeLevel::All);
        desk.set(3, "slow");
        QCOMPARE(desk.pass(20).front().title, std::string("c3: slow"));
        desk.set(0, "slow");
        desk.set(1, "stopped");
        desk.set(3, "keeping-up");
        const auto told = desk.pass(4);
        QCOMPARE(told.size(), 1u);
        QCOMPARE(told.front().title, std::string("2 collectors need a look"));
        QVERIFY((told.front().collector == ConsumerName{"S", "c1"}));
    }

    void theLevelDecides()
    {
        Desk desk(2);
        desk.set(0, "slow"); // a warning
        QVERIFY(desk.pass(20).empty());
        desk.setLevel(NoticeLevel::All);
        desk.set(1, "slow");
        QCOMPARE(desk.pass(20).size(), 1u);
        desk.setLevel(NoticeLevel::Off);
        desk.set(1, "stopped");
        QVERIFY(desk.pass(20).empty());
    }

    void theMutedAreNeverTold()
    {
        Desk desk(2);
        desk.mute("c0");
        desk.set(0, "stopped");
        QVERIFY(desk.pass(20).empty());
        desk.mute("nobody"); // what happened meanwhile does not come later
        QVERIFY(desk.pass(20).empty());
    }

    void whatWasSoBeforeIsNotTold()
    {
        EventLog log;
        NoticePlanner planner;
        ClusterReport report;
        report.at = kReportTime;
        report.streams.push_back(streamRow("S", 1'000));
        report.collectors.push_back(collectorRow(report.streams.front(), "c", 10));
        report.collectors.front().verdict = "stopped";
        log.add(report, {});
        for (const std::uint64_t number : log.takeTouched())
            planner.consider(*log.find(number), {});
        QVERIFY(!planner.take(log, NoticePlanner::Time(60s), NoticeLevel::All,
                              [](const ConsumerName&) { return false; }));
        QCOMPARE(log.events().size(), 1u);
    }
};

QTEST_GUILESS_MAIN(TestNoticePlanner)
#include "tst_notice_planner.moc"
