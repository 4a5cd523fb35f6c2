#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/connection_service.h"
#include "ui/pages/replay/draft_check.h"
#include "ui/pages/replay/replay_runner.h"
#include "ui/widgets/range_line.h"

namespace jetlag::ui {

/// "stream HIVE · analyzer hive · filter hive.> · 2 workers": what a folded set-up says of itself.
[[nodiscard]] QString summaryOf(const ReplayDraft& draft, const DraftCheck& check);
/// "the replay of SPARK, 45 % done"
[[nodiscard]] QString workOf(const ReplayRunner& run);
/// How the command line reaches that server: "--context prod", "--server nats://n1:4222" without user and
/// password; empty for the default.
[[nodiscard]] QString serverOptionOf(const ConnectionRequest& request);

/// All there is in a source, and in it the range that is set up.
[[nodiscard]] RangePicture pictureOf(const SourceFacts& facts, const DraftCheck& check);
/// The range of a run, and how far it is.
[[nodiscard]] RangePicture pictureOf(const ReplayRunner& run, const std::vector<SequenceGap>& gaps);

} // namespace jetlag::ui
