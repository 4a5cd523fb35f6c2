#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/judge.h"
#include "nats/scenario/scenario.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Plays scenarios on real servers, looks at them once a second, and scores what was said against what was
/// right at that second.
namespace jetlag::test {

/// One look, judged.
struct JudgedSecond
{
    double at = 0;         ///< seconds since the scenario began
    std::size_t phase = 0; ///< that had begun
    Judgement judgement;
    std::string numbers; ///< that it was said of
};

struct ScenarioScore
{
    const scenario::Scenario* scenario = nullptr;
    std::string server;  ///< version
    std::string skipped; ///< why this server cannot show it
    std::string problem; ///< the scenario itself failed
    std::vector<JudgedSecond> seconds;
    std::vector<double> phases;               ///< when each began, seconds
    std::vector<std::optional<double>> named; ///< of each phase: seconds until a right cause was said

    std::string wrong; ///< the first cause that was right neither then nor before the last change
    std::string late;  ///< the first phase that was named more than two polls later than it should
    bool endsRight = false;
    /// Runs before this one that came to nothing because machine or server stood still, in words.
    std::vector<std::string> startedOver;

    [[nodiscard]] bool isRight() const { return problem.empty() && wrong.empty() && endsRight; }
    /// Nothing to complain of: right in time, or not to be shown on this server.
    [[nodiscard]] bool isFine() const { return !skipped.empty() || (isRight() && late.empty()); }
    [[nodiscard]] std::string summary() const;   ///< one line
    [[nodiscard]] std::string complaint() const; ///< what is not fine, one line; empty = nothing
    [[nodiscard]] std::string story() const;     ///< what was said, second by second, run lengths
};

/// Fills in wrong, late, named and endsRight from the seconds.
void score(ScenarioScore& run);

struct ScenarioRunOptions
{
    enum class Judge {
        Rules,   ///< the rules over samples that hold everything
        Monitor, ///< the product's monitor, as the console shows it
    };
    Judge judge = Judge::Rules;
    std::filesystem::path program; ///< nats-server; empty = the installed one
    std::filesystem::path record; ///< samples of Rules as JSON lines to VERSION/NAME.jsonl in it; empty = not
    unsigned together = 16;       ///< scenarios at a time on shared servers
    unsigned clusters = 1;        ///< scenarios at a time that need servers of their own
};

/// `playOnce` fills in a score; one that is not fine counts unless something stood still since it began,
/// which `stoodStill` tells in words (empty: nothing did). Then it is played anew, and `startedOver` says so.
void playUntilItCounts(
    ScenarioScore& run, const std::function<void(ScenarioScore& once, std::size_t number)>& playOnce,
    const std::function<std::string(std::chrono::steady_clock::time_point from)>& stoodStill);

/// Runs them all; those that can share a server do. What was not fine while machine or
/// servers stood still (see Pulse) is played anew. Throws when a server cannot be
/// started at all.
[[nodiscard]] std::vector<ScenarioScore> runScenarios(const std::vector<const scenario::Scenario*>& scenarios,
                                                      const ScenarioRunOptions& options);

/// Rows: what was right at the end of each phase in which something must be named; columns: what was said.
/// As a Markdown table, and a line of totals.
[[nodiscard]] std::string confusionMatrix(const std::vector<ScenarioScore>& runs);

/// Those that were wrong or late: what, when, and all that was said, with its numbers. Empty when there is
/// none.
[[nodiscard]] std::string failures(const std::vector<ScenarioScore>& runs);

} // namespace jetlag::test
