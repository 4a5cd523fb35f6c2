#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/bridge/live_session.h"
#include "ui/models/environment.h"
#include "ui/theme/glyphs.h"

#include <QColor>
#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace jetlag::ui {

// How a connection is called and looks, the same in the top bar, on its tile and in a notice.

[[nodiscard]] Environment environmentOf(const LiveSession& session);
/// "prod-eu · production"; the name alone where nothing tells the environment, or where it says the same.
[[nodiscard]] QString titleOf(const LiveSession& session);

/// "live", "trying again", "connection lost".
[[nodiscard]] QString stateWord(const LiveSession& session);
struct StateSign
{
    Glyph glyph = Glyph::Ring;
    QColor color;
};
[[nodiscard]] StateSign stateSign(const LiveSession& session);

/// How many collectors have which verdict, worst first; where nobody answers, which they had.
struct VerdictCount
{
    std::string verdict; ///< "" = still looking
    int collectors = 0;
};
[[nodiscard]] std::vector<VerdictCount> verdictCounts(const ClusterReport& report);
/// Where somebody should look first; nullopt while all is well or nothing is known.
[[nodiscard]] std::optional<VerdictCount> worstOf(const LiveSession& session);

/// Everything that a chip is too small for, a line each; plain text.
[[nodiscard]] QString aboutConnection(const LiveSession& session);

} // namespace jetlag::ui
