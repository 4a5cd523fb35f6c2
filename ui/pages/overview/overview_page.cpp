// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/overview_page.h"

#include "model/service/connection_test.h"
#include "ui/bridge/event_feed.h"
#include "ui/bridge/live_session.h"
#include "ui/models/collector_model.h"
#include "ui/models/stream_model.h"
#include "ui/models/verdict_look.h"
#include "ui/pages/overview/overview_state.h"
#include "ui/pages/overview/overview_totals.h"
#include "ui/pages/overview/selection_panel.h"
#include "ui/pages/overview/selection_plot.h"
#include "ui/pages/overview/tool_row.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice_strip.h"
#include "ui/widgets/order_button.h"
#include "ui/widgets/record_table.h"
#include "ui/widgets/state_panel.h"

#include <QLabel>
#include <QMenu>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

namespace jetlag::ui {

namespace {

constexpr int kPanelBesideFrom = 1240; // of the window
constexpr int kOldestFrom = 1060;
constexpr int kOffsetsFrom = 780;

} // namespace

OverviewPage::OverviewPage(LiveSession& session, EventFeed* feed, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_feed(feed)
    , m_collectors(new CollectorModel(this))
    , m_streams(new StreamModel(this))
    , m_totals(new OverviewTotals)
    , m_tools(new ToolRow)
    , m_notice(new NoticeStrip)
    , m_body(new QStackedWidget)
    , m_tables(new QStackedWidget)
    , m_state(new StatePanel)
    , m_trouble(new QLabel)
    , m_selection(new SelectionPanel)
    , m_plot(new SelectionPlot(session))
    , m_split(new QSplitter(Qt::Vertical))
    , m_across(new QSplitter(Qt::Horizontal))
{
    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(Metrics::kMargin, Metrics::kMargin, Metrics::kMargin, Metrics::kMargin);
    column->setSpacing(Metrics::kSpacing);
    column->addWidget(m_tools);
    column->addWidget(m_notice);
    m_split->addWidget(upperPart());
    m_split->addWidget(m_plot);
    m_split->setChildrenCollapsible(false);
    m_split->setHandleWidth(Metrics::kSpacing);
    m_split->setSizes({500, 500});
    m_split->setStretchFactor(0, 1);
    m_split->setStretchFactor(1, 1);
    column->addWidget(m_split, 1);
    m_across->addWidget(left);
    m_across->addWidget(m_selection);
    m_across->setChildrenCollapsible(false);
    m_across->setStretchFactor(0, 1);
    m_across->setSizes({1100, Metrics::kSidePanelWidth});

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_totals);
    m_body->addWidget(m_across);
    m_body->addWidget(m_state);
    layout->addWidget(m_body, 1);

    connectParts();
    setFocusProxy(m_collectorTable);
    showState();
}

QWidget* OverviewPage::upperPart()
{
    makeCollectorTable();
    makeStreamTable();
    m_tables->addWidget(m_collectorTable);
    m_tables->addWidget(m_streamTable);
    for (RecordTable* one : {m_collectorTable, m_streamTable}) {
        connect(one, &RecordTable::roomChanged, this, &OverviewPage::showCounts);
        connect(one, &RecordTable::clearFilterWanted, this, [this] { m_tools->setFilter({}); });
        connect(&one->proxy(), &CalmProxy::arranged, this, &OverviewPage::showCounts);
        m_tools->orderButton().follow(*one);
    }
    auto* upper = new QWidget;
    m_upper = new QVBoxLayout(upper);
    m_upper->setContentsMargins(0, 0, 0, 0);
    m_upper->setSpacing(Metrics::kSpacing);
    m_upper->addWidget(m_tables, 1);
    m_trouble->setProperty("role", QStringLiteral("note"));
    m_trouble->setTextFormat(Qt::PlainText);
    m_trouble->setWordWrap(true);
    m_trouble->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_trouble->setMargin(Metrics::kSpacing);
    m_trouble->hide();
    m_upper->addWidget(m_trouble);
    return upper;
}

void OverviewPage::connectParts()
{
    connect(&m_session, &LiveSession::stateChanged, this, [this] { whenSeen(&OverviewPage::showState); });
    connect(&m_session, &LiveSession::reportChanged, this, [this] { whenSeen(&OverviewPage::showReport); });
    connect(&Theme::instance(), &Theme::changed, this, [this] { whenSeen(&OverviewPage::showReport); });
    if (m_feed != nullptr)
        connect(m_feed, &EventFeed::mutedChanged, this, [this] { whenSeen(&OverviewPage::showReport); });
    connect(m_tools, &ToolRow::tabChanged, this, &OverviewPage::showTab);
    connect(m_tools, &ToolRow::filterChanged, this, &OverviewPage::applyFilter);
    connect(m_tools, &ToolRow::showAllWanted, &m_session, &LiveSession::setShowAll);
    connect(m_tools, &ToolRow::columnMenuOpens, this, [this](QMenu& menu) { table().fillColumnMenu(menu); });
    connect(m_tools, &ToolRow::groupedWanted, this, &OverviewPage::chooseGrouped);
    connect(&m_tools->orderButton(), &OrderButton::clicked, this, &OverviewPage::showSelection);
    connect(m_tools, &ToolRow::csvWanted, this, &OverviewPage::saveCsv);
    connect(m_notice, &NoticeStrip::accountWanted, this,
            [this] { emit linkFollowed({.page = PageId::Connections, .account = true}); });
    connect(m_notice, &NoticeStrip::tryWanted, &m_session, &LiveSession::tryNow);
    connect(m_notice, &NoticeStrip::done, this, &Page::done);
    connect(m_totals, &OverviewTotals::collectorWanted, this,
            [this](const ConsumerName& name) { openLink({.page = PageId::Overview, .collector = name}); });
    connect(m_selection, &SelectionPanel::diagnosisWanted, this, &OverviewPage::followDiagnosis);
    connect(m_selection, &SelectionPanel::replayWanted, this, &OverviewPage::followReplay);
    connect(m_selection, &SelectionPanel::messagesWanted, this, &OverviewPage::followMessages);
    connect(m_selection, &SelectionPanel::copyMarkdownWanted, this, &OverviewPage::copyMarkdown);
    connect(m_selection, &SelectionPanel::copyJsonWanted, this, &OverviewPage::copyJson);
    connect(m_selection, &SelectionPanel::copyCommandWanted, this, &OverviewPage::copyCommand);
    connect(m_plot, &SelectionPlot::cursorMoved, this, &Page::statusChanged);
    connect(m_plot, &SelectionPlot::markClicked, this,
            [this](const HistoryMark& mark) { emit linkFollowed({.page = PageId::Events, .mark = mark}); });
    connect(m_split, &QSplitter::splitterMoved, this, [this] { m_splitMoved = true; });
}

// A thousand rows that nobody sees are not worth copying each second: they come when somebody looks.
void OverviewPage::whenSeen(void (OverviewPage::*follow)())
{
    if (isVisible())
        (this->*follow)();
    else
        m_isBehind = true;
}

void OverviewPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (!std::exchange(m_isBehind, false))
        return takeChoice();
    showReport();
    takeChoice();
    // Its parts may have their places only with the next turn of the event loop.
    QMetaObject::invokeMethod(this, &OverviewPage::shareHeight, Qt::QueuedConnection);
}

