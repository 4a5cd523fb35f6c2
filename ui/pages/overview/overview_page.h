#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"
#include "ui/pages/page.h"

#include <optional>

class QLabel;
class QLineEdit;
class QSplitter;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace jetlag::ui {

class CollectorModel;
class LiveSession;
class RecordTable;
class SelectionPanel;
class SelectionPlot;
class StatePanel;
class StreamModel;
class TotalsStrip;

/// What flows and what lags: totals, every collector or stream in a table, the chosen one beside it and its
/// last minutes below.
class OverviewPage final : public Page
{
    Q_OBJECT

public:
    explicit OverviewPage(LiveSession& session, QWidget* parent = nullptr);

    [[nodiscard]] PageId pageId() const override { return PageId::Overview; }
    [[nodiscard]] QString title() const override { return tr("Overview"); }
    [[nodiscard]] Glyph glyph() const override { return Glyph::Overview; }
    bool refreshNow() override;
    bool focusFilter() override;
    bool goBack() override;
    [[nodiscard]] QList<std::pair<QString, QString>> shortcuts() const override;
    void saveLayout() override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    enum class Tab { Collectors, Streams };

    [[nodiscard]] QWidget* toolRow();
    [[nodiscard]] QWidget* notice();
    [[nodiscard]] QWidget* tables();
    void makeCollectorTable();
    void makeStreamTable();
    void arrangeParts();
    void shareHeight();

    void showReport();
    void showState();
    void showTotals();
    void showCounts();
    void showProblems();
    void showSelection();
    void setTab(Tab tab);
    void applyFilter();
    void replayFromHere();
    void copyJson();
    void copyCommand();
    void saveCsv();
    [[nodiscard]] RecordTable& table() const;
    [[nodiscard]] Tab tab() const;

    LiveSession& m_session;
    CollectorModel* m_collectors;
    StreamModel* m_streams;
    TotalsStrip* m_totals;
    QTabBar* m_tabs;
    QLineEdit* m_filter;
    QLabel* m_counts;
    QToolButton* m_showAll;
    QToolButton* m_columns;
    QWidget* m_notice;
    QLabel* m_noticeText;
    QString m_noticeHidden; ///< the text that somebody has put away
    QStackedWidget* m_body; ///< tables or the state
    QStackedWidget* m_tables;
    StatePanel* m_state;
    RecordTable* m_collectorTable;
    RecordTable* m_streamTable;
    SelectionPanel* m_selection;
    SelectionPlot* m_plot;
    QSplitter* m_split;        ///< tables above the plot
    bool m_splitMoved = false; ///< somebody has chosen the heights
    QSplitter* m_across;       ///< those beside the selection
    std::optional<ConsumerName> m_chosen;
};

} // namespace jetlag::ui
