// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/overview_page.h"

#include "ui/bridge/live_session.h"
#include "ui/models/collector_model.h"
#include "ui/models/stream_model.h"
#include "ui/pages/overview/overview_state.h"
#include "ui/pages/overview/overview_totals.h"
#include "ui/pages/overview/selection_panel.h"
#include "ui/pages/overview/selection_plot.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/record_table.h"
#include "ui/widgets/save_text.h"
#include "ui/widgets/state_panel.h"
#include "ui/widgets/totals_strip.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollArea>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
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
    , m_body(new QStackedWidget)
    , m_state(new StatePanel)
    , m_selection(new SelectionPanel)
    , m_plot(new SelectionPlot)
    , m_split(new QSplitter(Qt::Vertical))
    , m_across(new QSplitter(Qt::Horizontal))
{
    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(Metrics::kMargin, Metrics::kMargin, Metrics::kMargin, Metrics::kMargin);
    column->setSpacing(Metrics::kSpacing);
    column->addWidget(toolRow());
    column->addWidget(notice());
    m_split->addWidget(tables());
    m_split->addWidget(m_plot);
    m_split->setChildrenCollapsible(false);
    m_split->setSizes({500, 500});
    m_split->setStretchFactor(0, 1);
    m_split->setStretchFactor(1, 1);
    connect(m_split, &QSplitter::splitterMoved, this, [this] { m_splitMoved = true; });
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

    connect(&session, &LiveSession::stateChanged, this, &OverviewPage::showState);
    connect(&session, &LiveSession::reportChanged, this, &OverviewPage::showReport);
    connect(m_selection, &SelectionPanel::replayWanted, this, &OverviewPage::replayFromHere);
    connect(m_selection, &SelectionPanel::copyJsonWanted, this, &OverviewPage::copyJson);
    connect(m_selection, &SelectionPanel::copyCommandWanted, this, &OverviewPage::copyCommand);
    connect(m_plot, &SelectionPlot::cursorMoved, this, &Page::statusChanged);
    connect(&Theme::instance(), &Theme::changed, this, &OverviewPage::showReport);
    setFocusProxy(m_collectorTable);
    showState();
}

