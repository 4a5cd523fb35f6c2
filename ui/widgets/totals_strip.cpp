// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/totals_strip.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/parts.h"

#include <QAbstractButton>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QStyle>
#include <QVBoxLayout>

#include <utility>

namespace jetlag::ui {

namespace {

constexpr int kHeight = 62;

/// Looks like a figure, and like a button only to who points at it or comes by the keyboard; one that leads
/// nowhere is not disabled, for that would make it grey, but cannot be reached.
class FigureBox final : public QAbstractButton
{
public:
    FigureBox() { setLeads(false); }
    void setLeads(bool leads)
    {
        m_leads = leads;
        setFocusPolicy(leads ? Qt::TabFocus : Qt::NoFocus);
        setCursor(leads ? Qt::PointingHandCursor : Qt::ArrowCursor);
    }

protected:
    [[nodiscard]] bool hitButton(const QPoint& at) const override
    {
        return m_leads && QAbstractButton::hitButton(at);
    }
    void paintEvent(QPaintEvent*) override
    {
        if (!m_leads || !(underMouse() || hasFocus()))
            return;
        QPainter painter(this);
        painter.setPen(hasFocus() ? colors().accent : colors().faint);
        painter.drawRoundedRect(QRectF(rect()).adjusted(4.5, 4.5, -4.5, -4.5), Metrics::kRadius,
                                Metrics::kRadius);
    }
    void enterEvent(QEnterEvent* event) override
    {
        QAbstractButton::enterEvent(event);
        update();
    }
    void leaveEvent(QEvent* event) override
    {
        QAbstractButton::leaveEvent(event);
        update();
    }

private:
    bool m_leads = false;
};

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
    auto* value = new QLabel(notApplicable());
    value->setFont(Theme::instance().figureFont());
    value->setTextFormat(Qt::PlainText);
    const int figure = addFigure(static_cast<QWidget*>(value), words);
    m_figures[figure].value = value;
    return figure;
}

int TotalsStrip::addFigure(QWidget* value, const QString& words)
{
    auto* box = new FigureBox;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(20, 7, 20, 7);
    column->setSpacing(0);
    value->setMinimumHeight(QFontMetrics(Theme::instance().figureFont()).height());
    Figure figure{.box = box, .value = nullptr, .words = barLabel(words), .line = new QFrame};
    column->addWidget(value);
    column->addWidget(figure.words);
    auto* line = static_cast<QFrame*>(figure.line);
    line->setFrameShape(QFrame::VLine);
    line->setFrameShadow(QFrame::Plain);
    line->setForegroundRole(QPalette::Mid);
    const int number = static_cast<int>(m_figures.size());
    m_layout->insertWidget(2 * number, box);
    m_layout->insertWidget(2 * number + 1, line);
    connect(box, &QAbstractButton::clicked, this, [this, number] { emit figureClicked(number); });
    m_figures << figure;
    return number;
}

void TotalsStrip::setFigure(int figure, const QString& value, const QString& words, const QString& toolTip)
{
    const Figure& shownAt = m_figures[figure];
    // Figures that change their width must not push their neighbours about.
    const auto say = [](QLabel& label, const QString& text) {
        label.setText(text);
        label.setMinimumWidth(std::max(label.minimumWidth(), label.sizeHint().width()));
    };
    say(*shownAt.value, value);
    say(*shownAt.words, words);
    shownAt.box->setToolTip(toolTip);
    shownAt.box->setAccessibleName(tr("%1 %2").arg(value, words));
}

void TotalsStrip::setInk(int figure, const QColor& ink)
{
    ui::setInk(*m_figures[figure].value, ink);
}

void TotalsStrip::setLeads(int figure, bool leads)
{
    static_cast<FigureBox*>(m_figures[figure].box)->setLeads(leads);
}

void TotalsStrip::setFigureVisible(int figure, bool visible)
{
    m_figures[figure].box->setVisible(visible);
    m_figures[figure].line->setVisible(visible);
}

void TotalsStrip::setStale(int figure, bool stale)
{
    QLabel* value = m_figures[figure].value;
    if (value == nullptr || std::exchange(m_figures[figure].isStale, stale) == stale)
        return;
    value->setProperty("role", stale ? QVariant(QStringLiteral("secondary")) : QVariant());
    value->style()->unpolish(value);
    value->style()->polish(value);
}

} // namespace jetlag::ui
