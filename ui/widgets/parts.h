#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QString>

class QColor;
class QFrame;
class QLabel;
class QScrollArea;
class QWidget;

namespace jetlag::ui {

// Small parts that look the same everywhere. Texts are plain: what comes from outside is never markup.

[[nodiscard]] QLabel* titleLabel(const QString& text = {});
/// Secondary colour, wraps.
[[nodiscard]] QLabel* quietLabel(const QString& text = {});
/// Secondary colour, one line, small: for bars.
[[nodiscard]] QLabel* barLabel(const QString& text = {});
/// The colour of a label's text.
void setInk(QWidget& label, const QColor& ink);
[[nodiscard]] QFrame* panelFrame();
/// Scrolls up and down, never sideways.
[[nodiscard]] QScrollArea* scrolledDown(QWidget* content);

} // namespace jetlag::ui
