#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/theme/palette.h"

#include <QString>

namespace jetlag::ui {

/// The application's style sheet. Widgets are addressed by the dynamic property `role`:
/// `panel`, `bar`, `heading`, `secondary`, `primary` (the one main button), `flat`, `chip`, `mono`, `error`,
/// `inner` (no frame of its own).
[[nodiscard]] QString styleSheet(const Palette& colors);

} // namespace jetlag::ui
