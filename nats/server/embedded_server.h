#pragma once

// SPDX-License-Identifier: Apache-2.0

#include "model/base/child_process.h"
#include "model/base/file_lock.h"
#include "model/base/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace jetlag {

struct EmbeddedServerOptions
{
    std::filesystem::path store; ///< made if missing; holds config, log and JetStream's files
    std::uint16_t port = 0;      ///< on 127.0.0.1; 0 = a free one
    std::string serverName;      ///< empty = the server makes one up
    std::string extraConfig;     ///< appended to the config file: users, TLS, cluster routes
    std::chrono::milliseconds startPatience{20'000};
    std::filesystem::path program; ///< empty = $NATS_SERVER, PATH, /usr/sbin
};

/// A nats-server with JetStream of our own, as a child process on 127.0.0.1. It dies with this object, and
/// by the kernel's hand when this process is killed. One server per store folder: a second one is refused.
///
/// One thread at a time.
class EmbeddedServer final
{
public:
    /// Returns when the server answers. NotFound: no nats-server installed; Conflict: the port or the folder
    /// is in use; otherwise the last words of the server's log.
    [[nodiscard]] static Result<EmbeddedServer> start(EmbeddedServerOptions options);

    ~EmbeddedServer(); ///< stops it
    EmbeddedServer(EmbeddedServer&&) noexcept = default;
    EmbeddedServer& operator=(EmbeddedServer&&) noexcept = default;

    [[nodiscard]] const std::string& url() const noexcept { return m_url; } ///< nats://127.0.0.1:PORT
    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }
    [[nodiscard]] pid_t pid() const noexcept { return m_child.pid(); }
    [[nodiscard]] std::filesystem::path logFile() const;
    [[nodiscard]] bool isRunning() { return m_child.isRunning(); }

    /// SIGTERM (JetStream writes its state), after `patience` SIGKILL.
    void stop(std::chrono::milliseconds patience = std::chrono::seconds(5));
    void kill(); ///< SIGKILL at once
    /// Starts again on the same port and folder after stop() or kill().
    [[nodiscard]] Result<void> restart();

private:
    EmbeddedServer(EmbeddedServerOptions options, FileLock lock);
    Result<void> launch();
    Result<void> writeConfig() const;
    Result<void> waitUntilReady();
    Error whyItEnded(const ChildExit& exit) const;

    EmbeddedServerOptions m_options;
    FileLock m_lock;
    std::uint16_t m_port = 0;
    std::uintmax_t m_logStart = 0; // size of the log before this launch
    std::string m_url;
    ChildProcess m_child;
};

} // namespace jetlag
