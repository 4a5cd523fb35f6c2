#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/connection_service.h"
#include "model/service/job_runner.h"
#include "model/service/monitor_service.h"
#include "nats/client/connection.h"
#include "nats/client/read_only_api.h"

#include <atomic>
#include <memory>
#include <mutex>

namespace jetlag {

/// A connection that only watches, with what watches through it. Held by shared_ptr; jobs that read through
/// it keep it alive, subscriptions must end before it.
class RealServerLink final : public ServerLink, public std::enable_shared_from_this<RealServerLink>
{
public:
    RealServerLink(std::unique_ptr<Connection> connection, JobRunner& runner);
    ~RealServerLink() override;

    [[nodiscard]] ServerDescription description() const override { return m_description; }
    /// As nats.c told it last. Asking nats.c takes its lock, which it holds while it tries to reach a server
    /// that does not answer: seconds that no window can wait.
    [[nodiscard]] bool isConnected() const override { return m_connected; }
    [[nodiscard]] std::optional<NextTry> nextTry() const override;
    void tryNow() override { m_connection->tryNow(); }
    [[nodiscard]] Footprint footprint() const override;
    [[nodiscard]] MonitorService& monitor() override;

    /// The gate for everybody who reads through this link.
    [[nodiscard]] ReadOnlyApi& reads() noexcept { return m_reads; }

private:
    class Monitor;
    void note(ConnectionEvent::Kind kind);

    const std::unique_ptr<Connection> m_connection;
    ReadOnlyApi m_reads;
    const ServerDescription m_description;
    const std::unique_ptr<Monitor> m_monitor;
    std::atomic<bool> m_connected = true;
    std::mutex m_stateMutex; ///< guards m_wasTold, and the order in which m_connected is written
    bool m_wasTold = false;
    ConnectionListener m_listener; ///< last: no call comes into an object that is half gone
};

/// The link behind the interface, or an error when it is none of ours.
[[nodiscard]] Result<std::shared_ptr<RealServerLink>> realLink(const std::shared_ptr<ServerLink>& link);

class RealConnectionService final : public ConnectionService
{
public:
    explicit RealConnectionService(JobRunner& runner)
        : m_runner(runner)
    {}
    [[nodiscard]] std::vector<FoundContext> contexts() override;
    [[nodiscard]] JobPtr<std::shared_ptr<ServerLink>> open(ConnectionRequest request) override;
    [[nodiscard]] JobPtr<ConnectionTest> test(ConnectionRequest request) override;

private:
    JobRunner& m_runner;
};

} // namespace jetlag
