#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/history/recent_history.h"
#include "ui/bridge/latest_value.h"
#include "ui/plots/history_values.h"
#include "ui/plots/past_loader.h"
#include "ui/plots/plot_types.h"

#include <QTimer>
#include <QWidget>

#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace jetlag::ui {

class ElidedLabel;
class Segments;
class TimePlot;

struct HistoryLine
{
    HistoryValue value = HistoryValue::Lag; ///< of the collector, or of its stream
    PlotLine look;
    LagSide side = LagSide::Server;
};

struct HistoryPanel
{
    QString title;
    PlotUnit unit = PlotUnit::Rate;
    QList<HistoryLine> lines;
    double share = 1;
};

/// Several plots over one time axis with one cursor, out of the history: below a row that chooses the range
/// (5 minutes to 60 days, live) and how times are written.
///
///     auto* plot = new HistoryPlot(session.services().history);
///     plot->setPanels({...});
///     plot->setLanes(true);
///     plot->setSubject(HistorySubject{session.historyName(), stream, collector}, session.history());
///     plot->addReport(*session.report(), session.history());   // with each report while somebody looks
///
/// What is in memory shows at once; the past comes from the file within a blink, and again in the right
/// resolution whenever somebody zooms or pans. Marks stand where something happened. UI thread.
class HistoryPlot final : public QWidget
{
    Q_OBJECT

public:
    explicit HistoryPlot(HistoryService& history, QWidget* parent = nullptr);
    ~HistoryPlot() override;

    /// Forgets the subject.
    void setPanels(QList<HistoryPanel> panels);
    /// The verdict and who leads, as lanes above the panels.
    void setLanes(bool shown);
    /// nullopt = nothing is chosen. `recent` bridges the blink until the past is there.
    void setSubject(std::optional<HistorySubject> subject, const RecentHistory& recent);
    [[nodiscard]] const std::optional<HistorySubject>& subject() const { return m_subject; }
    /// What came while nobody looked is taken from `recent`, else from the file: that is no gap.
    void addReport(const ClusterReport& report, const RecentHistory& recent);

    [[nodiscard]] TimePlot& plot() { return *m_plot; }
    void setPanelVisible(int panel, bool visible);

protected:
    void showEvent(QShowEvent* event) override;

signals:
    void cursorMoved(const QString& readOut);
    /// Of the marks in view.
    void markClicked(const jetlag::HistoryMark& mark);

private:
    /// One look at all lines.
    struct Live
    {
        double at = 0;
        std::vector<double> values;
        std::optional<HistoryState> state;
    };

    [[nodiscard]] QWidget* choices();
    /// What it holds before that time and after what is known.
    void seed(const RecentHistory& recent, double before = std::numeric_limits<double>::infinity());
    template <typename Sample>
    void seedFrom(const std::deque<Sample>* samples, double before);
    void append(Live live);
    /// Loads what the view shows and something at both sides, unless that is there already.
    void loadView(bool anew);
    void take(Past past);
    void showLines();
    void showLanes();
    void showMarks();
    void showState();
    void chooseSpan(int index);
    void chooseTimes(int index);
    [[nodiscard]] std::vector<PlotPoint> line(std::size_t index) const;
    void addPast(std::vector<PlotPoint>& points, std::size_t index, double before) const;
    // history_plot_truth.cpp
    [[nodiscard]] bool showsTruth() const;
    /// The two lines of the past out of what was kept: the server's number, and the verdicts.
    void splitLag(std::size_t truthLine);
    [[nodiscard]] std::vector<PlotPoint> pastBeforeLive(std::size_t index) const;
    void nameTruth(int panel, int line);

    HistoryService& m_history;
    TimePlot* m_plot;
    Segments* m_spans;
    Segments* m_times;
    ElidedLabel* m_state;
    QList<HistoryPanel> m_panels;
    std::vector<HistoryValue> m_values; ///< of all lines, panel by panel
    std::vector<LagSide> m_sides;       ///< of the same
    bool m_lanes = false;
    std::optional<HistorySubject> m_subject;
    std::deque<Live> m_live; ///< ascending
    std::optional<Past> m_past;
    std::vector<std::vector<PlotPoint>> m_lines; ///< of the past, one per line
    double m_gapAfter = 0;
    QString m_leader;    ///< now; empty = nobody, or not told
    double m_newest = 0; ///< time of the newest report
    PastLoader m_loader;
    QTimer m_moved;                      ///< the view came to rest
    QTimer m_anew;                       ///< what left memory, and new marks
    LatestValue<std::string> m_newMarks; ///< of which connection
    Subscription m_marks;
};

} // namespace jetlag::ui
