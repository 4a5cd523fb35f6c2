// SPDX-License-Identifier: Apache-2.0
#include "ui/models/stream_model.h"

#include "ui/models/record_cells.h"
#include "ui/models/verdict_look.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <algorithm>

namespace jetlag::ui {

namespace {

using Column = RecordColumn<StreamRecord>;

/// What is wrong with the stream itself, the worst first; "–" where nothing is.
RecordCell findingCell(const StreamRecord& row)
{
    const std::vector<StreamFinding>& findings = row.report.findings;
    if (findings.empty())
        return {.text = notApplicable(), .sort = 0};
    const bool refuses =
        std::ranges::any_of(findings, [](const StreamFinding& one) { return one.kind == "refusing"; });
    QStringList sentences;
    for (const StreamFinding& one : findings)
        sentences << shown(one.sentence);
    QString words = wordOfCause(refuses ? "refusing" : findings.front().kind);
    if (findings.size() > 1)
        words += QObject::tr(" and %1 more").arg(findings.size() - 1);
    return {.text = words,
            .sort = static_cast<int>(findings.size()) + (refuses ? 100 : 0),
            .ink = refuses ? colors().bad : colors().warning,
            .note = sentences.join(QLatin1Char('\n'))};
}

std::vector<Column> contentColumns()
{
    return {
        {.id = QStringLiteral("stream"),
         .title = QObject::tr("Stream"),
         .field = QStringLiteral("config.name"),
         .isNumber = false,
         .widthInDigits = 16,
         .cell = [](const auto& row) { return wordsCell(shown(row.report.stream.name)); }},
        {.id = QStringLiteral("finding"),
         .title = QObject::tr("Trouble"),
         .field =
             QObject::tr("of the stream itself: refusing, limits near, unclaimed, source behind or skipped"),
         .isNumber = false,
         .widthInDigits = 18,
         .cell = findingCell},
        {.id = QStringLiteral("messages"),
         .title = QObject::tr("Messages"),
         .field = QStringLiteral("state.messages"),
         .cell = [](const auto& row) { return numberCell(row.report.stream.messages); }},
        {.id = QStringLiteral("bytes"),
         .title = QObject::tr("Bytes"),
         .field = QStringLiteral("state.bytes"),
         .cell = [](const auto& row) { return bytesCell(row.report.stream.bytes); }},
        {.id = QStringLiteral("first"),
         .title = QObject::tr("First"),
         .field = QStringLiteral("state.first_seq"),
         .dropRank = 3,
         .widthInDigits = 11,
         .cell = [](const auto& row) { return sequenceCell(row.report.stream.firstSequence.value()); }},
        {.id = QStringLiteral("last"),
         .title = QObject::tr("Last"),
         .field = QStringLiteral("state.last_seq"),
         .widthInDigits = 11,
         .cell = [](const auto& row) { return sequenceCell(row.report.stream.lastSequence.value()); }},
        {.id = QStringLiteral("in"),
         .title = QObject::tr("In /s"),
         .field = QObject::tr("messages published, from state.last_seq of two samples"),
         .cell = [](const auto& row) { return rateCell(row.report.inPerSecond); }},
        {.id = QStringLiteral("in_bytes"),
         .title = QObject::tr("In bytes"),
         .field = QObject::tr("from state.bytes of two samples, where nothing was removed between"),
         .widthInDigits = 10,
         .cell = [](const auto& row) { return byteRateCell(row.report.inBytesPerSecond); }},
        {.id = QStringLiteral("collectors"),
         .title = QObject::tr("Collectors"),
         .field = QStringLiteral("state.consumer_count"),
         .dropRank = 4,
         .widthInDigits = 9,
         .cell = [](const auto& row) { return numberCell(row.report.stream.consumerCount); }},
        {.id = QStringLiteral("lag"),
         .title = QObject::tr("Largest lag"),
         .field = QObject::tr("of its collectors"),
         .dropRank = 5,
         .widthInDigits = 10,
         .cell = [](const auto& row) { return numberCell(row.largestLag); }},
    };
}

std::vector<Column> detailColumns()
{
    return {
        {.id = QStringLiteral("deleted"),
         .title = QObject::tr("Deleted"),
         .field = QObject::tr("state.num_deleted: gaps between first and last"),
         .dropRank = 6,
         .cell = [](const auto& row) { return numberCell(row.report.stream.deleted); }},
        {.id = QStringLiteral("subjects"),
         .title = QObject::tr("Subjects"),
         .field = QStringLiteral("state.num_subjects"),
         .shownAtFirst = false,
         .cell = [](const auto& row) { return numberCell(row.report.stream.subjectCount); }},
        {.id = QStringLiteral("retention"),
         .title = QObject::tr("Retention"),
         .field = QStringLiteral("config.retention"),
         .isNumber = false,
         .dropRank = 7,
         .widthInDigits = 10,
         .cell = [](const auto& row) { return wordsCell(shown(row.report.stream.retention)); }},
        {.id = QStringLiteral("storage"),
         .title = QObject::tr("Storage"),
         .field = QStringLiteral("config.storage"),
         .isNumber = false,
         .dropRank = 8,
         .cell = [](const auto& row) { return wordsCell(shown(row.report.stream.storage)); }},
        {.id = QStringLiteral("leader"),
         .title = QObject::tr("Leader"),
         .field = QStringLiteral("cluster.leader"),
         .isNumber = false,
         .dropRank = 2,
         .widthInDigits = 10,
         .cell = [](const auto& row) { return wordsCell(shown(row.report.stream.placement.leader)); }},
        {.id = QStringLiteral("replicas"),
         .title = QObject::tr("Replicas"),
         .field = QStringLiteral("cluster.replicas, and the leader"),
         .dropRank = 1,
         .cell = [](const auto& row) { return replicasCell(row.report.stream.placement); }},
    };
}

std::vector<Column> allColumns()
{
    std::vector<Column> all = contentColumns();
    const std::vector<Column> details = detailColumns();
    all.insert(all.end(), details.begin(), details.end());
    return all;
}

} // namespace

StreamModel::StreamModel(QObject* parent)
    : RecordModel(
          allColumns(), [](const StreamRecord& row) { return row.report.stream.name; }, parent)
{}

void StreamModel::show(const ClusterReport& report)
{
    std::map<std::string_view, std::uint64_t> largest;
    for (const CollectorReport& collector : report.collectors) {
        std::uint64_t& lag = largest[collector.consumer.stream];
        lag = std::max(lag, collector.lag);
    }
    std::vector<StreamRecord> rows;
    rows.reserve(report.streams.size());
    for (const StreamReport& stream : report.streams)
        rows.push_back({.report = stream,
                        .largestLag = largest[stream.stream.name],
                        .at = report.at,
                        .server = shown(report.server)});
    merge(std::move(rows));
}

bool StreamModel::isStale(const StreamRecord& row) const
{
    return row.report.stream.stale;
}

std::optional<QColor> StreamModel::staleInk() const
{
    return colors().secondary;
}

QString StreamModel::toolTip(const StreamRecord& row, const Column& column) const
{
    return sampleToolTip(column.cell(row), column.title, column.field, row.at, row.server, isStale(row));
}

} // namespace jetlag::ui
