// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/quarantine_view.h"

#include "ui/pages/replay/form_parts.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/byte_text.h"
#include "ui/widgets/row_delegate.h"
#include "ui/widgets/segments.h"

#include <QHeaderView>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

namespace jetlag::ui {

namespace {

constexpr std::size_t kBytesShown = 64 * 1024;

} // namespace

QuarantineView::QuarantineView(QWidget* parent)
    : QWidget(parent)
    , m_model(new QuarantineModel(this))
    , m_table(new QTableView)
    , m_about(fieldNote())
    , m_form(new Segments({tr("Text"), tr("Hex")}))
    , m_bytes(new QPlainTextEdit)
{
    m_table->setModel(m_model);
    m_table->setItemDelegate(new RowDelegate(m_table));
    m_table->setShowGrid(false);
    setRole(*m_table, "inner");
    m_table->setWordWrap(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setAccessibleName(tr("Quarantined events"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(Metrics::kRowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->horizontalHeader()->setSectionResizeMode(QuarantineModel::BeginColumn, QHeaderView::Stretch);
    m_bytes->setReadOnly(true);
    m_bytes->setFont(Theme::instance().monoFont());
    m_bytes->setAccessibleName(tr("Bytes of the chosen event"));
    m_bytes->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    setRole(*m_bytes, "inner");

    auto* lower = new QWidget;
    auto* column = new QVBoxLayout(lower);
    column->setContentsMargins(0, Metrics::kSpacing, 0, 0);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(Metrics::kMargin, 0, Metrics::kMargin, 0);
    head->addWidget(m_about, 1);
    head->addWidget(m_form);
    column->addLayout(head);
    column->addWidget(m_bytes, 1);
    auto* split = new QSplitter(Qt::Vertical);
    split->addWidget(m_table);
    split->addWidget(lower);
    split->setChildrenCollapsible(false);
    split->setSizes({300, 200});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split);

    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &QuarantineView::showBytes);
    connect(m_form, &Segments::chosen, this, &QuarantineView::showBytes);
    showBytes();
}

void QuarantineView::setResult(std::shared_ptr<const EngineResult> result)
{
    const bool wasEmpty = m_model->rowCount() == 0;
    m_model->setResult(std::move(result));
    if (wasEmpty && m_model->rowCount() > 0) {
        fitColumns();
        m_table->selectRow(0);
    }
    if (m_model->rowCount() == 0)
        showBytes();
}

void QuarantineView::showBytes()
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    if (rows.isEmpty()) {
        m_about->setText(m_model->rowCount() == 0 ? tr("Nothing is quarantined.") : tr("Choose an event."));
        m_bytes->clear();
        return;
    }
    const QuarantinedEvent& event = m_model->event(rows.first().row());
    const std::string_view bytes = std::string_view(event.bytes).substr(0, kBytesShown);
    const std::uint64_t left = m_model->total() - static_cast<std::uint64_t>(m_model->rowCount());
    const bool isCut = event.bytes.size() >= kQuarantineHeadBytes;
    QString words = tr("Sequence %1 · %2 · %3%4 bytes")
                        .arg(exact(event.sequence.value()), shown(toString(event.reason)),
                             isCut ? tr("the first ") : QString(), exact(event.bytes.size()));
    if (left > 0)
        words += tr(" · %1 more are counted, not kept").arg(exact(left));
    m_about->setText(words);
    m_bytes->setPlainText(m_form->current() == 0 ? byteText(bytes) : hexDump(bytes));
}

void QuarantineView::fitColumns()
{
    constexpr int kAir = 14; // a heading at the right edge must not be cut
    for (const int column : {QuarantineModel::SequenceColumn, QuarantineModel::ReasonColumn,
                             QuarantineModel::SubjectColumn, QuarantineModel::BytesColumn}) {
        m_table->resizeColumnToContents(column);
        m_table->setColumnWidth(column, std::min(m_table->columnWidth(column) + kAir, width() / 3));
    }
}

void QuarantineView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitColumns();
}

} // namespace jetlag::ui
