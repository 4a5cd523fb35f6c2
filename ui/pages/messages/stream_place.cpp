// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/messages/stream_place.h"

#include <QObject>

#include <algorithm>

namespace jetlag::ui {

ReadPositions StreamPlace::positions() const
{
    if (collector == nullptr)
        return {};
    return {.collector = collector->name,
            .ackFloor = collector->ackFloor.stream,
            .delivered = collector->delivered.stream};
}

StreamSequence StreamPlace::target(MessageTools::Jump jump) const
{
    if (stream == nullptr)
        return {};
    switch (jump) {
    case MessageTools::Jump::First:
        return stream->firstSequence;
    case MessageTools::Jump::AckFloor:
        return positions().ackFloor;
    case MessageTools::Jump::Delivered:
        return positions().delivered;
    case MessageTools::Jump::OldestUnprocessed:
        return positions().ackFloor.next();
    case MessageTools::Jump::Last:
        break;
    }
    return stream->lastSequence;
}

StreamSequence StreamPlace::begin() const
{
    return target(collector != nullptr ? MessageTools::Jump::OldestUnprocessed : MessageTools::Jump::Last);
}

std::pair<QString, QString> StreamPlace::statusOf(StreamSequence sequence) const
{
    if (collector == nullptr)
        return {};
    if (sequence <= collector->ackFloor.stream)
        return {QObject::tr("acked"), QStringLiteral("good")};
    if (sequence <= collector->delivered.stream)
        return {QObject::tr("delivered, not known as acked"), QStringLiteral("warning")};
    return {QObject::tr("not delivered"), QStringLiteral("secondary")};
}

StripPicture StreamPlace::picture() const
{
    if (stream == nullptr)
        return {};
    const ReadPositions at = positions();
    return {.first = stream->firstSequence,
            .last = stream->lastSequence,
            .hasCollector = collector != nullptr,
            .ackFloor = at.ackFloor,
            .delivered = at.delivered};
}

StreamPlace placeIn(const ClusterReport* report, const std::string& stream, const std::string& collector)
{
    StreamPlace place;
    if (report == nullptr || stream.empty())
        return place;
    const auto found =
        std::ranges::find(report->streams, stream, [](const StreamReport& row) { return row.stream.name; });
    if (found != report->streams.end())
        place.stream = &found->stream;
    for (const CollectorReport& row : report->collectors) {
        if (!collector.empty() && row.consumer.stream == stream && row.consumer.name == collector)
            place.collector = &row.consumer;
    }
    return place;
}

} // namespace jetlag::ui
