#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "ui/bridge/message_reader.h"
#include "ui/models/record_model.h"

#include <QAbstractTableModel>

#include <deque>
#include <string>
#include <vector>

namespace jetlag::ui {

/// Where the collector stands whose positions are shown.
struct ReadPositions
{
    std::string collector; ///< empty = nobody's
    StreamSequence ackFloor;
    StreamSequence delivered;
    bool operator==(const ReadPositions&) const = default;
};

/// A piece of a stream as rows: messages, what is gone between them, and the lines where a collector stands.
///
///     12 627 055   14:02:57   spark.3.app   {"Event":…   3.1 KB
///     47 deleted · 12 627 008 to 12 627 054                          a gap
///     ack floor of spark-jobs · 12 627 056                           a line between two rows
class MessageModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { SequenceColumn, TimeColumn, SubjectColumn, BodyColumn, SizeColumn, ColumnCount };
    enum class RowKind { Message, Gap, FloorLine, DeliveredLine };
    enum class Gutter { None, Acked, Delivered, NotDelivered };
    enum Role { KindRole = RowRole + 20, GutterRole, MatchRole };

    using QAbstractTableModel::QAbstractTableModel;

    /// `messages` must stay as long as this model, or until the next call.
    void show(const std::deque<StoredMessage>& messages, StreamSequence from, StreamSequence to,
              const ReadPositions& positions);
    /// Rows whose text is looked for say so, and show it in their body.
    void setSearched(const QString& text);

    [[nodiscard]] RowKind kindOf(int row) const { return m_rows[static_cast<std::size_t>(row)].kind; }
    /// Of a message; nullptr for other rows.
    [[nodiscard]] const StoredMessage* message(int row) const;
    /// The first sequence that the row stands for.
    [[nodiscard]] StreamSequence sequenceOf(int row) const
    {
        return m_rows[static_cast<std::size_t>(row)].first;
    }
    /// The message of that sequence, else the row that stands for it; -1 = none.
    [[nodiscard]] int rowOf(StreamSequence sequence) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Row
    {
        RowKind kind = RowKind::Message;
        StreamSequence first;
        StreamSequence last;
        std::size_t message = 0; ///< its place in the deque
        bool operator==(const Row&) const = default;
    };
    [[nodiscard]] std::vector<Row> rowsOf(StreamSequence from, StreamSequence to) const;
    [[nodiscard]] Gutter gutterOf(const Row& row) const;
    [[nodiscard]] QString textOf(const Row& row, Column column) const;
    [[nodiscard]] QString bandWords(const Row& row) const;
    [[nodiscard]] QString bodyOf(const StoredMessage& message) const;
    [[nodiscard]] bool isMatch(const StoredMessage& message) const;

    const std::deque<StoredMessage>* m_messages = nullptr;
    ReadPositions m_positions;
    std::vector<Row> m_rows;
    std::string m_searched;
};

/// Where a text stands in bytes, upper and lower case alike (of ASCII letters); npos = nowhere.
[[nodiscard]] std::size_t findIgnoringCase(std::string_view bytes, std::string_view text);

} // namespace jetlag::ui
