#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/cluster/poller.h"
#include "nats/client/read_only_api.h"
#include "nats/monitor/monitor_probe.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace jetlag::test {

/// The monitor as the console and `jetlagctl report` run it, on a connection of its own; keeps every report.
class MonitorLog final
{
public:
    using Report = std::shared_ptr<const ClusterReport>;
    /// Which streams the monitor may see now. Called in its thread. Empty = all.
    using Seen = std::function<bool(std::string_view stream)>;

    /// Throws std::runtime_error when the server cannot be reached.
    explicit MonitorLog(const ConnectionProfile& profile,
                        std::chrono::milliseconds beat = std::chrono::seconds(1), Seen seen = {});
    ~MonitorLog();
    MonitorLog(const MonitorLog&) = delete;
    MonitorLog& operator=(const MonitorLog&) = delete;

    [[nodiscard]] std::vector<Report> reports() const; ///< oldest first
    [[nodiscard]] Report latest() const;               ///< null before the first
    [[nodiscard]] std::size_t count() const;
    /// The report of that index (0 = the first one), when it is there; null when it does not come in time.
    [[nodiscard]] Report waitFor(std::size_t index, std::chrono::milliseconds patience) const;
    /// Until so many looks were answered.
    [[nodiscard]] bool waitForAnswered(std::size_t looks, std::chrono::milliseconds patience) const;
    [[nodiscard]] ReadOnlyApi& reads() noexcept { return m_reads; }

private:
    std::unique_ptr<Connection> m_connection;
    ReadOnlyApi m_reads;
    MonitorProbe m_probe;
    std::unique_ptr<ClusterProbe> m_curtain;
    mutable std::mutex m_mutex; // guards m_reports
    mutable std::condition_variable m_came;
    std::vector<Report> m_reports;
    Poller m_poller;
    ConnectionListener m_listener; // last: it calls the poller
};

/// Every collector is as this look found it; a row that nobody answered for is as an earlier one did.
[[nodiscard]] bool isAnswered(const ClusterReport& report);
/// nullptr: it is not in the report.
[[nodiscard]] const CollectorReport* findRow(const ClusterReport& report, std::string_view stream,
                                             std::string_view consumer);
[[nodiscard]] const StreamReport* findRow(const ClusterReport& report, std::string_view stream);

} // namespace jetlag::test
