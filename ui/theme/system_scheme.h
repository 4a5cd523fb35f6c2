#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <functional>

class QObject;

namespace jetlag::ui {

/// Asks the desktop portal (org.freedesktop.appearance, color-scheme) whether the system is dark, and
/// listens to its changes; `onScheme` comes on the UI thread and only when the portal has an opinion.
/// Without a session bus nothing happens. Ends with `owner`.
void watchSystemScheme(QObject& owner, std::function<void(bool dark)> onScheme);

} // namespace jetlag::ui
