// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/plot_scene.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jetlag::ui {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
/// As near to the mouse as a hand gets.
constexpr double kReachPixels = 4;
constexpr double kEdgePixels = 1.5;

std::size_t at(int index)
{
    return static_cast<std::size_t>(index);
}

PlotPoints::const_iterator firstFrom(const PlotPoints& points, double time)
{
    return std::lower_bound(points.begin(), points.end(), time,
                            [](const PlotPoint& point, double wanted) { return point.at < wanted; });
}

} // namespace

std::optional<std::size_t> nearestPoint(std::span<const PlotPoint> points, double time, double reach)
{
    const auto after =
        std::lower_bound(points.begin(), points.end(), time,
                         [](const PlotPoint& point, double wanted) { return point.at < wanted; });
    std::optional<std::size_t> nearest;
    double distance = reach;
    for (const auto candidate : {after, after == points.begin() ? points.end() : after - 1}) {
        if (candidate == points.end() || std::abs(candidate->at - time) > distance)
            continue;
        distance = std::abs(candidate->at - time);
        nearest = static_cast<std::size_t>(candidate - points.begin());
    }
    return nearest;
}

std::optional<ValueRange> valuesBetween(std::span<const PlotPoint> points, double from, double to)
{
    std::optional<ValueRange> found;
    auto point = std::lower_bound(points.begin(), points.end(), from,
                                  [](const PlotPoint& one, double wanted) { return one.at < wanted; });
    for (; point != points.end() && point->at <= to; ++point) {
        if (std::isnan(point->value))
            continue;
        if (!found)
            found = ValueRange{point->value, point->value};
        // What many samples reached counts too; NaN changes nothing.
        found->lower = std::fmin(std::min(found->lower, point->value), point->low);
        found->upper = std::fmax(std::max(found->upper, point->value), point->high);
    }
    return found;
}

QColor lineColor(PlotColor color)
{
    switch (color) {
    case PlotColor::Published:
        return colors().accent;
    case PlotColor::Good:
        return colors().good;
    case PlotColor::Warning:
        return colors().warning;
    case PlotColor::Bad:
        return colors().bad;
    case PlotColor::Paused:
        return colors().paused;
    case PlotColor::Quiet:
        return colors().faint;
    }
    return {};
}

QColor textColor(PlotColor color)
{
    return color == PlotColor::Quiet ? colors().secondary : lineColor(color);
}

void PlotScene::setPanels(QList<PlotPanel> wanted)
{
    panels = std::move(wanted);
    parts.clear();
    for (const PlotPanel& panel : panels) {
        PlotUnit other = panel.unit;
        for (const PlotLine& line : panel.lines)
            other = line.unit.value_or(panel.unit) != panel.unit ? *line.unit : other;
        parts.push_back({.lines = std::vector<PlotPoints>(at(static_cast<int>(panel.lines.size()))),
                         .left = ValueScale(panel.unit),
                         .right = ValueScale(other),
                         .hasRight = other != panel.unit});
    }
    focusPanel = 0;
}

bool PlotScene::isRight(int panel, int line) const
{
    return unitOf(panel, line) != panels[panel].unit;
}

PlotUnit PlotScene::unitOf(int panel, int line) const
{
    return panels[panel].lines[line].unit.value_or(panels[panel].unit);
}

const PlotPoints& PlotScene::points(int panel, int line) const
{
    return parts[at(panel)].lines[at(line)];
}

bool PlotScene::isEmpty() const
{
    return std::ranges::all_of(parts, [](const Panel& part) {
        return std::ranges::all_of(part.lines, [](const PlotPoints& line) { return line.empty(); });
    });
}

QList<int> PlotScene::shownPanels() const
{
    QList<int> shown;
    for (int index = 0; index < panels.size(); ++index) {
        if (panel(index).visible)
            shown.append(index);
    }
    return shown;
}

void PlotScene::fitScales()
{
    for (int index = 0; index < panels.size(); ++index) {
        std::optional<ValueRange> left;
        std::optional<ValueRange> right;
        for (int line = 0; line < panels[index].lines.size(); ++line) {
            const auto values = valuesBetween(points(index, line), view.from(), view.to());
            std::optional<ValueRange>& side = isRight(index, line) ? right : left;
            if (values && side)
                side = ValueRange{std::min(side->lower, values->lower), std::max(side->upper, values->upper)};
            else if (values)
                side = values;
        }
        panel(index).left.fit(left);
        panel(index).right.fit(right);
    }
}

