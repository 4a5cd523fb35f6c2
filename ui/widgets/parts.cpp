// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/parts.h"

#include "ui/theme/theme.h"

#include <QFrame>
#include <QLabel>
#include <QScrollArea>

namespace jetlag::ui {

namespace {

QLabel* secondaryLabel(const QString& text)
{
    auto* label = new QLabel(text);
    label->setProperty("role", QStringLiteral("secondary"));
    label->setTextFormat(Qt::PlainText);
    return label;
}

} // namespace

QLabel* titleLabel(const QString& text)
{
    auto* label = new QLabel(text);
    label->setFont(Theme::instance().titleFont());
    label->setTextFormat(Qt::PlainText);
    return label;
}

QLabel* quietLabel(const QString& text)
{
    QLabel* label = secondaryLabel(text);
    label->setWordWrap(true);
    return label;
}

QLabel* barLabel(const QString& text)
{
    QLabel* label = secondaryLabel(text);
    label->setFont(Theme::instance().smallFont());
    return label;
}

void setInk(QWidget& label, const QColor& ink)
{
    QPalette palette = label.palette();
    palette.setColor(QPalette::WindowText, ink);
    label.setPalette(palette);
}

QFrame* panelFrame()
{
    auto* frame = new QFrame;
    frame->setProperty("role", QStringLiteral("panel"));
    return frame;
}

QScrollArea* scrolledDown(QWidget* content)
{
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(content);
    return area;
}

} // namespace jetlag::ui
