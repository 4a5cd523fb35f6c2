// SPDX-License-Identifier: Apache-2.0
#include "ui/models/collector_columns.h"

#include "ui/models/collector_cells.h"
#include "ui/models/record_cells.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

namespace jetlag::ui {

namespace {

using Column = RecordColumn<CollectorRecord>;

std::vector<Column> verdictColumns()
{
    return {{.id = QLatin1String(collector_column::kVerdict),
             .title = QObject::tr("Verdict"),
             .field = QObject::tr("what the last samples prove, and its one cause"),
             .isNumber = false,
             .widthInDigits = 21,
             .cell = verdictCell}};
}

std::vector<Column> timeColumns()
{
    return {
        {.id = QStringLiteral("time_lag"),
         .title = QObject::tr("Time lag"),
         .field = QObject::tr("age of the oldest unprocessed message, by the server's own times"),
         .isDuration = true,
         .widthInDigits = 8,
         .cell = timeLagCell},
        {.id = QStringLiteral("runway"),
         .title = QObject::tr("Runway"),
         .field = QObject::tr(
             "until retention deletes messages that it has not read, at the pace of the last 15 s"),
         .isDuration = true,
         .widthInDigits = 8,
         .cell = runwayCell},
        {.id = QStringLiteral("eta"),
         .title = QObject::tr("ETA"),
         .field = QObject::tr("until it has drained, at the pace of the last 15 s"),
         .isDuration = true,
         .dropRank = 9,
         .widthInDigits = 8,
         .cell = etaCell},
        {.id = QStringLiteral("delivery_lag"),
         .title = QObject::tr("Delivery lag"),
         .field = QObject::tr("age of the oldest message that was not delivered yet"),
         .isDuration = true,
         .shownAtFirst = false,
         .widthInDigits = 11,
         .cell =
             [](const auto& row) {
                 return row.report->consumer.pending == 0
                            ? RecordCell{.text = notApplicable(), .sort = 0.0}
                            : secondsCell(row.report->deliveryLagSeconds, QStringLiteral("?"));
             }},
    };
}

std::vector<Column> identityColumns()
{
    return {
        {.id = QStringLiteral("stream"),
         .title = QObject::tr("Stream"),
         .field = QStringLiteral("stream_name"),
         .isNumber = false,
         .widthInDigits = 9,
         .cell =
             [](const auto& row) {
                 return wordsCell(shown(row.report->consumer.stream), colors().secondary);
             }},
        {.id = QLatin1String(collector_column::kName),
         .title = QObject::tr("Collector"),
         .field = QStringLiteral("name"),
         .isNumber = false,
         .widthInDigits = 13,
         .cell =
             [](const auto& row) {
                 RecordCell cell = wordsCell(shown(row.report->consumer.name));
                 if (row.isMuted)
                     cell.note = QObject::tr("muted: nobody is called for it");
                 return cell;
             }},
        {.id = QStringLiteral("lag"),
         .title = QObject::tr("Lag"),
         .field = QObject::tr("unprocessed messages = num_pending + num_ack_pending"),
         .widthInDigits = 7,
         .cell = lagCell},
    };
}

std::vector<Column> rateColumns()
{
    return {
        {.id = QStringLiteral("in"),
         .title = QObject::tr("In /s"),
         .field = QObject::tr("messages published to the stream, from state.last_seq of two samples"),
         .dropRank = 13,
         .widthInDigits = 6,
         .cell =
             [](const auto& row) { return rateCell(row.stream ? row.stream->inPerSecond : std::nullopt); }},
        {.id = QStringLiteral("delivered_rate"),
         .title = QObject::tr("Delivered /s"),
         .field = QObject::tr(
             "first deliveries, from delivered.consumer_seq of two samples; at most so many where "
             "a filter hides redeliveries"),
         .shownAtFirst = false,
         .dropRank = 4,
         .widthInDigits = 11,
         .cell = [](const auto& row) { return rateCell(row.report->deliveredPerSecond); }},
        {.id = QStringLiteral("acked_rate"),
         .title = QObject::tr("Acked /s"),
         .field =
             QObject::tr("from ack_floor and num_ack_pending of two samples; at most so many where a filter "
                         "hides redeliveries"),
         .widthInDigits = 7,
         .cell = [](const auto& row) { return rateCell(row.report->ackedPerSecond); }},
        {.id = QStringLiteral("redelivered_rate"),
         .title = QObject::tr("Redeliv. /s"),
         .field = QObject::tr(
             "further deliveries of the same message; at least so many: a filter hides those after "
             "ack_wait"),
         .shownAtFirst = false,
         .dropRank = 7,
         .widthInDigits = 10,
         .cell = [](const auto& row) { return rateCell(row.report->redeliveredPerSecond); }},
        {.id = QStringLiteral("redelivery_share"),
         .title = QObject::tr("Redeliv."),
         .field =
             QObject::tr("further deliveries among all deliveries of the last samples; at least so many: a "
                         "filter hides those after ack_wait"),
         .dropRank = 8,
         .widthInDigits = 6,
         .cell = redeliveryShareCell},
    };
}

std::vector<Column> counterColumns()
{
    return {
        {.id = QStringLiteral("pending"),
         .title = QObject::tr("Pending"),
         .field = QStringLiteral("num_pending"),
         .shownAtFirst = false,
         .cell = [](const auto& row) { return numberCell(row.report->consumer.pending); }},
        {.id = QStringLiteral("ack_pending"),
         .title = QObject::tr("Ack pending"),
         .field = QObject::tr("num_ack_pending, of max_ack_pending"),
         .dropRank = 14,
         .widthInDigits = 13,
         .cell = ackPendingCell},
        {.id = QStringLiteral("redelivered"),
         .title = QObject::tr("Redelivered"),
         .field = QObject::tr("num_redelivered: messages now in redelivery, not a total"),
         .shownAtFirst = false,
         .widthInDigits = 11,
         .cell = [](const auto& row) { return numberCell(row.report->consumer.redelivered); }},
        {.id = QStringLiteral("waiting"),
         .title = QObject::tr("Waiting pulls"),
         .field = QStringLiteral("num_waiting"),
         .shownAtFirst = false,
         .widthInDigits = 12,
         .cell = [](const auto& row) { return numberCell(row.report->consumer.waiting); }},
        {.id = QStringLiteral("delivered"),
         .title = QObject::tr("Delivered"),
         .field = QStringLiteral("delivered.stream_seq"),
         .shownAtFirst = false,
         .dropRank = 12,
         .widthInDigits = 10,
         .cell = [](const auto& row) { return sequenceCell(row.report->consumer.delivered.stream.value()); }},
        {.id = QStringLiteral("ack_floor"),
         .title = QObject::tr("Ack floor"),
         .field = QStringLiteral("ack_floor.stream_seq"),
         .shownAtFirst = false,
         .dropRank = 11,
         .widthInDigits = 10,
         .cell = [](const auto& row) { return sequenceCell(row.report->consumer.ackFloor.stream.value()); }},
    };
}

std::vector<Column> pictureColumns()
{
    return {
        {.id = QLatin1String(collector_column::kOffsets),
         .title = QObject::tr("Offsets"),
         .field = QObject::tr(
             "from the stream's first message to its last: acked, delivered and not acked, not delivered"),
         .isNumber = false,
         .isPicture = true,
         .dropRank = 1,
         .widthInDigits = 10,
         .cell =
             [](const auto& row) {
                 const OffsetPicture at = offsetsOf(row);
                 return RecordCell{.text = QString(),
                                   .sort = QVariant::fromValue<qulonglong>(at.ackFloor),
                                   .exact = QObject::tr("first %1, ack floor %2, delivered %3, last %4")
                                                .arg(exact(at.first), exact(at.ackFloor), exact(at.delivered),
                                                     exact(at.last)),
                                   .note = deletedNote(at)};
             }},
        {.id = QLatin1String(collector_column::kLagLine),
         .title = QObject::tr("Lag lately"),
         .field = QObject::tr("unprocessed messages over the last minutes that this window has seen"),
         .isNumber = false,
         .isPicture = true,
         .dropRank = 10,
         .widthInDigits = 9,
         .cell =
             [](const auto& row) {
                 return RecordCell{.sort = QVariant::fromValue<qulonglong>(row.report->lag),
                                   .exact = QString()};
             }},
    };
}

std::vector<Column> placementColumns()
{
    return {
        {.id = QStringLiteral("filters"),
         .title = QObject::tr("Filter"),
         .field = QStringLiteral("config.filter_subject(s)"),
         .isNumber = false,
         .shownAtFirst = false,
         .widthInDigits = 16,
         .cell = [](const auto& row) { return wordsCell(filterWords(row.report->consumer.filters)); }},
        {.id = QStringLiteral("leader"),
         .title = QObject::tr("Leader"),
         .field = QStringLiteral("cluster.leader"),
         .isNumber = false,
         .shownAtFirst = false,
         .widthInDigits = 10,
         .cell = [](const auto& row) { return wordsCell(shown(row.report->consumer.placement.leader)); }},
        {.id = QStringLiteral("replicas"),
         .title = QObject::tr("Replicas"),
         .field = QStringLiteral("cluster.replicas, and the leader"),
         .shownAtFirst = false,
         .cell = [](const auto& row) { return replicasCell(row.report->consumer.placement); }},
    };
}

std::vector<Column> noticeColumns()
{
    return {
        {.id = QStringLiteral("notices"),
         .title = QObject::tr("Notices"),
         .field = QObject::tr("whether somebody is called for it, as chosen in this console"),
         .isNumber = false,
         .shownAtFirst = false,
         .cell =
             [](const auto& row) { return wordsCell(row.isMuted ? QObject::tr("muted") : notApplicable()); }},
    };
}

std::vector<Column> ageColumns()
{
    return {
        {.id = QLatin1String(collector_column::kAge),
         .title = QObject::tr("Age"),
         .field = QObject::tr("since the server told the row's values; only where they are old"),
         .isDuration = true,
         .shownAtFirst = false,
         .cell =
             [](const auto& row) {
                 if (!row.report->consumer.stale)
                     return RecordCell{.text = notApplicable()};
                 if (!row.ageSeconds)
                     return RecordCell{.text = QStringLiteral("?")};
                 return RecordCell{.text = duration(row.ageSeconds),
                                   .sort = *row.ageSeconds,
                                   .exact = QString::number(*row.ageSeconds, 'f', 0)};
             }},
    };
}

} // namespace

std::vector<Column> collectorColumns()
{
    std::vector<Column> all;
    for (std::vector<Column> part :
         {verdictColumns(), identityColumns(), timeColumns(), rateColumns(), counterColumns(),
          pictureColumns(), placementColumns(), noticeColumns(), ageColumns()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

} // namespace jetlag::ui
