// SPDX-License-Identifier: Apache-2.0
#include "app/runtime/local_servers.h"

#include "nats/server/embedded_server.h"

namespace jetlag {

namespace {

class RealLocalServer final : public LocalServer
{
public:
    explicit RealLocalServer(EmbeddedServer server)
        : m_server(std::move(server))
    {}
    std::string url() const override { return m_server.url(); }
    bool isRunning() override { return m_server.isRunning(); }

private:
    EmbeddedServer m_server;
};

} // namespace

Result<std::unique_ptr<LocalServer>> RealLocalServerService::start(LocalServerOptions options)
{
    Result<EmbeddedServer> server =
        EmbeddedServer::start({.store = std::move(options.storeFolder), .port = options.port});
    if (!server)
        return server.error();
    return std::unique_ptr<LocalServer>(std::make_unique<RealLocalServer>(std::move(*server)));
}

} // namespace jetlag
