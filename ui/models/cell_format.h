#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/analyzers/table.h"

#include <QString>

namespace jetlag::ui {

/// A cell of a result table as the table shows it: numbers grouped, sizes and durations with units, times
/// local, lists with commas, one line, long texts cut with "…"; "–" for unknown.
[[nodiscard]] QString cellShown(const Cell& cell, Unit unit);
/// The whole of it, for a tooltip (which takes it as plain text): exact value, unit, and the column's own
/// name in the watched system.
[[nodiscard]] QString cellTip(const Cell& cell, const Column& column);
/// What a person calls the column: "numCompletedTasks" → "Completed tasks", "appId" → "App id".
[[nodiscard]] QString columnTitle(const std::string& name);

[[nodiscard]] bool isUnknown(const Cell& cell);
[[nodiscard]] bool isNumber(const Cell& cell);
/// Numbers by value, whatever their types; words bytewise; unknown behind everything.
[[nodiscard]] int compareCells(const Cell& a, const Cell& b);

} // namespace jetlag::ui
