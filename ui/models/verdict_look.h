#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/report.h"
#include "model/cluster/verdict_order.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/palette.h"

#include <QColor>
#include <QIcon>
#include <QString>

#include <optional>
#include <string_view>

namespace jetlag::ui {

/// How a verdict looks everywhere: a shape, a word and a colour, so that no one of them is needed alone.
[[nodiscard]] Glyph glyphOfVerdict(std::string_view verdict); ///< "" = still looking
[[nodiscard]] QColor inkOfVerdict(std::string_view verdict);
/// The same for whoever paints later, when the theme may be another.
[[nodiscard]] QColor Palette::*inkMemberOfVerdict(std::string_view verdict);
/// As it looks now, for lists of others; a change of theme wants a new one.
[[nodiscard]] QIcon iconOfVerdict(std::string_view verdict);
/// "slow", "keeping up", "looking …".
[[nodiscard]] QString wordOfVerdict(std::string_view verdict);
/// "no pulls", "redelivery loop"; empty for none.
[[nodiscard]] QString wordOfCause(std::string_view cause);
/// Of a verdict or cause, as events are called; empty for anything else.
[[nodiscard]] std::string_view verdictNamed(std::string_view word);

/// Unread messages will be deleted before it gets to them, as it now goes: the runway is shorter than the
/// ETA, or nothing shows that it will ever be through; or some were deleted, and it is not getting through.
[[nodiscard]] bool isAtRisk(const CollectorReport& row);
/// What is left of a runway by now; never below 0. Alone of all numbers it goes on while nobody answers.
[[nodiscard]] std::optional<double> runwayNow(const CollectorReport& row, std::optional<double> ageSeconds);
/// As runwayNow(), with a question mark where it goes on unseen.
[[nodiscard]] QString runwayWords(const CollectorReport& row, std::optional<double> ageSeconds);
/// So little is left that somebody should hurry.
[[nodiscard]] bool isRunwayShort(double seconds);
/// When it will have drained as it now goes: a time, "never", or the dash where nothing is to be told.
[[nodiscard]] QString etaWords(const CollectorReport& row);

/// The verdict of a row; one that does not answer reads "was no pulls".
[[nodiscard]] QString verdictWords(const CollectorReport& row);
[[nodiscard]] std::string_view shownVerdict(const CollectorReport& row);
/// Of one that does not answer, what it was when it last did.
[[nodiscard]] std::string_view standingVerdict(const CollectorReport& row);
[[nodiscard]] bool doesNobodyAnswer(const ClusterReport& report);
/// What is so, in one sentence; of one that does not answer, what was so and when. Empty = not known.
[[nodiscard]] QString sentenceOf(const CollectorReport& row);

} // namespace jetlag::ui
