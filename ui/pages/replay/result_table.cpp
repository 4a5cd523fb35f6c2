// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/result_table.h"

#include "model/service/result_format.h"
#include "ui/pages/replay/telling_columns.h"
#include "ui/theme/theme.h"
#include "ui/widgets/row_delegate.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <QSettings>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kRowsMeasured = 60;
constexpr int kCellPadding = 20; // both sides, and a little air
constexpr int kSortSignRoom = 14;
constexpr int kWidestText = 340;
constexpr int kLeastColumns = 2;

} // namespace

ResultTable::ResultTable(QWidget* parent)
    : QTableView(parent)
    , m_model(new ResultTableModel(this))
{
    setModel(m_model);
    setItemDelegate(new RowDelegate(this));
    setShowGrid(false);
    setProperty("role", QStringLiteral("inner"));
    setWordWrap(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(Metrics::kRowHeight);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    QHeaderView* header = horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setSortIndicatorClearable(true);
    header->setSortIndicator(-1, Qt::AscendingOrder);
    setSortingEnabled(true);

    connect(m_model, &ResultTableModel::aboutToArrange, this, &ResultTable::keepPlace);
    connect(m_model, &ResultTableModel::arranged, this, &ResultTable::backToPlace);
    connect(header, &QHeaderView::sectionResized, this, &ResultTable::columnsAreMine);
    connect(header, &QHeaderView::sectionMoved, this, &ResultTable::columnsAreMine);
}

void ResultTable::setSchema(const std::string& analyzer, TableSchema schema)
{
    m_fitting = true;
    m_analyzer = analyzer;
    m_widths.assign(schema.columns.size(), 0);
    m_model->setSchema(std::move(schema));
    const QByteArray remembered = QSettings().value(settingsKey()).toByteArray();
    m_userColumns = !remembered.isEmpty() && horizontalHeader()->restoreState(remembered);
    if (!m_userColumns) {
        const std::vector<int> order = tellingColumns(m_analyzer, m_model->schema());
        for (std::size_t at = 0; at < order.size(); ++at)
            horizontalHeader()->moveSection(horizontalHeader()->visualIndex(order[at]), static_cast<int>(at));
    }
    m_fitting = false;
    fitColumns();
}

QString ResultTable::settingsKey() const
{
    return QStringLiteral("replay/columns/%1.%2")
        .arg(QString::fromStdString(m_analyzer), QString::fromStdString(m_model->schema().name));
}

void ResultTable::saveColumns() const
{
    if (m_userColumns)
        QSettings().setValue(settingsKey(), horizontalHeader()->saveState());
}

void ResultTable::columnsAreMine()
{
    if (m_fitting)
        return;
    m_userColumns = true;
    emit columnsChanged();
}

std::vector<int> ResultTable::wantedColumns() const
{
    const std::vector<Column>& columns = m_model->schema().columns;
    const auto keys = std::count_if(columns.begin(), columns.end(),
                                    [](const Column& column) { return column.merge == Merge::Key; });
    std::vector<int> wanted;
    for (const int column : tellingColumns(m_analyzer, m_model->schema())) {
        const ColumnTraits traits = m_model->traits(column);
        const bool saysNothing = m_model->rowCount() > 0 && !traits.hasValues;
        // One application in all rows: its name in each of them only takes room.
        const bool isOneForAll = keys > 1 && m_model->rowCount() > 1 && traits.isSame &&
                                 columns[static_cast<std::size_t>(column)].merge == Merge::Key;
        if (!saysNothing && !isOneForAll)
            wanted.push_back(column);
    }
    return wanted;
}

void ResultTable::measure()
{
    const QFontMetrics metrics(font());
    const int rows = std::min(m_model->rowCount(), kRowsMeasured);
    for (int column = 0; column < m_model->columnCount(); ++column) {
        int& width = m_widths[static_cast<std::size_t>(column)];
        const QString title = m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        width = std::max(width, metrics.horizontalAdvance(title) + kSortSignRoom);
        for (int row = 0; row < rows && width < kWidestText; ++row)
            width =
                std::max(width, metrics.horizontalAdvance(
                                    m_model->data(m_model->index(row, column), Qt::DisplayRole).toString()));
        width = std::min(width, kWidestText);
    }
}

void ResultTable::fitColumns()
{
    if (m_userColumns || m_model->columnCount() == 0)
        return;
    m_fitting = true;
    measure();
    int room = viewport()->width();
    std::vector<int> fitting;
    for (const int column : wantedColumns()) {
        const int width = m_widths[static_cast<std::size_t>(column)] + kCellPadding;
        if (width > room && static_cast<int>(fitting.size()) >= kLeastColumns)
            continue;
        fitting.push_back(column);
        room -= width;
    }
    // What is left goes to the words, so that numbers stay close to their neighbours.
    std::vector<int> wordy;
    for (const int column : fitting) {
        if (!m_model->traits(column).isNumeric)
            wordy.push_back(column);
    }
    const std::vector<int>& growing = wordy.empty() ? fitting : wordy;
    const int more = growing.empty() ? 0 : std::max(0, room) / static_cast<int>(growing.size());
    for (int column = 0; column < m_model->columnCount(); ++column) {
        const bool fits = std::find(fitting.begin(), fitting.end(), column) != fitting.end();
        const bool grows = std::find(growing.begin(), growing.end(), column) != growing.end();
        if (isColumnHidden(column) == fits)
            setColumnHidden(column, !fits);
        if (fits)
            setColumnWidth(column,
                           m_widths[static_cast<std::size_t>(column)] + kCellPadding + (grows ? more : 0));
    }
    m_fitting = false;
    emit columnsChanged();
}

int ResultTable::hiddenColumns() const
{
    const std::vector<int> wanted = wantedColumns();
    return static_cast<int>(
        std::count_if(wanted.begin(), wanted.end(), [this](int column) { return isColumnHidden(column); }));
}

void ResultTable::fillColumnMenu(QMenu& menu)
{
    menu.clear();
    QAction* fit = menu.addAction(tr("As many as fit"));
    fit->setEnabled(m_userColumns);
    connect(fit, &QAction::triggered, this, [this] {
        m_userColumns = false;
        QSettings().remove(settingsKey());
        fitColumns();
    });
    menu.addSeparator();
    for (const int column : tellingColumns(m_analyzer, m_model->schema())) {
        QAction* action =
            menu.addAction(m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        connect(action, &QAction::toggled, this, [this, column](bool on) {
            setColumnHidden(column, !on);
            if (on && columnWidth(column) < kCellPadding)
                setColumnWidth(column, m_widths[static_cast<std::size_t>(column)] + kCellPadding);
            columnsAreMine();
        });
    }
}

void ResultTable::keepPlace()
{
    m_top = verticalScrollBar()->value() > 0 ? QPersistentModelIndex(indexAt(QPoint(1, 1)))
                                             : QPersistentModelIndex();
}

void ResultTable::backToPlace()
{
    if (m_top.isValid())
        scrollTo(m_model->index(m_top.row(), horizontalHeader()->logicalIndexAt(1)),
                 QAbstractItemView::PositionAtTop);
    m_top = QPersistentModelIndex();
    fitColumns();
}

void ResultTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

void ResultTable::enterEvent(QEnterEvent* event)
{
    QTableView::enterEvent(event);
    m_model->setHoldOrder(true);
}

void ResultTable::leaveEvent(QEvent* event)
{
    QTableView::leaveEvent(event);
    m_model->setHoldOrder(false);
}

void ResultTable::copyCell(const QModelIndex& index) const
{
    const Cell& cell = m_model->resultRow(index.row())[static_cast<std::size_t>(index.column())];
    QApplication::clipboard()->setText(QString::fromStdString(cellText(cell)));
}

void ResultTable::copyRows() const
{
    Table table(m_model->schema());
    for (const QModelIndex& index : selectionModel()->selectedRows())
        table.add(m_model->resultRow(index.row()));
    QApplication::clipboard()->setText(QString::fromStdString(tableJson(table)));
}

void ResultTable::contextMenuEvent(QContextMenuEvent* event)
{
    const QPersistentModelIndex at = indexAt(event->pos());
    if (!at.isValid())
        return;
    QMenu menu(this);
    const QAction* cell = menu.addAction(tr("Copy cell"));
    const QAction* rows = menu.addAction(tr("Copy chosen rows as JSON"));
    const QAction* chosen = menu.exec(event->globalPos());
    if (chosen == cell && at.isValid())
        copyCell(at);
    else if (chosen == rows)
        copyRows();
}

void ResultTable::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy) && currentIndex().isValid())
        copyRows();
    else
        QTableView::keyPressEvent(event);
}

} // namespace jetlag::ui
