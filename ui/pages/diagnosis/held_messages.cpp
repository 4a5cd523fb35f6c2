// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/diagnosis/held_messages.h"

#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/byte_text.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/parts.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace jetlag::ui {

namespace {

enum Column { State, Sequence, Published, Age, Subject, Size, Body, ColumnCount };
constexpr int kMostRowsShown = 5; ///< more scroll
constexpr int kMostRowsCompact = 3;
constexpr int kLeastWidth = 76; ///< pixels: "Sequence" at the right edge of its column is not cut
constexpr int kSubjectWidth = 170;
constexpr int kStateWidth = 150;

bool isNumber(int column)
{
    return column == Sequence || column == Age || column == Size;
}

/// Behind the first one that the position has passed lie others, and the server does not tell which.
bool leavesBehind(const CollectorReport& row)
{
    return row.diagnosis && row.diagnosis->cause == Cause::Stranded && !row.diagnosis->messages.empty();
}

/// `first`: that is not processed and still there; `isFirst`: nothing read lies between the ack floor and
/// this one, so that the floor would have moved over it.
std::string roleOf(const CollectorReport& row, std::uint64_t sequence, StreamSequence first, bool isFirst)
{
    if (sequence <= row.consumer.ackFloor.stream.value())
        return leavesBehind(row) ? "left behind or acked" : "acked meanwhile";
    if (sequence < first.value())
        return "deleted meanwhile";
    if (sequence > row.consumer.delivered.stream.value())
        return "not delivered";
    return isFirst && row.consumer.ackPending > 0 ? "delivered, not acked" : "delivered";
}

bool isSame(const CollectorReport& a, const CollectorReport& b)
{
    return a.consumer.name == b.consumer.name && a.consumer.stream == b.consumer.stream;
}

QString ageOf(ServerTime now, const std::optional<ServerTime>& time)
{
    if (!time)
        return QStringLiteral("?");
    const std::chrono::duration<double> age = now - *time;
    return duration(std::max(0.0, age.count()));
}

} // namespace

std::vector<HeldRow> heldRows(const CollectorReport& row, std::span<const StoredMessage> read,
                              StreamSequence firstUnprocessed)
{
    std::vector<HeldRow> rows;
    bool isFirst = true;
    for (const StoredMessage& message : read) {
        const std::uint64_t sequence = message.sequence.value();
        rows.push_back({.role = roleOf(row, sequence, firstUnprocessed, isFirst),
                        .sequence = sequence,
                        .time = message.time,
                        .subject = message.subject,
                        .bytes = message.bytes,
                        .body = message.payload});
        isFirst = isFirst && sequence <= row.consumer.ackFloor.stream.value();
    }
    const auto named = row.diagnosis ? std::span<const HoldingMessage>(row.diagnosis->messages)
                                     : std::span<const HoldingMessage>();
    if (row.lag == 0 && !leavesBehind(row))
        std::erase_if(rows, [&](const HeldRow& one) {
            return std::ranges::find(named, one.sequence, &HoldingMessage::sequence) == named.end();
        });
    for (const HoldingMessage& found : named) {
        const auto known = std::ranges::find(rows, found.sequence, &HeldRow::sequence);
        if (known != rows.end())
            known->role = found.role;
        else
            rows.push_back({.role = found.role,
                            .sequence = found.sequence,
                            .time = found.time,
                            .subject = found.subject,
                            .bytes = found.bytes,
                            .body = std::nullopt});
    }
    std::ranges::stable_sort(rows, {}, &HeldRow::sequence);
    return rows;
}

HeldMessages::HeldMessages(EventsService& events, QWidget* parent)
    : QWidget(parent)
    , m_reader(events, kMostMessages)
    , m_table(new QTableWidget(0, ColumnCount))
    , m_counts(new ElidedLabel)
    , m_hint(barLabel(tr("Enter opens it in Messages")))
{
    makeTable();
    auto* line = new QHBoxLayout;
    line->setSpacing(Metrics::kSpacing);
    line->addWidget(titleLabel(tr("Events that hold it up")));
    m_counts->setProperty("role", QStringLiteral("secondary"));
    line->addWidget(m_counts, 1);
    line->addWidget(m_hint);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Metrics::kSpacing / 2);
    column->addLayout(line);
    column->addWidget(m_table);
    connect(&m_reader, &HeldReader::changed, this, &HeldMessages::showRows);
    hide();
}

