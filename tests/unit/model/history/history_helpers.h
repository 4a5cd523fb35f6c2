#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/history/history_reader.h"
#include "model/history/history_writer.h"
#include "tests/support/fake_reports.h"
#include "tests/support/temp_folder.h"

#include <QString>

#include <cmath>
#include <functional>
#include <map>
#include <vector>

namespace jetlag::test {

inline constexpr const char* kConnection = "prod";
inline const std::string kStream = "STREAM-0001";
inline const std::string kCollector = "collector-0001";

/// Reports of a small cluster, one after the other, and what the first collector's lag was in each.
class Feed final
{
public:
    explicit Feed(std::chrono::milliseconds interval = std::chrono::seconds(1), std::size_t collectors = 3)
        : m_interval(interval)
        , m_report(reportWith(collectors))
    {}
    /// Changes the collector that is looked at, before it is handed out.
    std::function<void(CollectorReport&)> change;

    const ClusterReport& next()
    {
        m_report = later(std::move(m_report), m_interval);
        for (CollectorReport& row : m_report.collectors) {
            if (row.consumer.name != kCollector)
                continue;
            row.lag = static_cast<std::uint64_t>(++m_count * 7919 % 1'000'003);
            if (change)
                change(row);
            lags[toMillis(m_report.at)] = static_cast<double>(row.lag);
        }
        return m_report;
    }
    [[nodiscard]] ServerTime now() const { return m_report.at; }
    void skip(std::chrono::milliseconds by) { m_report = later(std::move(m_report), by); }

    std::map<std::int64_t, double> lags; ///< by time in ms

private:
    std::chrono::milliseconds m_interval;
    ClusterReport m_report;
    std::uint64_t m_count = 0;
};

inline HistoryQuery lagQuery(ServerTime from, ServerTime to, std::size_t maxPoints = 100'000)
{
    return {.connection = kConnection,
            .stream = kStream,
            .collector = kCollector,
            .values = {HistoryValue::Lag},
            .from = from,
            .to = to,
            .maxPoints = maxPoints};
}

/// The known points of the lag, by time in ms.
inline std::map<std::int64_t, double> knownLags(const std::filesystem::path& file, const HistoryQuery& query)
{
    std::map<std::int64_t, double> known;
    Result<HistoryReader> reader = HistoryReader::open(file);
    if (!reader)
        return known;
    const Result<HistorySeries> series = reader->series(query);
    if (!series)
        return known;
    for (const HistoryPoint& point : series->lines.front()) {
        if (!std::isnan(point.value))
            known[toMillis(point.at)] = point.value;
    }
    return known;
}

} // namespace jetlag::test
