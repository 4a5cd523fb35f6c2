#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/plots/live_pill.h"
#include "ui/plots/plot_canvas.h"
#include "ui/plots/plot_overlay.h"
#include "ui/plots/plot_scene.h"
#include "ui/plots/time_plot.h"

#include <QElapsedTimer>
#include <QTimer>

#include <set>

namespace jetlag::ui {

/// What a TimePlot is made of: the scene, the curves below, the overlay above them, and what is still to be
/// painted.
struct TimePlot::Parts
{
    explicit Parts(TimePlot& owner);

    /// Painted with the next turn of the event loop, or when the widget is shown.
    void changed();
    void paintNow();
    /// Something moved the view: tells whether it still follows.
    void viewMoved();
    /// The cursor follows the mouse where that is; only the overlay paints.
    void cursorChanged();
    void placeCursorUnderMouse();
    void newsCame(double at);
    void timeWentOn();
    void placePill();
    void describe();

    TimePlot& widget;
    PlotScene scene;
    PlotCanvas canvas;
    PlotOverlay* overlay;
    LivePill* pill;
    QTimer silence; ///< moves the live view when nothing else does
    QElapsedTimer sinceNews;

    bool pending = false;
    bool rebuild = true;
    std::set<std::pair<int, int>> filled; ///< panel and line with new points
    bool wasLive = true;

    std::optional<QPoint> mouse;   ///< over the plot
    std::optional<QPoint> pressed; ///< where the left button went down
    double pressedFrom = 0;        ///< the view's left end then
    bool dragging = false;
};

} // namespace jetlag::ui
