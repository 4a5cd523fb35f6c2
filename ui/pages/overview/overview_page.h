#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/snapshot.h"
#include "ui/pages/page.h"

#include <optional>

class QLabel;
class QMenu;
class QSplitter;
class QStackedWidget;
class QVBoxLayout;

namespace jetlag::ui {

struct CollectorRecord;
class CollectorModel;
class EventFeed;
class LiveSession;
class NoticeStrip;
class OverviewTotals;
class RecordTable;
class SelectionPanel;
class SelectionPlot;
class StatePanel;
class StreamModel;
class ToolRow;

/// What flows and what lags: totals, every collector or stream in a table, the chosen one beside it and its
/// last minutes below.
class OverviewPage final : public Page
{
    Q_OBJECT

public:
    /// Without a feed nobody is called for anything, and nothing can be muted.
    explicit OverviewPage(LiveSession& session, EventFeed* feed = nullptr, QWidget* parent = nullptr);

    [[nodiscard]] PageId pageId() const override { return PageId::Overview; }
    void openLink(const PageLink& link) override;
    bool refreshNow() override;
    bool focusFilter() override;
    bool goBack() override;
    [[nodiscard]] QList<std::pair<QString, QString>> shortcuts() const override;
    void saveLayout() override;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    [[nodiscard]] QWidget* upperPart();
    void connectParts();
    void makeCollectorTable();
    void makeStreamTable();
    void arrangeParts();
    void shareHeight();

    void choose(const ConsumerName& name);
    void followWorst();
    void takeChoice();
    void whenSeen(void (OverviewPage::*follow)());
    void showReport();
    void groupIfMany(std::size_t collectors);
    void chooseGrouped(bool grouped);
    void showGroupSwitch();
    void showCollectors();
    void showState();
    void showTotals();
    void showCounts();
    void showProblems();
    void showSelection();
    void showStreamSelection();
    void showStreamTrouble();
    void showTab();
    void applyFilter();
    void followDiagnosis();
    void followReplay();
    void followMessages();
    void copyMarkdown();
    void copyJson();
    void copyCommand();
    void offerMute(QMenu& menu);
    void saveCsv();
    [[nodiscard]] RecordTable& table() const;
    [[nodiscard]] bool onCollectors() const;
    /// The chosen one as it now is; null = not chosen, or gone.
    [[nodiscard]] const CollectorRecord* chosen() const;

    LiveSession& m_session;
    EventFeed* m_feed;
    CollectorModel* m_collectors;
    StreamModel* m_streams;
    OverviewTotals* m_totals;
    ToolRow* m_tools;
    NoticeStrip* m_notice;
    QStackedWidget* m_body; ///< tables or the state
    QStackedWidget* m_tables;
    StatePanel* m_state;
    RecordTable* m_collectorTable;
    RecordTable* m_streamTable;
    QVBoxLayout* m_upper; ///< the tables, and in a narrow window the selection below them
    QLabel* m_trouble;    ///< of the chosen stream itself
    SelectionPanel* m_selection;
    SelectionPlot* m_plot;
    QSplitter* m_split;        ///< tables above the plot
    bool m_isBeside = true;    ///< the selection, not below
    bool m_splitMoved = false; ///< somebody has chosen the heights
    QSplitter* m_across;       ///< those beside the selection
    std::optional<ConsumerName> m_chosen;
    bool m_choseItself = false; ///< the page did, nobody else
    bool m_isBehind = true;     ///< something came while nobody saw it
};

} // namespace jetlag::ui
