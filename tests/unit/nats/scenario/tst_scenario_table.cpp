// SPDX-License-Identifier: Apache-2.0
#include "nats/scenario/scenario.h"

#include <QTest>

#include <map>
#include <set>

using namespace jetlag;
using namespace jetlag::scenario;

class TestScenarioTable : public QObject
{
    Q_OBJECT

private slots:
    void everyScenarioIsWhole()
    {
        std::set<std::string_view> names;
        for (const Scenario& one : allScenarios()) {
            const QByteArray name(one.name.data(), static_cast<qsizetype>(one.name.size()));
            QVERIFY2(names.insert(one.name).second, name + " is there twice");
            QVERIFY2(one.play && !one.shows.empty() && !one.phases.empty(), name);
            QVERIFY2(one.nodes == 1 || one.nodes == 3, name);
            QVERIFY2(one.phases.front().from == 0, name);
            double last = -1;
            for (const Phase& phase : one.phases) {
                QVERIFY2(phase.from > last && phase.from < one.length, name);
                QVERIFY2(!phase.right.empty() && !phase.happens.empty(), name);
                last = phase.from;
            }
            // The end must be named, and there must be the time for it.
            QVERIFY2(one.phases.back().within && last + *one.phases.back().within < one.length, name);
        }
    }

    void everyCauseHasTwo()
    {
        std::map<Cause, std::set<std::string_view>> shown;
        for (const Scenario& one : allScenarios())
            for (const Phase& phase : one.phases)
                if (phase.within && phase.right.front())
                    shown[*phase.right.front()].insert(one.name);
        for (int cause = 0; cause <= static_cast<int>(Cause::DeadLetters); ++cause)
            QVERIFY2(shown[static_cast<Cause>(cause)].size() >= 2,
                     toString(static_cast<Cause>(cause)).data());
    }

    void namesAreFound()
    {
        QVERIFY(findScenario("capped_first"));
        QVERIFY(!findScenario("nonsense"));
        QVERIFY(findScenario("capped_first")->cause() == Cause::Capped);
    }
};

QTEST_GUILESS_MAIN(TestScenarioTable)
#include "tst_scenario_table.moc"
