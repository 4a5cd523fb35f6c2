#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QString>

namespace jetlag::ui {

class LiveSessions;

/// A narrower window has no room for the footprint above: it stands in the status bar.
inline constexpr int kFootprintInTopBarFrom = 1120;

/// What Jetlag itself costs the servers, over all connections: "footprint of 2: 7.1 req/s · 43 kB/s · 0
/// consumers". Empty while there is none.
[[nodiscard]] QString footprintWords(const LiveSessions& sessions);
/// The same one by one, a line each.
[[nodiscard]] QString aboutFootprint(const LiveSessions& sessions);

} // namespace jetlag::ui
