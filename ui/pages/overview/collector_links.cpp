// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/overview/collector_links.h"

#include "ui/theme/number_format.h"
#include "ui/widgets/shell_word.h"

#include <QApplication>
#include <QClipboard>

#include <algorithm>
#include <string>

namespace jetlag::ui {

namespace {

/// Messages that the position has passed and nobody has processed; zero = none, or not known which.
StreamSequence firstLeftBehind(const CollectorReport& row)
{
    if (!row.diagnosis ||
        (row.diagnosis->cause != Cause::Stranded && row.diagnosis->cause != Cause::DeadLetters))
        return {};
    StreamSequence first;
    for (const HoldingMessage& message : row.diagnosis->messages) {
        const StreamSequence sequence(message.sequence);
        if (!sequence.isZero() && (first.isZero() || sequence < first))
            first = sequence;
    }
    return first;
}

} // namespace

StreamSequence firstUnprocessed(const CollectorRecord& row)
{
    const ConsumerSnapshot& consumer = row.report->consumer;
    // Until the first delivery the floor means nothing: one that asked for new messages begins at
    // `delivered`.
    const bool begun = !consumer.delivered.consumer.isZero() || !consumer.ackFloor.consumer.isZero();
    const StreamSequence next = begun ? consumer.ackFloor.stream.next()
                                      : std::max(consumer.ackFloor.stream, consumer.delivered.stream).next();
    if (!row.stream)
        return next;
    // One that stands beyond the stream's end has its next message there.
    const StreamSnapshot& stream = row.stream->stream;
    return std::max(std::min(next, stream.lastSequence.next()), stream.firstSequence);
}

StreamSequence replayBegin(const CollectorRecord& row)
{
    const StreamSequence left = firstLeftBehind(*row.report);
    const StreamSequence next = firstUnprocessed(row);
    return left.isZero() || (row.stream && left < row.stream->stream.firstSequence) ? next
                                                                                    : std::min(left, next);
}

ReplayRequest replayFromHere(const CollectorRecord& row, std::shared_ptr<ServerLink> server)
{
    const ConsumerSnapshot& consumer = row.report->consumer;
    StreamReplaySource source{.server = std::move(server), .stream = consumer.stream};
    ReplayRequest request;
    // An ephemeral consumer may be gone before the replay asks for its filter.
    if (consumer.isDurable())
        source.likeDurable = consumer.name;
    else
        request.filters = consumer.filters;
    request.source = std::move(source);
    request.range.from = replayBegin(row);
    return request;
}

QString copyDiagnosis(const CollectorReport& row)
{
    if (!row.diagnosis)
        return QObject::tr("Nothing to copy yet: its first sample has not come");
    QApplication::clipboard()->setText(QString::fromStdString(diagnosisMarkdown(*row.diagnosis)));
    return QObject::tr("Copied the diagnosis of %1 as Markdown").arg(shown(row.consumer.name));
}

QString natsInfoCommand(const ConsumerName& name)
{
    const bool looksLikeOption = name.stream.starts_with('-') || name.name.starts_with('-');
    const QString words = shellWord(name.stream) + QLatin1Char(' ') + shellWord(name.name);
    return QStringLiteral("nats consumer info %1%2")
        .arg(looksLikeOption ? QStringLiteral("-- ") : QString(), words);
}

} // namespace jetlag::ui
