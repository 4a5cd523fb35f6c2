// SPDX-License-Identifier: Apache-2.0
#include "nats/server/embedded_server.h"

#include <cstdio>
#include <optional>
#include <thread>
#include <unistd.h>

/// Helper of tst_embedded_server: starts a server in the folder given, from a thread that ends at once,
/// prints "PID PORT" and waits to be killed.
int main(int, char** arguments)
{
    std::optional<jetlag::EmbeddedServer> server;
    std::thread([&] {
        jetlag::Result<jetlag::EmbeddedServer> started =
            jetlag::EmbeddedServer::start({.store = arguments[1]});
        if (started)
            server = std::move(*started);
    }).join();
    if (!server)
        return 1;
    std::printf("%d %d\n", static_cast<int>(server->pid()), server->port());
    std::fflush(stdout);
    for (;;)
        pause();
}
