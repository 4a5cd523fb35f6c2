#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/verdict/judge.h"
#include "nats/scenario/scenario.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// Plays scenarios on real servers, samples them once a second, lets the rules judge, and scores what they
/// said against what was right at that second.
namespace jetlag::test {

/// One sample, judged.
struct JudgedSecond
{
    double at = 0;         ///< seconds since the scenario began
    std::size_t phase = 0; ///< that had begun
    Judgement judgement;
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

    [[nodiscard]] bool isRight() const { return problem.empty() && wrong.empty() && endsRight; }
    [[nodiscard]] std::string summary() const; ///< one line
    [[nodiscard]] std::string story() const;   ///< what was said, second by second, run lengths
};

/// Fills in wrong, late, named and endsRight from the seconds.
void score(ScenarioScore& run);

struct ScenarioRunOptions
{
    std::filesystem::path program; ///< nats-server; empty = the installed one
    std::filesystem::path record;  ///< each run as JSON lines to VERSION/NAME.jsonl in it; empty = not
    unsigned together = 16;        ///< scenarios at a time on shared servers
    unsigned clusters = 1;         ///< scenarios at a time that need servers of their own
};

/// Runs them all; those that can share a server do. Throws when a server cannot be started at all.
[[nodiscard]] std::vector<ScenarioScore> runScenarios(const std::vector<const scenario::Scenario*>& scenarios,
                                                      const ScenarioRunOptions& options);

/// Rows: what was right at the end of each phase in which something must be named; columns: what was said.
/// As a Markdown table, and a line of totals.
[[nodiscard]] std::string confusionMatrix(const std::vector<ScenarioScore>& runs);

} // namespace jetlag::test
