// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace jetlag::test {

using scenario::Phase;

namespace {

using Said = std::optional<Cause>;

// A state is to be named at most so many polls of 1 s later than the table says.
constexpr double kPollsLate = 2;
// The samples' own distance from the grid, on a busy machine.
constexpr double kTolerance = 0.6;

std::string word(const Said& said)
{
    return said ? std::string(toString(*said)) : "–";
}

bool isRight(const Phase& phase, const Said& said)
{
    return std::find(phase.right.begin(), phase.right.end(), said) != phase.right.end();
}

} // namespace

void score(ScenarioScore& run)
{
    const std::vector<Phase>& phases = run.scenario->phases;
    run.named.assign(phases.size(), std::nullopt);
    for (const JudgedSecond& second : run.seconds) {
        const Said& said = second.judgement.cause;
        // Saying nothing names something only where nothing else is right.
        if (isRight(phases[second.phase], said) && (said || phases[second.phase].right.size() == 1) &&
            !run.named[second.phase])
            run.named[second.phase] = second.at - run.phases[second.phase];
        if (!said || isRight(phases[second.phase], said))
            continue;
        bool rightBefore = false;
        for (std::size_t earlier = 0; earlier < second.phase; ++earlier)
            rightBefore |= isRight(phases[earlier], said);
        // The old name may be held until the new one is found; going back to it is wrong.
        if ((!rightBefore || run.named[second.phase]) && run.wrong.empty())
            run.wrong = fmt::format("{:.0f} s: {}", second.at, word(said));
    }
    for (std::size_t phase = 0; phase < run.phases.size(); ++phase) {
        if (!phases[phase].within)
            continue;
        const double deadline = *phases[phase].within + kPollsLate + kTolerance;
        const double end = phase + 1 < run.phases.size() ? run.phases[phase + 1]
                           : run.seconds.empty()         ? 0
                                                         : run.seconds.back().at;
        const bool isLate =
            run.named[phase] ? *run.named[phase] > deadline : end - run.phases[phase] > deadline;
        if (isLate && run.late.empty())
            run.late = fmt::format("{} {}", word(phases[phase].right.front()),
                                   run.named[phase] ? fmt::format("after {:.0f} s", *run.named[phase])
                                                    : std::string("never"));
    }
    run.endsRight = run.phases.size() == phases.size() && !run.seconds.empty() &&
                    isRight(phases.back(), run.seconds.back().judgement.cause);
}

std::string ScenarioScore::complaint() const
{
    if (isFine())
        return {};
    if (!problem.empty())
        return problem;
    std::string text = wrong.empty() ? "" : "wrong at " + wrong;
    const auto add = [&text](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
    if (!endsRight)
        add("at the end " + (seconds.empty() ? "nothing" : word(seconds.back().judgement.cause)));
    if (!late.empty())
        add("late: " + late);
    return text;
}

std::string ScenarioScore::summary() const
{
    if (!skipped.empty())
        return fmt::format("{:<22} skipped: {}", scenario->name, skipped);
    if (!problem.empty())
        return fmt::format("{:<22} FAILED: {}", scenario->name, problem);
    std::string times;
    for (std::size_t phase = 0; phase < named.size(); ++phase)
        times += fmt::format("{}{}", phase == 0 ? "" : "/",
                             named[phase] ? fmt::format("{:.0f}", *named[phase]) : std::string("–"));
    const char* how = !isRight() ? "WRONG" : late.empty() ? "right" : "LATE";
    return fmt::format("{:<22} {:<6} {:<10} {}", scenario->name, how, times, complaint());
}

std::string ScenarioScore::story() const
{
    std::string text;
    std::string last;
    for (const JudgedSecond& second : seconds) {
        const std::string now = fmt::format("[{}] {}{}", second.phase, word(second.judgement.cause),
                                            second.judgement.unreachable ? " (unreachable)" : "");
        if (now != last)
            text += fmt::format("{}{:.0f} s {}", text.empty() ? "" : ", ", second.at, now);
        last = now;
    }
    return text;
}

std::string failures(const std::vector<ScenarioScore>& runs)
{
    std::string text;
    for (const ScenarioScore& run : runs)
        if (!run.isFine()) {
            text += fmt::format("{}\n    {}\n", run.summary(), run.story());
            for (const JudgedSecond& second : run.seconds)
                text += fmt::format("    {:5.1f} s [{}] {:<12} {}\n", second.at, second.phase,
                                    word(second.judgement.cause), second.numbers);
        }
    return text;
}

std::string confusionMatrix(const std::vector<ScenarioScore>& runs)
{
    std::map<std::optional<Cause>, std::map<std::string, int>> counts;
    std::set<std::string> others;
    int right = 0;
    int wrong = 0;
    int late = 0;
    int skipped = 0;
    for (const ScenarioScore& run : runs) {
        if (!run.skipped.empty()) {
            ++skipped;
            continue;
        }
        ++(run.isRight() ? right : wrong);
        late += !run.late.empty() && run.isRight();
        for (std::size_t phase = 0; phase < run.phases.size(); ++phase) {
            const Phase& what = run.scenario->phases[phase];
            if (!what.within)
                continue;
            Said said;
            for (const JudgedSecond& second : run.seconds)
                if (second.phase == phase && (second.judgement.cause || isRight(what, std::nullopt)))
                    said = second.judgement.cause;
            // Where several are right, each is as good.
            const Said row = isRight(what, said) ? said : what.right.front();
            ++counts[row][word(said)];
            others.insert(word(said));
        }
    }
    std::vector<std::string> columns;
    for (const auto& [cause, said] : counts) {
        columns.push_back(word(cause));
        others.erase(columns.back());
    }
    columns.insert(columns.end(), others.begin(), others.end());
    std::string table = "| right \\ said |";
    std::string rule = "|---|";
    for (const std::string& column : columns) {
        table += fmt::format(" {} |", column);
        rule += "--:|";
    }
    table += '\n' + rule + '\n';
    for (const auto& [cause, said] : counts) {
        table += fmt::format("| {} |", word(cause));
        for (const std::string& column : columns) {
            const auto found = said.find(column);
            table += found == said.end() ? "  |" : fmt::format(" {} |", found->second);
        }
        table += '\n';
    }
    return table + fmt::format("\n{} of {} scenarios right, {} of them later than the table; {} skipped\n",
                               right, right + wrong, late, skipped);
}

} // namespace jetlag::test
