// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/live_pill.h"

#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace jetlag::ui {

namespace {

constexpr int kSign = 8;
constexpr int kPadding = 8;

} // namespace

LivePill::LivePill(QWidget* parent)
    : QAbstractButton(parent)
{
    setText(tr("Live"));
    setToolTip(
        tr("The view stands still while data goes on arriving. Return to now: click, double click or End"));
    setAccessibleDescription(tr("The view does not follow; press to return to now"));
    setFont(Theme::instance().smallFont());
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
}

QSize LivePill::sizeHint() const
{
    const QFontMetrics metrics(font());
    return {metrics.horizontalAdvance(text()) + kSign + 5 + 2 * kPadding, metrics.height() + 4};
}

void LivePill::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Palette& now = colors();
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(QPen(hasFocus() || underMouse() ? now.accent : now.line, 1));
    painter.setBrush(isDown() ? now.selection : now.raised);
    painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2);
    // Not the disc that says "follows": a triangle towards now.
    paintGlyph(painter, Glyph::Play, QRectF(kPadding, (height() - kSign) / 2.0, kSign, kSign), now.accent);
    painter.setPen(now.text);
    painter.drawText(rect().adjusted(kPadding + kSign + 5, 0, 0, 0), Qt::AlignVCenter, text());
}

} // namespace jetlag::ui
