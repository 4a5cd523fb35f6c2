// SPDX-License-Identifier: Apache-2.0
// How an OffsetsView looks. Where things stand is known before; here they only get colour and words.
#include "ui/offsets/box_look.h"
#include "ui/offsets/box_words.h"
#include "ui/offsets/offsets_view.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kWedgeAlpha = 70;
constexpr double kLabelGap = 12;
constexpr double kSparseShare = 0.5; ///< below it a stretch of gaps is more there than gone

struct Label
{
    QString text;
    double x = 0; ///< of its middle
    QColor ink;
};

/// Labels of one line, the most important ones first; one that has no room is left out.
void paintLine(QPainter& painter, const std::vector<Label>& labels, double left, double right, double top)
{
    const QFontMetricsF metrics(painter.font());
    std::vector<std::pair<double, double>> taken;
    for (const Label& label : labels) {
        const double wide = metrics.horizontalAdvance(label.text);
        if (wide > right - left)
            continue;
        const double from = std::clamp(label.x - wide / 2, left, right - wide);
        const bool isFree = std::ranges::all_of(taken, [&](const auto& other) {
            return from + wide + kLabelGap < other.first || from > other.second + kLabelGap;
        });
        if (!isFree)
            continue;
        taken.emplace_back(from, from + wide);
        painter.setPen(label.ink);
        painter.drawText(QPointF(from, top + metrics.ascent()), label.text);
    }
}

/// What a run is worth a word: what is wrong before what is usual.
int rankOf(BoxState state)
{
    switch (state) {
    case BoxState::Left:
    case BoxState::Lost:
    case BoxState::AckedOrLeft:
        return 0;
    case BoxState::Skipped:
        return 1;
    case BoxState::InHand:
    case BoxState::Delivered:
        return 2;
    case BoxState::Waiting:
        return 3;
    case BoxState::Deleted:
        return 4;
    case BoxState::Acked:
    case BoxState::Taken:
        return 5;
    case BoxState::NotWanted:
    case BoxState::ToCome:
        return 6;
    }
    return 6;
}

/// What is wrong is counted over all its runs: deleted messages lie between them.
BoxRun allOf(const std::vector<BoxRun>& runs, BoxState state)
{
    BoxRun all{.state = state};
    for (const BoxRun& run : runs) {
        if (run.state != state)
            continue;
        all.count += run.count;
        all.isCut = all.isCut || run.isCut;
    }
    return all;
}

} // namespace

