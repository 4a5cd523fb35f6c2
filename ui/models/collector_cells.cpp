// SPDX-License-Identifier: Apache-2.0
#include "ui/models/collector_cells.h"

#include "ui/models/record_cells.h"
#include "ui/models/verdict_look.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <algorithm>

namespace jetlag::ui {

OffsetPicture offsetsOf(const CollectorRecord& row)
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

QString filterWords(const std::vector<std::string>& filters)
{
    QStringList texts;
    for (const std::string& filter : filters)
        texts << shown(filter);
    return texts.isEmpty() ? QObject::tr("all") : texts.join(QStringLiteral(", "));
}

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
    // Worst first, and among equals who lags most. Where nobody answers all keep their places; one that does
    // not answer alone is at least what wants a look.
    const int standing = severityOfVerdict(standingVerdict(*row.report));
    const int severity = row.nobodyAnswers ? standing : std::max(standing, severityOfVerdict(verdict));
    const double lagShare = 1 - 1 / (1 + static_cast<double>(row.report->lag));
    return {.text = verdictWords(*row.report),
            .sort = severity + 0.9 * lagShare,
            .exact = sentenceOf(*row.report),
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

/// In bad colour when retention comes before the collector is through. Of an old row it goes on, and only
/// that it is soon over stays in its colour.
RecordCell runwayCell(const CollectorRecord& row)
{
    const std::optional<double> left = runwayNow(*row.report, row.ageSeconds);
    RecordCell cell = secondsCell(left, notApplicable());
    if (!left)
        return cell;
    cell.text = runwayWords(*row.report, row.ageSeconds);
    cell.keepsInk = isRunwayShort(*left);
    if (cell.keepsInk || isAtRisk(*row.report))
        cell.ink = colors().bad;
    if (row.report->consumer.stale)
        cell.note = QObject::tr("the last one less its age");
    return cell;
}

RecordCell etaCell(const CollectorRecord& row)
{
    if (row.report->lag == 0)
        return {.text = notApplicable(), .sort = 0.0};
    if (neverDrains(*row.report))
        return {.text = etaWords(*row.report), .sort = 1e12};
    return secondsCell(shownEta(*row.report), notApplicable());
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

} // namespace jetlag::ui
