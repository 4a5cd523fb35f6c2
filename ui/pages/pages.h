#pragma once

// SPDX-License-Identifier: Apache-2.0

namespace jetlag::ui {

class LiveSession;
class MainWindow;

/// Fills the window with every page there is, in the order of the bar.
void addPages(MainWindow& window, LiveSession& session);

} // namespace jetlag::ui
