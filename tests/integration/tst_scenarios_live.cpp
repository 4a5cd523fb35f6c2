// SPDX-License-Identifier: Apache-2.0
//
// The product's monitor over real servers: scenarios of every cause at once, what it says judged look by
// look.
//
// Without arguments: some of each cause. For all of them, on one server: scripts/scenarios.sh, which sets
// JETLAG_SCENARIOS (names, or "all"), JETLAG_JUDGE ("rules": the rules over samples that hold everything),
// NATS_SERVER and JETLAG_RECORD.

#include "tests/support/scenario_run.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace jetlag;
using namespace jetlag::test;
using scenario::Scenario;

namespace {

/// Of each cause at least two; short ones where there is a choice.
constexpr std::string_view kChosen[] = {
    "ok_steady",      "ok_batch",          "ok_between",        "ok_kv",          "ok_some_naks",
    "idle_after",     "idle_refusing",     "paused_full",       "paused_later",   "capped_first",
    "capped_push",    "no_pulls_first",    "no_pulls_holding",  "no_pulls_later", "flood_first",
    "flood_later",    "no_interest_first", "no_interest_later", "loop_nak",       "loop_filtered",
    "ackwait_pool",   "ackwait_short",     "poison_nak",        "poison_three",   "stranded_filter",
    "stranded_purge", "stranded_rollback", "dead_one",          "dead_all",       "slow_first",
    "slow_clears",    "catching_first",    "catching_done",     "burst_once",     "burst_block",
    "lost_unread",    "lost_purged",       "near_msgs",         "near_age",       "recreated_pos",
    "recreated_all",  "cluster_leader",    "cluster_quorum"};

std::vector<const Scenario*> chosen()
{
    const QString wanted = qEnvironmentVariable("JETLAG_SCENARIOS");
    std::vector<const Scenario*> result;
    if (wanted == QStringLiteral("all")) {
        for (const Scenario& one : scenario::allScenarios())
            result.push_back(&one);
        return result;
    }
    QStringList names = wanted.split(QRegularExpression(QStringLiteral("[ ,]+")), Qt::SkipEmptyParts);
    if (names.isEmpty())
        for (std::string_view name : kChosen)
            names << QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    for (const QString& name : names) {
        const Scenario* one = scenario::findScenario(name.toStdString());
        if (!one)
            qFatal("there is no scenario %s", qPrintable(name));
        result.push_back(one);
    }
    return result;
}

/// A machine that is busy with something else answers late, and cannot make a wrong cause a right one: those
/// that were right and late are played again by themselves. A run over named ones counts as it is.
void playLateOnesAgain(std::vector<ScenarioScore>& runs, const ScenarioRunOptions& options)
{
    if (qEnvironmentVariableIsSet("JETLAG_SCENARIOS"))
        return;
    std::vector<const Scenario*> late;
    for (const ScenarioScore& run : runs) {
        if (run.isRight() && !run.isFine()) {
            qInfo("played again, for it was late: %s", run.complaint().c_str());
            late.push_back(run.scenario);
        }
    }
    if (late.empty())
        return;
    for (ScenarioScore& again : runScenarios(late, options))
        *std::ranges::find(runs, again.scenario, &ScenarioScore::scenario) = std::move(again);
}

} // namespace

class TestScenariosLive : public QObject
{
    Q_OBJECT

private slots:
    void everyScenarioIsNamedRight()
    {
        ScenarioRunOptions options;
        options.record = qEnvironmentVariable("JETLAG_RECORD").toStdString();
        if (const int together = qEnvironmentVariableIntValue("JETLAG_TOGETHER"); together > 0)
            options.together = static_cast<unsigned>(together);
        else
            options.together = 48;
        options.clusters = 2;
        options.judge = qEnvironmentVariable("JETLAG_JUDGE") == QStringLiteral("rules")
                            ? ScenarioRunOptions::Judge::Rules
                            : ScenarioRunOptions::Judge::Monitor;
        std::vector<ScenarioScore> runs = runScenarios(chosen(), options);
        playLateOnesAgain(runs, options);
        for (const ScenarioScore& run : runs) {
            for (const std::string& again : run.startedOver)
                qInfo("%s started over: %s", std::string(run.scenario->name).c_str(), again.c_str());
            qInfo("%s", run.summary().c_str());
        }
        qInfo("server %s\n\n%s", runs.front().server.c_str(), confusionMatrix(runs).c_str());
        const QString bad = QString::fromStdString(failures(runs));
        for (const QString& line : bad.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) // Qt cuts long messages
            qInfo("%s", qPrintable(line));
        QVERIFY2(bad.isEmpty(), "some were wrong or late, see above");
    }
};

QTEST_GUILESS_MAIN(TestScenariosLive)
#include "tst_scenarios_live.moc"
