// SPDX-License-Identifier: Apache-2.0
// The tables of Overview and what is chosen in them.
#include "ui/bridge/event_feed.h"
#include "ui/bridge/live_session.h"
#include "ui/models/collector_groups.h"
#include "ui/models/collector_model.h"
#include "ui/models/stream_model.h"
#include "ui/models/verdict_look.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/pages/overview/selection_panel.h"
#include "ui/pages/overview/selection_plot.h"
#include "ui/pages/overview/tool_row.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/record_table.h"

#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>
#include <functional>
#include <memory>

namespace jetlag::ui {

namespace {

constexpr auto kGroupedKey = "overview/grouped"; // absent = the number of collectors decides
constexpr int kRowsAtLeast = 3;
constexpr int kTableShare = 50; // percent

ConsumerName nameOf(const CollectorRecord& row)
{
    return {row.report->consumer.stream, row.report->consumer.name};
}

} // namespace

void OverviewPage::makeCollectorTable()
{
    // Layouts of before verdicts had columns know nothing of them: a name of its own.
    m_collectorTable = new RecordTable(QStringLiteral("collectors-2"));
    m_collectorTable->setAccessibleName(tr("Collectors"));
    m_collectorTable->setRecords(m_collectors, tableColumns(*m_collectors), QStringLiteral("verdict"),
                                 Qt::DescendingOrder);
    m_collectorTable->setTextElideMode(Qt::ElideMiddle); // names of one family differ at their ends
    m_collectorTable->setRowJson([this](int row) {
        return QString::fromStdString(collectorRowJson(*m_collectors->record(row).report));
    });
    m_collectorTable->setMenuExtras([this](QMenu& menu) {
        connect(menu.addAction(tr("Diagnosis")), &QAction::triggered, this, &OverviewPage::followDiagnosis);
        connect(menu.addAction(tr("Replay from here")), &QAction::triggered, this,
                &OverviewPage::followReplay);
        connect(menu.addAction(tr("Messages here")), &QAction::triggered, this,
                &OverviewPage::followMessages);
        if (chosen() != nullptr && chosen()->report->diagnosis)
            connect(menu.addAction(tr("Copy diagnosis as Markdown")), &QAction::triggered, this,
                    &OverviewPage::copyMarkdown);
        connect(menu.addAction(tr("Copy nats command")), &QAction::triggered, this,
                &OverviewPage::copyCommand);
        offerMute(menu);
    });
    connect(m_collectorTable, &RecordTable::currentRecordChanged, this, [this](int row) {
        m_choseItself = false;
        if (row >= 0)
            choose(nameOf(m_collectors->record(row)));
        showSelection();
    });
    // A click on the row that the page chose itself chooses it too.
    connect(m_collectorTable, &QTableView::pressed, this, [this] {
        if (m_chosen && m_collectorTable->currentSourceRow() >= 0)
            choose(*m_chosen);
    });
    connect(m_collectorTable, &QTableView::activated, this, &OverviewPage::followDiagnosis);
    connect(m_collectorTable, &RecordTable::copied, this, &Page::done);
    m_collectorTable->proxy().setNameColumns({m_collectors->columnOf(QStringLiteral("stream")),
                                              m_collectors->columnOf(QStringLiteral("collector"))});
}

void OverviewPage::makeStreamTable()
{
    // Layouts of before streams had trouble of their own know nothing of its column.
    m_streamTable = new RecordTable(QStringLiteral("streams-2"));
    m_streamTable->setAccessibleName(tr("Streams"));
    m_streamTable->setRecords(m_streams, tableColumns(*m_streams), QStringLiteral("in"), Qt::DescendingOrder);
    m_streamTable->setRowJson(
        [this](int row) { return QString::fromStdString(streamRowJson(m_streams->record(row).report)); });
    connect(m_streamTable, &RecordTable::currentRecordChanged, this, [this] {
        if (!onCollectors())
            showStreamSelection();
    });
    connect(m_streamTable, &RecordTable::copied, this, &Page::done);
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
    shareHeight();
}

void OverviewPage::applyFilter()
{
    m_tools->setMistake(table().proxy().setFilter(m_tools->filter()));
    showCounts();
    showSelection();
    showGroupSwitch();
}

// Whoever chose is followed; else the number decides, with two limits, so that an account near them does not
// flicker.
void OverviewPage::groupIfMany(std::size_t collectors)
{
    const bool isGrouped = m_collectorTable->proxy().isGrouped();
    const QVariant chosen = QSettings().value(QLatin1String(kGroupedKey));
    const auto limit = static_cast<std::size_t>(isGrouped ? kUngroupBelow : kGroupAbove + 1);
    const bool wanted = chosen.isValid() ? chosen.toBool() : collectors >= limit;
    if (wanted != isGrouped)
        m_collectorTable->setGrouping(wanted ? std::make_unique<CollectorGroups>(*m_collectors) : nullptr);
    showGroupSwitch();
}

void OverviewPage::chooseGrouped(bool grouped)
{
    QSettings().setValue(QLatin1String(kGroupedKey), grouped);
    groupIfMany(static_cast<std::size_t>(m_collectors->rowCount()));
    showSelection();
    showCounts();
    shareHeight();
}

void OverviewPage::showGroupSwitch()
{
    const bool grouped = m_collectorTable->proxy().isGrouped();
    m_tools->setGrouped(grouped, onCollectors() && (grouped || m_collectors->rowCount() > kGroupAbove / 3));
}

void OverviewPage::showCollectors()
{
    groupIfMany(m_session.report()->collectors.size());
    std::function<bool(const ConsumerName&)> isMuted; // none is where none ever was, as is usual
    if (m_feed != nullptr && m_feed->mutedCount() > 0)
        isMuted = [this](const ConsumerName& name) { return m_feed->isMuted(name); };
    m_collectors->show(m_session.report(), m_session.history(), m_session.ageSeconds().value_or(0), isMuted);
    m_collectorTable->setNeeded(CollectorModel::ageId(), m_collectors->hasStaleRows());
}

// The table is as high as its rows need, up to a share; the plot gets the rest.
void OverviewPage::shareHeight()
{
    if (m_splitMoved)
        return;
    const auto heightOf = [this](int rows) {
        return table().horizontalHeader()->height() + rows * table().verticalHeader()->defaultSectionSize() +
               4;
    };
    const int least = heightOf(kRowsAtLeast);
    const int needed = std::max(least, heightOf(table().proxy().rowCount()));
    const bool hasStrip = !m_isBeside && !m_selection->isHidden();
    const int strip = hasStrip ? m_selection->heightForWidth(m_split->width()) + Metrics::kSpacing : 0;
    const int share = std::max(least, (m_split->height() - strip) * kTableShare / 100);
    const int upper = std::min(needed, share) + strip;
    // What is given beyond the height is taken from both.
    m_split->setSizes({upper, m_split->height() - m_split->handleWidth() - upper});
}

void OverviewPage::showCounts()
{
    const int all = onCollectors() ? m_collectors->rowCount() : m_streams->rowCount();
    const auto shownRows = static_cast<int>(table().proxy().acceptedRows().size());
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

const CollectorRecord* OverviewPage::chosen() const
{
    const std::optional<int> row = m_chosen ? m_collectors->rowOf(*m_chosen) : std::nullopt;
    return row ? &m_collectors->record(*row) : nullptr;
}

void OverviewPage::choose(const ConsumerName& name)
{
    m_chosen = name;
    m_choseItself = false;
    m_session.choose(name);
}

// Until somebody chooses, the page shows the worst. At first all are being looked at, and what is wrong shows
// after some seconds; later too it goes from one that is well to one that is not, but not from under a hand.
void OverviewPage::followWorst()
{
    const int worst = m_collectorTable->proxy().firstRow();
    if (worst < 0 || (m_chosen && !m_choseItself))
        return;
    if (m_chosen && chosen() == nullptr)
        return; // gone, and said so
    const int row = m_collectorTable->proxy().mapToSource(m_collectorTable->proxy().index(worst, 0)).row();
    const auto severity = [](const CollectorRecord& one) {
        return severityOfVerdict(shownVerdict(*one.report));
    };
    if (const CollectorRecord* now = chosen()) {
        const bool isWell = severity(*now) <= severityOfVerdict({});
        const bool isInHand = m_plot->underMouse() || m_selection->underMouse();
        if (!isWell || isInHand || severity(m_collectors->record(row)) <= severityOfVerdict({}))
            return;
    }
    m_chosen = nameOf(m_collectors->record(row));
    m_choseItself = true;
    m_collectorTable->reveal(row);
}

/// What was chosen on another page meanwhile.
void OverviewPage::takeChoice()
{
    if (!m_session.chosen())
        return;
    m_choseItself = false;
    if (m_session.chosen() == m_chosen)
        return;
    m_chosen = m_session.chosen();
    if (const std::optional<int> row = m_collectors->rowOf(*m_chosen))
        m_collectorTable->reveal(*row);
    showSelection();
}

// The chosen one stays chosen whatever the rows do: hidden by the filter, gone, or back again.
void OverviewPage::showSelection()
{
    m_selection->setVisible(onCollectors());
    showStreamTrouble();
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

// What is wrong with streams is told on their tab too, so that who looks at collectors goes there.
void OverviewPage::showStreamTrouble()
{
    int troubled = 0;
    for (int row = 0; row < m_streams->rowCount(); ++row)
        troubled += m_streams->record(row).report.findings.empty() ? 0 : 1;
    m_tools->setStreamsInTrouble(troubled);
    const int row = onCollectors() ? -1 : m_streamTable->currentSourceRow();
    QStringList lines;
    if (row >= 0) {
        for (const StreamFinding& one : m_streams->record(row).report.findings)
            lines << tr("%1: %2").arg(wordOfCause(one.kind), shown(one.sentence));
    }
    m_trouble->setText(lines.join(QLatin1Char('\n')));
    m_trouble->setVisible(!lines.isEmpty());
}

void OverviewPage::showStreamSelection()
{
    CalmProxy& rows = m_streamTable->proxy();
    // Focus alone makes a row current and selects none.
    if (!m_streamTable->selectionModel()->hasSelection() && rows.rowCount() > 0)
        m_streamTable->selectSourceRow(rows.mapToSource(rows.index(0, 0)).row());
    const int row = m_streamTable->currentSourceRow();
    showStreamTrouble();
    m_plot->setStream(row < 0 ? std::nullopt : std::optional(m_streams->record(row).report.stream.name));
    m_plot->refresh();
}

} // namespace jetlag::ui
