// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/replay_words.h"

#include "ui/theme/number_format.h"
#include "ui/widgets/shell_word.h"

#include <QStringList>

#include <algorithm>

namespace jetlag::ui {

QString summaryOf(const ReplayDraft& draft, const DraftCheck& check)
{
    QStringList parts;
    switch (draft.source) {
    case SourceKind::Stream:
        parts << QObject::tr("stream %1").arg(shown(draft.stream));
        break;
    case SourceKind::Capture:
        parts << QObject::tr("capture %1").arg(shown(draft.capture.filename().string()));
        if (!draft.captureStream.empty())
            parts << QObject::tr("stream %1").arg(shown(draft.captureStream));
        break;
    case SourceKind::Logs:
        parts << (draft.logs.size() == 1 ? shown(draft.logs.front().filename().string())
                                         : QObject::tr("%1 log files").arg(draft.logs.size()));
        break;
    }
    parts << QObject::tr("analyzer %1").arg(shown(draft.analyzer));
    if (!check.filters.empty())
        parts << QObject::tr("filter %1").arg(shown(draft.filter.toStdString()));
    else if (!draft.likeFilter.empty())
        parts << QObject::tr("filter of %1").arg(shown(draft.likeFilter));
    parts << (draft.workers == 1 ? QObject::tr("1 worker") : QObject::tr("%1 workers").arg(draft.workers));
    if (check.factor > 0)
        parts << QObject::tr("%1 times real time").arg(check.factor);
    return parts.join(QStringLiteral(" · "));
}

namespace {

QString sourceWord(const ReplayRequest& request)
{
    if (const auto* stream = std::get_if<StreamReplaySource>(&request.source))
        return shown(stream->stream);
    if (const auto* capture = std::get_if<CaptureReplaySource>(&request.source))
        return shown(capture->file.filename().string());
    const auto& logs = std::get<LogReplaySource>(request.source).paths;
    return logs.size() == 1 ? shown(logs.front().filename().string())
                            : QObject::tr("%1 log files").arg(logs.size());
}

} // namespace

QString workOf(const ReplayRunner& run)
{
    const QString what = QObject::tr("the replay of %1").arg(sourceWord(run.request()));
    if (!run.fraction())
        return what;
    return QObject::tr("%1, %2 % done").arg(what).arg(static_cast<int>(*run.fraction() * 100));
}

QString serverOptionOf(const ConnectionRequest& request)
{
    if (request.context)
        return QStringLiteral("--context %1").arg(shellWord(*request.context));
    if (!request.server)
        return {};
    // What opens the door has no place in a line that is copied around.
    std::string address = *request.server;
    if (const std::size_t at = address.rfind('@'); at != std::string::npos) {
        const std::size_t scheme = address.find("://");
        const std::size_t start = scheme == std::string::npos ? 0 : scheme + 3;
        address.erase(start, at + 1 - start);
    }
    return QStringLiteral("--server %1").arg(shellWord(address));
}

RangePicture pictureOf(const SourceFacts& facts, const DraftCheck& check)
{
    RangePicture picture;
    picture.gaps = facts.gaps;
    picture.first = facts.first.value_or(StreamSequence());
    picture.last = facts.last.value_or(StreamSequence());
    picture.firstTime = facts.firstTime;
    picture.lastTime = facts.lastTime;
    picture.from = check.first.value_or(picture.first);
    picture.to = check.last.value_or(picture.last);
    return picture;
}

RangePicture pictureOf(const ReplayRunner& run, const std::vector<SequenceGap>& gaps)
{
    RangePicture picture;
    const auto range = run.range();
    if (range && range->first <= range->second) {
        picture.gaps = gaps;
        picture.first = picture.from = range->first;
        picture.last = picture.to = range->second;
        if (!run.progress().sequence.isZero())
            picture.position = std::min(run.progress().sequence, range->second);
    }
    picture.fraction = run.fraction();
    picture.isPaused = run.state() == ReplayRunner::State::Paused;
    return picture;
}

} // namespace jetlag::ui