void OffsetsView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (m_boxes.empty()) {
        painter.setPen(colors().secondary);
        painter.drawText(rect(), Qt::AlignCenter, tr("The stream is empty, and nothing was delivered."));
        return;
    }
    paintRowNames(painter);
    if (!m_compact) {
        paintStrip(painter);
        paintWedge(painter);
    }
    paintBoxes(painter);
    paintRuns(painter);
    paintMarks(painter);
    if (hasFocus()) {
        painter.setPen(QPen(colors().accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void OffsetsView::paintRowNames(QPainter& painter) const
{
    painter.setPen(colors().secondary);
    const double wide = left() - 8;
    const auto name = [&](const QRectF& row, const QString& text) {
        painter.drawText(QRectF(0, row.center().y() - 10, wide, 20), Qt::AlignRight | Qt::AlignVCenter, text);
    };
    if (!m_compact)
        name(stripRect(), tr("all"));
    name(boxRect(0), tr("head"));
}

void OffsetsView::paintStrip(QPainter& painter) const
{
    const Palette& now = colors();
    const QRectF bar = stripRect();
    const auto fill = [&](const Stretch& where, const QColor& ink) {
        if (where.width > 0)
            painter.fillRect(QRectF(where.x, bar.top(), where.width, bar.height()), ink);
    };
    painter.fillRect(bar, now.raised);
    fill(m_strip.waiting, seeThrough(now.accent, kCalmAlpha));
    fill(m_strip.acked, seeThrough(now.good, kCalmAlpha));
    fill(m_strip.delivered, m_strip.isAllInHand ? now.warning : seeThrough(now.warning, kUnsureAlpha));
    std::vector<Label> labels;
    if (!m_strip.isEmpty()) {
        labels.push_back({tr("first %1").arg(exact(m_strip.scale.first.value())), bar.left(), now.secondary});
        labels.push_back({tr("last %1").arg(exact(m_strip.scale.last.value())), bar.right(), now.secondary});
    }
    std::vector<GapStretch> gaps = m_strip.gaps;
    for (const GapStretch& gap : gaps) {
        const QRectF hole(gap.where.x, bar.top(), gap.where.width, bar.height());
        if (gap.share >= kSparseShare)
            paintHatch(painter, hole, now.secondary);
        else
            painter.fillRect(hole, QBrush(now.panel, Qt::BDiagPattern));
    }
    std::ranges::sort(gaps, std::ranges::greater(), &GapStretch::deleted);
    for (const GapStretch& gap : gaps)
        labels.push_back(
            {tr("%1 deleted").arg(exact(gap.deleted)), gap.where.x + gap.where.width / 2, now.secondary});
    paintLine(painter, labels, bar.left(), bar.right(), 0);
}

/// The part of the strip that is enlarged, and its way down.
void OffsetsView::paintWedge(QPainter& painter) const
{
    if (m_strip.window.width <= 0)
        return;
    const QRectF bar = stripRect();
    const QRectF frame(m_strip.window.x, bar.top() - 2, m_strip.window.width, bar.height() + 4);
    QPainterPath wedge(frame.bottomLeft());
    wedge.lineTo(frame.bottomRight());
    wedge.lineTo(m_grid.right(), headTop() - 2);
    wedge.lineTo(m_grid.left, headTop() - 2);
    wedge.closeSubpath();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillPath(wedge, seeThrough(colors().line, kWedgeAlpha));
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(colors().text, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(frame.adjusted(0, 0, -1, -1));
}

void OffsetsView::paintBoxes(QPainter& painter) const
{
    painter.setBrush(Qt::NoBrush);
    for (std::size_t at = 0; at < m_boxes.size(); ++at) {
        const QRectF area = boxRect(at);
        paintBox(painter, area, m_boxes[at]);
        const bool isChosen = m_chosen == m_boxes[at].sequence;
        if (!isChosen && m_hovered != at)
            continue;
        painter.setPen(QPen(colors().text, isChosen ? 2 : 1));
        painter.drawRect(area.adjusted(-1, -1, 0.5, 0.5));
    }
}

void OffsetsView::paintRuns(QPainter& painter) const
{
    std::vector<BoxRun> runs = boxRuns(m_boxes);
    std::ranges::stable_sort(runs, [](const BoxRun& a, const BoxRun& b) {
        return std::pair(rankOf(a.state), b.count) < std::pair(rankOf(b.state), a.count);
    });
    std::vector<Label> labels;
    for (const BoxRun& run : runs) {
        const QString words = runWords(rankOf(run.state) == 0 ? allOf(runs, run.state) : run);
        if (std::ranges::find(labels, words, &Label::text) != labels.end())
            continue; // said once, of the longest
        labels.push_back({words, (boxRect(run.first).left() + boxRect(run.first + run.count - 1).right()) / 2,
                          inkOf(run.state)});
    }
    const double line = QFontMetricsF(font()).height();
    paintLine(painter, labels, left(), left() + rowsWidth(), headTop() - line - 2);
}

/// Positions stand between two boxes: behind the message that they name.
void OffsetsView::paintMarks(QPainter& painter) const
{
    const Palette& now = colors();
    const OffsetFacts& facts = m_picture.facts;
    struct Mark
    {
        QString name;
        StreamSequence at;
        QColor ink;
    };
    std::vector<Mark> marks{{tr("delivered"), facts.delivered, now.warning}};
    const auto add = [&](const QString& name, StreamSequence at, const QColor& ink) {
        for (Mark& mark : marks) {
            if (mark.at == at) {
                mark.name += tr(" = %1").arg(name);
                return;
            }
        }
        marks.push_back({name, at, ink});
    };
    if (facts.isFloorKnown && facts.isFloorTold)
        add(tr("ack floor"), facts.ackFloor, now.good);
    if (!facts.isEmpty())
        add(tr("last"), facts.last, now.accent);

    std::vector<Label> labels;
    const double right = left() + rowsWidth();
    for (const Mark& mark : marks) {
        const QString words = tr("%1 %2").arg(mark.name, exact(mark.at.value()));
        if (mark.at.next() < m_window.from) {
            labels.push_back({QStringLiteral("← ") + words, left(), mark.ink});
            continue;
        }
        if (mark.at > m_window.to()) {
            labels.push_back({words + QStringLiteral(" →"), right, mark.ink});
            continue;
        }
        const double x =
            m_grid.xOf(static_cast<std::size_t>(mark.at.next().value() - m_window.from.value())) - 1;
        painter.fillRect(QRectF(x - 1, headTop() - 3, 2, boxRect(0).height() + 6), mark.ink);
        labels.push_back({words, x, mark.ink});
    }
    paintLine(painter, labels, left(), right, boxRect(0).bottom() + 3);
}

} // namespace jetlag::ui
