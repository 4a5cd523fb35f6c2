// SPDX-License-Identifier: Apache-2.0
#include "ui/models/collector_model.h"

#include "ui/models/record_cells.h"
#include "ui/models/verdict_look.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jetlag::ui {

namespace {

using Column = RecordColumn<CollectorRecord>;

constexpr auto kOffsets = "offsets";
constexpr auto kLagLine = "lagline";
constexpr auto kVerdict = "verdict";
constexpr auto kName = "collector";
constexpr std::size_t kLinePoints = 90;

QString filterWords(const std::vector<std::string>& filters)
{
    QStringList texts;
    for (const std::string& filter : filters)
        texts << shown(filter);
    return texts.isEmpty() ? QObject::tr("all") : texts.join(QStringLiteral(", "));
}

/// What the hatch means; the monitor knows how many, not where.
QString deletedNote(const OffsetPicture& at)
{
    if (at.deleted == 0)
        return {};
    const QString all = QObject::tr("hatched: %1 deleted in between").arg(exact(at.deleted));
    if (!at.isSplitKnown)
        return all;
    return QObject::tr("%1, %2 of them behind the position").arg(all, exact(at.deletedBehind));
}

RecordCell lagCell(const CollectorRecord& row)
{
    RecordCell cell = numberCell(row.report->lag);
    cell.ink = row.report->lag > 0 ? colors().text : colors().secondary;
    const std::shared_ptr<const Diagnosis>& diagnosis = row.report->diagnosis;
    if (!diagnosis || !diagnosis->counter)
        return cell;
    // The server's number misleads: it stays, marked, and the truth is said beside it.
    const CounterTruth& counter = *diagnosis->counter;
    if (cell.exact.isEmpty())
        cell.exact = cell.text; // what is copied
    cell.text += QStringLiteral("\u202f≠");
    cell.ink = colors().warning;
    cell.note = QObject::tr("The server says %1; in truth %2. %3")
                    .arg(shown(counter.server), shown(counter.truth), shown(counter.why));
    return cell;
}

RecordCell verdictCell(const CollectorRecord& row)
{
    const std::string_view verdict = shownVerdict(*row.report);
    // Worst first, and among equals who lags most.
    const double lagShare = 1 - 1 / (1 + static_cast<double>(row.report->lag));
    return {.text = verdictWords(*row.report),
            .sort = severityOfVerdict(verdict) + 0.9 * lagShare,
            .exact = row.report->diagnosis ? shown(row.report->diagnosis->sentence) : QString(),
            .ink = inkOfVerdict(verdict)};
}

RecordCell secondsCell(const std::optional<double>& seconds, const QString& unknown)
{
    if (!seconds)
        return {.text = unknown};
    return {.text = duration(seconds), .sort = *seconds, .exact = QString::number(*seconds, 'f', 1)};
}

RecordCell timeLagCell(const CollectorRecord& row)
{
    if (row.report->lag == 0)
        return {.text = notApplicable(), .sort = 0.0};
    RecordCell cell = secondsCell(row.report->timeLagSeconds, QStringLiteral("?"));
    cell.ink = colors().paused;
    return cell;
}

/// In bad colour when retention comes before the collector is through.
RecordCell runwayCell(const CollectorRecord& row)
{
    RecordCell cell = secondsCell(row.report->runwaySeconds, notApplicable());
    constexpr double kSoon = 600;
    if (row.report->runwaySeconds && (*row.report->runwaySeconds < kSoon || isAtRisk(*row.report)))
        cell.ink = colors().bad;
    return cell;
}

RecordCell etaCell(const CollectorRecord& row)
{
    if (row.report->lag == 0)
        return {.text = notApplicable(), .sort = 0.0};
    if (!row.report->etaSeconds && row.report->cause == "slow")
        return {.text = QObject::tr("never"), .sort = 1e12};
    return secondsCell(row.report->etaSeconds, notApplicable());
}

/// Beside what the collector may hold at most; at that it gets no more.
RecordCell ackPendingCell(const CollectorRecord& row)
{
    const ConsumerSnapshot& consumer = row.report->consumer;
    RecordCell cell = numberCell(consumer.ackPending);
    if (consumer.ackPolicy == "none")
        return {.text = notApplicable(), .sort = cell.sort};
    if (consumer.maxAckPending <= 0)
        return cell;
    const auto most = static_cast<std::uint64_t>(consumer.maxAckPending);
    if (cell.exact.isEmpty())
        cell.exact = cell.text; // what is copied
    cell.text = QObject::tr("%1 of %2").arg(cell.text, count(static_cast<double>(most)));
    cell.note = QObject::tr("max_ack_pending %1").arg(exact(most));
    if (consumer.ackPending >= most)
        cell.ink = colors().warning;
    return cell;
}

/// Unknown while nothing is delivered: no share of nothing.
RecordCell redeliveryShareCell(const CollectorRecord& row)
{
    const double again = row.report->redeliveredPerSecond.value_or(0);
    const double all = row.report->deliveredPerSecond.value_or(0) + again;
    if (!row.report->redeliveredPerSecond || !row.report->deliveredPerSecond || all <= 0)
        return {.text = notApplicable()};
    const double percent = 100 * again / all;
    return {.text = QStringLiteral("%1 %").arg(percent, 0, 'f', 1),
            .sort = percent,
            .exact = QString::number(percent, 'f', 2)};
}

std::vector<Column> verdictColumns()
{
    return {{.id = QLatin1String(kVerdict),
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
         .widthInDigits = 8,
         .cell = timeLagCell},
        {.id = QStringLiteral("runway"),
         .title = QObject::tr("Runway"),
         .field = QObject::tr(
             "until retention deletes messages that it has not read, at the pace of the last 15 s"),
         .widthInDigits = 8,
         .cell = runwayCell},
        {.id = QStringLiteral("eta"),
         .title = QObject::tr("ETA"),
         .field = QObject::tr("until it has drained, at the pace of the last 15 s"),
         .dropRank = 9,
         .widthInDigits = 8,
         .cell = etaCell},
        {.id = QStringLiteral("delivery_lag"),
         .title = QObject::tr("Delivery lag"),
         .field = QObject::tr("age of the oldest message that was not delivered yet"),
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
        {.id = QLatin1String(kName),
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
        {.id = QLatin1String(kOffsets),
         .title = QObject::tr("Offsets"),
         .field = QObject::tr(
             "from the stream's first message to its last: acked, delivered and not acked, not delivered"),
         .isNumber = false,
         .isPicture = true,
         .dropRank = 1,
         .widthInDigits = 10,
         .cell =
             [](const auto& row) {
                 const OffsetPicture at = CollectorModel::offsetsOf(row);
                 return RecordCell{.text = QString(),
                                   .sort = QVariant::fromValue<qulonglong>(at.ackFloor),
                                   .exact = QObject::tr("first %1, ack floor %2, delivered %3, last %4")
                                                .arg(exact(at.first), exact(at.ackFloor), exact(at.delivered),
                                                     exact(at.last)),
                                   .note = deletedNote(at)};
             }},
        {.id = QLatin1String(kLagLine),
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
        {.id = CollectorModel::ageId(),
         .title = QObject::tr("Age"),
         .field = QObject::tr("since the server told the row's values; only where they are old"),
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

std::vector<Column> allColumns()
{
    std::vector<Column> all;
    for (std::vector<Column> part :
         {verdictColumns(), identityColumns(), timeColumns(), rateColumns(), counterColumns(),
          pictureColumns(), placementColumns(), noticeColumns(), ageColumns()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

std::vector<double> lineOf(const std::deque<CollectorSample>* samples)
{
    std::vector<double> line;
    if (samples == nullptr)
        return line;
    // A fixed number of points whatever the age, so that old lines don't cost more than new ones.
    const std::size_t step = std::max<std::size_t>(1, (samples->size() + kLinePoints - 1) / kLinePoints);
    line.reserve(samples->size() / step + 1);
    for (std::size_t at = (samples->size() - 1) % step; at < samples->size(); at += step)
        line.push_back((*samples)[at].lag);
    return line;
}

} // namespace

CollectorModel::CollectorModel(QObject* parent)
    : RecordModel(
          allColumns(),
          [](const CollectorRecord& row) {
              return ConsumerName{row.report->consumer.stream, row.report->consumer.name};
          },
          parent)
{}

QString CollectorModel::ageId()
{
    return QStringLiteral("age");
}

bool CollectorModel::hasStaleRows() const
{
    return std::any_of(records().begin(), records().end(),
                       [](const CollectorRecord& row) { return row.report->consumer.stale; });
}

void CollectorModel::show(const std::shared_ptr<const ClusterReport>& report, const RecentHistory& history,
                          double reportAgeSeconds, const std::function<bool(const ConsumerName&)>& isMuted)
{
    m_history = &history;
    std::map<std::string_view, std::shared_ptr<const StreamReport>> streams;
    for (const StreamReport& stream : report->streams)
        streams.emplace(stream.stream.name, std::shared_ptr<const StreamReport>(report, &stream));
    const QString server = shown(report->server);
    std::vector<CollectorRecord> rows;
    rows.reserve(report->collectors.size());
    for (const CollectorReport& collector : report->collectors) {
        CollectorRecord row{.report = std::shared_ptr<const CollectorReport>(report, &collector),
                            .at = report->at,
                            .server = server};
        if (const auto stream = streams.find(collector.consumer.stream); stream != streams.end())
            row.stream = stream->second;
        if (collector.consumer.stale) {
            // History takes no stale rows: its last sample is what the row still shows.
            const std::deque<CollectorSample>* samples =
                history.collector({collector.consumer.stream, collector.consumer.name});
            if (samples != nullptr && !samples->empty())
                row.ageSeconds =
                    std::chrono::duration<double>(report->at - samples->back().at).count() + reportAgeSeconds;
        }
        row.isMuted = isMuted && isMuted({collector.consumer.stream, collector.consumer.name});
        rows.push_back(std::move(row));
    }
    merge(std::move(rows));
}

std::vector<double> CollectorModel::lagLine(const CollectorRecord& row) const
{
    const ConsumerSnapshot& consumer = row.report->consumer;
    return m_history == nullptr ? std::vector<double>()
                                : lineOf(m_history->collector({consumer.stream, consumer.name}));
}

OffsetPicture CollectorModel::offsetsOf(const CollectorRecord& row)
{
    if (!row.stream)
        return {};
    const ConsumerSnapshot& consumer = row.report->consumer;
    OffsetPicture at{.first = row.stream->stream.firstSequence.value(),
                     .ackFloor = consumer.ackFloor.stream.value(),
                     .delivered = consumer.delivered.stream.value(),
                     .last = row.stream->stream.lastSequence.value(),
                     .deleted = row.stream->stream.deleted,
                     .isSplitKnown = consumer.filters.empty()};
    if (at.isSplitKnown)
        at.deletedBehind = deletedBehind(at, consumer.pending);
    return at;
}

QVariant CollectorModel::data(const QModelIndex& index, int role) const
{
    if (role == OffsetsRole || role == LagLineRole) {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        const QString& id = columns()[static_cast<std::size_t>(index.column())].id;
        if (role == OffsetsRole && id == QLatin1String(kOffsets))
            return QVariant::fromValue(offsetsOf(record(index.row())));
        if (role == LagLineRole && id == QLatin1String(kLagLine))
            return QVariant::fromValue(lagLine(record(index.row())));
        return {};
    }
    if (role == VerdictGlyphRole) {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid) ||
            columns()[static_cast<std::size_t>(index.column())].id != QLatin1String(kVerdict))
            return {};
        return static_cast<int>(glyphOfVerdict(shownVerdict(*record(index.row()).report)));
    }
    if (role == MutedRole)
        return checkIndex(index, CheckIndexOption::IndexIsValid) && record(index.row()).isMuted &&
               columns()[static_cast<std::size_t>(index.column())].id == QLatin1String(kName);
    return RecordModel::data(index, role);
}

bool CollectorModel::isStale(const CollectorRecord& row) const
{
    return row.report->consumer.stale;
}

std::optional<QColor> CollectorModel::staleInk() const
{
    return colors().secondary;
}

QString CollectorModel::toolTip(const CollectorRecord& row, const Column& column) const
{
    return sampleToolTip(column.cell(row), column.title, column.field, row.at, row.server, isStale(row));
}

} // namespace jetlag::ui
