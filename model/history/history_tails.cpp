// SPDX-License-Identifier: Apache-2.0
#include "model/history/history_tails.h"

#include "model/history/history_samples.h"
#include "model/history/history_schema.h"

#include <algorithm>

namespace jetlag {

namespace {

/// A quarter of an hour: as long a disk may be full before something is lost.
constexpr std::size_t kMostTails = 4;
/// A clock that goes back by less is only a different server's answer.
constexpr std::int64_t kClockWentBackMs = 60'000;

std::int64_t wholeMinute(std::int64_t ms)
{
    return ms / kMinuteMs * kMinuteMs;
}

/// Rows begin at different minutes, so that they do not all end in the same second.
std::int64_t firstLength(std::size_t rowNumber)
{
    return kMinuteMs * static_cast<std::int64_t>(1 + rowNumber % (kTailMs / kMinuteMs));
}

} // namespace

std::span<const HistoryValue> valuesOf(bool isStream) noexcept
{
    return isStream ? streamValues() : collectorValues();
}

void HistoryTails::add(const ClusterReport& report)
{
    const std::int64_t at = toMillis(report.at);
    if (at <= m_newestMs && at > m_newestMs - kClockWentBackMs)
        return;
    m_newestMs = at;
    for (const StreamReport& row : report.streams) {
        if (!row.stream.stale)
            append({row.stream.name, {}}, /*isStream=*/true, sampleOf(row, report.at));
    }
    for (const CollectorReport& row : report.collectors) {
        if (row.consumer.stale)
            continue;
        append({row.consumer.stream, row.consumer.name}, /*isStream=*/false, sampleOf(row, report.at));
        const std::string verdict = row.verdict.value_or("");
        const std::string cause = row.cause.value_or("");
        m_states.try_emplace(stateNumber(verdict, cause), HistoryState{verdict, cause});
    }
}

void HistoryTails::append(const ConsumerName& name, bool isStream, const HistorySample& sample)
{
    const auto [place, isNew] = m_rows.try_emplace(name, Row{.isStream = isStream});
    std::deque<Tail>& tails = place->second.tails;
    const bool wentBack =
        !tails.empty() && tails.back().samples.samples() > 0 && sample.at <= tails.back().samples.newest();
    if (wentBack && sample.at > tails.back().samples.newest() - kClockWentBackMs)
        return;
    if (tails.empty() || wentBack || sample.at >= tails.back().endMs) {
        const std::int64_t length = isNew ? firstLength(m_rows.size()) : kTailMs;
        tails.push_back({.startMs = sample.at / 1000 * 1000,
                         .endMs = wholeMinute(sample.at) + length,
                         .samples = SampleTail(valuesOf(isStream).size())});
        if (tails.size() > kMostTails) {
            m_samplesLost += tails.front().samples.samples();
            tails.pop_front();
        }
    }
    tails.back().samples.append(sample);
}

void HistoryTails::restore(const ConsumerName& name, std::int64_t id, std::int64_t startMs,
                           SampleTail samples)
{
    Row& row = m_rows[name];
    row.id = id;
    row.isStream = name.name.empty();
    m_newestMs = std::max(m_newestMs, samples.newest());
    const std::size_t journaled = samples.view().size();
    const auto place =
        std::ranges::find_if(row.tails, [&](const Tail& own) { return own.startMs >= startMs; });
    row.tails.insert(place, {.startMs = startMs,
                             .endMs = wholeMinute(startMs) + kTailMs,
                             .samples = std::move(samples),
                             .journaled = journaled});
}

void HistoryTails::forgetFile()
{
    for (auto& [name, row] : m_rows) {
        row.id = 0;
        for (Tail& tail : row.tails)
            tail.journaled = 0;
    }
}

} // namespace jetlag
