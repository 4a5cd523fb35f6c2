// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/record_table.h"

#include "ui/theme/theme.h"
#include "ui/widgets/record_delegate.h"
#include "ui/widgets/state_panel.h"

#include <QApplication>
#include <QCursor>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <QSettings>

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr int kCellPadding = 20;
constexpr int kCompactAbove = 200; // rows
constexpr int kCosyBelow = 150;

} // namespace

RecordTable::RecordTable(const QString& name, QWidget* parent)
    : QTableView(parent)
    , m_name(name)
    , m_proxy(new CalmProxy(this))
    , m_noHits(new StatePanel(viewport()))
{
    // Before the selection model listens: it moves the current row while rows are about to go.
    connect(m_proxy, &QAbstractItemModel::rowsAboutToBeRemoved, this, [this] { m_byItself = true; });
    connect(m_proxy, &QAbstractItemModel::rowsRemoved, this, [this] { m_byItself = false; });
    setItemDelegate(new RecordDelegate(this));
    setShowGrid(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setTabKeyNavigation(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setWordWrap(false);
    setMouseTracking(true);
    m_rest.setSingleShot(true);
    m_rest.setInterval(kLongestHold);
    connect(&m_rest, &QTimer::timeout, this, [this] { m_proxy->hold(false); });
    connect(m_proxy, &CalmProxy::foldsChanged, this, &RecordTable::saveLayout);
    connect(m_proxy, &CalmProxy::arranged, this, &RecordTable::showNoHits);
    m_noHits->hide();
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(Metrics::kRowHeight);
    horizontalHeader()->setSectionsMovable(true);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    horizontalHeader()->setMinimumSectionSize(30);
    horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(horizontalHeader(), &QHeaderView::customContextMenuRequested, this, [this](const QPoint& at) {
        QMenu menu;
        fillColumnMenu(menu);
        menu.exec(horizontalHeader()->mapToGlobal(at));
    });
}

void RecordTable::setRecords(QAbstractItemModel* model, QList<TableColumn> columns, const QString& firstSort,
                             Qt::SortOrder order)
{
    m_columns = std::move(columns);
    FilterColumns named;
    for (const TableColumn& column : m_columns) {
        named.all << column.id;
        if (!column.isNumber)
            named.texts << column.id;
        if (column.isDuration)
            named.durations << column.id;
    }
    m_proxy->setFilterColumns(std::move(named));
    m_proxy->setSourceModel(model);
    setModel(m_proxy);
    restoreLayout(firstSort, order);
    connect(horizontalHeader(), &QHeaderView::sectionMoved, this, &RecordTable::saveLayout);
    connect(horizontalHeader(), &QHeaderView::sortIndicatorChanged, this, &RecordTable::saveLayout);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(model, signal, this, &RecordTable::fitRows);
    m_proxy->restoreOpened(QSettings().value(settingsKey("open")).toStringList());
    fitColumns();
}

void RecordTable::showNoHits()
{
    const int rows = m_proxy->sourceModel() != nullptr ? m_proxy->sourceModel()->rowCount() : 0;
    const bool isHit = rows == 0 || m_proxy->rowCount() > 0;
    m_noHits->setVisible(!isHit);
    if (isHit)
        return;
    m_noHits->say(tr("Nothing fits the filter"),
                  rows == 1 ? tr("The one row does not have what it asks for.")
                            : tr("None of the %1 rows has what it asks for.").arg(rows),
                  {{tr("Clear filter"), [this] { emit clearFilterWanted(); }}});
}

QString RecordTable::settingsKey(const char* what) const
{
    return QStringLiteral("tables/%1/%2").arg(m_name, QLatin1String(what));
}

void RecordTable::saveLayout() const
{
    QSettings settings;
    QStringList order;
    for (int visual = 0; visual < m_columns.size(); ++visual)
        order << m_columns[horizontalHeader()->logicalIndex(visual)].id;
    settings.setValue(settingsKey("order"), order);
    settings.setValue(settingsKey("chosen"), QStringList(m_chosen.begin(), m_chosen.end()));
    settings.setValue(settingsKey("open"), m_proxy->openedGroups());
    const int sorted = horizontalHeader()->sortIndicatorSection();
    if (sorted >= 0 && sorted < m_columns.size()) {
        settings.setValue(settingsKey("sort"), m_columns[sorted].id);
        settings.setValue(settingsKey("descending"),
                          horizontalHeader()->sortIndicatorOrder() == Qt::DescendingOrder);
    }
}

// By id, so that a column that comes or goes with a version costs only itself.
void RecordTable::restoreLayout(const QString& firstSort, Qt::SortOrder order)
{
    const QSettings settings;
    const auto place = [this](const QString& id) {
        const auto at = std::find_if(m_columns.begin(), m_columns.end(),
                                     [&](const TableColumn& column) { return column.id == id; });
        return at == m_columns.end() ? -1 : static_cast<int>(at - m_columns.begin());
    };
    m_chosen.clear();
    const QVariant chosen = settings.value(settingsKey("chosen"));
    for (const TableColumn& column : m_columns) {
        if (chosen.isValid() ? chosen.toStringList().contains(column.id) : column.shownAtFirst)
            m_chosen.insert(column.id);
    }
    int visual = 0;
    for (const QString& id : settings.value(settingsKey("order")).toStringList()) {
        if (const int logical = place(id); logical >= 0)
            horizontalHeader()->moveSection(horizontalHeader()->visualIndex(logical), visual++);
    }
    int sorted = place(settings.value(settingsKey("sort"), firstSort).toString());
    if (sorted < 0)
        sorted = place(firstSort);
    if (settings.contains(settingsKey("descending")))
        order = settings.value(settingsKey("descending")).toBool() ? Qt::DescendingOrder : Qt::AscendingOrder;
    setSortingEnabled(true);
    sortByColumn(sorted, order);
}

int RecordTable::naturalWidth(const TableColumn& column) const
{
    const int digits = column.widthInDigits * fontMetrics().horizontalAdvance(QLatin1Char('0'));
    // The sort mark needs room beside the words.
    const int header = fontMetrics().horizontalAdvance(column.title) + 8;
    return std::max(digits, header) + kCellPadding;
}

QList<int> RecordTable::textsInOrder() const
{
    QList<int> shown;
    for (int visual = 0; visual < m_columns.size(); ++visual) {
        const int logical = horizontalHeader()->logicalIndex(visual);
        if (!isColumnHidden(logical) && !m_columns[logical].isPicture)
            shown << logical;
    }
    return shown;
}

// Every column whole or not at all, no sideways scrolling: what is most easily missed goes first.
void RecordTable::fitColumns()
{
    if (m_columns.isEmpty())
        return;
    QList<int> wanted;
    int needed = 0;
    for (int column = 0; column < m_columns.size(); ++column) {
        const QString& id = m_columns[column].id;
        if (!m_chosen.contains(id) && !m_needed.contains(id))
            continue;
        wanted << column;
        needed += naturalWidth(m_columns[column]);
    }
    const int room = viewport()->width();
    int dropped = 0;
    while (needed > room) {
        const auto first = std::max_element(wanted.begin(), wanted.end(), [this](int one, int other) {
            return m_columns[one].dropRank < m_columns[other].dropRank;
        });
        if (first == wanted.end() || m_columns[*first].dropRank == 0)
            break;
        needed -= naturalWidth(m_columns[*first]);
        wanted.erase(first);
        ++dropped;
    }
    const int spare = std::max(0, room - needed);
    int growing = 0;
    for (const int column : wanted)
        growing += m_columns[column].isNumber ? 0 : m_columns[column].widthInDigits;
    for (int column = 0; column < m_columns.size(); ++column) {
        const bool shown = wanted.contains(column);
        setColumnHidden(column, !shown);
        if (!shown)
            continue;
        const TableColumn& facts = m_columns[column];
        const int extra = facts.isNumber || growing == 0 ? 0 : spare * facts.widthInDigits / growing;
        setColumnWidth(column, naturalWidth(facts) + extra);
    }
    if (dropped != m_withoutRoom) {
        m_withoutRoom = dropped;
        emit roomChanged();
    }
}

void RecordTable::setNeeded(const QString& id, bool needed)
{
    if (needed == m_needed.contains(id))
        return;
    if (needed)
        m_needed.insert(id);
    else
        m_needed.remove(id);
    fitColumns();
}

// Long lists are read by scanning: more of them at once. The two limits keep a list near them from
// flickering.
void RecordTable::fitRows()
{
    const int rows = m_proxy->sourceModel()->rowCount();
    const bool compact = verticalHeader()->defaultSectionSize() == Metrics::kCompactRowHeight;
    const bool grouped = m_proxy->isGrouped();
    if (!compact && (grouped || rows > kCompactAbove))
        verticalHeader()->setDefaultSectionSize(Metrics::kCompactRowHeight);
    else if (compact && !grouped && rows < kCosyBelow)
        verticalHeader()->setDefaultSectionSize(Metrics::kRowHeight);
}

int RecordTable::currentSourceRow() const
{
    const QModelIndex current = m_proxy->mapToSource(currentIndex());
    return current.isValid() ? current.row() : -1;
}

void RecordTable::selectSourceRow(int row)
{
    if (currentIndex().isValid() && !isRow(currentIndex()) &&
        selectionModel()->isRowSelected(currentIndex().row()))
        return;
    const QModelIndex index = m_proxy->mapFromSource(m_proxy->sourceModel()->index(row, 0));
    // Current, and others selected beside it or without it: hands are choosing several.
    if (index.isValid() && index.row() == currentIndex().row() && selectionModel()->hasSelection())
        return;
    const int scrolled = verticalScrollBar()->value();
    m_byItself = true;
    if (index.isValid())
        setCurrentIndex(index);
    else
        selectionModel()->clear();
    m_byItself = false;
    verticalScrollBar()->setValue(scrolled);
}

void RecordTable::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    if (!m_byItself)
        emit currentRecordChanged(currentSourceRow());
}

void RecordTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fitColumns();
    m_noHits->setGeometry(viewport()->rect());
    // A table that shrinks away from under a resting pointer gets no leave event: rows would wait for ever.
    if (m_proxy->isHeld() && !rect().contains(mapFromGlobal(QCursor::pos())))
        m_proxy->hold(false);
}

void RecordTable::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitColumns();
}

} // namespace jetlag::ui
