// SPDX-License-Identifier: Apache-2.0
#include "ui/models/event_model.h"

#include "ui/models/record_cells.h"
#include "ui/models/verdict_look.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <algorithm>

namespace jetlag::ui {

namespace {

using Column = RecordColumn<EventRecord>;

RecordCell agoCell(const EventRecord& row)
{
    const double seconds = std::max(0.0, std::chrono::duration<double>(row.now - row.event.last).count());
    return {.text = QObject::tr("%1 ago").arg(duration(seconds)),
            .sort = seconds,
            .exact = QString::number(seconds, 'f', 0),
            .ink = colors().secondary};
}

/// "21:57:22" today, "11-23 21:57" before.
QString shortTime(ServerTime time)
{
    const QString whole = clockTime(time);
    constexpr int kDateAndTime = 19; // 2026-11-23 21:57:22
    return whole.size() == kDateAndTime ? whole.mid(5, 11) : whole;
}

/// "no-pulls" → "No pulls"
QString wordsOf(const ClusterEvent& event)
{
    QString words = shown(event.word);
    if (event.kind == MarkKind::Verdict)
        words.replace(QLatin1Char('-'), QLatin1Char(' '));
    if (!words.isEmpty() && event.kind != MarkKind::Threshold)
        words[0] = words[0].toUpper();
    return words;
}

RecordCell timeCell(const EventRecord& row)
{
    return {.text = shortTime(row.event.last),
            .sort = QVariant::fromValue<qlonglong>(row.event.last.time_since_epoch().count()),
            .exact = QString::fromStdString(formatRfc3339(row.event.last))};
}

RecordCell wordCell(const EventRecord& row)
{
    QString word = wordsOf(row.event);
    if (row.event.count > 1)
        word += QStringLiteral(" ×%1").arg(count(static_cast<double>(row.event.count)));
    RecordCell cell = wordsCell(word, inkOf(row.event));
    cell.exact = shown(row.event.word);
    return cell;
}

std::vector<Column> columnsOfEvents()
{
    return {
        {.id = QStringLiteral("time"),
         .title = QObject::tr("Time"),
         .field = QObject::tr("when it was last seen, the server's time"),
         .widthInDigits = 11,
         .cell = timeCell},
        {.id = QStringLiteral("ago"),
         .title = QObject::tr("Ago"),
         .field = QObject::tr("since it was last seen"),
         .isDuration = true,
         .dropRank = 2,
         .widthInDigits = 12,
         .cell = agoCell},
        {.id = QStringLiteral("event"),
         .title = QObject::tr("What"),
         .field = QObject::tr("the verdict or cause, or what the server announced; ×n: so many times"),
         .isNumber = false,
         .widthInDigits = 17,
         .cell = wordCell},
        {.id = QStringLiteral("stream"),
         .title = QObject::tr("Stream"),
         .isNumber = false,
         .widthInDigits = 9,
         .cell = [](const auto& row) { return wordsCell(shown(row.event.stream), colors().secondary); }},
        {.id = QStringLiteral("collector"),
         .title = QObject::tr("Collector"),
         .isNumber = false,
         .widthInDigits = 15,
         .cell =
             [](const auto& row) {
                 const QString name = shown(row.event.collector);
                 return wordsCell(row.isMuted ? QObject::tr("%1 (muted)").arg(name) : name);
             }},
        {.id = QStringLiteral("sentence"),
         .title = QObject::tr("What is so"),
         .isNumber = false,
         .widthInDigits = 38,
         .cell = [](const auto& row) { return wordsCell(shown(row.event.sentence), colors().text); }},
        {.id = QStringLiteral("sequence"),
         .title = QObject::tr("Sequence"),
         .field = QObject::tr("of the message that it is about"),
         .dropRank = 3,
         .widthInDigits = 10,
         .cell =
             [](const auto& row) {
                 return row.event.sequence == 0 ? RecordCell{.text = notApplicable()}
                                                : sequenceCell(row.event.sequence);
             }},
        {.id = QStringLiteral("kind"),
         .title = QObject::tr("Kind"),
         .isNumber = false,
         .shownAtFirst = false,
         .widthInDigits = 9,
         .cell = [](const auto& row) { return wordsCell(groupOf(row.event.kind), colors().secondary); }},
        {.id = QStringLiteral("severity"),
         .title = QObject::tr("Severity"),
         .isNumber = false,
         .shownAtFirst = false,
         .widthInDigits = 9,
         .cell =
             [](const auto& row) {
                 return wordsCell(shown(toString(row.event.severity)), inkOf(row.event));
             }},
        {.id = QStringLiteral("count"),
         .title = QObject::tr("Times"),
         .shownAtFirst = false,
         .widthInDigits = 6,
         .cell = [](const auto& row) { return numberCell(row.event.count); }},
    };
}

} // namespace

Glyph glyphOf(const ClusterEvent& event)
{
    if (event.kind != MarkKind::Verdict)
        return Glyph::Square;
    // One that came and went is called by what came, and has its sign.
    const std::string_view named = verdictNamed(event.word);
    return glyphOfVerdict(named.empty() ? std::string_view(event.verdict) : named);
}

QColor inkOf(const ClusterEvent& event)
{
    if (event.kind == MarkKind::Pause || event.verdict == "paused")
        return colors().paused;
    switch (event.severity) {
    case EventSeverity::Information:
        return colors().accent;
    case EventSeverity::Good:
        return event.verdict == "idle"          ? colors().secondary
               : event.verdict == "catching-up" ? colors().accent
                                                : colors().good;
    case EventSeverity::Warning:
        return colors().warning;
    case EventSeverity::Bad:
        return colors().bad;
    }
    return colors().text;
}

QString groupOf(MarkKind kind)
{
    switch (kind) {
    case MarkKind::Verdict:
        return QStringLiteral("verdict");
    case MarkKind::Leader:
        return QStringLiteral("leader");
    case MarkKind::Config:
    case MarkKind::Pause:
        return QStringLiteral("config");
    case MarkKind::Advisory:
        return QStringLiteral("server");
    case MarkKind::Connection:
        return QStringLiteral("connection");
    case MarkKind::Note:
        return QStringLiteral("note");
    case MarkKind::Threshold:
        return QStringLiteral("limit");
    }
    return {};
}

EventModel::EventModel(QObject* parent)
    : RecordModel(
          columnsOfEvents(), [](const EventRecord& row) { return row.event.number; }, parent)
{}

void EventModel::show(const EventLog& log, ServerTime now,
                      const std::function<bool(const ConsumerName&)>& isMuted)
{
    std::vector<EventRecord> rows;
    rows.reserve(log.events().size());
    for (const ClusterEvent& event : log.events())
        rows.push_back({.event = event,
                        .isMuted = !event.collector.empty() && isMuted({event.stream, event.collector}),
                        .now = now});
    merge(std::move(rows));
}

QString EventModel::glyphColumn()
{
    return QStringLiteral("event");
}

QVariant EventModel::data(const QModelIndex& index, int role) const
{
    if (role == GlyphRole && index.isValid() && index.column() == columnOf(glyphColumn()))
        return static_cast<int>(glyphOf(record(index.row()).event));
    return RecordModel::data(index, role);
}

} // namespace jetlag::ui
