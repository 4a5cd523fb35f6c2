#pragma once

// SPDX-License-Identifier: Apache-2.0

namespace jetlag::ui {

class LiveSessions;
class MainWindow;

/// Fills the window with every page there is, in the order of the bar.
void addPages(MainWindow& window, LiveSessions& sessions);

} // namespace jetlag::ui
