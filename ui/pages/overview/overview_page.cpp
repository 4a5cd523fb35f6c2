// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/overview_page.h"

#include "ui/bridge/live_session.h"
#include "ui/models/collector_model.h"
#include "ui/models/stream_model.h"
#include "ui/pages/overview/collector_links.h"
#include "ui/pages/overview/overview_state.h"
#include "ui/pages/overview/overview_totals.h"
#include "ui/pages/overview/selection_panel.h"
#include "ui/pages/overview/selection_plot.h"
#include "ui/pages/overview/tool_row.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice_strip.h"
#include "ui/widgets/record_table.h"
#include "ui/widgets/save_text.h"
#include "ui/widgets/state_panel.h"
#include "ui/widgets/totals_strip.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QMenu>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr int kPanelBesideFrom = 1240; // of the window
constexpr int kOffsetsFrom = 780;
constexpr int kRowsAtLeast = 3;
constexpr int kTableShare = 50; // percent

} // namespace

OverviewPage::OverviewPage(LiveSession& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_collectors(new CollectorModel(this))
    , m_streams(new StreamModel(this))
    , m_totals(makeTotals())
    , m_tools(new ToolRow)
    , m_notice(new NoticeStrip)
    , m_body(new QStackedWidget)
    , m_tables(new QStackedWidget)
    , m_state(new StatePanel)
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
        connect(&one->proxy(), &QAbstractItemModel::layoutChanged, this, &OverviewPage::showCounts);
    }
    auto* upper = new QWidget;
    m_upper = new QVBoxLayout(upper);
    m_upper->setContentsMargins(0, 0, 0, 0);
    m_upper->setSpacing(Metrics::kSpacing);
    m_upper->addWidget(m_tables, 1);
    return upper;
}

void OverviewPage::connectParts()
{
    connect(&m_session, &LiveSession::stateChanged, this, &OverviewPage::showState);
    connect(&m_session, &LiveSession::reportChanged, this, &OverviewPage::showReport);
    connect(&Theme::instance(), &Theme::changed, this, &OverviewPage::showReport);
    connect(m_tools, &ToolRow::tabChanged, this, &OverviewPage::showTab);
    connect(m_tools, &ToolRow::filterChanged, this, &OverviewPage::applyFilter);
    connect(m_tools, &ToolRow::showAllWanted, &m_session, &LiveSession::setShowAll);
    connect(m_tools, &ToolRow::columnMenuOpens, this, [this](QMenu& menu) { table().fillColumnMenu(menu); });
    connect(m_tools, &ToolRow::csvWanted, this, &OverviewPage::saveCsv);
    connect(m_notice, &NoticeStrip::accountWanted, this,
            [this] { emit linkFollowed({.page = PageId::Connections}); });
    connect(m_selection, &SelectionPanel::diagnosisWanted, this, &OverviewPage::followDiagnosis);
    connect(m_selection, &SelectionPanel::replayWanted, this, &OverviewPage::followReplay);
    connect(m_selection, &SelectionPanel::copyJsonWanted, this, &OverviewPage::copyJson);
    connect(m_selection, &SelectionPanel::copyCommandWanted, this, &OverviewPage::copyCommand);
    connect(m_plot, &SelectionPlot::cursorMoved, this, &Page::statusChanged);
    connect(m_split, &QSplitter::splitterMoved, this, [this] { m_splitMoved = true; });
}

void OverviewPage::makeCollectorTable()
{
    // Layouts of before verdicts had columns know nothing of them: a name of its own.
    m_collectorTable = new RecordTable(QStringLiteral("collectors-2"));
    m_collectorTable->setAccessibleName(tr("Collectors"));
    m_collectorTable->setRecords(m_collectors, tableColumns(*m_collectors), QStringLiteral("verdict"),
                                 Qt::DescendingOrder);
    m_collectorTable->setRowJson([this](int row) {
        return QString::fromStdString(collectorRowJson(m_collectors->record(row).report));
    });
    m_collectorTable->setMenuExtras([this](QMenu& menu) {
        connect(menu.addAction(tr("Diagnosis")), &QAction::triggered, this, &OverviewPage::followDiagnosis);
        connect(menu.addAction(tr("Replay from here")), &QAction::triggered, this,
                &OverviewPage::followReplay);
        connect(menu.addAction(tr("Copy nats command")), &QAction::triggered, this,
                &OverviewPage::copyCommand);
    });
    connect(m_collectorTable, &RecordTable::currentRecordChanged, this, [this](int row) {
        if (row >= 0)
            m_chosen = ConsumerName{m_collectors->record(row).report.consumer.stream,
                                    m_collectors->record(row).report.consumer.name};
        showSelection();
    });
    connect(m_collectorTable, &QTableView::activated, this, &OverviewPage::followDiagnosis);
}