void OverviewPage::showReport()
{
    const std::shared_ptr<const ClusterReport>& report = m_session.report();
    if (report) {
        showCollectors();
        m_streams->show(*report);
        m_collectorTable->proxy().arrange();
        m_streamTable->proxy().arrange();
        followWorst();
    }
    showSelection();
    showCounts();
    showState();
    shareHeight();
}

void OverviewPage::showState()
{
    const std::optional<OverviewState> state = overviewState(m_session);
    if (state)
        m_state->say(state->title, state->sentence, stepsOf(*state, m_session, *this));
    const bool comesUp = !state && m_body->currentIndex() != 0;
    m_body->setCurrentIndex(state ? 1 : 0);
    if (comesUp && isVisible() && window()->focusWidget() == parentWidget())
        table().setFocus();
    showProblems();
    if (m_session.state() == LiveSession::State::Lost && m_session.report()) { // their age goes on
        showCollectors();
        showSelection();
    }
    showTotals();
    if (!m_session.report()) {
        m_collectors->merge({});
        m_streams->merge({});
        m_chosen.reset();
    }
}

void OverviewPage::showTotals()
{
    const ClusterReport* report = m_session.report().get();
    const bool isOld =
        m_session.state() == LiveSession::State::Lost || (report != nullptr && doesNobodyAnswer(*report));
    m_totals->show(report, isOld ? m_session.ageSeconds() : std::nullopt);
}

void OverviewPage::showProblems()
{
    if (m_session.state() == LiveSession::State::Lost) {
        m_notice->say({.sentences = {m_session.stateSentence()}, .canTry = true});
        return;
    }
    Notice notice{.sentences = {}, .canHide = true};
    if (m_session.report()) {
        for (const std::string& problem : m_session.report()->problems)
            notice.sentences << shown(problem);
        notice.line = shown(publishPermission(m_session.report()->missingPermissions));
    }
    m_notice->say(notice);
}

void OverviewPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    arrangeParts();
}

// The selection stands beside the table where there is room, else as a strip between table and plot.
void OverviewPage::arrangeParts()
{
    const bool beside = window()->width() >= kPanelBesideFrom;
    m_totals->setNarrow(window()->width() < kOldestFrom);
    m_plot->setOffsetsVisible(window()->height() >= kOffsetsFrom);
    if (beside == m_isBeside)
        return;
    m_isBeside = beside;
    m_selection->setCompact(!beside);
    m_selection->setMinimumWidth(beside ? Metrics::kSidePanelWidth : 0);
    m_selection->setSizePolicy(QSizePolicy::Preferred,
                               beside ? QSizePolicy::Preferred : QSizePolicy::Maximum);
    if (beside) {
        m_across->addWidget(m_selection);
        m_across->setSizes({width() - Metrics::kSidePanelWidth, Metrics::kSidePanelWidth});
    } else {
        m_upper->addWidget(m_selection);
    }
    m_selection->show();
}

} // namespace jetlag::ui
