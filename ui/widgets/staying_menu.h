#pragma once

// SPDX-License-Identifier: Apache-2.0

class QMenu;

namespace jetlag::ui {

/// Entries of this menu that are ticked and unticked leave it open, by mouse, Space and Enter: several are
/// chosen in one go. Others close it as always.
void stayOpenForTicks(QMenu& menu);

} // namespace jetlag::ui
