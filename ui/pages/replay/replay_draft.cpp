// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/replay_draft.h"

#include <QStringList>

namespace jetlag::ui {

namespace {

QString textOf(const Position& position)
{
    if (const auto* sequence = std::get_if<StreamSequence>(&position))
        return QString::number(sequence->value());
    return QString::fromStdString(formatRfc3339(std::get<ServerTime>(position)));
}

struct TakeSource
{
    ReplayDraft& draft;

    void operator()(const StreamReplaySource& from) const
    {
        draft.source = SourceKind::Stream;
        draft.stream = from.stream;
        draft.likeFilter = from.likeDurable.value_or(std::string());
        draft.collector = draft.likeFilter;
    }
    void operator()(const CaptureReplaySource& from) const
    {
        draft.source = SourceKind::Capture;
        draft.capture = from.file;
        draft.captureStream = from.stream.value_or(std::string());
    }
    void operator()(const LogReplaySource& from) const
    {
        draft.source = SourceKind::Logs;
        draft.logs = from.paths;
        draft.timeZone = QString::fromStdString(from.timeZone);
        draft.applicationId = from.applicationId;
    }
};

} // namespace

ReplayDraft draftOf(const ReplayRequest& request)
{
    ReplayDraft draft;
    std::visit(TakeSource{draft}, request.source);
    if (request.range.from) {
        const bool bySequence = std::holds_alternative<StreamSequence>(*request.range.from);
        draft.start = bySequence ? StartKind::Sequence : StartKind::Time;
        draft.startText = textOf(*request.range.from);
    }
    if (request.range.to) {
        const bool bySequence = std::holds_alternative<StreamSequence>(*request.range.to);
        draft.end = bySequence ? EndKind::Sequence : EndKind::Time;
        draft.endText = textOf(*request.range.to);
    }
    draft.analyzer = request.analyzer;
    QStringList filters;
    for (const std::string& filter : request.filters)
        filters << QString::fromStdString(filter);
    draft.filter = filters.join(QLatin1Char(' '));
    draft.workers = request.workers;
    if (request.speed > 0)
        draft.speed = QString::number(request.speed);
    draft.onDemandTables = request.onDemandTables;
    return draft;
}

} // namespace jetlag::ui
