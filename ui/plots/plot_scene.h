#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/plots/axis_ticks.h"
#include "ui/plots/plot_types.h"
#include "ui/plots/time_view.h"
#include "ui/plots/value_scale.h"

#include <QColor>
#include <QRect>

#include <optional>
#include <span>
#include <vector>

namespace jetlag::ui {

using PlotPoints = std::vector<PlotPoint>;

/// The point whose time is nearest; nullopt when none lies within `reach` seconds.
[[nodiscard]] std::optional<std::size_t> nearestPoint(std::span<const PlotPoint> points, double at,
                                                      double reach);
/// Lowest and highest known value of the points in [from, to].
[[nodiscard]] std::optional<ValueRange> valuesBetween(std::span<const PlotPoint> points, double from,
                                                      double to);

[[nodiscard]] QColor lineColor(PlotColor color);
/// The same, dark or light enough to read.
[[nodiscard]] QColor textColor(PlotColor color);

/// All that a time plot shows, apart from how it is painted: one value that the curves, the overlay and the
/// input share.
struct PlotScene
{
    struct Panel
    {
        bool visible = true;
        std::vector<PlotPoints> lines;
        ValueScale left;
        ValueScale right;
        bool hasRight = false;
        QRect area; ///< of the curves, in pixels; the canvas knows it after it was drawn

        /// What the whole height stands for: a little more than the scale, so that a line on its very end
        /// is seen.
        [[nodiscard]] ValueRange axisRange(const ValueScale& scale) const;
    };
    /// What stands at the cursor: one per line of a visible panel.
    struct ReadOut
    {
        int panel = 0;
        int line = 0;
        double value = 0; ///< NaN: unknown at that time
    };

    void setPanels(QList<PlotPanel> wanted);
    [[nodiscard]] bool isRight(int panel, int line) const;
    [[nodiscard]] PlotUnit unitOf(int panel, int line) const;
    [[nodiscard]] const PlotPoints& points(int panel, int line) const;
    [[nodiscard]] const Panel& panel(int index) const { return parts[static_cast<std::size_t>(index)]; }
    [[nodiscard]] Panel& panel(int index) { return parts[static_cast<std::size_t>(index)]; }
    [[nodiscard]] bool isEmpty() const;
    /// False: a line that is there only at times, and not in view.
    [[nodiscard]] bool isNamed(int panel, int line) const;
    /// Visible panels, from the top.
    [[nodiscard]] QList<int> shownPanels() const;
    /// Scales follow what is in view.
    void fitScales();

    /// Of all panels; they share left and right ends.
    [[nodiscard]] QRect timeArea() const;
    [[nodiscard]] double timeAt(double x) const;
    [[nodiscard]] double xOf(double at) const;
    [[nodiscard]] double yOf(int panel, int line, double value) const;

    /// A cursor on or near a sample stands on it.
    void moveCursorTo(double at);
    /// To a neighbouring sample, from now when there was no cursor. The view follows.
    void stepCursor(int samples);
    [[nodiscard]] QList<ReadOut> readOuts() const;
    /// "21:59:48 · published 5.01 k/s · acked 4.90 k/s": the lines of the panel in focus.
    [[nodiscard]] QString readOutText() const;
    [[nodiscard]] TimeWords timeWords() const { return {times, view.now().value_or(view.to())}; }

    QList<PlotPanel> panels;
    std::vector<Panel> parts; ///< one per panel
    QList<PlotMark> marks;
    QList<PlotLane> lanes; ///< above all panels
    PlotTimes times = PlotTimes::Local;
    std::optional<double> oldestKept; ///< how far back there is something to load
    TimeView view;
    double gapAfter = 5; ///< seconds
    std::optional<double> cursor;
    int focusPanel = 0; ///< whose values the read-out says
    bool hasFocus = false;
    QString emptyText;

private:
    [[nodiscard]] double reach() const;
};

} // namespace jetlag::ui
