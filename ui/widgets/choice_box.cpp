// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/choice_box.h"

#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace jetlag::ui {

namespace {

constexpr int kArrowSize = 10;
constexpr int kArrowRoom = 9; // to the right border

} // namespace

void ChoiceBox::paintEvent(QPaintEvent* event)
{
    QComboBox::paintEvent(event);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF where(width() - kArrowSize - kArrowRoom, (height() - kArrowSize) / 2.0, kArrowSize,
                       kArrowSize);
    paintGlyph(painter, Glyph::ChevronDown, where, isEnabled() ? colors().secondary : colors().faint);
}

} // namespace jetlag::ui
