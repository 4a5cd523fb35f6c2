#pragma once

// SPDX-License-Identifier: Apache-2.0

#include <QList>

#include <memory>
#include <utility>
#include <vector>

class QCPAxisRect;
class QCPAxisTickerText;
class QCPGraph;
class QCustomPlot;
class QWidget;

namespace jetlag::ui {

struct PlotScene;

/// The curves, grids and axis labels of a scene, drawn by QCustomPlot; the only place that knows it. Takes no
/// input: the mouse goes to the parent.
class PlotCanvas final
{
public:
    explicit PlotCanvas(QWidget* parent);
    ~PlotCanvas();

    [[nodiscard]] QWidget* widget() const;
    /// After panels were set, hidden or shown.
    void rebuild(const PlotScene& scene);
    /// After one line's points changed.
    void fill(const PlotScene& scene, int panel, int line);
    /// After a change of theme or font.
    void recolor(const PlotScene& scene);
    /// Draws into the widget's buffer, to be shown with its next paint event, and tells the scene where the
    /// panels are.
    void draw(PlotScene& scene);

private:
    struct Panel
    {
        int index = 0;
        QCPAxisRect* rect = nullptr;
        std::vector<QCPGraph*> graphs;
        std::vector<std::pair<QCPGraph*, QCPGraph*>> bands; ///< lowest and highest; null until needed
    };

    void fillBand(const PlotScene& scene, Panel& panel, int line);
    void arrange(const PlotScene& scene);
    void scale(const PlotScene& scene, const Panel& panel);

    QCustomPlot* m_plot;   ///< the parent widget owns it
    QList<Panel> m_panels; ///< the visible ones
};

/// Height of one lane, and of all with the air below them.
[[nodiscard]] int plotLaneHeight();
[[nodiscard]] int plotLanesHeight(const PlotScene& scene);
/// Height of a panel's title line.
[[nodiscard]] int plotTitleHeight();

} // namespace jetlag::ui
