#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QProxyStyle>

namespace jetlag::ui {

/// Boxes to choose from, drawn as buttons and fields are. A style sheet cannot: one that touches them takes
/// their arrow away.
class ControlStyle final : public QProxyStyle
{
    Q_OBJECT

public:
    ControlStyle();

    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget) const override;
    [[nodiscard]] QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                         const QWidget* widget) const override;
    [[nodiscard]] QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option,
                                       SubControl part, const QWidget* widget) const override;
};

} // namespace jetlag::ui
