// SPDX-License-Identifier: Apache-2.0
#include "ui/models/dead_letter_model.h"

#include "ui/models/record_cells.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

namespace jetlag::ui {

namespace {

using Column = RecordColumn<DeadLetterRecord>;

constexpr auto kReviewed = "reviewed";

RecordCell originCell(const DeadLetterRecord& row)
{
    switch (row.letter.origin) {
    case DeadLetter::Origin::MaxDeliveries:
        return wordsCell(QObject::tr("max deliveries"), colors().warning);
    case DeadLetter::Origin::Terminated:
        return wordsCell(QObject::tr("terminated"), colors().warning);
    case DeadLetter::Origin::FoundStuck:
        return wordsCell(QObject::tr("found stuck"), colors().bad);
    }
    return {};
}

RecordCell stateCell(const DeadLetterRecord& row)
{
    const bool isGone = !row.letter.isInStream || row.isFoundGone;
    return isGone ? wordsCell(QObject::tr("gone"), colors().secondary)
                  : wordsCell(QObject::tr("in the stream"), colors().text);
}

RecordCell timeCell(const DeadLetterRecord& row)
{
    const QString whole = clockTime(row.letter.at);
    constexpr int kDateAndTime = 19;
    return {.text = whole.size() == kDateAndTime ? whole.mid(5, 11) : whole,
            .sort = QVariant::fromValue<qlonglong>(row.letter.at.time_since_epoch().count()),
            .exact = QString::fromStdString(formatRfc3339(row.letter.at))};
}

std::vector<Column> columnsOfLetters()
{
    return {
        {.id = QLatin1String(kReviewed),
         .title = QObject::tr("Reviewed"),
         .field = QObject::tr("somebody has dealt with it; kept on this machine"),
         .isNumber = false,
         .widthInDigits = 4,
         .cell =
             [](const auto& row) {
                 return RecordCell{.text = QString(),
                                   .sort = row.isReviewed ? QStringLiteral("yes") : QStringLiteral("no"),
                                   .exact = row.isReviewed ? QStringLiteral("yes") : QStringLiteral("no")};
             }},
        {.id = QStringLiteral("time"),
         .title = QObject::tr("Time"),
         .field = QObject::tr("when it was announced or found"),
         .widthInDigits = 11,
         .cell = timeCell},
        {.id = QStringLiteral("stream"),
         .title = QObject::tr("Stream"),
         .isNumber = false,
         .widthInDigits = 9,
         .cell = [](const auto& row) { return wordsCell(shown(row.letter.key.stream), colors().secondary); }},
        {.id = QStringLiteral("collector"),
         .title = QObject::tr("Collector"),
         .isNumber = false,
         .widthInDigits = 13,
         .cell = [](const auto& row) { return wordsCell(shown(row.letter.key.collector)); }},
        {.id = QStringLiteral("sequence"),
         .title = QObject::tr("Sequence"),
         .field = QObject::tr("of the stream"),
         .widthInDigits = 11,
         .cell = [](const auto& row) { return sequenceCell(row.letter.key.sequence); }},
        {.id = QStringLiteral("deliveries"),
         .title = QObject::tr("Deliveries"),
         .field = QObject::tr("how often it was delivered, where the announcement tells"),
         .dropRank = 2,
         .widthInDigits = 8,
         .cell =
             [](const auto& row) {
                 return row.letter.deliveries == 0 ? RecordCell{.text = notApplicable()}
                                                   : numberCell(row.letter.deliveries);
             }},
        {.id = QStringLiteral("why"),
         .title = QObject::tr("Why"),
         .field =
             QObject::tr("announced by the server, or found behind the ack floor without an announcement"),
         .isNumber = false,
         .widthInDigits = 13,
         .cell = originCell},
        {.id = QStringLiteral("reason"),
         .title = QObject::tr("Reason"),
         .field = QObject::tr("the announcement's own words (2.10 and later)"),
         .isNumber = false,
         .dropRank = 3,
         .widthInDigits = 16,
         .cell = [](const auto& row) { return wordsCell(shown(row.letter.reason), colors().secondary); }},
        {.id = QStringLiteral("subject"),
         .title = QObject::tr("Subject"),
         .field = QObject::tr("known once its message was looked at"),
         .isNumber = false,
         .dropRank = 4,
         .widthInDigits = 18,
         .cell = [](const auto& row) { return wordsCell(shown(row.subject)); }},
        {.id = QStringLiteral("state"),
         .title = QObject::tr("State"),
         .isNumber = false,
         .dropRank = 1,
         .widthInDigits = 10,
         .cell = stateCell},
    };
}

} // namespace

DeadLetterModel::DeadLetterModel(QObject* parent)
    : RecordModel(
          columnsOfLetters(), [](const DeadLetterRecord& row) { return row.letter.key; }, parent)
{}

void DeadLetterModel::show(const DeadLetterList& list,
                           const std::function<bool(const DeadLetterKey&)>& isReviewed)
{
    std::erase_if(m_known, [&](const auto& known) { return !list.letters().contains(known.first); });
    std::vector<DeadLetterRecord> rows;
    rows.reserve(list.letters().size());
    for (const auto& [key, letter] : list.letters()) {
        DeadLetterRecord row{.letter = letter, .isReviewed = isReviewed(key), .subject = letter.subject};
        if (const auto known = m_known.find(key); known != m_known.end()) {
            row.isFoundGone = known->second.isGone;
            if (row.subject.empty())
                row.subject = known->second.subject;
        }
        rows.push_back(std::move(row));
    }
    merge(std::move(rows));
}

void DeadLetterModel::learn(const DeadLetterKey& key, std::string subject, bool isGone)
{
    m_known[key] = {.subject = std::move(subject), .isGone = isGone};
}

QVariant DeadLetterModel::data(const QModelIndex& index, int role) const
{
    if (role == Qt::CheckStateRole && index.isValid() && index.column() == columnOf(QLatin1String(kReviewed)))
        return record(index.row()).isReviewed ? Qt::Checked : Qt::Unchecked;
    return RecordModel::data(index, role);
}

Qt::ItemFlags DeadLetterModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags usual = RecordModel::flags(index);
    return index.isValid() && index.column() == columnOf(QLatin1String(kReviewed))
               ? usual | Qt::ItemIsUserCheckable
               : usual;
}

bool DeadLetterModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid())
        return false;
    const DeadLetterKey key = record(index.row()).letter.key;
    emit reviewedChanged(key, value.toInt() == Qt::Checked);
    return true;
}

} // namespace jetlag::ui
