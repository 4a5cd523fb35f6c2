// SPDX-License-Identifier: Apache-2.0
#include "tests/support/monitor_log.h"

#include "tests/support/broker.h"

#include <algorithm>

namespace jetlag::test {

namespace {

/// Keeps streams from the monitor as if they were not there.
class Curtain final : public ClusterProbe
{
public:
    Curtain(ClusterProbe& behind, MonitorLog::Seen seen)
        : m_behind(behind)
        , m_seen(std::move(seen))
    {}

    Result<ClusterSnapshot> look(std::stop_token stop) override
    {
        Result<ClusterSnapshot> look = m_behind.look(std::move(stop));
        if (!look || !m_seen)
            return look;
        std::erase_if(look->streams, [this](const StreamSnapshot& stream) { return !m_seen(stream.name); });
        std::erase_if(look->consumers,
                      [this](const ConsumerSnapshot& consumer) { return !m_seen(consumer.stream); });
        std::erase_if(look->missingConsumers,
                      [this](const ConsumerName& name) { return !m_seen(name.stream); });
        for (auto* names : {&look->missingStreams, &look->unlistedConsumersOf})
            std::erase_if(*names, [this](const std::string& name) { return !m_seen(name); });
        return look;
    }
    std::vector<std::optional<OldestMessage>> oldestMessages(std::span<const OldestMessageQuery> queries,
                                                             std::stop_token stop) override
    {
        return m_behind.oldestMessages(queries, std::move(stop));
    }
    std::vector<std::optional<std::uint64_t>> countMatching(std::span<const MatchingQuery> queries,
                                                            std::stop_token stop) override
    {
        return m_behind.countMatching(queries, std::move(stop));
    }
    std::vector<std::optional<CopiedMessage>> copies(std::span<const CopyQuery> queries,
                                                     std::stop_token stop) override
    {
        return m_behind.copies(queries, std::move(stop));
    }
    std::vector<Advisory> takeAdvisories() override
    {
        std::vector<Advisory> heard = m_behind.takeAdvisories();
        if (m_seen)
            std::erase_if(heard, [this](const Advisory& advisory) { return !m_seen(advisory.stream); });
        return heard;
    }

private:
    ClusterProbe& m_behind;
    const MonitorLog::Seen m_seen;
};

} // namespace

MonitorLog::MonitorLog(const ConnectionProfile& profile, std::chrono::milliseconds beat, Seen seen)
    : m_connection(openPatiently(profile, {.name = "monitor", .sendAsap = false}))
    , m_reads(*m_connection)
    , m_probe(m_reads, {})
    , m_curtain(std::make_unique<Curtain>(m_probe, std::move(seen)))
    , m_poller(*m_curtain, beat, /*all=*/false,
               [this](Report report) {
                   {
                       const std::lock_guard lock(m_mutex);
                       m_reports.push_back(std::move(report));
                   }
                   m_came.notify_all();
               })
    , m_listener(m_reads.listenToConnection([this](const ConnectionEvent& event) {
        if (event.kind == ConnectionEvent::Kind::Disconnected ||
            event.kind == ConnectionEvent::Kind::Reconnected)
            m_poller.connectionChanged();
    }))
{}

MonitorLog::~MonitorLog() = default;

std::size_t MonitorLog::count() const
{
    const std::lock_guard lock(m_mutex);
    return m_reports.size();
}

MonitorLog::Report MonitorLog::waitFor(std::size_t index, std::chrono::milliseconds patience) const
{
    std::unique_lock lock(m_mutex);
    m_came.wait_for(lock, patience, [&] { return m_reports.size() > index; });
    return m_reports.size() > index ? m_reports[index] : nullptr;
}

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

bool MonitorLog::waitForAnswered(std::size_t looks, std::chrono::milliseconds patience) const
{
    std::unique_lock lock(m_mutex);
    return m_came.wait_for(lock, patience, [&] {
        const auto answered =
            std::ranges::count_if(m_reports, [](const Report& report) { return isAnswered(*report); });
        return static_cast<std::size_t>(answered) >= looks;
    });
}

bool isAnswered(const ClusterReport& report)
{
    const auto isStale = [](const CollectorReport& row) { return row.consumer.stale; };
    return !report.collectors.empty() && std::ranges::none_of(report.collectors, isStale);
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
