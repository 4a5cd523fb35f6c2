// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/range_line.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace jetlag::ui {

namespace {

constexpr double kBarHeight = 12;
constexpr double kHandleWidth = 9;
constexpr double kHandleReach = 8; // how near the pointer must come
constexpr double kLabelGap = 12;
constexpr double kSide = 6;

QColor mixed(const QColor& a, const QColor& b, double share)
{
    return QColor::fromRgbF(static_cast<float>(a.redF() * (1 - share) + b.redF() * share),
                            static_cast<float>(a.greenF() * (1 - share) + b.greenF() * share),
                            static_cast<float>(a.blueF() * (1 - share) + b.blueF() * share));
}

QString numberAndTime(StreamSequence sequence, const std::optional<ServerTime>& time)
{
    return time ? QStringLiteral("%1 · %2").arg(exact(sequence.value()), clockTime(*time))
                : exact(sequence.value());
}

} // namespace

RangeLine::RangeLine(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFont(Theme::instance().smallFont());
    setAccessibleName(tr("Range"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void RangeLine::setPicture(RangePicture picture)
{
    if (picture == m_picture)
        return;
    const bool hadSequences = hasSequences();
    m_picture = std::move(picture);
    if (hadSequences != hasSequences())
        updateGeometry();
    setAccessibleDescription(words());
    setToolTip(words());
    update();
}

void RangeLine::setEditable(bool editable)
{
    m_editable = editable;
    setMouseTracking(editable);
    unsetCursor();
    update();
}

QString RangeLine::words() const
{
    if (!hasSequences())
        return m_picture.fraction ? tr("%1 read").arg(percent(*m_picture.fraction)) : QString();
    QString text = tr("There is %1 to %2; the range is %3 to %4.")
                       .arg(exact(m_picture.first.value()), exact(m_picture.last.value()),
                            exact(m_picture.from.value()), exact(m_picture.to.value()));
    if (m_picture.position)
        text += tr(" Read up to %1.").arg(exact(m_picture.position->value()));
    std::uint64_t missing = 0;
    for (const SequenceGap& gap : m_picture.gaps)
        missing += countBetween(gap.first, gap.last);
    if (missing > 0)
        text += tr(" %1 are missing in %2 gaps.").arg(exact(missing), exact(m_picture.gaps.size()));
    return text;
}

QSize RangeLine::sizeHint() const
{
    const int lines = hasSequences() ? 2 : 1;
    return {400, lines * fontMetrics().height() + static_cast<int>(kBarHeight) + 14};
}

QSize RangeLine::minimumSizeHint() const
{
    return {200, sizeHint().height()};
}

QRectF RangeLine::bar() const
{
    const double above = hasSequences() ? fontMetrics().height() + 7.0 : 3.0; // room for labels
    return {kSide, above, width() - 2 * kSide, kBarHeight};
}

double RangeLine::xOf(StreamSequence sequence) const
{
    const QRectF area = bar();
    const double first = static_cast<double>(m_picture.first.value());
    const double span = static_cast<double>(m_picture.last.value()) - first + 1;
    const double share = std::clamp((static_cast<double>(sequence.value()) - first) / span, 0.0, 1.0);
    return area.left() + share * area.width();
}

StreamSequence RangeLine::sequenceAt(double x) const
{
    const QRectF area = bar();
    const double share = std::clamp((x - area.left()) / area.width(), 0.0, 1.0);
    const double span = static_cast<double>(m_picture.last.value() - m_picture.first.value());
    return StreamSequence(m_picture.first.value() + static_cast<std::uint64_t>(std::llround(share * span)));
}

void RangeLine::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintBar(painter);
    if (!hasSequences()) {
        painter.setPen(colors().secondary);
        painter.drawText(QPointF(kSide, bar().bottom() + QFontMetricsF(font()).ascent() + 3), words());
        return;
    }
    paintGaps(painter);
    paintHandles(painter);
    paintLabels(painter);
}

void RangeLine::paintBar(QPainter& painter) const
{
    const Palette& now = colors();
    const QRectF area = bar();
    painter.setPen(Qt::NoPen);
    painter.setBrush(now.line);
    painter.drawRoundedRect(area, 2, 2);
    const QColor done = m_picture.isPaused ? now.paused : now.accent;
    const QColor toCome = mixed(now.panel, now.accent, 0.34);
    if (!hasSequences()) {
        if (m_picture.fraction) {
            painter.setBrush(toCome);
            painter.drawRoundedRect(area, 2, 2);
            painter.setBrush(done);
            painter.drawRoundedRect(
                QRectF(area.topLeft(), QSizeF(area.width() * *m_picture.fraction, kBarHeight)), 2, 2);
        }
        return;
    }
    const double from = xOf(m_picture.from);
    const double to = std::max(xOf(m_picture.to.next()), from + 1);
    painter.setBrush(toCome);
    painter.drawRect(QRectF(from, area.top(), to - from, kBarHeight));
    if (m_picture.position && *m_picture.position >= m_picture.from) {
        painter.setBrush(done);
        const double at = std::min(xOf(m_picture.position->next()), to);
        painter.drawRect(QRectF(from, area.top(), at - from, kBarHeight));
    }
}

void RangeLine::paintGaps(QPainter& painter) const
{
    const QRectF area = bar();
    painter.save();
    for (const SequenceGap& gap : m_picture.gaps) {
        const double left = xOf(gap.first);
        const QRectF hole(left, area.top(), std::max(1.0, xOf(gap.last.next()) - left), kBarHeight);
        painter.fillRect(hole, colors().panel);
        painter.fillRect(hole, QBrush(colors().faint, Qt::BDiagPattern));
    }
    painter.restore();
}

void RangeLine::paintHandles(QPainter& painter) const
{
    if (!m_editable)
        return;
    const QRectF area = bar();
    painter.setPen(QPen(colors().text, 1));
    painter.setBrush(colors().text);
    for (const double x : {xOf(m_picture.from), xOf(m_picture.to.next())}) {
        const double at = std::round(x) + 0.5;
        painter.drawLine(QPointF(at, area.top() - 4), QPointF(at, area.bottom() + 3));
        QPainterPath shape(QPointF(at - kHandleWidth / 2, area.top() - 9));
        shape.lineTo(at + kHandleWidth / 2, area.top() - 9);
        shape.lineTo(at + kHandleWidth / 2, area.top() - 5);
        shape.lineTo(at, area.top() - 1);
        shape.lineTo(at - kHandleWidth / 2, area.top() - 5);
        shape.closeSubpath();
        painter.drawPath(shape);
    }
}

// Below the line what there is, above it what is chosen and where it stands; a label that has no room is
// left out, first the position's neighbours.
void RangeLine::paintLabels(QPainter& painter) const
{
    const QFontMetricsF metrics(font());
    const QRectF area = bar();
    struct Label
    {
        QString text;
        double x;
    };
    const auto place = [&](const Label& label, double center) {
        const double wide = metrics.horizontalAdvance(label.text);
        return std::clamp(label.x - wide * center, area.left(), area.right() - wide);
    };
    const auto paintRow = [&](const std::vector<Label>& labels, double baseline) {
        std::vector<std::pair<double, double>> taken;
        for (const Label& label : labels) { // the most important ones first
            const double wide = metrics.horizontalAdvance(label.text);
            const double left = place(label, label.x <= area.left() + 1    ? 0
                                             : label.x >= area.right() - 1 ? 1
                                                                           : 0.5);
            const bool fits = std::all_of(taken.begin(), taken.end(), [&](const auto& other) {
                return left + wide + kLabelGap < other.first || left > other.second + kLabelGap;
            });
            if (!fits)
                continue;
            taken.emplace_back(left, left + wide);
            painter.drawText(QPointF(left, baseline), label.text);
        }
    };
    std::vector<Label> above;
    if (m_picture.position)
        above.push_back({exact(m_picture.position->value()), xOf(m_picture.position->next())});
    if (m_picture.from > m_picture.first || m_editable)
        above.push_back({tr("start %1").arg(exact(m_picture.from.value())), xOf(m_picture.from)});
    if (m_picture.to < m_picture.last || m_editable)
        above.push_back({tr("end %1").arg(exact(m_picture.to.value())), xOf(m_picture.to.next())});
    painter.setPen(colors().text);
    paintRow(above, area.top() - 11 + (m_editable ? 0 : 5));
    painter.setPen(colors().secondary);
    paintRow({{numberAndTime(m_picture.first, m_picture.firstTime), area.left()},
              {numberAndTime(m_picture.last, m_picture.lastTime), area.right()}},
             area.bottom() + metrics.ascent() + 3);
}

RangeLine::Handle RangeLine::handleAt(double x) const
{
    if (!m_editable || !hasSequences())
        return Handle::None;
    const double toStart = std::abs(x - xOf(m_picture.from));
    const double toEnd = std::abs(x - xOf(m_picture.to.next()));
    if (std::min(toStart, toEnd) > kHandleReach)
        return Handle::None;
    return toStart <= toEnd ? Handle::Start : Handle::End;
}

void RangeLine::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        m_dragged = handleAt(event->position().x());
}

void RangeLine::mouseMoveEvent(QMouseEvent* event)
{
    const double x = event->position().x();
    if (m_dragged == Handle::Start)
        emit startDragged(std::min(sequenceAt(x), m_picture.to));
    else if (m_dragged == Handle::End)
        emit endDragged(std::max(sequenceAt(x), m_picture.from));
    else if (handleAt(x) != Handle::None)
        setCursor(Qt::SplitHCursor);
    else
        unsetCursor();
}

void RangeLine::mouseReleaseEvent(QMouseEvent*)
{
    m_dragged = Handle::None;
}

} // namespace jetlag::ui
