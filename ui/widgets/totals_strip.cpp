// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/totals_strip.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr int kHeight = 62;

} // namespace

TotalsStrip::TotalsStrip(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QHBoxLayout(this))
{
    setProperty("role", QStringLiteral("bar"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(kHeight);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_layout->addStretch();
}

int TotalsStrip::addFigure(const QString& words)
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(20, 7, 20, 7);
    column->setSpacing(0);
    Figure figure{.value = new QLabel(notApplicable()), .words = new QLabel(words)};
    figure.value->setFont(Theme::instance().figureFont());
    figure.words->setFont(Theme::instance().smallFont());
    figure.words->setProperty("role", QStringLiteral("secondary"));
    for (QLabel* label : {figure.value, figure.words}) {
        label->setTextFormat(Qt::PlainText);
        column->addWidget(label);
    }
    auto* line = new QFrame;
    line->setFrameShape(QFrame::VLine);
    line->setFrameShadow(QFrame::Plain);
    line->setForegroundRole(QPalette::Mid);
    const int at = 2 * static_cast<int>(m_figures.size());
    m_layout->insertWidget(at, box);
    m_layout->insertWidget(at + 1, line);
    m_figures << figure;
    return static_cast<int>(m_figures.size()) - 1;
}

void TotalsStrip::setFigure(int figure, const QString& value, const QString& words, const QString& toolTip)
{
    const Figure& shownAt = m_figures[figure];
    shownAt.value->setText(value);
    // Figures that change their width must not push their neighbours about.
    shownAt.value->setMinimumWidth(
        std::max(shownAt.value->minimumWidth(), shownAt.value->sizeHint().width()));
    shownAt.words->setText(words);
    shownAt.words->setMinimumWidth(
        std::max(shownAt.words->minimumWidth(), shownAt.words->sizeHint().width()));
    shownAt.value->setToolTip(toolTip);
}

void TotalsStrip::setStale(bool stale)
{
    if (stale == m_stale)
        return;
    m_stale = stale;
    for (const Figure& figure : m_figures) {
        figure.value->setProperty("role", stale ? QVariant(QStringLiteral("secondary")) : QVariant());
        figure.value->style()->unpolish(figure.value);
        figure.value->style()->polish(figure.value);
    }
}

} // namespace jetlag::ui
