// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/connections/found_contexts.h"

#include "model/service/connection_service.h"
#include "ui/pages/connections/context_delegate.h"
#include "ui/theme/theme.h"
#include "ui/widgets/parts.h"

#include <QEvent>
#include <QFileSystemWatcher>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kRowsShown = 12; // more than these are filtered and scrolled
constexpr int kFewRows = 3;
constexpr int kAddressAtLeast =
    180; // pixels; below it the files give way, whose names are those of the contexts

} // namespace

FoundContexts::FoundContexts(ConnectionService& connections, QWidget* parent)
    : QWidget(parent)
    , m_connections(connections)
    , m_contexts(new ContextModel(this))
    , m_files(new QFileSystemWatcher(this))
    , m_words(quietLabel())
    , m_filter(new QLineEdit)
    , m_table(new QTableView)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(titleRow());
    makeTable();
    column->addWidget(m_table);
    setFocusProxy(m_table);
    connect(m_files, &QFileSystemWatcher::directoryChanged, this, &FoundContexts::read);
}

QWidget* FoundContexts::titleRow()
{
    m_filter->setPlaceholderText(tr("Find by name, environment, address"));
    m_filter->setAccessibleName(tr("Find a context"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMinimumWidth(260);
    m_filter->hide();
    connect(m_filter, &QLineEdit::textChanged, this, &FoundContexts::filter);
    connect(m_filter, &QLineEdit::returnPressed, this, [this] {
        if (chosen() != nullptr)
            emit activated();
    });
    auto* widget = new QWidget;
    auto* row = new QHBoxLayout(widget);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(titleLabel(tr("Found on this machine")));
    row->addWidget(m_words, 1);
    row->addWidget(m_filter);
    return widget;
}

void FoundContexts::makeTable()
{
    m_table->setModel(m_contexts);
    m_table->setItemDelegate(new ContextDelegate(m_table));
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(Metrics::kRowHeight);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(72); // an empty list shows its headings whole
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(ContextModel::AddressColumn, QHeaderView::Stretch);
    m_table->setAccessibleName(tr("nats contexts"));
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &FoundContexts::chosenChanged);
    connect(m_table, &QTableView::activated, this, &FoundContexts::activated);
    m_table->viewport()->installEventFilter(this);
}

bool FoundContexts::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        fitColumns();
    return QWidget::eventFilter(watched, event);
}

// No column is cut: the one that says least is hidden where not all fit.
void FoundContexts::fitColumns()
{
    int needed = kAddressAtLeast;
    for (int column = 0; column < ContextModel::ColumnCount; ++column) {
        if (column != ContextModel::AddressColumn)
            needed += std::max(static_cast<QAbstractItemView*>(m_table)->sizeHintForColumn(column),
                               m_table->horizontalHeader()->sectionSizeHint(column));
    }
    m_table->setColumnHidden(ContextModel::FileColumn, needed > m_table->viewport()->width());
}

void FoundContexts::read()
{
    m_contexts->setContexts(m_connections.contexts());
    m_table->clearSpans();
    int broken = 0;
    for (int row = 0; row < m_contexts->rowCount(); ++row) {
        const bool isBroken = !m_contexts->context(row).problem.empty();
        broken += isBroken ? 1 : 0;
        if (isBroken) // the reason needs the room of both
            m_table->setSpan(row, ContextModel::AddressColumn, 1, 2);
    }
    const bool areMany = m_contexts->rowCount() > kRowsShown;
    m_filter->setVisible(areMany);
    if (!areMany)
        m_filter->clear();
    filter();
    fitHeight();
    fitColumns();
    say(broken);
    watchFolders();
}

void FoundContexts::fitHeight()
{
    const int rows = std::clamp(m_contexts->rowCount(), kFewRows, kRowsShown);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + rows * Metrics::kRowHeight +
                            2 * m_table->frameWidth() + 2);
}

void FoundContexts::say(int broken)
{
    const int count = m_contexts->rowCount();
    QString words = count == 0   ? tr("no nats contexts; `nats context add` makes one")
                    : count == 1 ? tr("1 nats context")
                                 : tr("%1 nats contexts").arg(count);
    if (broken > 0)
        words += tr(", %1 cannot be loaded").arg(broken);
    m_words->setText(words);
}

// The rows stay in the model: what is open and what was tested is known of the hidden ones too.
void FoundContexts::filter()
{
    const QStringList wanted = m_filter->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    int first = -1;
    for (int row = 0; row < m_contexts->rowCount(); ++row) {
        QString text;
        for (int column = 0; column < ContextModel::StateColumn; ++column)
            text += m_contexts->index(row, column).data().toString() + QLatin1Char('\n');
        const bool fits = std::ranges::all_of(
            wanted, [&text](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
        m_table->setRowHidden(row, !fits);
        if (fits && first < 0)
            first = row;
    }
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    const bool isHidden = !rows.isEmpty() && m_table->isRowHidden(rows.first().row());
    if (!wanted.isEmpty() && (rows.isEmpty() || isHidden)) // Enter takes what is seen
        first < 0 ? m_table->clearSelection() : m_table->selectRow(first);
}

void FoundContexts::watchFolders()
{
    QStringList folders;
    for (int row = 0; row < m_contexts->rowCount(); ++row) {
        const QString folder = QString::fromStdString(m_contexts->context(row).file.parent_path().string());
        if (!folders.contains(folder) && !m_files->directories().contains(folder))
            folders << folder;
    }
    if (!folders.isEmpty())
        m_files->addPaths(folders);
}

const FoundContext* FoundContexts::chosen() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : &m_contexts->context(rows.first().row());
}

bool FoundContexts::choose(const std::string& name)
{
    for (int row = 0; row < m_contexts->rowCount(); ++row) {
        if (m_contexts->context(row).name != name)
            continue;
        m_table->selectRow(row);
        return true;
    }
    return false;
}

void FoundContexts::chooseOr(const std::string& name)
{
    int chosen = -1;
    int loadable = -1; // the first: nobody comes for a file that is broken
    for (int row = 0; row < m_contexts->rowCount(); ++row) {
        const FoundContext& context = m_contexts->context(row);
        if (context.name == name || (name.empty() && context.selected))
            chosen = row;
        if (loadable < 0 && context.problem.empty())
            loadable = row;
    }
    m_table->selectRow(chosen >= 0 ? chosen : std::max(loadable, 0));
}

void FoundContexts::clearChoice()
{
    m_table->clearSelection();
}

} // namespace jetlag::ui
