// SPDX-License-Identifier: Apache-2.0
//
// The scorer itself: what counts as right, late and wrong.
#include "tests/support/pulse.h"
#include "tests/support/scenario_run.h"

#include <QTest>

using namespace jetlag;
using namespace jetlag::test;
using scenario::Scenario;

namespace {

constexpr std::optional<Cause> kLooking = std::nullopt;

/// All is well for 8 s; then slow, to be named within 4 s.
const Scenario kScenario{.name = "made_up",
                         .shows = "one change",
                         .length = 20,
                         .phases = {{0, {Cause::None}, 2, "well"}, {8, {Cause::Slow}, 4, "slow"}}};

/// `said[i]` at second i; the second phase begins at 8.
ScenarioScore scored(const std::vector<std::optional<Cause>>& said)
{
    ScenarioScore run;
    run.scenario = &kScenario;
    run.phases = {0, 8};
    for (std::size_t second = 0; second < said.size(); ++second)
        run.seconds.push_back({.at = static_cast<double>(second),
                               .phase = second < 8 ? 0u : 1u,
                               .judgement = {.cause = said[second]}});
    score(run);
    return run;
}

using Said = std::vector<std::optional<Cause>>;

Said sequence(std::initializer_list<std::pair<std::size_t, std::optional<Cause>>> parts)
{
    Said said;
    for (const auto& [count, cause] : parts)
        said.insert(said.end(), count, cause);
    return said;
}

} // namespace

class TestScenarioScore : public QObject
{
    Q_OBJECT

private slots:
    void rightFromBothSides()
    {
        const ScenarioScore run = scored(sequence({{2, kLooking}, {9, Cause::None}, {8, Cause::Slow}}));
        QVERIFY(run.isRight());
        QVERIFY(run.late.empty());
        QCOMPARE(*run.named[0], 2.0);
        QCOMPARE(*run.named[1], 3.0);
    }
    void theOldNameIsLateNotWrong()
    {
        const ScenarioScore run = scored(sequence({{2, kLooking}, {14, Cause::None}, {4, Cause::Slow}}));
        QVERIFY(run.isRight());
        QVERIFY(run.late.starts_with("slow after"));
    }
    void aNameNeverGivenIsLateAndNotRightAtTheEnd()
    {
        const ScenarioScore run = scored(sequence({{2, kLooking}, {18, Cause::None}}));
        QVERIFY(!run.isRight());
        QVERIFY(run.late == "slow never");
    }
    void aNameThatWasNeverRightIsWrong()
    {
        const ScenarioScore run =
            scored(sequence({{2, kLooking}, {7, Cause::None}, {1, Cause::Lost}, {8, Cause::Slow}}));
        QVERIFY(!run.isRight());
        QVERIFY(run.endsRight);
        QVERIFY(run.wrong == "9 s: lost");
    }
    void aNameTooEarlyIsWrong()
    {
        QVERIFY(!scored(sequence({{4, Cause::None}, {16, Cause::Slow}})).isRight());
    }
    void goingBackToTheOldNameIsWrong()
    {
        const ScenarioScore run =
            scored(sequence({{8, Cause::None}, {3, Cause::Slow}, {2, Cause::None}, {5, Cause::Slow}}));
        QVERIFY(!run.isRight());
        QVERIFY(run.wrong == "11 s: none");
    }
    void lookingIsNeverWrongButDoesNotEndRight()
    {
        const ScenarioScore run = scored(sequence({{8, Cause::None}, {4, Cause::Slow}, {4, kLooking}}));
        QVERIFY(run.wrong.empty());
        QVERIFY(!run.endsRight);
    }
    void theMatrixShowsWhatWasSaid()
    {
        const std::string matrix =
            confusionMatrix({scored(sequence({{2, kLooking}, {9, Cause::None}, {8, Cause::Slow}})),
                             scored(sequence({{2, kLooking}, {9, Cause::None}, {8, Cause::Lost}}))});
        QVERIFY2(matrix.find("| none | 2 |  |  |") != std::string::npos, matrix.c_str());
        QVERIFY2(matrix.find("| slow |  | 1 | 1 |") != std::string::npos, matrix.c_str());
        QVERIFY2(matrix.find("1 of 2 scenarios right") != std::string::npos, matrix.c_str());
    }
    void failuresAreListedWithTheirSeconds()
    {
        const ScenarioScore right = scored(sequence({{2, kLooking}, {9, Cause::None}, {8, Cause::Slow}}));
        QVERIFY(failures({right}).empty());
        const std::string list = failures(
            {right, scored(sequence({{2, kLooking}, {14, Cause::None}, {4, Cause::Slow}})),
             scored(sequence({{2, kLooking}, {7, Cause::None}, {1, Cause::Lost}, {8, Cause::Slow}}))});
        QVERIFY2(list.find("LATE") != std::string::npos && list.find("slow after 8 s") != std::string::npos,
                 list.c_str());
        QVERIFY2(list.find("wrong at 9 s: lost") != std::string::npos, list.c_str());
        QVERIFY2(list.find("0 s [0] –, 2 s [0] none") != std::string::npos, list.c_str());
    }

    // Whatever stood still: what was wrong is told, and is wrong when it is wrong again.
    void whatStoodStillIsPlayedAnewAndSaid()
    {
        const ScenarioScore right = scored(sequence({{2, kLooking}, {9, Cause::None}, {8, Cause::Slow}}));
        const ScenarioScore wrong = scored(sequence({{2, kLooking}, {9, Cause::None}, {8, Cause::Lost}}));
        const auto play = [](const std::vector<ScenarioScore>& inTurn, const std::string& stall) {
            ScenarioScore run{.scenario = &kScenario};
            std::size_t played = 0;
            playUntilItCounts(
                run,
                [&](ScenarioScore& once, std::size_t number) {
                    once = inTurn.at(number - 1);
                    played = number;
                },
                [&](auto) { return stall; });
            return std::pair(run, played);
        };
        const auto [again, twice] = play({wrong, right}, "the server stood still for 4.1 s");
        QVERIFY(again.isFine() && twice == 2 && again.startedOver.size() == 1);
        QVERIFY2(again.startedOver[0].starts_with(
                     "the server stood still for 4.1 s; meanwhile: wrong at 11 s: lost"),
                 again.startedOver[0].c_str());

        const auto [calm, once] = play({wrong, right}, "");
        QVERIFY(!calm.isFine() && once == 1 && calm.startedOver.empty());
        const auto [always, thrice] = play({wrong, wrong, wrong, right}, "the machine stood still for 2.0 s");
        QVERIFY(!always.isFine() && thrice == kTriesAtMost && always.startedOver.size() == 2);
        const auto [fine, first] = play({right}, "the machine stood still for 2.0 s");
        QVERIFY(fine.isFine() && first == 1 && fine.startedOver.empty());
    }
};

QTEST_GUILESS_MAIN(TestScenarioScore)
#include "tst_scenario_score.moc"
