// SPDX-License-Identifier: Apache-2.0
#include "ui/models/collector_model.h"

#include "ui/models/collector_columns.h"
#include "ui/models/record_cells.h"
#include "ui/models/verdict_look.h"
#include "ui/theme/number_format.h"
#include "ui/theme/theme.h"

#include <algorithm>

namespace jetlag::ui {

namespace {

constexpr std::size_t kLinePoints = 90;

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
          collectorColumns(),
          [](const CollectorRecord& row) {
              return ConsumerName{row.report->consumer.stream, row.report->consumer.name};
          },
          parent)
{}

QString CollectorModel::ageId()
{
    return QLatin1String(collector_column::kAge);
}

std::optional<double> ageOf(const CollectorReport& row, const ClusterReport& report,
                            const RecentHistory& history, double reportAgeSeconds)
{
    if (!row.consumer.stale)
        return std::nullopt;
    // History takes no stale rows: its last sample is what the row still shows.
    const std::deque<CollectorSample>* samples = history.collector({row.consumer.stream, row.consumer.name});
    if (samples == nullptr || samples->empty())
        return std::nullopt;
    return std::chrono::duration<double>(report.at - samples->back().at).count() + reportAgeSeconds;
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
    const bool nobodyAnswers = doesNobodyAnswer(*report);
    std::vector<CollectorRecord> rows;
    rows.reserve(report->collectors.size());
    for (const CollectorReport& collector : report->collectors) {
        CollectorRecord row{.report = std::shared_ptr<const CollectorReport>(report, &collector),
                            .at = report->at,
                            .server = server};
        if (const auto stream = streams.find(collector.consumer.stream); stream != streams.end())
            row.stream = stream->second;
        row.ageSeconds = ageOf(collector, *report, history, reportAgeSeconds);
        row.nobodyAnswers = nobodyAnswers;
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

QVariant CollectorModel::data(const QModelIndex& index, int role) const
{
    if (role == OffsetsRole || role == LagLineRole) {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        const QString& id = columns()[static_cast<std::size_t>(index.column())].id;
        if (role == OffsetsRole && id == QLatin1String(collector_column::kOffsets))
            return QVariant::fromValue(offsetsOf(record(index.row())));
        if (role == LagLineRole && id == QLatin1String(collector_column::kLagLine))
            return QVariant::fromValue(lagLine(record(index.row())));
        return {};
    }
    if (role == VerdictGlyphRole) {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid) ||
            columns()[static_cast<std::size_t>(index.column())].id !=
                QLatin1String(collector_column::kVerdict))
            return {};
        return static_cast<int>(glyphOfVerdict(shownVerdict(*record(index.row()).report)));
    }
    if (role == MutedRole)
        return checkIndex(index, CheckIndexOption::IndexIsValid) && record(index.row()).isMuted &&
               columns()[static_cast<std::size_t>(index.column())].id ==
                   QLatin1String(collector_column::kName);
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

QString CollectorModel::toolTip(const CollectorRecord& row, const RecordColumn<CollectorRecord>& column) const
{
    return sampleToolTip(column.cell(row), column.title, column.field, row.at, row.server, isStale(row));
}

} // namespace jetlag::ui
