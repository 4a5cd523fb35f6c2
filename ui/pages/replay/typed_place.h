#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/replay/replay_draft.h"
#include "ui/pages/replay/source_facts.h"

#include <QString>

#include <optional>

namespace jetlag::ui {

// Places in a source as people type them.

/// RFC 3339, "-5m", or a local date and time as a person types it.
[[nodiscard]] std::optional<ServerTime> momentOf(const QString& text, ServerTime now);
/// Digits as they are typed or pasted, grouped or not.
[[nodiscard]] std::optional<StreamSequence> sequenceOf(const QString& text);
/// What a time or a sequence should look like, for who typed something else.
[[nodiscard]] QString wrongTime();
[[nodiscard]] QString wrongSequence(SourceKind source);
/// Where in the source a time falls, if events came evenly: for pictures and estimates only.
[[nodiscard]] std::optional<StreamSequence> sequenceNear(ServerTime time, const SourceFacts& facts);

} // namespace jetlag::ui
