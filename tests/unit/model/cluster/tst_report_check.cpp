// SPDX-License-Identifier: Apache-2.0
#include "model/cluster/report_check.h"
#include "model/cluster/verdict_order.h"

#include <QTest>

using namespace jetlag;

namespace {

CollectorReport row(const std::string& name, const std::string& verdict, const std::string& cause = {},
                    std::uint64_t lag = 0)
{
    CollectorReport row;
    row.consumer.stream = "S";
    row.consumer.name = name;
    row.consumer.pending = lag;
    row.lag = lag;
    if (!verdict.empty())
        row.verdict = verdict;
    if (!cause.empty())
        row.cause = cause;
    return row;
}

} // namespace

class TestReportCheck : public QObject
{
    Q_OBJECT

private slots:
    void verdictsThatAreTroubleAreToldWorstFirst()
    {
        ClusterReport report;
        report.collectors = {row("a", "catching-up", "catching-up", 900), row("b", "slow", "slow", 800),
                             row("c", "lost", "lost", 7), row("d", "idle", "idle"), row("e", "")};
        QVERIFY(troublesOf(report) == (std::vector<std::string>{"S › c: lost (lost)", "S › b: slow (slow)"}));
        report.collectors = {row("a", "keeping-up", "none"), row("p", "paused", "paused")};
        QVERIFY(troublesOf(report).empty());
    }

    // It makes the exit code without any verdict: so it must be told.
    void aCriticalLimitIsTrouble()
    {
        ClusterReport report;
        report.collectors = {row("a", "catching-up", "catching-up", 900)};
        report.collectors[0].consumer.metadata = {{"io.nats.monitor.unprocessed-critical", "500"}};
        report.streams.resize(1);
        report.streams[0].stream.name = "S";
        report.streams[0].stream.messages = 5;
        report.streams[0].stream.metadata = {{"io.nats.monitor.msgs-warn", "10"},
                                             {"io.nats.monitor.msgs-critical", "2"}};
        const std::vector<std::string> troubles = troublesOf(report);
        QCOMPARE(troubles.size(), std::size_t{1});
        QVERIFY2(troubles[0].starts_with("S › a: ") && troubles[0].ends_with("(unprocessed-critical)"),
                 troubles[0].c_str());
        const std::vector<std::string> limits = crossedLimits(report); // the warning too
        QCOMPARE(limits.size(), std::size_t{2});
        QVERIFY2(limits[1].starts_with("S: ") && limits[1].ends_with("(msgs-warn)"), limits[1].c_str());
    }

    void theWorstIsReadFirstAndMostLagAmongEquals()
    {
        ClusterReport report; // most lag first, as in JSON
        report.collectors = {row("a", "keeping-up", "none", 900), row("b", "slow", "slow", 800),
                             row("c", "", "", 300), row("d", "slow", "slow", 200), row("e", "lost", "lost")};
        std::string order;
        for (const CollectorReport* one : worstFirst(report))
            order += one->consumer.name;
        QCOMPARE(order, std::string("ebdca"));
    }

    void whatOnlyGrowsNeverDrains()
    {
        QVERIFY(neverDrains(row("a", "slow", "slow", 8)));
        QVERIFY(!neverDrains(row("a", "slow", "slow", 0)));
        QVERIFY(!neverDrains(row("a", "catching-up", "catching-up", 8)));
        CollectorReport drains = row("a", "slow", "slow", 8);
        drains.etaSeconds = 60;
        QVERIFY(!neverDrains(drains));
        QCOMPARE(shownEta(drains), std::optional(60.0));
        QVERIFY(neverDrains(row("a", "stopped", "no-pulls", 8)));
        // Some messages come and go, or wait for one of them: no end to tell.
        drains.verdict = "keeping-up";
        QVERIFY(!shownEta(drains));
        drains.verdict = "stuck";
        QVERIFY(!shownEta(drains));
    }
};

QTEST_GUILESS_MAIN(TestReportCheck)
#include "tst_report_check.moc"
