// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/plot_overlay.h"

#include "ui/plots/plot_canvas.h"
#include "ui/plots/plot_scene.h"
#include "ui/theme/theme.h"

#include <QHash>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace jetlag::ui {

namespace {

constexpr int kDash = 9; ///< length of a legend's line
constexpr int kGap = 5;
constexpr int kBetweenNames = 18;
constexpr int kMarkReach = 4;
/// More rows of words than this hide the curves; further marks keep their line and lose the word.
constexpr int kMarkRows = 3;

QFont boldFont()
{
    QFont font = Theme::instance().smallFont();
    font.setWeight(QFont::DemiBold);
    return font;
}

QColor seeThrough(QColor color)
{
    color.setAlphaF(0.85F);
    return color;
}

} // namespace

PlotOverlay::PlotOverlay(const PlotScene& scene, QWidget* parent)
    : QWidget(parent)
    , m_scene(scene)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
}

void PlotOverlay::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setFont(Theme::instance().smallFont());
    paintTitles(painter);
    if (m_scene.isEmpty()) {
        painter.setFont(Theme::instance().bodyFont());
        painter.setPen(colors().secondary);
        painter.drawText(rect(), Qt::AlignCenter, m_scene.emptyText);
    } else {
        paintLanes(painter);
        paintMarks(painter);
        if (m_scene.cursor)
            paintCursor(painter);
    }
    if (m_scene.hasFocus) {
        painter.setPen(QPen(colors().accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

/// Title, its unit, then the legend; all legends begin at the same place.
void PlotOverlay::paintTitles(QPainter& painter) const
{
    const QFontMetrics plain(Theme::instance().smallFont());
    const QFontMetrics bold(boldFont());
    int widest = 0;
    for (const int index : m_scene.shownPanels()) {
        const PlotPanel& panel = m_scene.panels[index];
        widest = std::max(widest, bold.horizontalAdvance(panel.title) + kGap +
                                      plain.horizontalAdvance(unitWords(panel.unit)));
    }
    for (const int index : m_scene.shownPanels()) {
        const PlotPanel& panel = m_scene.panels[index];
        const QRect area = m_scene.panel(index).area;
        QRect line(area.left(), area.top() - plotTitleHeight(), area.width(), plotTitleHeight());
        painter.setFont(boldFont());
        painter.setPen(colors().text);
        painter.drawText(line, Qt::AlignVCenter, panel.title);
        painter.setFont(Theme::instance().smallFont());
        painter.setPen(colors().secondary);
        painter.drawText(line.adjusted(bold.horizontalAdvance(panel.title) + kGap, 0, 0, 0), Qt::AlignVCenter,
                         unitWords(panel.unit));
        line.setLeft(line.left() + widest + kBetweenNames + kGap);
        for (int at = 0; at < panel.lines.size(); ++at) {
            const PlotLine& entry = panel.lines[at];
            if (!m_scene.isNamed(index, at))
                continue;
            const int width = kDash + kGap + plain.horizontalAdvance(entry.name);
            if (width > line.width())
                break;
            painter.setPen(QPen(lineColor(entry.color), 2, entry.dashed ? Qt::DotLine : Qt::SolidLine));
            const int middle = line.center().y() + 1;
            painter.drawLine(line.left(), middle, line.left() + kDash - 1, middle);
            painter.setPen(colors().secondary);
            painter.drawText(line.adjusted(kDash + kGap, 0, 0, 0), Qt::AlignVCenter, entry.name);
            line.setLeft(line.left() + width + kBetweenNames);
        }
    }
}

// Of what comes again and again, one a second, the first says what it is: the same word over and over hides
// the curves and says no more.
QList<PlotOverlay::MarkWord> PlotOverlay::markWords() const
{
    QList<MarkWord> words;
    QHash<QString, int> last; // where each word's newest mark stands
    const QRect area = m_scene.timeArea();
    const QFontMetrics metrics(Theme::instance().smallFont());
    for (int index = 0; index < m_scene.marks.size(); ++index) {
        const PlotMark& mark = m_scene.marks[index];
        if (mark.at < m_scene.view.from() || mark.at > m_scene.view.to())
            continue;
        const int x = qRound(m_scene.xOf(mark.at));
        const int width = metrics.horizontalAdvance(mark.word) + 6;
        const auto before = last.constFind(mark.word);
        const bool goesOn = before != last.constEnd() && std::abs(x - *before) <= width;
        last.insert(mark.word, x);
        if (goesOn || mark.word.isEmpty())
            continue;
        const bool toTheRight = x + width <= area.right();
        QRect where(toTheRight ? x + 1 : x - width, area.top() + 1, width, metrics.height());
        for (int row = 0; row < kMarkRows; ++row) {
            const bool free = std::ranges::none_of(
                words, [&](const MarkWord& other) { return other.where.intersects(where); });
            if (free) {
                words.append({index, where});
                break;
            }
            where.translate(0, metrics.height());
        }
    }
    return words;
}

void PlotOverlay::paintMarks(QPainter& painter) const
{
    for (const PlotMark& mark : m_scene.marks) {
        if (mark.at < m_scene.view.from() || mark.at > m_scene.view.to())
            continue;
        QPen pen(lineColor(mark.color), 1);
        pen.setDashPattern({3, 2});
        painter.setPen(pen);
        const int x = qRound(m_scene.xOf(mark.at));
        for (const int index : m_scene.shownPanels()) {
            const QRect area = m_scene.panel(index).area;
            painter.drawLine(x, area.top(), x, area.bottom());
        }
    }
    for (const MarkWord& word : markWords()) {
        const PlotMark& mark = m_scene.marks[word.index];
        painter.fillRect(word.where, seeThrough(colors().panel));
        painter.setPen(textColor(mark.color));
        painter.drawText(word.where, Qt::AlignCenter, mark.word);
    }
}

int PlotOverlay::markAt(const QPoint& place) const
{
    for (const MarkWord& word : markWords()) {
        if (word.where.contains(place))
            return word.index;
    }
    for (int index = 0; index < m_scene.marks.size(); ++index) {
        if (m_scene.timeArea().contains(place) &&
            std::abs(m_scene.xOf(m_scene.marks[index].at) - place.x()) <= kMarkReach)
            return index;
    }
    return -1;
}

void PlotOverlay::paintCursor(QPainter& painter) const
{
    const double at = *m_scene.cursor;
    if (at < m_scene.view.from() || at > m_scene.view.to())
        return;
    const int x = qRound(m_scene.xOf(at));
    painter.setPen(QPen(colors().secondary, 1));
    for (const int index : m_scene.shownPanels()) {
        const QRect area = m_scene.panel(index).area;
        painter.drawLine(x, area.top(), x, area.bottom());
    }
    for (const int index : m_scene.shownPanels())
        paintReadOuts(painter, index);
}

/// A dot on each line and its value beside it, pushed apart where they would overlap.
void PlotOverlay::paintReadOuts(QPainter& painter, int panel) const
{
    struct Label
    {
        QRect where;
        QString text;
        QColor color;
        QPointF dot;
    };
    const QRect area = m_scene.panel(panel).area;
    const QFontMetrics metrics(painter.font());
    const double x = m_scene.xOf(*m_scene.cursor);
    QList<Label> labels;
    int widest = 0;
    for (const PlotScene::ReadOut& readOut : m_scene.readOuts()) {
        if (readOut.panel != panel || std::isnan(readOut.value))
            continue;
        const PlotLine& line = m_scene.panels[panel].lines[readOut.line];
        const double y = m_scene.yOf(panel, readOut.line, readOut.value);
        const QString text = valueText(readOut.value, m_scene.unitOf(panel, readOut.line));
        const int width = metrics.horizontalAdvance(text) + 8;
        widest = std::max(widest, width);
        labels.append({QRect(0, qRound(y) - metrics.height() / 2, width, metrics.height()), text,
                       textColor(line.color), QPointF(x, y)});
    }
    std::ranges::stable_sort(labels, {}, [](const Label& label) { return label.where.top(); });
    int free = area.top();
    for (Label& label : labels) {
        label.where.moveTop(std::max(label.where.top(), free));
        free = label.where.bottom() + 1;
    }
    int limit = area.bottom() + 1;
    for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
        label->where.moveBottom(std::min(label->where.bottom(), limit - 1));
        limit = label->where.top();
    }
    const bool toTheRight = x + kGap + widest <= area.right();
    painter.save();
    for (Label& label : labels) {
        label.where.moveLeft(toTheRight ? qRound(x) + kGap : qRound(x) - kGap - label.where.width());
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(label.color);
        painter.drawEllipse(label.dot, 2.5, 2.5);
        painter.setBrush(seeThrough(colors().panel));
        painter.drawRoundedRect(label.where, 3, 3);
        painter.setPen(label.color);
        painter.drawText(label.where, Qt::AlignCenter, label.text);
    }
    painter.restore();
}

} // namespace jetlag::ui
