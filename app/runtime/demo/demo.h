#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/service/connection_service.h"
#include "model/service/demo_service.h"
#include "model/service/local_server_service.h"

namespace jetlag {

/// The real demo. Needs the `jetlagctl` program: this process's own file, or the one beside it.
class RealDemoService final : public DemoService
{
public:
    RealDemoService(LocalServerService& servers, ConnectionService& connections)
        : m_servers(servers)
        , m_connections(connections)
    {}
    [[nodiscard]] Result<std::unique_ptr<DemoRun>> start(DemoOptions options) override;
    [[nodiscard]] std::vector<DemoScenario> scenarios() const override;

private:
    LocalServerService& m_servers;
    ConnectionService& m_connections;
};

} // namespace jetlag
