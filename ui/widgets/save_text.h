#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QString>

class QWidget;

namespace jetlag::ui {

/// Asks where, then writes `text` as UTF-8; a file is replaced whole or not at all. What went wrong is said
/// in a box over `parent`.
void saveText(QWidget& parent, const QString& title, const QString& fileName, const QString& text);

} // namespace jetlag::ui
