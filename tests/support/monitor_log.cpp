// SPDX-License-Identifier: Apache-2.0
#include "tests/support/monitor_log.h"

#include <algorithm>
#include <stdexcept>

namespace jetlag::test {

namespace {

std::unique_ptr<Connection> openOrThrow(const ConnectionProfile& profile)
{
    Result<std::unique_ptr<Connection>> opened =
        Connection::open(profile, {.name = "monitor", .sendAsap = false});
    if (!opened)
        throw std::runtime_error(opened.error().message());
    return std::move(*opened);
}

} // namespace

MonitorLog::MonitorLog(const ConnectionProfile& profile, std::chrono::milliseconds beat)
    : m_connection(openOrThrow(profile))
    , m_reads(*m_connection)
    , m_probe(m_reads, {})
    , m_poller(m_probe, beat, /*all=*/false,
               [this](Report report) {
                   const std::lock_guard lock(m_mutex);
                   m_reports.push_back(std::move(report));
               })
    , m_listener(m_reads.listenToConnection([this](const ConnectionEvent& event) {
        if (event.kind == ConnectionEvent::Kind::Disconnected ||
            event.kind == ConnectionEvent::Kind::Reconnected)
            m_poller.connectionChanged();
    }))
{}

std::vector<MonitorLog::Report> MonitorLog::reports() const
{
    const std::lock_guard lock(m_mutex);
    return m_reports;
}

MonitorLog::Report MonitorLog::latest() const
{
    const std::lock_guard lock(m_mutex);
    return m_reports.empty() ? nullptr : m_reports.back();
}

const CollectorReport* findRow(const ClusterReport& report, std::string_view stream,
                               std::string_view consumer)
{
    const auto found = std::ranges::find_if(report.collectors, [&](const CollectorReport& row) {
        return row.consumer.stream == stream && row.consumer.name == consumer;
    });
    return found == report.collectors.end() ? nullptr : &*found;
}

const StreamReport* findRow(const ClusterReport& report, std::string_view stream)
{
    const auto found = std::ranges::find_if(
        report.streams, [&](const StreamReport& row) { return row.stream.name == stream; });
    return found == report.streams.end() ? nullptr : &*found;
}

} // namespace jetlag::test
