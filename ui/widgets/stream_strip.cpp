// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/stream_strip.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr double kBarTop = 4;
constexpr double kBarHeight = 12;
constexpr double kTickTop = 18;
constexpr double kTickHeight = 6;
constexpr int kLabelTop = 25;
constexpr int kLabelHeight = 15;
constexpr int kUnreadAlpha = 150;

} // namespace

StreamStrip::StreamStrip(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFont(Theme::instance().smallFont());
    setAccessibleName(tr("The whole stream"));
    setCursor(Qt::PointingHandCursor);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize StreamStrip::sizeHint() const
{
    return {400, kLabelTop + kLabelHeight};
}

bool StreamStrip::isEmpty() const
{
    return m_picture.last.isZero() || m_picture.last < m_picture.first;
}

void StreamStrip::setPicture(StripPicture picture)
{
    if (picture == m_picture)
        return;
    m_picture = std::move(picture);
    const QString words =
        isEmpty() ? tr("The stream is empty.")
                  : tr("From %1 to %2; the list shows %3 to %4.")
                        .arg(exact(m_picture.first.value()), exact(m_picture.last.value()),
                             exact(m_picture.windowFrom.value()), exact(m_picture.windowTo.value()));
    setAccessibleDescription(words);
    setToolTip(words + tr(" A click goes there."));
    update();
}

double StreamStrip::xOf(StreamSequence sequence) const
{
    const double span = static_cast<double>(m_picture.last.value() - m_picture.first.value()) + 1;
    const double done =
        sequence < m_picture.first ? 0 : static_cast<double>(sequence.value() - m_picture.first.value()) + 1;
    return std::clamp(done / span, 0.0, 1.0) * width();
}

void StreamStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Palette& now = colors();
    const QRectF bar(0, kBarTop, width(), kBarHeight);
    if (isEmpty())
        return painter.fillRect(bar, now.raised);
    QColor unread = now.accent;
    unread.setAlpha(kUnreadAlpha);
    painter.fillRect(bar, m_picture.hasCollector ? unread : now.faint);
    if (m_picture.hasCollector) {
        const double acked = xOf(m_picture.ackFloor);
        const double delivered = std::max(acked, xOf(m_picture.delivered));
        const double seen = delivered > acked ? std::max(delivered, acked + 1.5) : delivered;
        painter.fillRect(QRectF(0, kBarTop, seen, kBarHeight), now.warning);
        painter.fillRect(QRectF(0, kBarTop, acked, kBarHeight), now.good);
    }
    if (!m_picture.scannedTo.isZero()) {
        const double scanned = xOf(m_picture.scannedTo);
        painter.fillRect(QRectF(scanned, kTickTop, width() - scanned, 3), now.line);
    }
    for (const StreamSequence match : m_picture.matches)
        painter.fillRect(QRectF(xOf(match) - 1, kTickTop, 2, kTickHeight), now.paused);
    if (!m_picture.windowTo.isZero()) {
        const double left = xOf(m_picture.windowFrom.previous());
        const double right = std::max(left + 6, xOf(m_picture.windowTo));
        painter.setPen(QPen(now.text, 1.5));
        painter.drawRect(QRectF(std::min(left, width() - 7.0), kBarTop - 3, right - left, kBarHeight + 6)
                             .adjusted(0.5, 0.5, -0.5, -0.5));
    }
    painter.setPen(now.secondary);
    const QRect labels(0, kLabelTop, width(), kLabelHeight);
    painter.drawText(labels, Qt::AlignLeft | Qt::AlignVCenter, exact(m_picture.first.value()));
    painter.drawText(labels, Qt::AlignRight | Qt::AlignVCenter, exact(m_picture.last.value()));
}

void StreamStrip::mousePressEvent(QMouseEvent* event)
{
    if (isEmpty() || event->button() != Qt::LeftButton)
        return;
    const double share = std::clamp(event->position().x() / std::max(1, width()), 0.0, 1.0);
    const double span = static_cast<double>(m_picture.last.value() - m_picture.first.value());
    emit sequenceWanted(StreamSequence(m_picture.first.value() + static_cast<std::uint64_t>(share * span)));
}

} // namespace jetlag::ui
