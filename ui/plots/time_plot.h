#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/plots/plot_types.h"

#include <QWidget>

#include <chrono>
#include <memory>
#include <vector>

namespace jetlag::ui {

/// Lines over time: one or several panels, one above the other, over one shared time range.
///
///     auto* plot = new TimePlot(this);
///     plot->setPanels({{tr("Throughput"), PlotUnit::Rate, {{tr("published"), PlotColor::Published}}}});
///     plot->setData(0, 0, std::move(points));   // again with each report, the whole line
///
/// While live the right end is now and the view follows it. Wheel or + and − zoom around the cursor, dragging
/// pans; then data goes on arriving, the view stands still and a "Live" button at the top right says so. A
/// double click, Home, End or that button return. The cursor follows the mouse or ← and →, and always stands
/// on what was sampled: nothing is interpolated. "Show as table" (context menu, T) gives the same numbers as
/// text. UI thread; changes are painted once per turn of the event loop, and not at all while hidden.
class TimePlot final : public QWidget
{
    Q_OBJECT

public:
    explicit TimePlot(QWidget* parent = nullptr);
    ~TimePlot() override;

    /// Forgets all data. Panels keep their place afterwards: margins don't depend on the values.
    void setPanels(QList<PlotPanel> panels);
    /// The whole line, ascending in time. Points of NaN are gaps, as is a step longer than setGapAfter().
    void setData(int panel, int line, std::vector<PlotPoint> points);
    /// Another word in the legend; data stay.
    void setLineName(int panel, int line, const QString& name);
    void setMarks(QList<PlotMark> marks);
    /// Rows of coloured stretches above the panels.
    void setLanes(QList<PlotLane> lanes);
    void setTimes(PlotTimes times);
    /// There is more to show than was set, back to this moment: the view may go there, and viewChanged() asks
    /// for it. clear() forgets it.
    void setOldestKept(double at);
    /// Another selection: data and marks go, the time range stays.
    void clear();

    /// Width of the live view; 15 minutes at first.
    void setSpan(std::chrono::seconds span);
    [[nodiscard]] std::chrono::seconds span() const;
    /// What the newest report says the time is, in seconds since the epoch. Without it now is the newest
    /// point's time. When nothing comes any more, time goes on by itself.
    void setNow(double at);
    /// Steps between two points that are longer than this are gaps; 5 s at first.
    void setGapAfter(std::chrono::milliseconds longestStep);
    /// What stands in the middle while no line has a point: "Select a collector".
    void setEmptyText(const QString& text);
    /// A low window drops a panel; its data stay.
    void setPanelVisible(int panel, bool visible);
    [[nodiscard]] bool isPanelVisible(int panel) const;

    [[nodiscard]] bool isLive() const;
    void goLive();
    /// The time range in view, in seconds since the epoch.
    [[nodiscard]] double viewFrom() const;
    [[nodiscard]] double viewTo() const;
    void setView(double from, double to);

    /// Paints at once what would be painted with the next turn of the event loop.
    void refreshNow();
    /// A window with the numbers of all panels that can be copied as CSV.
    void showTable();

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void liveChanged(bool live);
    /// Somebody zoomed, panned or chose a span; not that time went on.
    void viewChanged(double from, double to);
    /// What the cursor stands on, for the status bar; empty when there is no cursor.
    void cursorMoved(const QString& readOut);
    void markClicked(int index);

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace jetlag::ui
