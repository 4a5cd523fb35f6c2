#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/widgets/state_panel.h"

#include <QString>

#include <optional>

namespace jetlag::ui {

class LiveSession;
class Page;

/// What stands in the middle of Overview when there is nothing to list.
struct OverviewState
{
    enum class Kind { NotConnected, Busy, Waiting, FirstSample, NoStreams, Denied };
    Kind kind = Kind::NotConnected;
    QString title;
    QString sentence;
};

/// nullopt = there are rows to show.
[[nodiscard]] std::optional<OverviewState> overviewState(const LiveSession& session);
/// The next steps as buttons.
[[nodiscard]] QList<StatePanel::Step> stepsOf(const OverviewState& state, LiveSession& session, Page& page);

} // namespace jetlag::ui