void HeldMessages::makeTable()
{
    m_table->setAccessibleName(tr("Events that hold it up"));
    m_table->setHorizontalHeaderLabels(
        {tr("State"), tr("Sequence"), tr("Published"), tr("Age"), tr("Subject"), tr("Size"), tr("Body")});
    QHeaderView* header = m_table->horizontalHeader();
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(Body, QHeaderView::Stretch);
    header->setMinimumSectionSize(kLeastWidth);
    // Names may be long: these two end in "…".
    for (const auto& [at, width] : {std::pair(State, kStateWidth), std::pair(Subject, kSubjectWidth)}) {
        header->setSectionResizeMode(at, QHeaderView::Interactive);
        m_table->setColumnWidth(at, width);
    }
    for (int column = 0; column < ColumnCount; ++column) {
        if (isNumber(column))
            m_table->horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
    m_table->horizontalHeaderItem(State)->setToolTip(
        tr("Which of those between ack floor and delivered are acked each, the server does not tell"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(Metrics::kRowHeight);
    m_table->setEditTriggers(QTableWidget::NoEditTriggers);
    m_table->setSelectionBehavior(QTableWidget::SelectRows);
    m_table->setSelectionMode(QTableWidget::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    connect(m_table, &QTableWidget::cellActivated, this,
            [this](int row) { emit messageWanted(sequenceAt(row)); });
    connect(m_table, &QTableWidget::currentCellChanged, this, [this](int row) {
        if (row >= 0 && m_table->hasFocus()) // else nobody went there: rows come and go
            emit messageChosen(sequenceAt(row));
    });
}

quint64 HeldMessages::sequenceAt(int row) const
{
    return m_table->item(row, Sequence)->data(Qt::UserRole).toULongLong();
}

void HeldMessages::choose(quint64 sequence)
{
    for (int row = 0; row < m_table->rowCount(); ++row) {
        if (sequenceAt(row) != sequence)
            continue;
        if (row != m_table->currentRow()) {
            const QSignalBlocker silent(m_table);
            m_table->setCurrentCell(row, Sequence);
        }
        return;
    }
    const QSignalBlocker silent(m_table);
    m_table->setCurrentCell(-1, -1); // nor does it come back with the next report
    m_table->clearSelection();
}

void HeldMessages::show(const CollectorReport& row, StreamSequence firstUnprocessed,
                        const std::shared_ptr<ServerLink>& server)
{
    judgeFlow(row);
    m_readsNamed = judgeNamed(row) && m_flows;
    m_row = row;
    m_first = firstUnprocessed;
    if (m_readsNamed)
        m_reader.follow(server, row, StreamSequence(m_named));
    else if (m_flows)
        m_reader.rest();
    else if (row.lag > 0)
        m_reader.follow(server, row, firstUnprocessed);
    else if (row.diagnosis && !row.diagnosis->messages.empty()) // unread, and not counted by the server
        m_reader.follow(server, row, StreamSequence(row.diagnosis->messages.front().sequence));
    else
        m_reader.rest();
    showRows();
}

// With two limits, so that one near them does not come and go.
void HeldMessages::judgeFlow(const CollectorReport& row)
{
    constexpr double kFlows = HeldMessages::kMostMessages / HeldReader::kPauseSeconds;
    const double acked = row.ackedPerSecond.value_or(0);
    m_flows = row.lag > 0 && acked >= (m_flows && isSame(row, m_row) ? kFlows / 2 : kFlows);
}

// What holds up one that flows past it, such as a poison message, stands still while all else changes, and
// its body is what somebody wants to see.
bool HeldMessages::judgeNamed(const CollectorReport& row)
{
    constexpr std::chrono::duration<double> kStays{HeldReader::kPauseSeconds};
    const bool isNamed = row.diagnosis && !row.diagnosis->messages.empty();
    const std::uint64_t named = isNamed ? row.diagnosis->messages.front().sequence : 0;
    if (named != m_named || !isSame(row, m_row)) {
        m_named = named;
        m_namedSince = isNamed ? row.diagnosis->at : ServerTime{};
    }
    return m_named != 0 && row.diagnosis->at - m_namedSince >= kStays;
}

void HeldMessages::setCompact(bool compact)
{
    if (std::exchange(m_isCompact, compact) != compact)
        showRows();
}

void HeldMessages::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_reader.rest();
}

void HeldMessages::showRows()
{
    const bool isHeld = m_row.lag > 0 || (m_row.diagnosis && !m_row.diagnosis->messages.empty());
    const auto read = m_flows && !m_readsNamed ? std::span<const StoredMessage>()
                                               : std::span<const StoredMessage>(m_reader.messages());
    std::vector<HeldRow> rows = isHeld ? heldRows(m_row, read, m_first) : std::vector<HeldRow>();
    if (m_flows)
        std::erase_if(rows, [this](const HeldRow& one) { return !isNamed(one.sequence); });
    const quint64 chosen = m_table->currentRow() >= 0 ? sequenceAt(m_table->currentRow()) : 0;
    {
        const QSignalBlocker silent(m_table);
        m_table->setRowCount(static_cast<int>(rows.size()));
        for (std::size_t at = 0; at < rows.size(); ++at)
            showRow(static_cast<int>(at), rows[at]);
    }
    if (chosen != 0)
        choose(chosen);
    showTitle(rows.size());
    const int shownRows = std::min(m_table->rowCount(), m_isCompact ? kMostRowsCompact : kMostRowsShown);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() +
                            shownRows * Metrics::kRowHeight + 4);
    setVisible(isHeld && !(m_flows && rows.empty()));
}

bool HeldMessages::isNamed(std::uint64_t sequence) const
{
    return m_row.diagnosis && std::ranges::find(m_row.diagnosis->messages, sequence,
                                                &HoldingMessage::sequence) != m_row.diagnosis->messages.end();
}

void HeldMessages::showRow(int at, const HeldRow& row)
{
    const ServerTime now = m_row.diagnosis ? m_row.diagnosis->at : row.time.value_or(ServerTime{});
    const QStringList texts{shown(row.role),
                            exact(row.sequence),
                            row.time ? clockTime(*row.time) : QStringLiteral("?"),
                            ageOf(now, row.time),
                            row.subject.empty() ? QStringLiteral("?") : shown(row.subject),
                            row.bytes ? bytes(static_cast<double>(*row.bytes)) : QStringLiteral("?"),
                            row.body                   ? bytesInOneLine(*row.body)
                            : m_flows && !m_readsNamed ? tr("not read")
                                                       : QStringLiteral("…")};
    for (int column = 0; column < ColumnCount; ++column) {
        QTableWidgetItem* item = m_table->item(at, column);
        if (item == nullptr) {
            item = new QTableWidgetItem;
            m_table->setItem(at, column, item);
            if (isNumber(column))
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            if (column == Body)
                item->setFont(Theme::instance().monoFont());
        }
        if (item->text() != texts[column])
            item->setText(texts[column]);
    }
    m_table->item(at, Sequence)->setData(Qt::UserRole, QVariant::fromValue<qulonglong>(row.sequence));
}

void HeldMessages::showTitle(std::size_t rows)
{
    if (m_flows)
        return m_counts->setText(tr("%1 of %2; it works off %3, too fast for a list: Messages follows it")
                                     .arg(exact(rows), exact(m_row.lag), rate(m_row.ackedPerSecond)));
    if (!m_reader.problem().isEmpty())
        return m_counts->setText(tr("Their bodies cannot be read: %1").arg(m_reader.problem()));
    if (rows == 0)
        return m_counts->setText(m_reader.isFirstRead() ? tr("reading …")
                                                        : tr("none is in the stream any more"));
    const std::uint64_t all = std::max<std::uint64_t>(m_row.lag, rows);
    QString words = tr("%1 of %2").arg(exact(rows), exact(all));
    const bool isBehind =
        m_row.lag > 0 && !m_reader.messages().empty() && m_reader.messages().front().sequence < m_first;
    if (isBehind)
        words += tr(", read %1 ago").arg(duration(m_reader.ageSeconds()));
    m_counts->setText(
        m_row.consumer.pending >= m_row.lag && m_row.lag > 0 ? tr("%1, none delivered").arg(words) : words);
}

} // namespace jetlag::ui
