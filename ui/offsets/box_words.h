#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/offsets/head_layout.h"

#include <QString>

namespace jetlag::ui {

/// "in hand", "waiting", "will be skipped": short, for what stands beside the picture.
[[nodiscard]] QString stateWord(BoxState state);
/// "5 left unread", "acked": of a run of boxes; no number where it goes on outside of the picture.
[[nodiscard]] QString runWords(const BoxRun& run);
/// The whole sentence of one state, and why no more is known.
[[nodiscard]] QString stateSentence(const HeadBox& box);
/// One line: sequence, state, age, subject, size, as far as they are known.
[[nodiscard]] QString boxLine(const HeadBox& box, const HeadKnowledge& known, const OffsetFacts& facts,
                              ServerTime now);
/// The same over several lines, for a tooltip.
[[nodiscard]] QString boxTip(const HeadBox& box, const HeadKnowledge& known, const OffsetFacts& facts,
                             ServerTime now);

} // namespace jetlag::ui
