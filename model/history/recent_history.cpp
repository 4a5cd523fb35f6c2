// SPDX-License-Identifier: Apache-2.0
#include "model/history/recent_history.h"

#include <algorithm>

namespace jetlag {

namespace {

/// Reports in which a row may be missing before its past is forgotten: a server that answers only in part
/// must not cost the picture.
constexpr std::uint64_t kForgottenAfter = 60;
/// Where looks come rarely, because there are thousands of rows, fewer samples are as long a past.
constexpr std::size_t kEnoughSamples = 60;
constexpr std::chrono::minutes kEnoughTime{5};

} // namespace

template <typename Key, typename Sample>
void RecentHistory::append(std::map<Key, Row<Sample>>& rows, const Key& key, bool stale, Sample sample)
{
    Row<Sample>& row = rows[key];
    row.lastSeen = m_report;
    if (stale)
        return;
    if (!row.samples.empty() && sample.at <= row.samples.back().at)
        return; // the same look again, or a clock that went back
    row.samples.push_back(std::move(sample));
    const auto tooMany = [&] {
        const bool enough = row.samples.size() > kEnoughSamples &&
                            row.samples.back().at - row.samples.front().at > kEnoughTime;
        return enough || row.samples.size() > m_samplesEach;
    };
    while (tooMany())
        row.samples.pop_front();
}

template <typename Key, typename Sample>
void RecentHistory::dropUnnamed(std::map<Key, Row<Sample>>& rows) const
{
    std::erase_if(rows, [this](const auto& row) { return m_report - row.second.lastSeen > kForgottenAfter; });
}

void RecentHistory::add(const ClusterReport& report)
{
    ++m_report;
    std::map<std::string_view, const StreamReport*> streams;
    for (const StreamReport& row : report.streams) {
        streams.emplace(row.stream.name, &row);
        append(m_streams, row.stream.name, row.stream.stale,
               StreamSample{.at = report.at,
                            .in = row.inPerSecond,
                            .inBytes = row.inBytesPerSecond,
                            .messages = static_cast<double>(row.stream.messages),
                            .first = row.stream.firstSequence,
                            .last = row.stream.lastSequence});
    }
    for (const CollectorReport& row : report.collectors) {
        CollectorSample sample{.at = report.at,
                               .delivered = row.deliveredPerSecond,
                               .acked = row.ackedPerSecond,
                               .redelivered = row.redeliveredPerSecond,
                               .timeLagSeconds = row.timeLagSeconds,
                               .lag = static_cast<double>(row.lag),
                               .deliveredSequence = row.consumer.delivered.stream,
                               .ackFloor = row.consumer.ackFloor.stream};
        if (row.diagnosis && row.diagnosis->counter) {
            sample.isMisled = row.diagnosis->counter->isOfLag;
            sample.unprocessed = row.diagnosis->counter->unprocessed;
        }
        if (const auto stream = streams.find(row.consumer.stream); stream != streams.end()) {
            sample.in = stream->second->inPerSecond;
            sample.first = stream->second->stream.firstSequence;
            sample.last = stream->second->stream.lastSequence;
        }
        append(m_collectors, ConsumerName{row.consumer.stream, row.consumer.name}, row.consumer.stale,
               std::move(sample));
    }
    dropUnnamed(m_collectors);
    dropUnnamed(m_streams);
}

void RecentHistory::clear()
{
    m_collectors.clear();
    m_streams.clear();
}

const std::deque<CollectorSample>* RecentHistory::collector(const ConsumerName& name) const
{
    const auto row = m_collectors.find(name);
    return row == m_collectors.end() ? nullptr : &row->second.samples;
}

const std::deque<StreamSample>* RecentHistory::stream(const std::string& name) const
{
    const auto row = m_streams.find(name);
    return row == m_streams.end() ? nullptr : &row->second.samples;
}

} // namespace jetlag
