// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/replay/draft_check.h"
#include "ui/widgets/shell_word.h"

#include <QStringList>

#include <utility>

namespace jetlag::ui {

namespace {

QString positionWord(const Position& position)
{
    if (const auto* sequence = std::get_if<StreamSequence>(&position))
        return QString::number(sequence->value());
    return QString::fromStdString(formatRfc3339(std::get<ServerTime>(position)));
}

} // namespace

ReplayRequest requestOf(const ReplayDraft& draft, const DraftCheck& check, std::shared_ptr<ServerLink> server)
{
    ReplayRequest request;
    request.analyzer = draft.analyzer;
    request.range = check.range;
    request.filters = check.filters;
    request.workers = draft.workers;
    request.speed = check.factor;
    request.onDemandTables = draft.onDemandTables;
    switch (draft.source) {
    case SourceKind::Stream: {
        StreamReplaySource source{std::move(server), draft.stream, std::nullopt};
        if (check.filters.empty() && !draft.likeFilter.empty())
            source.likeDurable = draft.likeFilter;
        request.source = std::move(source);
        break;
    }
    case SourceKind::Capture: {
        CaptureReplaySource source{draft.capture, std::nullopt};
        if (!draft.captureStream.empty())
            source.stream = draft.captureStream;
        request.source = std::move(source);
        break;
    }
    case SourceKind::Logs:
        request.source =
            LogReplaySource{draft.logs, draft.timeZone.trimmed().toStdString(), draft.applicationId};
        break;
    }
    return request;
}

namespace {

// As a person would write it for a narrow column: no word is torn, and a shell takes it as it stands.
QString inLines(const QStringList& words)
{
    constexpr qsizetype kLineLength = 40; // characters: the panel's width without the last backslash
    QStringList lines;
    for (const QString& word : words) {
        if (!lines.isEmpty() && lines.last().size() + 1 + word.size() <= kLineLength)
            lines.last() += QLatin1Char(' ') + word;
        else
            lines << (lines.isEmpty() ? word : QStringLiteral("  ") + word);
    }
    return lines.join(QStringLiteral(" \\\n"));
}

} // namespace

QString commandLineOf(const ReplayDraft& draft, const DraftCheck& check, const QString& serverOption)
{
    QStringList words{QStringLiteral("jetlagctl replay"), shellWord(draft.analyzer)};
    const auto option = [&words](const char* name, const QString& value) {
        words << QLatin1String(name) + QLatin1Char(' ') + value;
    };
    switch (draft.source) {
    case SourceKind::Stream:
        option("--stream", shellWord(draft.stream));
        if (!serverOption.isEmpty())
            words << serverOption;
        if (check.filters.empty() && !draft.likeFilter.empty())
            option("--like", shellWord(draft.likeFilter));
        break;
    case SourceKind::Capture:
        option("--capture", shellWord(draft.capture.string()));
        if (!draft.captureStream.empty())
            option("--stream", shellWord(draft.captureStream));
        break;
    case SourceKind::Logs: {
        QStringList paths;
        for (const std::filesystem::path& path : draft.logs)
            paths << shellWord(path.string());
        option("--log", paths.join(QLatin1Char(' ')));
        if (!draft.timeZone.trimmed().isEmpty())
            option("--time-zone", shellWord(draft.timeZone.trimmed().toStdString()));
        if (!draft.applicationId.empty())
            option("--app", shellWord(draft.applicationId));
        break;
    }
    }
    if (check.range.from)
        option("--from", positionWord(*check.range.from));
    if (check.range.to)
        option("--to", positionWord(*check.range.to));
    for (const std::string& filter : check.filters)
        option("--filter", shellWord(filter));
    if (draft.workers != 1)
        option("--workers", QString::number(draft.workers));
    if (check.factor > 0)
        option("--speed", QString::number(check.factor));
    for (const std::string& table : draft.onDemandTables)
        option("--table", shellWord(table));
    return inLines(words);
}

} // namespace jetlag::ui
