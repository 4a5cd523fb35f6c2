// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/verdict_counts.h"

#include "ui/models/record_cells.h"
#include "ui/models/verdict_look.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace jetlag::ui {

namespace {

constexpr int kSign = 11;
constexpr int kToNumber = 5;
constexpr int kToNext = 14;

} // namespace

VerdictCounts::VerdictCounts(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void VerdictCounts::setCounts(std::vector<VerdictCount> counts)
{
    m_counts = std::move(counts);
    QStringList words;
    for (const VerdictCount& count : m_counts)
        words << tr("%1 %2").arg(count.collectors).arg(wordOfVerdict(count.verdict));
    setToolTip(plainToolTip(words.join(QLatin1Char('\n'))));
    setAccessibleName(words.isEmpty() ? tr("no collectors")
                                      : tr("collectors: %1").arg(words.join(QStringLiteral(", "))));
    updateGeometry();
    update();
}

void VerdictCounts::setStale(bool stale)
{
    m_isStale = stale;
    update();
}

QSize VerdictCounts::sizeHint() const
{
    int width = 0;
    for (const VerdictCount& count : m_counts)
        width +=
            kSign + kToNumber + fontMetrics().horizontalAdvance(QString::number(count.collectors)) + kToNext;
    return {width, fontMetrics().height()};
}

QSize VerdictCounts::minimumSizeHint() const
{
    return {0, sizeHint().height()};
}

void VerdictCounts::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    int x = 0;
    for (const VerdictCount& count : m_counts) {
        const QColor ink = m_isStale ? colors().secondary : inkOfVerdict(count.verdict);
        const QString number = QString::number(count.collectors);
        paintGlyph(painter, glyphOfVerdict(count.verdict), QRectF(x, (height() - kSign) / 2.0, kSign, kSign),
                   ink);
        x += kSign + kToNumber;
        painter.setPen(ink);
        painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignVCenter | Qt::TextSingleLine, number);
        x += fontMetrics().horizontalAdvance(number) + kToNext;
    }
}

} // namespace jetlag::ui