void OverviewPage::makeStreamTable()
{
    m_streamTable = new RecordTable(QStringLiteral("streams"));
    m_streamTable->setAccessibleName(tr("Streams"));
    m_streamTable->setRecords(m_streams, tableColumns(*m_streams), QStringLiteral("in"), Qt::DescendingOrder);
    m_streamTable->setRowJson(
        [this](int row) { return QString::fromStdString(streamRowJson(m_streams->record(row).report)); });
    connect(m_streamTable, &RecordTable::currentRecordChanged, this, [this] {
        if (!onCollectors())
            showStreamSelection();
    });
    // A stream leads to its collectors.
    connect(m_streamTable, &QTableView::activated, this, [this] {
        const int row = m_streamTable->currentSourceRow();
        if (row < 0)
            return;
        m_tools->setFilter(QStringLiteral("stream=") + shown(m_streams->record(row).report.stream.name));
        m_tools->setTab(ToolRow::Tab::Collectors);
    });
}

RecordTable& OverviewPage::table() const
{
    return onCollectors() ? *m_collectorTable : *m_streamTable;
}

bool OverviewPage::onCollectors() const
{
    return m_tools->tab() == ToolRow::Tab::Collectors;
}

void OverviewPage::showTab()
{
    m_tables->setCurrentWidget(&table());
    setFocusProxy(&table());
    applyFilter();
}

void OverviewPage::applyFilter()
{
    m_tools->setMistake(table().proxy().setFilter(m_tools->filter()));
    showCounts();
    showSelection();
}

void OverviewPage::showReport()
{
    const std::shared_ptr<const ClusterReport>& report = m_session.report();
    if (report) {
        showCollectors();
        m_streams->show(*report);
        m_collectorTable->proxy().arrange();
        m_streamTable->proxy().arrange();
        if (!m_chosen && m_collectorTable->proxy().rowCount() > 0) // the worst
            m_collectorTable->setCurrentIndex(m_collectorTable->proxy().index(0, 0));
    }
    showTotals();
    showSelection();
    showCounts();
    showState();
    shareHeight();
}

void OverviewPage::showCollectors()
{
    m_collectors->show(*m_session.report(), m_session.history(), m_session.ageSeconds().value_or(0));
    m_collectorTable->setNeeded(CollectorModel::ageId(), m_collectors->hasStaleRows());
}

// The table is as high as its rows need, up to a share; the plot gets the rest.
void OverviewPage::shareHeight()
{
    if (m_splitMoved)
        return;
    const int rows = std::max(kRowsAtLeast, table().proxy().rowCount());
    const int rowHeight = table().verticalHeader()->defaultSectionSize();
    const int needed = table().horizontalHeader()->height() + rows * rowHeight + 4;
    const int strip = m_isBeside ? 0 : m_selection->sizeHint().height() + Metrics::kSpacing;
    const int upper = std::min(needed, m_split->height() * kTableShare / 100 - strip) + strip;
    m_split->setSizes({upper, m_split->height() - upper});
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
    const bool lost = m_session.state() == LiveSession::State::Lost;
    m_totals->setStale(lost);
    if (lost && m_session.report()) { // their age goes on
        showCollectors();
        showSelection();
    }
    if (!m_session.report()) {
        m_collectors->merge({});
        m_streams->merge({});
        m_chosen.reset();
        showTotals();
    }
}

void OverviewPage::showTotals()
{
    fillTotals(*m_totals, m_session.report().get());
}

void OverviewPage::showCounts()
{
    const int all = onCollectors() ? m_collectors->rowCount() : m_streams->rowCount();
    const int shownRows = table().proxy().rowCount();
    const auto streams = [](int number) {
        return number == 1 ? tr("1 stream") : tr("%1 streams").arg(number);
    };
    QString words = streams(all);
    if (onCollectors())
        words = tr("%1 in %2")
                    .arg(all == 1 ? tr("1 collector") : tr("%1 collectors").arg(all),
                         streams(m_streams->rowCount()));
    if (shownRows != all)
        words = tr("%1 of %2").arg(shownRows).arg(words);
    m_tools->setCounts(words);
    const ClusterReport* report = m_session.report().get();
    m_tools->setHidden(report != nullptr ? report->hiddenStreams : 0,
                       report != nullptr ? report->hiddenConsumers : 0, m_session.showsAll());
    m_tools->setColumnsWithoutRoom(table().columnsWithoutRoom());
}

