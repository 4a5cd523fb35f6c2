#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/pages/replay/draft_check.h"

#include <QComboBox>
#include <QLabel>

namespace jetlag::ui {

/// Labels, notes and panels as the page Replay wants them.

[[nodiscard]] QLabel* formLabel(const QString& text);
/// Stands behind a field: what the field means, or in the colour of errors what is wrong with it.
[[nodiscard]] QLabel* fieldNote();
void sayField(QLabel& note, const FieldWords& words);
[[nodiscard]] QFrame* formPanel();
void setRole(QWidget& widget, const char* role);

/// Names from outside in a combo: shown safely, kept exactly. A name that is chosen stays, also when the list
/// no longer has it.
void fillNames(QComboBox& combo, const std::vector<std::string>& names, const std::string& chosen);
[[nodiscard]] std::string chosenName(const QComboBox& combo);

} // namespace jetlag::ui
