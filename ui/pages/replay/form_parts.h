#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/replay/draft_check.h"

#include <QFrame>
#include <QLabel>

namespace jetlag::ui {

/// Labels, notes and panels as the page Replay wants them.

[[nodiscard]] QLabel* formLabel(const QString& text);
/// Stands behind a field: what the field means, or in the colour of errors what is wrong with it.
[[nodiscard]] QLabel* fieldNote();
void sayField(QLabel& note, const FieldWords& words);
[[nodiscard]] QFrame* formPanel();
void setRole(QWidget& widget, const char* role);

} // namespace jetlag::ui