void OverviewPage::showProblems()
{
    if (m_session.state() == LiveSession::State::Lost) {
        m_notice->say({m_session.stateSentence()}, false);
        return;
    }
    QStringList lines;
    if (m_session.report()) {
        for (const std::string& problem : m_session.report()->problems)
            lines << shown(problem);
    }
    m_notice->say(lines, true);
}

const CollectorRecord* OverviewPage::chosen() const
{
    const std::optional<int> row = m_chosen ? m_collectors->rowOf(*m_chosen) : std::nullopt;
    return row ? &m_collectors->record(*row) : nullptr;
}

// The chosen one stays chosen whatever the rows do: hidden by the filter, gone, or back again.
void OverviewPage::showSelection()
{
    m_selection->setVisible(onCollectors());
    if (!onCollectors())
        return showStreamSelection();
    const CollectorRecord* row = chosen();
    m_collectorTable->selectSourceRow(row != nullptr ? *m_collectors->rowOf(*m_chosen) : -1);
    m_plot->setCollector(row != nullptr ? m_chosen : std::nullopt);
    if (row == nullptr) {
        if (m_chosen)
            m_selection->showGone(*m_chosen);
        else
            m_selection->showNothing();
        return;
    }
    m_selection->showCollector(*row);
    m_plot->refresh();
}

void OverviewPage::showStreamSelection()
{
    CalmProxy& rows = m_streamTable->proxy();
    // Focus alone makes a row current and selects none.
    if (!m_streamTable->selectionModel()->hasSelection() && rows.rowCount() > 0)
        m_streamTable->selectSourceRow(rows.mapToSource(rows.index(0, 0)).row());
    const int row = m_streamTable->currentSourceRow();
    m_plot->setStream(row < 0 ? std::nullopt : std::optional(m_streams->record(row).report.stream.name));
    m_plot->refresh();
}

void OverviewPage::followDiagnosis()
{
    if (m_chosen)
        emit linkFollowed({.page = PageId::Diagnosis, .collector = m_chosen});
}

void OverviewPage::followReplay()
{
    if (const CollectorRecord* row = chosen(); row != nullptr && m_session.link())
        emit linkFollowed({.page = PageId::Replay, .replay = replayFromHere(*row, m_session.link())});
}

void OverviewPage::copyJson()
{
    const CollectorRecord* row = chosen();
    if (row == nullptr)
        return;
    QApplication::clipboard()->setText(QString::fromStdString(collectorRowJson(row->report)));
    emit done(tr("Copied %1 as JSON").arg(shown(row->report.consumer.name)));
}

void OverviewPage::copyCommand()
{
    if (!m_chosen)
        return;
    QApplication::clipboard()->setText(natsInfoCommand(*m_chosen));
    emit done(tr("Copied: %1").arg(shown(natsInfoCommand(*m_chosen).toStdString())));
}

void OverviewPage::saveCsv()
{
    saveText(*this, tr("Save as CSV"),
             onCollectors() ? QStringLiteral("collectors.csv") : QStringLiteral("streams.csv"),
             table().toCsv());
}

void OverviewPage::openLink(const PageLink& link)
{
    if (!link.collector)
        return;
    m_tools->setTab(ToolRow::Tab::Collectors);
    m_tools->setFilter({});
    m_chosen = link.collector;
    showSelection();
    if (const QModelIndex row = m_collectorTable->currentIndex(); row.isValid())
        m_collectorTable->scrollTo(row);
}

bool OverviewPage::refreshNow()
{
    m_session.refreshNow();
    return true;
}

bool OverviewPage::focusFilter()
{
    m_tools->focusFilter();
    return true;
}

bool OverviewPage::goBack()
{
    if (m_tools->filter().isEmpty())
        return false;
    m_tools->setFilter({});
    table().setFocus();
    return true;
}

QList<std::pair<QString, QString>> OverviewPage::shortcuts() const
{
    return {{QStringLiteral("Enter"), tr("diagnosis of the collector")},
            {QStringLiteral("Ctrl+C"), tr("copy the chosen rows")},
            {QStringLiteral("Esc"), tr("no filter")},
            {QStringLiteral("← → + −"), tr("in the plot: cursor, zoom")},
            {QStringLiteral("End"), tr("in the plot: live again")}};
}

void OverviewPage::saveLayout()
{
    m_collectorTable->saveLayout();
    m_streamTable->saveLayout();
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
