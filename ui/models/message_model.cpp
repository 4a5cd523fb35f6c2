// SPDX-License-Identifier: Apache-2.0
#include "ui/models/message_model.h"

#include "ui/models/record_cells.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/byte_text.h"

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr std::size_t kBeforeMatch = 12; // bytes

char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

QString timeOfDay(ServerTime time)
{
    const QString whole = detailTime(time); // 2026-11-23 21:59:16.123 CET
    const qsizetype blank = whole.indexOf(QLatin1Char(' '));
    return whole.mid(blank + 1, 12);
}

} // namespace

std::size_t findIgnoringCase(std::string_view bytes, std::string_view text)
{
    const auto at = std::search(bytes.begin(), bytes.end(), text.begin(), text.end(),
                                [](char a, char b) { return lowered(a) == lowered(b); });
    return at == bytes.end() && !text.empty() ? std::string_view::npos
                                              : static_cast<std::size_t>(at - bytes.begin());
}

void MessageModel::show(const std::deque<StoredMessage>& messages, StreamSequence from, StreamSequence to,
                        const ReadPositions& positions)
{
    m_messages = &messages;
    const bool sameLook = positions == m_positions;
    m_positions = positions;
    std::vector<Row> rows = rowsOf(from, to);
    if (rows == m_rows) {
        if (!sameLook && !m_rows.empty())
            emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

std::vector<MessageModel::Row> MessageModel::rowsOf(StreamSequence from, StreamSequence to) const
{
    std::vector<Row> rows;
    const auto addLine = [&](RowKind kind, StreamSequence at) {
        rows.push_back({.kind = kind, .first = at, .last = at});
    };
    // A line stands behind the last row that it covers.
    const auto linesUpTo = [&](StreamSequence before, StreamSequence upTo) {
        if (m_positions.collector.empty())
            return;
        const StreamSequence floor = m_positions.ackFloor;
        const StreamSequence delivered = m_positions.delivered;
        if (before <= floor && floor < upTo)
            addLine(RowKind::FloorLine, floor);
        if (before <= delivered && delivered < upTo)
            addLine(RowKind::DeliveredLine, delivered);
    };
    StreamSequence next = from;
    for (std::size_t at = 0; at < m_messages->size(); ++at) {
        const StreamSequence sequence = (*m_messages)[at].sequence;
        if (next < sequence) {
            rows.push_back({.kind = RowKind::Gap, .first = next, .last = sequence.previous()});
            linesUpTo(next, sequence);
        }
        rows.push_back({.kind = RowKind::Message, .first = sequence, .last = sequence, .message = at});
        linesUpTo(sequence, sequence.next());
        next = sequence.next();
    }
    if (!to.isZero() && next <= to) {
        rows.push_back({.kind = RowKind::Gap, .first = next, .last = to});
        linesUpTo(next, to.next());
    }
    return rows;
}

void MessageModel::setSearched(const QString& text)
{
    m_searched = text.toStdString();
    if (!m_rows.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

const StoredMessage* MessageModel::message(int row) const
{
    if (row < 0 || row >= rowCount() || kindOf(row) != RowKind::Message)
        return nullptr;
    return &(*m_messages)[m_rows[static_cast<std::size_t>(row)].message];
}

int MessageModel::rowOf(StreamSequence sequence) const
{
    // Rows ascend; a line has the sequence of the row before it.
    const auto at = std::ranges::lower_bound(m_rows, sequence, {}, &Row::last);
    return at == m_rows.end() || at->first > sequence ? -1 : static_cast<int>(at - m_rows.begin());
}

int MessageModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int MessageModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

MessageModel::Gutter MessageModel::gutterOf(const Row& row) const
{
    if (m_positions.collector.empty())
        return Gutter::None;
    if (row.last <= m_positions.ackFloor)
        return Gutter::Acked;
    return row.last <= m_positions.delivered ? Gutter::Delivered : Gutter::NotDelivered;
}

QString MessageModel::bandWords(const Row& row) const
{
    const QString name = shown(m_positions.collector);
    switch (row.kind) {
    case RowKind::Message:
        break;
    case RowKind::Gap:
        return row.first == row.last ? tr("1 deleted · %1").arg(exact(row.first.value()))
                                     : tr("%1 deleted · %2 to %3")
                                           .arg(exact(row.last.value() - row.first.value() + 1),
                                                exact(row.first.value()), exact(row.last.value()));
    case RowKind::FloorLine:
        return tr("ack floor of %1 · %2").arg(name, exact(row.first.value()));
    case RowKind::DeliveredLine:
        return tr("delivered to %1 · %2").arg(name, exact(row.first.value()));
    }
    return {};
}

bool MessageModel::isMatch(const StoredMessage& message) const
{
    return !m_searched.empty() && (findIgnoringCase(message.payload, m_searched) != std::string_view::npos ||
                                   findIgnoringCase(message.subject, m_searched) != std::string_view::npos);
}

QString MessageModel::bodyOf(const StoredMessage& message) const
{
    const std::string_view body = message.payload;
    const std::size_t at = m_searched.empty() ? std::string_view::npos : findIgnoringCase(body, m_searched);
    if (at == std::string_view::npos || at <= kBeforeMatch)
        return bytesInOneLine(body);
    return QStringLiteral("…") + bytesInOneLine(body.substr(at - kBeforeMatch));
}

QString MessageModel::textOf(const Row& row, Column column) const
{
    if (row.kind != RowKind::Message)
        return column == SequenceColumn ? bandWords(row) : QString();
    const StoredMessage& message = (*m_messages)[row.message];
    switch (column) {
    case SequenceColumn:
        return exact(message.sequence.value());
    case TimeColumn:
        return timeOfDay(message.time);
    case SubjectColumn:
        return shown(message.subject);
    case BodyColumn:
        return bodyOf(message);
    case SizeColumn:
        return bytes(static_cast<double>(message.bytes));
    case ColumnCount:
        break;
    }
    return {};
}

QVariant MessageModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<Column>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return textOf(row, column);
    case Qt::TextAlignmentRole: {
        const bool right = row.kind == RowKind::Message && (column == SequenceColumn || column == SizeColumn);
        return QVariant::fromValue((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    case Qt::FontRole:
        return column == BodyColumn ? QVariant(Theme::instance().monoFont()) : QVariant();
    case Qt::ForegroundRole:
        if (row.kind == RowKind::FloorLine)
            return colors().good;
        if (row.kind == RowKind::DeliveredLine)
            return colors().warning;
        if (row.kind == RowKind::Gap || column == TimeColumn || column == SizeColumn)
            return colors().secondary;
        return {};
    case Qt::ToolTipRole:
        if (row.kind != RowKind::Message)
            return plainToolTip(bandWords(row));
        if (column == TimeColumn)
            return plainToolTip(detailTime((*m_messages)[row.message].time));
        return column == SubjectColumn ? plainToolTip(textOf(row, column)) : QVariant();
    case KindRole:
        return static_cast<int>(row.kind);
    case GutterRole:
        return static_cast<int>(gutterOf(row));
    case MatchRole:
        return row.kind == RowKind::Message && isMatch((*m_messages)[row.message]);
    default:
        return {};
    }
}

QVariant MessageModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool right = section == SequenceColumn || section == SizeColumn;
        return QVariant::fromValue((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case SequenceColumn:
        return tr("Sequence");
    case TimeColumn:
        return tr("Time");
    case SubjectColumn:
        return tr("Subject");
    case BodyColumn:
        return tr("Body");
    case SizeColumn:
        return tr("Size");
    case ColumnCount:
        break;
    }
    return {};
}

Qt::ItemFlags MessageModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags usual = QAbstractTableModel::flags(index);
    return index.isValid() && kindOf(index.row()) != RowKind::Message ? usual & ~Qt::ItemIsSelectable : usual;
}

} // namespace jetlag::ui
