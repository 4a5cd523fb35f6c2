// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/result_view.h"

#include "model/analyzers/registry.h"
#include "ui/bridge/background.h"
#include "ui/models/cell_format.h"
#include "ui/pages/replay/form_parts.h"
#include "ui/pages/replay/quarantine_view.h"
#include "ui/pages/replay/result_table.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/state_panel.h"

#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QMenu>
#include <QStackedWidget>
#include <QTabBar>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr int kFilterWaitMs = 150; // a typist's next letter comes sooner
constexpr int kLeastTableHeight = 96;

/// How many rows there are, where not all are shown; else nothing.
QString rowWords(const ResultTableModel& rows)
{
    const auto shownRows = static_cast<std::uint64_t>(rows.rowCount());
    if (rows.matchingRows() > shownRows)
        return ResultView::
            tr("Shown are the first %1 of %2 rows in this order; a filter brings others, an export has all.")
                .arg(exact(shownRows), exact(rows.matchingRows()));
    if (rows.matchingRows() < rows.totalRows())
        return ResultView::tr("%1 of %2 rows").arg(exact(rows.matchingRows()), exact(rows.totalRows()));
    return {};
}

QToolButton* menuButton(const QString& words)
{
    auto* button = new QToolButton;
    button->setText(words);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setMenu(new QMenu(button));
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

ResultView::ResultView(QWidget* parent)
    : QFrame(parent)
    , m_tabs(new QTabBar)
    , m_filter(new QLineEdit)
    , m_columns(menuButton(tr("Columns")))
    , m_export(menuButton(tr("Export")))
    , m_note(fieldNote())
    , m_stack(new QStackedWidget)
    , m_state(new StatePanel)
    , m_quarantine(new QuarantineView)
    , m_filterWait(new QTimer(this))
    , m_written([this](Written written) {
        if (written.clipboard)
            QApplication::clipboard()->setText(*written.clipboard);
        sayOfExport(written.words, written.good);
    })
{
    setRole(*this, "panel");
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->setElideMode(Qt::ElideNone);
    m_filter->setPlaceholderText(tr("Filter rows"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(200);
    m_filter->setMinimumWidth(110);
    m_filter->setAccessibleName(tr("Filter rows"));
    m_note->setWordWrap(false);
    m_note->setFont(Theme::instance().smallFont());
    m_filterWait->setSingleShot(true);
    m_filterWait->setInterval(kFilterWaitMs);

    auto* head = new QHBoxLayout;
    head->setSpacing(Metrics::kSpacing);
    head->setContentsMargins(Metrics::kMargin, Metrics::kSpacing, Metrics::kMargin, Metrics::kSpacing);
    head->addWidget(m_tabs);
    head->addStretch(1);
    head->addWidget(m_filter, 1);
    head->addWidget(m_columns);
    head->addWidget(m_export);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_state, 3);
    m_note->setContentsMargins(Metrics::kMargin, 4, Metrics::kMargin, 4);
    layout->addWidget(m_note);
    m_stack->addWidget(m_quarantine);

    connect(m_tabs, &QTabBar::currentChanged, this, [this] {
        m_said.clear();
        showFront();
    });
    connect(m_filter, &QLineEdit::textChanged, m_filterWait, qOverload<>(&QTimer::start));
    connect(m_filterWait, &QTimer::timeout, this, [this] {
        m_said.clear();
        for (ResultTable* table : m_tables)
            table->rows().setFilter(m_filter->text());
        showNote();
    });
    connect(m_columns->menu(), &QMenu::aboutToShow, this, [this] {
        if (ResultTable* table = front())
            table->fillColumnMenu(*m_columns->menu());
    });
    fillExportMenu();
    setResult(nullptr);
}

void ResultView::setAnalyzer(const std::string& analyzer, const std::vector<std::string>& onDemandTables)
{
    const Analyzer* known = findAnalyzer(analyzer);
    std::vector<TableSchema> schemas;
    if (known != nullptr)
        schemas = known->tables({.onDemandTables = onDemandTables});
    saveColumns();
    setResult(nullptr);
    m_analyzer = analyzer;
    const QSignalBlocker quiet(m_tabs);
    while (m_tabs->count() > 0)
        m_tabs->removeTab(0);
    for (ResultTable* table : m_tables)
        delete table;
    m_tables.clear();
    for (TableSchema& schema : schemas) {
        auto* table = new ResultTable;
        table->setAccessibleName(columnTitle(schema.name));
        m_tabs->addTab(columnTitle(schema.name));
        m_stack->insertWidget(static_cast<int>(m_tables.size()), table);
        table->setSchema(analyzer, std::move(schema));
        table->rows().setFilter(m_filter->text());
        connect(&table->rows(), &ResultTableModel::arranged, this, &ResultView::showNote);
        connect(table, &ResultTable::columnsChanged, this, &ResultView::showNote);
        m_tables.push_back(table);
    }
    m_tabs->addTab(tr("Quarantine"));
    m_tabs->setCurrentIndex(0);
    showFront();
}

ResultTable* ResultView::front() const
{
    const int index = m_tabs->currentIndex();
    return index >= 0 && index < static_cast<int>(m_tables.size()) ? m_tables[static_cast<std::size_t>(index)]
                                                                   : nullptr;
}

void ResultView::setResult(std::shared_ptr<const EngineResult> result)
{
    const bool isThere = result != nullptr && result->tables.size() == m_tables.size();
    releaseInBackground(std::exchange(m_result, isThere ? std::move(result) : nullptr));
    if (!isThere) {
        releaseInBackground(std::exchange(m_whole, nullptr));
        m_said.clear();
        for (ResultTable* table : m_tables)
            table->setSchema(m_analyzer, TableSchema(table->rows().schema()));
        m_quarantine->setResult(nullptr);
    }
    m_state->setVisible(!isThere);
    m_filter->setEnabled(isThere);
    m_export->setEnabled(isThere);
    showTitles();
    showFront();
}

void ResultView::setWhole(std::shared_ptr<const ReplayResult> whole)
{
    m_whole = std::move(whole);
}

void ResultView::say(const QString& title, const QString& sentence)
{
    m_state->say(title, sentence);
}

void ResultView::showTitles()
{
    for (std::size_t i = 0; i < m_tables.size(); ++i) {
        const QString title = columnTitle(m_tables[i]->rows().schema().name);
        const int index = static_cast<int>(i);
        const QString text =
            m_result ? tr("%1 %2").arg(title, exact(m_result->tables[i].rows().size())) : title;
        if (m_tabs->tabText(index) != text)
            m_tabs->setTabText(index, text);
    }
    if (m_tabs->count() > static_cast<int>(m_tables.size())) {
        const QString text =
            m_result ? tr("Quarantine %1").arg(exact(m_result->counters.quarantined)) : tr("Quarantine");
        m_tabs->setTabText(m_tabs->count() - 1, text);
    }
}

void ResultView::showFront()
{
    const int index = m_tabs->currentIndex();
    m_stack->setCurrentIndex(std::max(index, 0));
    ResultTable* table = front();
    // Before the first result the table stands there with its columns and without rows.
    m_stack->setMaximumHeight(m_result ? QWIDGETSIZE_MAX : kLeastTableHeight);
    m_stack->setVisible(m_result != nullptr || table != nullptr);
    if (m_result) {
        if (table != nullptr && table->rows().result() != m_result)
            table->rows().setResult(m_result, static_cast<std::size_t>(index));
        else if (table == nullptr)
            m_quarantine->setResult(m_result);
    }
    m_filter->setVisible(table != nullptr);
    m_columns->setVisible(table != nullptr);
    showNote();
}

void ResultView::showNote()
{
    ResultTable* table = front();
    m_columns->setText(table != nullptr && m_result && table->hiddenColumns() > 0
                           ? tr("Columns, %1 hidden").arg(table->hiddenColumns())
                           : tr("Columns"));
    const QString words = !m_said.isEmpty()              ? m_said
                          : m_result && table != nullptr ? rowWords(table->rows())
                                                         : QString();
    setRole(*m_note, m_said.isEmpty() || m_saidGood ? "secondary" : "error");
    m_note->setText(words);
    m_note->setVisible(!words.isEmpty());
}

void ResultView::sayOfExport(const QString& words, bool good)
{
    m_said = words;
    m_saidGood = good;
    showNote();
}

QString ResultView::note() const
{
    return m_note->text();
}

void ResultView::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

bool ResultView::clearFilter()
{
    const bool had = !m_filter->text().isEmpty();
    m_filter->clear();
    return had;
}

void ResultView::saveColumns() const
{
    for (const ResultTable* table : m_tables)
        table->saveColumns();
}

} // namespace jetlag::ui
