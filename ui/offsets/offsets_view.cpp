// SPDX-License-Identifier: Apache-2.0
#include "ui/offsets/offsets_view.h"

#include "ui/offsets/box_words.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QFontMetricsF>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr double kSide = 6;
constexpr double kStripHeight = 10;
constexpr double kWedge = 7;
constexpr double kBoxHeight = 18;
constexpr double kSpace = 3;

} // namespace

OffsetsView::OffsetsView(QWidget* parent)
    : QWidget(parent)
{
    setFont(Theme::instance().smallFont());
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Offsets now, one box per message"));
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        setFont(Theme::instance().smallFont());
        updateGeometry();
        layOut();
    });
}

double OffsetsView::left() const
{
    const QFontMetricsF metrics(font());
    return kSide + std::max(metrics.horizontalAdvance(tr("all")), metrics.horizontalAdvance(tr("head"))) + 8;
}

double OffsetsView::rowsWidth() const
{
    return std::max(0.0, width() - left() - kSide);
}

QRectF OffsetsView::stripRect() const
{
    return {left(), QFontMetricsF(font()).height() + kSpace, rowsWidth(), kStripHeight};
}

double OffsetsView::headTop() const
{
    const double line = QFontMetricsF(font()).height();
    return m_compact ? line + kSpace : stripRect().bottom() + kWedge + line + kSpace;
}

QRectF OffsetsView::boxRect(std::size_t box) const
{
    return {m_grid.xOf(box), headTop(), m_grid.boxWidth(), kBoxHeight};
}

QSize OffsetsView::sizeHint() const
{
    const double line = QFontMetricsF(font()).height();
    return {600, static_cast<int>(headTop() + kBoxHeight + kSpace + line) + 3};
}

QSize OffsetsView::minimumSizeHint() const
{
    return {160, sizeHint().height()};
}

void OffsetsView::setCompact(bool compact)
{
    if (compact == m_compact)
        return;
    m_compact = compact;
    updateGeometry();
    layOut();
}

void OffsetsView::show(OffsetsPicture picture)
{
    m_picture = std::move(picture);
    layOut();
}

// What is asked of the layout lies in head_layout and strip_layout; here it is only kept.
void OffsetsView::layOut()
{
    const HeadWindow before = m_window;
    const std::uint64_t room = BoxGrid::room(rowsWidth());
    m_window =
        m_follows ? windowAtHead(m_picture.facts, room) : windowFrom(m_picture.facts, m_window.from, room);
    m_boxes = headBoxes(m_picture.facts, m_picture.known, m_window);
    m_grid = BoxGrid::fit(left(), rowsWidth(), m_boxes.size());
    m_strip = layOutStrip(m_picture.facts, m_picture.gaps, m_window.from, m_window.to(), left(), rowsWidth());
    if (m_hovered && *m_hovered >= m_boxes.size())
        m_hovered.reset();
    if (m_window != before)
        emit windowMoved();
    say();
    update();
}

void OffsetsView::followHead()
{
    m_follows = true;
    m_chosen.reset();
    layOut();
    emit windowMoved();
    emit chosenChanged();
}

void OffsetsView::moveTo(StreamSequence from)
{
    m_follows = false;
    m_window.from = from;
    layOut();
    emit windowMoved();
}

void OffsetsView::choose(StreamSequence sequence)
{
    if (m_window.count == 0)
        return;
    m_chosen = sequence;
    m_hovered.reset(); // a pointer that rests somewhere has less to say than the key that was just pressed
    StreamSequence from = m_window.from;
    const std::uint64_t company = m_window.count / 5;
    if (sequence < m_window.from)
        from = StreamSequence(sequence.value() > company ? sequence.value() - company : 1);
    else if (!m_window.holds(sequence))
        from = StreamSequence(sequence.value() - m_window.count + 1 + company);
    moveTo(from);
    emit chosenChanged();
}

void OffsetsView::step(std::int64_t by)
{
    if (m_boxes.empty())
        return;
    const OffsetFacts& facts = m_picture.facts;
    if (!m_chosen) {
        const StreamSequence head =
            facts.isEmpty() ? m_window.from : std::max(facts.ackFloor.next(), facts.first);
        return choose(m_window.holds(head) ? head : m_window.from);
    }
    const std::uint64_t end = std::max({facts.last, facts.delivered, m_window.to()}).value();
    const std::uint64_t here = m_chosen->value();
    const auto far = static_cast<std::uint64_t>(by < 0 ? -by : by);
    choose(StreamSequence(by < 0 ? (here > far ? here - far : 1)
                                 : std::min(end, here + std::min(far, end - here))));
}

const HeadBox* OffsetsView::boxOf(StreamSequence sequence) const
{
    return m_window.holds(sequence) && !m_boxes.empty()
               ? &m_boxes[static_cast<std::size_t>(sequence.value() - m_window.from.value())]
               : nullptr;
}

std::optional<std::size_t> OffsetsView::boxAt(const QPointF& place) const
{
    if (place.y() < headTop() - kSpace || place.y() > headTop() + kBoxHeight + kSpace)
        return std::nullopt;
    return m_grid.boxAt(place.x());
}

QString OffsetsView::readOut() const
{
    const HeadBox* box = m_hovered ? &m_boxes[*m_hovered] : m_chosen ? boxOf(*m_chosen) : nullptr;
    return box == nullptr ? QString() : boxLine(*box, m_picture.known, m_picture.facts, m_picture.now);
}

QString OffsetsView::summary() const
{
    const OffsetFacts& facts = m_picture.facts;
    if (facts.isEmpty())
        return tr("The stream is empty.");
    QStringList parts{tr("stream %1 to %2").arg(exact(facts.first.value()), exact(facts.last.value())),
                      tr("ack floor %1").arg(exact(facts.ackFloor.value())),
                      tr("delivered %1").arg(exact(facts.delivered.value()))};
    if (facts.deleted > 0)
        parts << tr("%1 deleted inside").arg(exact(facts.deleted));
    return parts.join(QStringLiteral(", "));
}

// A screen reader hears the box that one goes to, and what the whole is about.
void OffsetsView::say()
{
    const HeadBox* box = m_chosen ? boxOf(*m_chosen) : nullptr;
    const QString words =
        box == nullptr ? summary() : boxLine(*box, m_picture.known, m_picture.facts, m_picture.now);
    emit readOutChanged();
    if (words == accessibleDescription())
        return;
    setAccessibleDescription(words);
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

void OffsetsView::setHovered(std::optional<std::size_t> box)
{
    if (box == m_hovered)
        return;
    m_hovered = box;
    emit readOutChanged();
    update();
}

void OffsetsView::copyChosen()
{
    if (!m_chosen)
        return;
    const QString number = QString::number(m_chosen->value());
    QApplication::clipboard()->setText(number);
    emit copied(tr("Copied %1").arg(number));
}

QString OffsetsView::stripTip(const QPointF& place) const
{
    for (const GapStretch& gap : m_strip.gaps) {
        if (place.x() >= gap.where.x && place.x() <= gap.where.right())
            return gap.share < 1 ? tr("%1 deleted in several places here").arg(exact(gap.deleted))
                                 : tr("%1 deleted here").arg(exact(gap.deleted));
    }
    return tr("%1. A click enlarges what is there.").arg(summary());
}

void OffsetsView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    layOut();
}

} // namespace jetlag::ui
