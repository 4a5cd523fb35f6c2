#pragma once

// SPDX-License-Identifier: Apache-2.0

class QApplication;

namespace jetlag {

/// Ctrl-C, SIGTERM and SIGHUP end the program as closing the window does, so that no child stays behind.
/// A second one kills it.
void endOnSignals(QApplication& application);

} // namespace jetlag