bool PlotScene::isNamed(int panel, int line) const
{
    return !panels[panel].lines[line].occasional ||
           valuesBetween(points(panel, line), view.from(), view.to()).has_value();
}

QRect PlotScene::timeArea() const
{
    QRect whole;
    for (const int index : shownPanels())
        whole |= panel(index).area;
    return whole;
}

double PlotScene::timeAt(double x) const
{
    const QRect area = timeArea();
    return area.isEmpty() ? view.to() : view.from() + (x - area.left()) / area.width() * view.width();
}

double PlotScene::xOf(double time) const
{
    const QRect area = timeArea();
    return area.left() + (time - view.from()) / view.width() * area.width();
}

ValueRange PlotScene::Panel::axisRange(const ValueScale& scale) const
{
    const ValueRange range = scale.range().value_or(ValueRange{});
    const double edge = (range.upper - range.lower) * kEdgePixels / std::max(area.height(), 1);
    return {range.lower - edge, range.upper + edge};
}

double PlotScene::yOf(int index, int line, double value) const
{
    const Panel& part = panel(index);
    const ValueRange range = part.axisRange(isRight(index, line) ? part.right : part.left);
    return part.area.top() + (range.upper - value) / (range.upper - range.lower) * part.area.height();
}

double PlotScene::reach() const
{
    const QRect area = timeArea();
    const double pixels = area.isEmpty() ? 0 : kReachPixels * view.width() / area.width();
    return std::max(gapAfter / 2, pixels);
}

void PlotScene::moveCursorTo(double time)
{
    cursor = time;
    double distance = std::numeric_limits<double>::infinity();
    for (int index = 0; index < panels.size(); ++index) {
        for (int line = 0; panel(index).visible && line < panels[index].lines.size(); ++line) {
            const PlotPoints& candidates = points(index, line);
            const auto near = nearestPoint(candidates, time, reach());
            if (!near || std::abs(candidates[*near].at - time) >= distance)
                continue;
            distance = std::abs(candidates[*near].at - time);
            cursor = candidates[*near].at;
        }
    }
}

void PlotScene::stepCursor(int samples)
{
    for (int step = 0; step < std::abs(samples); ++step) {
        const double here = cursor.value_or(view.to() + 1);
        std::optional<double> best;
        for (int index = 0; index < panels.size(); ++index) {
            for (int line = 0; panel(index).visible && line < panels[index].lines.size(); ++line) {
                const PlotPoints& candidates = points(index, line);
                auto point = firstFrom(candidates, here);
                if (samples < 0) {
                    if (point == candidates.begin())
                        continue;
                    --point;
                } else {
                    point = firstFrom(candidates, std::nextafter(here, std::numeric_limits<double>::max()));
                    if (point == candidates.end())
                        continue;
                }
                if (!best || std::abs(point->at - here) < std::abs(*best - here))
                    best = point->at;
            }
        }
        if (!best)
            break;
        cursor = best;
    }
    if (cursor)
        view.reveal(*cursor);
}

QList<PlotScene::ReadOut> PlotScene::readOuts() const
{
    QList<ReadOut> found;
    if (!cursor)
        return found;
    for (const int index : shownPanels()) {
        for (int line = 0; line < panels[index].lines.size(); ++line) {
            const PlotPoints& candidates = points(index, line);
            const auto near = nearestPoint(candidates, *cursor, reach());
            found.append({index, line, near ? candidates[*near].value : kUnknown});
        }
    }
    return found;
}

QString PlotScene::readOutText() const
{
    if (!cursor)
        return {};
    QStringList words{momentText(*cursor, timeWords())};
    for (const PlotLane& lane : lanes) {
        for (const PlotSpan& span : lane.spans) {
            if (*cursor >= span.from && *cursor < span.to)
                words += span.word;
        }
    }
    for (const ReadOut& readOut : readOuts()) {
        const bool isThere =
            !std::isnan(readOut.value) || !panels[readOut.panel].lines[readOut.line].occasional;
        if (readOut.panel == focusPanel && isThere)
            words += panels[readOut.panel].lines[readOut.line].name + QLatin1Char(' ') +
                     valueText(readOut.value, unitOf(readOut.panel, readOut.line));
    }
    return words.join(QStringLiteral(" · "));
}

} // namespace jetlag::ui