QWidget* OverviewPage::toolRow()
{
    auto* widget = new QWidget;
    auto* row = new QHBoxLayout(widget);
    row->setContentsMargins(0, 0, 0, 0);
    m_tabs = new QTabBar;
    m_tabs->setDrawBase(false);
    m_tabs->addTab(tr("Collectors"));
    m_tabs->addTab(tr("Streams"));
    m_filter = new QLineEdit;
    m_filter->setPlaceholderText(tr("Filter: lag>10k stream:SPARK jobs"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setMinimumWidth(220);
    m_filter->setMaximumWidth(340);
    m_counts = new QLabel;
    m_counts->setProperty("role", QStringLiteral("secondary"));
    m_counts->setTextFormat(Qt::PlainText);
    m_counts->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_showAll = new QToolButton;
    m_showAll->setCheckable(true);
    m_columns = new QToolButton;
    m_columns->setPopupMode(QToolButton::InstantPopup);
    auto* columnMenu = new QMenu(m_columns);
    m_columns->setMenu(columnMenu);
    auto* csv = new QToolButton;
    csv->setText(tr("CSV …"));
    csv->setToolTip(tr("Save what is shown as CSV"));
    row->addWidget(m_tabs);
    row->addWidget(m_filter, 1);
    row->addWidget(m_counts, 2);
    row->addWidget(m_showAll);
    row->addWidget(m_columns);
    row->addWidget(csv);

    connect(m_tabs, &QTabBar::currentChanged, this, [this] { setTab(tab()); });
    connect(m_filter, &QLineEdit::textChanged, this, &OverviewPage::applyFilter);
    connect(m_showAll, &QToolButton::toggled, &m_session, &LiveSession::setShowAll);
    connect(columnMenu, &QMenu::aboutToShow, this, [this, columnMenu] {
        columnMenu->clear();
        table().fillColumnMenu(*columnMenu);
    });
    connect(csv, &QToolButton::clicked, this, &OverviewPage::saveCsv);
    return widget;
}

QWidget* OverviewPage::notice()
{
    m_notice = new QFrame;
    m_notice->setProperty("role", QStringLiteral("panel"));
    auto* row = new QHBoxLayout(m_notice);
    row->setContentsMargins(Metrics::kMargin, 6, 6, 6);
    m_noticeText = new QLabel;
    m_noticeText->setTextFormat(Qt::PlainText);
    m_noticeText->setWordWrap(true);
    m_noticeText->setProperty("role", QStringLiteral("warning"));
    auto* account = new QToolButton;
    account->setText(tr("What this account may see"));
    auto* hide = new QToolButton;
    hide->setText(tr("Hide"));
    row->addWidget(m_noticeText, 1);
    row->addWidget(account);
    row->addWidget(hide);
    connect(account, &QToolButton::clicked, this,
            [this] { emit linkFollowed({.page = PageId::Connections}); });
    connect(hide, &QToolButton::clicked, this, [this] {
        m_noticeHidden = m_noticeText->text();
        m_notice->hide();
    });
    m_notice->hide();
    return m_notice;
}

QWidget* OverviewPage::tables()
{
    m_tables = new QStackedWidget;
    makeCollectorTable();
    makeStreamTable();
    m_tables->addWidget(m_collectorTable);
    m_tables->addWidget(m_streamTable);
    for (RecordTable* one : {m_collectorTable, m_streamTable}) {
        connect(one, &RecordTable::roomChanged, this, &OverviewPage::showCounts);
        connect(&one->proxy(), &QAbstractItemModel::layoutChanged, this, &OverviewPage::showCounts);
    }
    return m_tables;
}

void OverviewPage::makeCollectorTable()
{
    m_collectorTable = new RecordTable(QStringLiteral("collectors"));
    m_collectorTable->setAccessibleName(tr("Collectors"));
    m_collectorTable->setRecords(m_collectors, tableColumns(*m_collectors), QStringLiteral("lag"),
                                 Qt::DescendingOrder);
    m_collectorTable->setRowJson([this](int row) {
        return QString::fromStdString(collectorRowJson(m_collectors->record(row).report));
    });
    m_collectorTable->setMenuExtras([this](QMenu& menu) {
        connect(menu.addAction(tr("Replay from here")), &QAction::triggered, this,
                &OverviewPage::replayFromHere);
        connect(menu.addAction(tr("Copy nats command")), &QAction::triggered, this,
                &OverviewPage::copyCommand);
    });
    connect(m_collectorTable, &RecordTable::currentRecordChanged, this, [this](int row) {
        if (row >= 0)
            m_chosen = ConsumerName{m_collectors->record(row).report.consumer.stream,
                                    m_collectors->record(row).report.consumer.name};
        showSelection();
    });
    connect(m_collectorTable, &QTableView::activated, this, &OverviewPage::replayFromHere);
}

void OverviewPage::makeStreamTable()
{
    m_streamTable = new RecordTable(QStringLiteral("streams"));
    m_streamTable->setAccessibleName(tr("Streams"));
    m_streamTable->setRecords(m_streams, tableColumns(*m_streams), QStringLiteral("in"), Qt::DescendingOrder);
    m_streamTable->setRowJson(
        [this](int row) { return QString::fromStdString(streamRowJson(m_streams->record(row).report)); });
    // A stream leads to its collectors.
    connect(m_streamTable, &QTableView::activated, this, [this] {
        const int row = m_streamTable->currentSourceRow();
        if (row < 0)
            return;
        m_filter->setText(QStringLiteral("stream:") + shown(m_streams->record(row).report.stream.name));
        m_tabs->setCurrentIndex(0);
    });
}

RecordTable& OverviewPage::table() const
{
    return tab() == Tab::Collectors ? *m_collectorTable : *m_streamTable;
}

OverviewPage::Tab OverviewPage::tab() const
{
    return m_tabs->currentIndex() == 0 ? Tab::Collectors : Tab::Streams;
}

void OverviewPage::setTab(Tab tab)
{
    m_tables->setCurrentIndex(tab == Tab::Collectors ? 0 : 1);
    setFocusProxy(&table());
    applyFilter();
}

void OverviewPage::applyFilter()
{
    const QString mistake = table().proxy().setFilter(m_filter->text());
    m_filter->setProperty("bad", !mistake.isEmpty());
    m_filter->style()->unpolish(m_filter);
    m_filter->style()->polish(m_filter);
    m_filter->setToolTip(mistake);
    showCounts();
    if (!mistake.isEmpty())
        m_counts->setText(mistake);
}

void OverviewPage::showReport()
{
    const std::shared_ptr<const ClusterReport>& report = m_session.report();
    if (report) {
        m_collectors->show(*report, m_session.history());
        m_streams->show(*report);
        m_collectorTable->proxy().arrange();
        m_streamTable->proxy().arrange();
        if (!m_chosen && m_collectorTable->proxy().rowCount() > 0)
            m_collectorTable->setCurrentIndex(m_collectorTable->proxy().index(0, 0));
    }
    showTotals();
    showProblems();
    showSelection();
    showCounts();
    showState();
    shareHeight();
}

// The table is as high as its rows need, up to a share; the plot gets the rest.
void OverviewPage::shareHeight()
{
    if (m_splitMoved)
        return;
    const int rows = std::max(kRowsAtLeast, table().proxy().rowCount());
    const int needed = table().horizontalHeader()->height() + rows * Metrics::kRowHeight + 4;
    const int tableHeight = std::min(needed, m_split->height() * kTableShare / 100);
    m_split->setSizes({tableHeight, m_split->height() - tableHeight});
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
    if (m_session.state() == LiveSession::State::Lost || m_session.state() == LiveSession::State::None)
        showProblems();
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
    const std::shared_ptr<const ClusterReport>& report = m_session.report();
    const bool collectors = tab() == Tab::Collectors;
    const int all = collectors ? m_collectors->rowCount() : m_streams->rowCount();
    const int shownRows = table().proxy().rowCount();
    QString words = collectors ? tr("%1 collectors in %2 streams").arg(all).arg(m_streams->rowCount())
                               : tr("%1 streams").arg(all);
    if (shownRows != all)
        words = tr("%1 of %2").arg(shownRows).arg(words);
    m_counts->setText(words);
    const std::uint64_t hidden = report ? report->hiddenStreams + report->hiddenConsumers : 0;
    m_showAll->setText(m_session.showsAll() ? tr("All are shown")
                                            : tr("%1 hidden").arg(count(static_cast<double>(hidden))));
    m_showAll->setToolTip(m_session.showsAll()
                              ? tr("Hide system, KV and object streams and ephemeral consumers again")
                              : tr("%1 system, KV and object streams and %2 ephemeral or their consumers are "
                                   "hidden; show them")
                                    .arg(report ? report->hiddenStreams : 0)
                                    .arg(report ? report->hiddenConsumers : 0));
    m_showAll->setVisible(hidden > 0 || m_session.showsAll());
    const int withoutRoom = table().columnsWithoutRoom();
    m_columns->setText(withoutRoom == 0 ? tr("Columns") : tr("Columns, %1 hidden").arg(withoutRoom));
}

void OverviewPage::showProblems()
{
    QStringList lines;
    if (m_session.state() == LiveSession::State::Lost)
        lines << m_session.stateSentence();
    else if (m_session.report()) {
        for (const std::string& problem : m_session.report()->problems)
            lines << shown(problem);
    }
    const QString text = lines.join(QLatin1Char('\n'));
    m_noticeText->setText(text);
    m_notice->setVisible(!text.isEmpty() &&
                         (text != m_noticeHidden || m_session.state() == LiveSession::State::Lost));
}

void OverviewPage::showSelection()
{
    const std::optional<int> row = m_chosen ? m_collectors->rowOf(*m_chosen) : std::nullopt;
    m_plot->setCollector(row ? m_chosen : std::nullopt);
    if (!row) {
        m_selection->showNothing();
        return;
    }
    m_selection->showCollector(m_collectors->record(*row));
    if (m_session.report())
        m_plot->refresh(m_session.history(), m_session.report()->at);
}

void OverviewPage::replayFromHere()
{
    const std::optional<int> row = m_chosen ? m_collectors->rowOf(*m_chosen) : std::nullopt;
    if (!row || !m_session.link())
        return;
    const ConsumerSnapshot& consumer = m_collectors->record(*row).report.consumer;
    ReplayRequest request;
    request.source = StreamReplaySource{
        .server = m_session.link(), .stream = consumer.stream, .likeDurable = consumer.name};
    request.range.from = StreamSequence(consumer.ackFloor.stream.value() + 1);
    emit linkFollowed({.page = PageId::Replay, .replay = std::move(request)});
}

void OverviewPage::copyJson()
{
    if (const std::optional<int> row = m_chosen ? m_collectors->rowOf(*m_chosen) : std::nullopt)
        QApplication::clipboard()->setText(
            QString::fromStdString(collectorRowJson(m_collectors->record(*row).report)));
}

void OverviewPage::copyCommand()
{
    if (m_chosen)
        QApplication::clipboard()->setText(natsInfoCommand(*m_chosen));
}

void OverviewPage::saveCsv()
{
    saveText(*this, tr("Save as CSV"),
             tab() == Tab::Collectors ? QStringLiteral("collectors.csv") : QStringLiteral("streams.csv"),
             table().toCsv());
}

bool OverviewPage::refreshNow()
{
    m_session.tryNow();
    return true;
}

bool OverviewPage::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
    return true;
}

bool OverviewPage::goBack()
{
    if (m_filter->text().isEmpty())
        return false;
    m_filter->clear();
    table().setFocus();
    return true;
}

QList<std::pair<QString, QString>> OverviewPage::shortcuts() const
{
    return {{QStringLiteral("Enter"), tr("replay from the first message that is not acked")},
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

// The panel stands beside the table where there is room, else as a strip below everything.
void OverviewPage::arrangeParts()
{
    const bool beside = window()->width() >= kPanelBesideFrom;
    m_plot->setOffsetsVisible(window()->height() >= kOffsetsFrom);
    m_selection->setCompact(!beside);
    const Qt::Orientation wanted = beside ? Qt::Horizontal : Qt::Vertical;
    m_selection->setMinimumWidth(beside ? Metrics::kSidePanelWidth : 0);
    m_selection->setSizePolicy(QSizePolicy::Preferred,
                               beside ? QSizePolicy::Preferred : QSizePolicy::Maximum);
    if (m_across->orientation() == wanted)
        return;
    m_across->setOrientation(wanted);
    m_across->setSizes(beside ? QList<int>{1100, Metrics::kSidePanelWidth} : QList<int>{900, 10});
}

} // namespace jetlag::ui
