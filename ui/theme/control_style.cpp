// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/control_style.h"

#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyleOptionComboBox>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kAround = 10;    // padding and border of buttons, above and below
constexpr int kTextLeft = 9;   // as theirs
constexpr int kArrowPart = 26; // at the right
constexpr int kChevron = 12;

void paintBox(QPainter& painter, const QStyleOptionComboBox& box)
{
    const bool isEnabled = (box.state & QStyle::State_Enabled) != 0;
    const bool hasFocus = (box.state & QStyle::State_HasFocus) != 0;
    const bool isUnderMouse = (box.state & QStyle::State_MouseOver) != 0;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hasFocus ? colors().accent : isEnabled && isUnderMouse ? colors().faint : colors().line);
    painter.setBrush(!isEnabled ? colors().window : box.editable ? colors().panel : colors().raised);
    painter.drawRoundedRect(QRectF(box.rect).adjusted(0.5, 0.5, -0.5, -0.5), Metrics::kRadius,
                            Metrics::kRadius);
    painter.restore();
}

} // namespace

ControlStyle::ControlStyle()
    : QProxyStyle(QStringLiteral("Fusion"))
{}

void ControlStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                      QPainter* painter, const QWidget* widget) const
{
    const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(option);
    if (control != CC_ComboBox || box == nullptr)
        return QProxyStyle::drawComplexControl(control, option, painter, widget);
    paintBox(*painter, *box);
    QRectF chevron(0, 0, kChevron, kChevron);
    chevron.moveCenter(QRectF(proxy()->subControlRect(CC_ComboBox, box, SC_ComboBoxArrow, widget)).center());
    paintGlyph(*painter, Glyph::ChevronDown, chevron,
               (box->state & State_Enabled) != 0 ? colors().text : colors().secondary);
}

QSize ControlStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                     const QWidget* widget) const
{
    const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(option);
    if (type != CT_ComboBox || box == nullptr)
        return QProxyStyle::sizeFromContents(type, option, size, widget);
    return {size.width() + kTextLeft + kArrowPart, box->fontMetrics.height() + kAround};
}

QRect ControlStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                                   const QWidget* widget) const
{
    const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(option);
    if (control != CC_ComboBox || box == nullptr)
        return QProxyStyle::subControlRect(control, option, part, widget);
    const QRect whole = box->rect;
    switch (part) {
    case SC_ComboBoxArrow:
        return visualRect(box->direction, whole,
                          {whole.right() - kArrowPart + 1, whole.top(), kArrowPart, whole.height()});
    case SC_ComboBoxEditField:
        return visualRect(box->direction, whole,
                          whole.adjusted(box->editable ? 2 : kTextLeft, 2, -kArrowPart, -2));
    default:
        return QProxyStyle::subControlRect(control, option, part, widget);
    }
}

} // namespace jetlag::ui
